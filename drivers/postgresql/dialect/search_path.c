#include "drivers/postgresql/dialect/dialect.h"

#include <stdlib.h>
#include <string.h>

// The first name of a list as SET search_path takes it: "App", public. `"$user"` is not known to be there, and is passed over.
static const char *first_name(Arena *arena, const char *list)
{
    for (const char *p = list; *p;) {
        StrBuf name;
        strbuf_init(&name, arena);
        p += strspn(p, " ,");
        bool quoted = *p == '"';
        for (p += quoted; *p && (quoted ? *p != '"' || p[1] == '"' : !strchr(", ", *p)); p++) {
            p += quoted && *p == '"';
            p += !quoted && *p == '\\' && p[1];
            strbuf_putc(&name, !quoted && *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p);
        }
        p += quoted && *p == '"';
        if (name.length && strcmp(name.text, "$user") != 0)
            return name.text;
    }
    return NULL;
}

// libpq's options are a command line: -c search_path=app, -csearch_path=app, --search-path=app; the last one counts.
const char *pg_url_schema(Arena *arena, const Url *url)
{
    const char *options = url_param(url, "options");
    if (!options)
        options = getenv("PGOPTIONS");
    const char *found = NULL;
    for (const char *p = options; p && (p = strstr(p, "search")); p++) {
        bool setting = strncmp(p, "search_path=", strlen("search_path=")) == 0 ||
                       strncmp(p, "search-path=", strlen("search-path=")) == 0;
        bool begins = p > options && strchr("c -", p[-1]);
        if (setting && begins)
            found = first_name(arena, p + strlen("search_path="));
    }
    return found;
}
