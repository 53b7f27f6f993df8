// Graphviz makes the SVG: by its library, which is loaded when it is asked for and never linked, else by its program.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/picture/picture.h"

// What is called of gvc.h and cgraph.h. Those headers are not needed to build, so the types stay opaque. The length that
// gvRenderData gives is unsigned before version 13 and size_t since; it is not used, since the data ends with a NUL.
typedef struct Graphviz {
    void *(*context)(void);
    void *(*read)(const char *text);
    int (*layout)(void *context, void *graph, const char *engine);
    int (*render)(void *context, void *graph, const char *format, char **data, size_t *length);
    void (*free_data)(void *data);
    int (*free_layout)(void *context, void *graph);
    int (*close)(void *graph);
    int (*free_context)(void *context);
    int (*silence)(int level);
} Graphviz;

// Debian 12 has 6 and 6, newer ones 7 and 8: cgraph is found by the functions of it that libgvc brings.
static void *load_library(void)
{
    static const char *const names[] = { "libgvc.so.6", "libgvc.so.7", "libgvc.so.8", "libgvc.so" };
    void *handle = NULL;
    for (size_t i = 0; i < COUNT_OF(names) && !handle; i++)
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    return handle;
}

// dlsym finds what a library depends on too, so that the names of cgraph need no handle of their own.
static bool find_functions(void *library, Graphviz *out)
{
    const struct {
        const char *name;
        void *to;
    } functions[] = {
        {"gvContext",         (void *)&out->context     },
        { "agmemread",        (void *)&out->read        },
        { "gvLayout",         (void *)&out->layout      },
        { "gvRenderData",     (void *)&out->render      },
        { "gvFreeRenderData", (void *)&out->free_data   },
        { "gvFreeLayout",     (void *)&out->free_layout },
        { "agclose",          (void *)&out->close       },
        { "gvFreeContext",    (void *)&out->free_context},
        { "agseterr",         (void *)&out->silence     },
    };
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        void *symbol = dlsym(library, functions[i].name);
        if (!symbol)
            return false;
        memcpy(functions[i].to, (void *)&symbol, sizeof(symbol));
    }
    return true;
}

static bool draw(const Graphviz *gv, const char *dot, StrBuf *out, Error *err)
{
    enum { ONLY_FATAL = 3 };
    (void)gv->silence(ONLY_FATAL); // it would print warnings of its own
    void *context = gv->context();
    void *graph = context ? gv->read(dot) : NULL;
    char *data = NULL;
    size_t length = 0;
    bool laid_out = graph && gv->layout(context, graph, "dot") == 0;
    bool ok = laid_out && gv->render(context, graph, "svg", &data, &length) == 0 && data;
    if (ok)
        strbuf_puts(out, data);
    if (data)
        gv->free_data(data);
    if (laid_out)
        gv->free_layout(context, graph);
    if (graph)
        gv->close(graph);
    if (context)
        gv->free_context(context);
    return ok || error_set(err, ERR_UNSUPPORTED, "graphviz could not lay the diagram out");
}

// A program gets its input in a file: what it prints may fill its pipe before it has read all.
static bool draw_by_program(Arena *arena, const char *dot, StrBuf *out, Error *err)
{
    const char *folder = getenv("TMPDIR");
    char *path = arena_printf(arena, "%s/cmigrate-erd-XXXXXX", folder && folder[0] ? folder : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0)
        return error_set(err, ERR_IO, "cannot make a file in %s", path_folder(arena, path));
    close(fd);
    ProcessResult result;
    const char *const argv[] = { "dot", "-Tsvg", path, NULL };
    bool ok = file_write(path, (Text){ dot, strlen(dot) }, false, err) &&
              process_run(arena, argv, NULL, 0, &result, err);
    unlink(path);
    if (!ok)
        return false;
    if (result.status != 0)
        return error_set(err, ERR_UNSUPPORTED, "dot ended with status %d: %.*s", result.status,
                         (int)(result.err.n < 200 ? result.err.n : 200), result.err.p);
    strbuf_put(out, result.out.p, result.out.n);
    return true;
}

static bool program_exists(Arena *arena)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t n = strcspn(path, ":");
        if (n && access(arena_printf(arena, "%.*s/dot", (int)n, path), X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

// The comments that Graphviz puts at the top name its version: without them the file changes only as the schema does.
static void strip_comments(StrBuf *svg, size_t from)
{
    char *to = svg->text + from;
    const char *rest = to, *begin, *end;
    while ((begin = strstr(rest, "<!--")) && (end = strstr(begin, "-->"))) {
        size_t n = (size_t)(begin - rest);
        memmove(to, rest, n);
        to += n;
        rest = end + strlen("-->") + (end[3] == '\n');
    }
    size_t n = strlen(rest);
    memmove(to, rest, n + 1);
    svg->length = (size_t)(to - svg->text) + n;
}

bool picture_svg(Arena *arena, const char *dot, StrBuf *out, Error *err)
{
    Graphviz gv;
    size_t from = out->length;
    void *library = load_library();
    bool ok;
    if (library && find_functions(library, &gv)) {
        ok = draw(&gv, dot, out, err);
    } else if (program_exists(arena)) {
        ok = draw_by_program(arena, dot, out, err);
    } else {
        error_set(err, ERR_UNSUPPORTED, "an SVG needs Graphviz, which is not installed");
        return error_hint(err, "Install it (Debian: the package libgvc6 or graphviz), or take another form: "
                               "-t mermaid, -t dot, -t dbml.");
    }
    strip_comments(out, from);
    return ok;
}
