// What the URL and the configuration say of a connection: the path, parameters, extensions, pragmas.
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/file.h"
#include "drivers/sqlite/driver/internal.h"

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(word, ...)                                                                                 \
    is_one_of((word), (const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static bool is_yes(const char *text)
{
    return text && (strcasecmp(text, "true") == 0 || strcasecmp(text, "yes") == 0 || strcmp(text, "1") == 0);
}

static bool bad_parameter(const UrlParam *param, bool uri, Error *err)
{
    const bool known = strcmp(param->key, "mode") == 0;
    if (known)
        error_set(err, ERR_CONFIG, "a SQLite URL's mode is ro, rw or rwc, not '%s'", param->value);
    else
        error_set(err, ERR_CONFIG, "unknown parameter '%s' of a SQLite URL", param->key);
    return error_hint(
        err, uri ? "With uri=true a SQLite URL takes mode, cache and immutable besides."
                 : "A SQLite URL takes mode=ro, mode=rw and mode=rwc. A question mark in a file's name "
                   "is written %%3F.");
}

// Some are those of Python's sqlite3 module, which SQLAlchemy's URLs may hold: they say nothing about the database. With uri=true
// there are SQLite's own besides.
static bool check_parameters(const Url *url, bool uri, Error *err)
{
    VEC_EACH (UrlParam, param, &url->params) {
        const char *key = param->key, *value = param->value;
        const bool known =
            strcmp(key, "mode") == 0
                ? IS_ONE_OF(value, "ro", "rw", "rwc") || (uri && strcmp(value, "memory") == 0)
                : IS_ONE_OF(key, "check_same_thread", "timeout", "isolation_level", "detect_types",
                            "cached_statements", "autocommit", "factory", "uri") ||
                      (uri && IS_ONE_OF(key, "cache", "immutable"));
        if (!known)
            return bad_parameter(param, uri, err);
    }
    return true;
}

// The path of file:relative, file:/absolute, file:///absolute and file://localhost/absolute.
static const char *path_of_uri(const char *text)
{
    const char *p = text + strlen("file:");
    if (strncmp(p, "//", 2) != 0)
        return p;
    p += 2;
    if (strncmp(p, "localhost/", 10) == 0)
        p += strlen("localhost");
    return p;
}

bool sqlite_read_url(Sqlite *self, const Url *url, Error *err)
{
    Arena *arena = self->db.arena;
    ConnectOptions *options = &self->db.options;
    const char *path = url->database, *mode = url_param(url, "mode");
    const bool uri = is_yes(url_param(url, "uri")) && path && strncmp(path, "file:", 5) == 0;
    if (!check_parameters(url, uri, err))
        return false;
    if (uri)
        path = path_of_uri(path);
    const bool memory = mode && strcmp(mode, "memory") == 0;
    if (path && path[0] && strcmp(path, ":memory:") != 0 && !memory)
        self->path = options->folder ? path_join(arena, options->folder, path) : arena_strdup(arena, path);
    if ((mode && strcmp(mode, "ro") == 0) || is_yes(url_param(url, "immutable")))
        options->read_only = true;
    else if (mode && strcmp(mode, "rw") == 0)
        options->create = false;
    return true;
}

// Functions, collations and modules of the application. What is loaded runs with the rights of this process, so the paths
// come from cmigrate.yaml alone, never from a URL or a script.
bool sqlite_load_extensions(Sqlite *self, Error *err)
{
    const NameList *paths = self->db.options.extensions;
    if (!paths || !paths->count)
        return true;
    sqlite3_db_config(self->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    bool ok = true;
    VEC_EACH (const char *, path, paths) {
        char *message = NULL;
        ok = sqlite3_load_extension(self->handle, *path, NULL, &message) == SQLITE_OK;
        if (!ok) {
            error_set(err, ERR_CONFIG, "cannot load the SQLite extension %s: %s", *path,
                      message ? message : sqlite3_errmsg(self->handle));
            error_hint(err, "Check the path in `extensions:` of cmigrate.yaml; it is relative to that file.");
        }
        sqlite3_free(message);
        if (!ok)
            break;
    }
    sqlite3_db_config(self->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    return ok;
}

static bool unknown_pragma(Sqlite *self, const char *name, Error *err)
{
    error_set(err, ERR_CONFIG, "SQLite %s has no pragma '%s'", self->db.server.version_text, name);
    return error_hint(err, "Check the name in `pragmas:` of cmigrate.yaml.");
}

// SQLite itself takes a name that it does not know for a wish without an effect.
bool sqlite_set_pragmas(Sqlite *self, Error *err)
{
    const NameList *pairs = self->db.options.pragmas;
    for (size_t i = 0; pairs && i + 1 < pairs->count; i += 2) {
        const char *name = pairs->items[i], *known = NULL;
        StrBuf sql;
        strbuf_init(&sql, self->db.arena);
        strbuf_puts(&sql, "SELECT name FROM pragma_pragma_list WHERE name = lower(");
        sqlite_dialect.put_literal(&sql, name);
        strbuf_putc(&sql, ')');
        if (!db_value(&self->db, self->db.arena, sql.text, &known, err))
            return false;
        if (!known)
            return unknown_pragma(self, name, err);
        strbuf_init(&sql, self->db.arena);
        strbuf_printf(&sql, "PRAGMA %s = ", known);
        sqlite_dialect.put_literal(&sql, pairs->items[i + 1]);
        // what is kept in the file (journal_mode) is not set where nothing may be written
        if (!sqlite_exec(&self->db, sql.text, err) && !self->db.options.read_only)
            return error_prefix(err, "pragmas, %s: ", name);
    }
    return true;
}
