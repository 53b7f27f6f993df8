// The list of engines, and the loading of their modules. The only place that names all drivers.
#define _GNU_SOURCE
#include "core/db/driver.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const Driver sqlite_driver;
#ifdef CMIGRATE_LINK_DRIVERS
extern const Driver postgresql_driver, mysql_driver;
#endif

#ifndef CMIGRATE_MODULE_DIR
#define CMIGRATE_MODULE_DIR "/usr/lib/cmigrate"
#endif
#ifndef CMIGRATE_MODULES_FROM_PROGRAM
#define CMIGRATE_MODULES_FROM_PROGRAM "../lib/cmigrate"
#endif

typedef struct Module {
    const char *dialect, *file, *package;
    const Driver *driver;
} Module;

// Where modules are looked for, in this order: the folder that the environment names; the program's own folder, as after
// a build; the library folder as it lies relative to the program, wherever the installed tree was moved to; the library
// folder that was configured. False: there is no such place.
enum { FROM_ENVIRONMENT, BESIDE_PROGRAM, RELATIVE_TO_PROGRAM, CONFIGURED, PLACE_COUNT };

static bool module_path(char *out, size_t size, int place, const char *file)
{
    if (place == FROM_ENVIRONMENT) {
        const char *folder = secure_getenv("CMIGRATE_MODULE_DIR");
        return folder && folder[0] && snprintf(out, size, "%s/%s", folder, file) < (int)size;
    }
    if (place == CONFIGURED)
        return snprintf(out, size, "%s/%s", CMIGRATE_MODULE_DIR, file) < (int)size;
    ssize_t n = readlink("/proc/self/exe", out, size - 1);
    if (n <= 0)
        return false;
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    size_t folder = slash ? (size_t)(slash - out) + 1 : 0;
    const char *within = place == RELATIVE_TO_PROGRAM ? CMIGRATE_MODULES_FROM_PROGRAM "/" : "";
    return snprintf(out + folder, size - folder, "%s%s", within, file) < (int)(size - folder);
}

// Loads a module once; a failure is tried again by the next call. Called with the lock of load_once held.
static const Driver *load(Module *module, Error *err)
{
    char path[PATH_MAX] = "";
    for (int place = 0; place < PLACE_COUNT; place++)
        if (module_path(path, sizeof(path), place, module->file) && access(path, R_OK) == 0)
            break;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const Driver *const *symbol = handle ? (const Driver *const *)dlsym(handle, DRIVER_MODULE_SYMBOL) : NULL;
    if (!symbol) {
        error_set(err, ERR_CONNECT, "cannot load the %s driver: %s", module->dialect, dlerror());
        error_hint(
            err,
            "Its client library comes with the package %s; the module %s belongs beside cmigrate or in %s.",
            module->package, module->file, CMIGRATE_MODULE_DIR);
        return NULL;
    }
    return module->driver = *symbol;
}

// Handles of different threads may ask for the same module at the same time.
static const Driver *load_once(Module *module, Error *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    const Driver *driver = module->driver ? module->driver : load(module, err);
    pthread_mutex_unlock(&lock);
    return driver;
}

const Driver *driver_for(const Url *url, Error *err)
{
    static Module modules[] = {
        {"postgresql", "cmigrate_postgresql.so", "libpq5",      NULL},
        { "mysql",     "cmigrate_mysql.so",      "libmariadb3", NULL},
    };
    const Dialect *dialect = dialect_by_scheme(url->scheme);
    if (!dialect) {
        static const char *const known[] = { "sqlite", "postgresql", "mysql", "mariadb" };
        const char *near = nearest_word(url->scheme, known, COUNT_OF(known));
        error_set(err, ERR_CONFIG, "unknown database '%s://'", url->scheme);
        error_hint(err, "%s%s%sKnown are sqlite://, postgresql://, mysql:// and mariadb://.",
                   near ? "Did you mean " : "", near ? near : "", near ? "://? " : "");
        return NULL;
    }
    if (dialect == &sqlite_dialect)
        return &sqlite_driver;
#ifdef CMIGRATE_LINK_DRIVERS
    return dialect == &postgresql_dialect ? &postgresql_driver : &mysql_driver;
#endif
    for (size_t i = 0; i < COUNT_OF(modules); i++)
        if (strcmp(modules[i].dialect, dialect->name) == 0)
            return load_once(&modules[i], err);
    error_set(err, ERR_BUG, "no driver for '%s'", dialect->name);
    return NULL;
}
