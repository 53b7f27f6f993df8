#define _GNU_SOURCE
#include "cli/workflow/targets.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/output/progress.h"
#include "core/base/file.h"

enum { LONGEST_LINE = 8192 };

struct Targets {
    Session *session;
    FILE *file;           // targets by line
    NameList names;       // or from a query
    NameList no_urls;     // databases of the server that the query ran on, which are called like a URL
    size_t next;          // of the names
    unsigned shard, of;   // from 0; of 0: all
    unsigned long number; // of the line that was read last that has a target
};

// ---- where they come from

typedef struct Asked {
    Arena *arena;
    NameList *names;
} Asked;

static bool keep_name(void *payload, const Row *row, Error *err)
{
    (void)err;
    const Asked *asked = payload;
    if (row->count && row->values[0])
        *VEC_PUSH(asked->arena, asked->names) = arena_strdup(asked->arena, row->values[0]);
    return true;
}

// The rows are URLs or names of databases. A database that is called like a URL is no address: whoever made it would
// choose where we log in.
static bool ask_names(Targets *targets, Db *db, const char *query, Error *err)
{
    Asked names = { targets->session->arena, &targets->names };
    Asked no_urls = { targets->session->arena, &targets->no_urls };
    return db_query_in(db, SCOPE_SCRIPT, query, keep_name, &names, err) &&
           (!db->driver->names_like_urls ||
            db->driver->query(db, db->driver->names_like_urls, keep_name, &no_urls, err));
}

static bool ask(Targets *targets, const char *query, Error *err)
{
    Project project;
    bool ok = project_open(targets->session, NEEDS_READING, &project, err) &&
              ask_names(targets, project.db, query, err);
    project_close(targets->session, &project);
    // What runs in threads does not come along into a child
    progress_stop(targets->session->progress);
    progress_forked();
    return ok;
}

static bool open_file(Targets *targets, const char *path, Error *err)
{
    int fd = file_open(path, err);
    targets->file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (targets->file)
        return true;
    err->code = ERR_USAGE;
    error_prefix(err, "--targets: ");
    return error_hint(err, "A file has a URL or a database's name on each line; a query begins with SELECT.");
}

// "2/5": the second of five parts.
static bool parse_shard(const char *text, Targets *out, Error *err)
{
    if (!text)
        return true;
    char *slash = NULL, *end = NULL;
    unsigned long k = isdigit((unsigned char)text[0]) ? strtoul(text, &slash, 10) : 0;
    unsigned long n =
        slash && *slash == '/' && isdigit((unsigned char)slash[1]) ? strtoul(slash + 1, &end, 10) : 0;
    enum { MOST = 100000 };
    if (!end || *end || k < 1 || n < 1 || k > n || n > MOST) {
        error_set(err, ERR_USAGE, "--shard takes K/N, the K-th of N parts, not '%s'", text);
        return error_hint(err, "Of three machines the first writes --shard 1/3, the last --shard 3/3.");
    }
    out->shard = (unsigned)k - 1;
    out->of = (unsigned)n;
    return true;
}

Targets *targets_open(Session *session, const char *text, const char *shard, Error *err)
{
    Targets *targets = ARENA_NEW(session->arena, Targets);
    *targets = (Targets){ .session = session };
    bool query = strncasecmp(text, "select", strlen("select")) == 0 ||
                 strncasecmp(text, "with ", strlen("with ")) == 0;
    return parse_shard(shard, targets, err) &&
                   (query ? ask(targets, text, err) : open_file(targets, text, err))
               ? targets
               : NULL;
}

void targets_close(Targets *targets)
{
    if (targets && targets->file)
        fclose(targets->file);
}

// ---- one by one

// One line, NULs and all; false: there is none. What does not fit is read, and not kept.
static bool next_line(FILE *file, char line[LONGEST_LINE], size_t *n)
{
    int c = EOF;
    for (*n = 0; (c = getc(file)) != EOF && c != '\n'; ++*n)
        if (*n < LONGEST_LINE - 1)
            line[*n] = (char)c;
    line[*n < LONGEST_LINE ? *n : LONGEST_LINE - 1] = '\0';
    return c != EOF || *n;
}

// The next line with a target, as it was written; NULL: there is none. One that can be none is no URL, and so an error of its
// own.
static const char *line_with_target(Targets *targets, Arena *arena)
{
    char line[LONGEST_LINE];
    size_t n;
    while (next_line(targets->file, line, &n)) {
        if (n >= LONGEST_LINE || memchr(line, '\0', n))
            return "a line that is too long, or has a nul byte://";
        char *start = line + strspn(line, " \t"), *end = line + n;
        while (end > start && isspace((unsigned char)end[-1]))
            end--;
        if (end != start && *start != '#')
            return arena_strndup(arena, start, (size_t)(end - start));
    }
    return NULL;
}

static unsigned long hash_of(const char *name)
{
    uint32_t hash = 2166136261u; // FNV-1a, whose last bits alone are not even
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    return hash ^ (hash >> 15);
}

static const char *next_written(Targets *targets, Arena *arena)
{
    for (;;) {
        bool named = targets->next < targets->names.count;
        const char *text = targets->file ? line_with_target(targets, arena)
                           : named       ? targets->names.items[targets->next++]
                                         : NULL;
        unsigned long number = targets->file || !text ? targets->number++ : hash_of(text);
        if (!text || !targets->of || number % targets->of == targets->shard)
            return text;
    }
}

static void put_escaped(StrBuf *out, const char *name, bool slashes)
{
    for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
        if (isalnum(*c) || strchr("-._~", *c) || (slashes && *c == '/'))
            strbuf_putc(out, (char)*c);
        else
            strbuf_printf(out, "%%%02X", *c);
    }
}

static bool is_address(const Targets *targets, const char *target)
{
    VEC_EACH (const char *, name, &targets->no_urls)
        if (strcmp(*name, target) == 0)
            return false;
    return strstr(target, "://") != NULL;
}

static const char *target_url(const Targets *targets, Arena *arena, const char *target)
{
    const Session *session = targets->session;
    const char *base = session->common.url ? session->common.url : session->config.url;
    const char *authority = base ? strstr(base, "://") : NULL;
    if (is_address(targets, target) || !authority)
        return target;
    authority += 3;
    const char *slash = strchr(authority, '/'), *query = strchr(authority, '?');
    const char *end = slash && (!query || slash < query) ? slash : query ? query : base + strlen(base);
    StrBuf url;
    strbuf_init(&url, arena);
    strbuf_put(&url, base, (size_t)(end - base));
    strbuf_putc(&url, '/');
    put_escaped(&url, target, strncasecmp(base, "sqlite", 6) == 0);
    if (query)
        strbuf_puts(&url, query);
    return url.text;
}

static const char *target_title(Arena *arena, const char *url, const char *target)
{
    Url parsed;
    return strstr(url, "://") && url_parse(arena, url, &parsed, NULL) ? url_redacted(arena, &parsed)
           : strstr(target, "://")                                    ? "a target that is not a URL"
                                                                      : target;
}

bool targets_next(Targets *targets, Arena *arena, Target *out)
{
    const char *text = next_written(targets, arena);
    if (!text)
        return false;
    out->url = target_url(targets, arena, text);
    out->title = target_title(arena, out->url, text);
    return true;
}
