// A query of sql/ as this server and this look want it.
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

// Does `-- <14:`, `-- <superuser:` or `-- <these:` speak of this connection and look? *text is then what follows the colon.
static bool mark_holds(const QueryFor *what_for, const char *mark, const char **text)
{
    static const char less_than[] = "-- <", superuser[] = "superuser", some[] = "these";
    const char *what = mark + strlen(less_than);
    *text = strchr(what, ':') + 1;
    if (strncmp(what, some, strlen(some)) == 0)
        return what_for->these;
    if (strncmp(what, superuser, strlen(superuser)) != 0)
        return what_for->pg->db.server.version / 10000 < strtoul(what, NULL, 10);
    const char *is = PQparameterStatus(what_for->pg->conn, "is_superuser");
    return !is || strcmp(is, "on") != 0;
}

static void put_line(StrBuf *out, const QueryFor *what_for, const char *line)
{
    const char *mark = strstr(line, "-- <");
    size_t length = mark ? (size_t)(mark - line) : strlen(line);
    while (mark) {
        const char *text, *next = strstr(mark + 1, "-- <");
        if (mark_holds(what_for, mark, &text)) {
            line = text;
            length = next ? (size_t)(next - text) : strlen(text);
        }
        mark = next;
    }
    strbuf_put(out, line, length);
    strbuf_putc(out, '\n');
}

static bool is_listed(const NameList *list, const char *name, size_t n)
{
    VEC_EACH (const char *, each, list)
        if (strlen(*each) == n && memcmp(*each, name, n) == 0)
            return true;
    return false;
}

// Is there nothing of any of the names, which stand with a blank between? A name that is not known may stand for something.
static bool is_absent(const QueryFor *what_for, const char *names)
{
    for (const char *name = names; what_for->absent && *name;) {
        size_t n = strcspn(name, " ");
        if (!is_listed(what_for->absent, name, n))
            return false;
        name += n + strspn(name + n, " ");
    }
    return what_for->absent != NULL;
}

const char *see_query_text(Arena *arena, const char *sql, const QueryFor *what_for)
{
    static const char part[] = "-- of ", between[] = "UNION ALL", end[] = "ORDER BY";
    StrBuf out;
    strbuf_init(&out, arena);
    bool in_parts = false, wanted = true;
    size_t parts = 0;
    while (*sql) {
        size_t n = strcspn(sql, "\n");
        const char *line = arena_strndup(arena, sql, n);
        sql += n + (sql[n] == '\n');
        if (strncmp(line, part, strlen(part)) == 0) {
            in_parts = true;
            wanted = !is_absent(what_for, line + strlen(part));
            if (wanted && parts++)
                strbuf_printf(&out, "%s\n", between);
            continue;
        }
        if (in_parts && strcmp(line, between) == 0)
            continue;
        if (wanted || strncmp(line, end, strlen(end)) == 0)
            put_line(&out, what_for, line);
    }
    return in_parts && !parts ? NULL : out.text;
}
