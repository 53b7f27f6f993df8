// How values become values of another type: what the server does by itself, and the expression for what it does not.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

static const char *const strings[] = {
    "text", "character varying", "character", "varchar", "char", "bpchar", "citext", NULL
};
static const char *const numbers[] = { "smallint", "integer", "bigint", "numeric", "real", "double precision",
                                       "int",      "decimal", "int2",   "int4",    "int8", "float4",
                                       "float8",   NULL };
static const char *const whole[] = { "smallint", "integer", "bigint", "int", "int2", "int4", "int8", NULL };

// Casts that an assignment may use, besides those among numbers and to strings (pg_cast, castcontext 'a' or 'i').
static const char *const assignable[][2] = {
    {"date",                         "timestamp without time zone"},
    { "date",                        "timestamp with time zone"   },
    { "timestamp without time zone", "date"                       },
    { "timestamp without time zone", "timestamp with time zone"   },
    { "timestamp without time zone", "time without time zone"     },
    { "timestamp with time zone",    "date"                       },
    { "timestamp with time zone",    "timestamp without time zone"},
    { "timestamp with time zone",    "time without time zone"     },
    { "timestamp with time zone",    "time with time zone"        },
    { "time without time zone",      "time with time zone"        },
    { "time without time zone",      "interval"                   },
    { "time with time zone",         "time without time zone"     },
    { "interval",                    "time without time zone"     },
    { "integer",                     "money"                      },
    { "bigint",                      "money"                      },
    { "numeric",                     "money"                      },
    { "money",                       "numeric"                    },
    { "integer",                     "oid"                        },
    { "bigint",                      "oid"                        },
    { "smallint",                    "oid"                        },
    { "oid",                         "integer"                    },
    { "oid",                         "bigint"                     },
    { "bit",                         "bit varying"                },
    { "bit varying",                 "bit"                        },
    { "inet",                        "cidr"                       },
    { "cidr",                        "inet"                       },
    { "macaddr",                     "macaddr8"                   },
    { "macaddr8",                    "macaddr"                    },
    { "json",                        "jsonb"                      },
    { "jsonb",                       "json"                       },
    { "text",                        "name"                       },
    { "character varying",           "name"                       },
    { "box",                         "polygon"                    },
};

static bool one_of(const char *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

// The type without its modifier: "timestamp(3) with time zone" is a "timestamp with time zone". An array's element.
static const char *base_of(Arena *arena, const char *type, bool *array)
{
    StrBuf out;
    strbuf_init(&out, arena);
    size_t depth = 0;
    bool quoted = false;
    for (const char *p = type; *p; p++) {
        quoted ^= *p == '"';
        if (!quoted && *p == '(')
            depth++;
        if (!depth)
            strbuf_putc(&out, quoted ? *p : (char)tolower((unsigned char)*p));
        if (!quoted && *p == ')' && depth)
            depth--;
    }
    while (out.length > 2 && strcmp(out.text + out.length - 2, "[]") == 0) {
        *array = true;
        out.length -= 2;
        out.text[out.length] = '\0';
    }
    static const char *const words[][2] = {
        {"timestamptz", "timestamp with time zone"   },
        { "timestamp",  "timestamp without time zone"},
        { "timetz",     "time with time zone"        },
        { "time",       "time without time zone"     },
        { "bool",       "boolean"                    }
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(out.text, words[i][0]) == 0)
            return words[i][1];
    return out.text;
}

// The type under a domain of either side.
const char *pg_under_domain(const StepGraph *graph, const char *type)
{
    const Schema *sides[] = { graph->want, graph->have };
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        if (!sides[i])
            continue;
        VEC_EACH (Object *, it, &sides[i]->objects)
            if ((*it)->kind == OBJECT_DOMAIN) {
                const char *name = (*it)->name;
                size_t n = strlen(name), m = strlen(type);
                if (m >= n && strncmp(type + m - n, name, n) == 0 && (m == n || type[m - n - 1] == '.'))
                    return ((const DomainType *)(const void *)*it)->base;
            }
    }
    return type;
}

static bool assigns(const char *from, const char *to)
{
    if (strcmp(from, to) == 0 || one_of(strings, to))
        return true;
    if (one_of(numbers, from) && one_of(numbers, to))
        return true;
    for (size_t i = 0; i < COUNT_OF(assignable); i++)
        if (strcmp(assignable[i][0], from) == 0 && strcmp(assignable[i][1], to) == 0)
            return true;
    return false;
}

static const char *through_numbers(Arena *arena, const char *c, const char *from, const char *to,
                                   const char *type)
{
    if (one_of(numbers, from) && strcmp(to, "boolean") == 0)
        return arena_printf(arena, one_of(whole, from) ? "%s <> 0" : "%s <> 0::%s", c, from);
    if (strcmp(from, "boolean") == 0 && one_of(numbers, to))
        return arena_printf(arena, "%s::integer::%s", c, type);
    if (one_of(numbers, from) && strcmp(to, "timestamp with time zone") == 0)
        return arena_printf(arena, "pg_catalog.to_timestamp(%s)", c);
    if (one_of(numbers, from) && (strcmp(to, "timestamp without time zone") == 0 || strcmp(to, "date") == 0))
        return arena_printf(arena, "(pg_catalog.to_timestamp(%s) AT TIME ZONE 'UTC')::%s", c, type);
    if (strncmp(from, "timestamp", 9) == 0 && one_of(numbers, to))
        return arena_printf(arena, "extract(epoch FROM %s)::%s", c, type);
    if (strcmp(from, "date") == 0 && one_of(numbers, to))
        return arena_printf(arena, "extract(epoch FROM %s)::%s", c, type);
    if (one_of(numbers, from) && strcmp(to, "interval") == 0)
        return arena_printf(arena, "%s::double precision * interval '1 second'", c);
    if (strcmp(from, "interval") == 0 && one_of(numbers, to))
        return arena_printf(arena, "extract(epoch FROM %s)::%s", c, type);
    if (one_of(whole, from) && strncmp(to, "bit", 3) == 0)
        return arena_printf(arena, "%s::%s", c, type);
    return NULL;
}

static const char *through_arrays(Arena *arena, const char *c, bool from_array, const char *from,
                                  bool to_array, const char *to, const char *type)
{
    bool json = strcmp(to, "json") == 0 || strcmp(to, "jsonb") == 0;
    if (from_array && !to_array && json)
        return arena_printf(
            arena, strcmp(to, "json") == 0 ? "pg_catalog.to_json(%s)" : "pg_catalog.to_jsonb(%s)", c);
    if (from_array && !to_array)
        return arena_printf(arena, assigns(from, to) ? "%s[1]" : "%s[1]::text::%s", c, type);
    if (!from_array && to_array && !one_of(strings, from))
        return arena_printf(arena, "CASE WHEN %s IS NOT NULL THEN ARRAY[%s%s]::%s END", c, c,
                            assigns(from, to) ? "" : "::text", type);
    if (!from_array && to_array)
        return arena_printf(
            arena, "CASE WHEN %s::text LIKE '{%%}' THEN %s::%s WHEN %s IS NOT NULL THEN ARRAY[%s]::%s END", c,
            c, type, c, c, type);
    return NULL;
}

const char *pg_base_type(Arena *arena, const StepGraph *graph, const char *type, bool *array)
{
    return base_of(arena, pg_under_domain(graph, type), array);
}

const char *pg_type_using(Arena *arena, const StepGraph *graph, const char *c, const char *from_type,
                          const char *to_type)
{
    bool from_array = false, to_array = false;
    const char *from = base_of(arena, pg_under_domain(graph, from_type), &from_array);
    const char *to = base_of(arena, pg_under_domain(graph, to_type), &to_array);
    if (from_array == to_array && assigns(from, to))
        return NULL;
    if (!from_array && !to_array && strcmp(from, "polygon") == 0 && strcmp(to, "circle") == 0)
        return arena_printf(arena, "%s::circle", c); // the server has the cast, but not for an assignment
    const char *expression = from_array != to_array
                                 ? through_arrays(arena, c, from_array, from, to_array, to, to_type)
                             : from_array ? NULL
                                          : through_numbers(arena, c, from, to, to_type);
    if (expression)
        return expression;
    if (!from_array && !to_array && (strcmp(to, "json") == 0 || strcmp(to, "jsonb") == 0) &&
        !one_of(strings, from))
        return arena_printf(arena, strcmp(to, "json") == 0 ? "to_json(%s)" : "to_jsonb(%s)", c);
    if (!from_array && one_of(strings, from))
        return arena_printf(arena, "%s::%s", c, to_type);
    return arena_printf(arena, from_array ? "%s::text[]::%s" : "%s::text::%s", c, to_type);
}

static const DomainType *domain_of(const Schema *schema, const char *type)
{
    NameList parts = { 0 };
    Arena *scratch = arena_new();
    const DomainType *found = NULL;
    if (schema && name_split(scratch, type, &parts) && parts.count)
        found = (const DomainType *)(const void *)schema_object(schema, OBJECT_DOMAIN,
                                                                parts.count > 1 ? parts.items[0] : NULL, NULL,
                                                                parts.items[parts.count - 1]);
    arena_free(scratch);
    return found;
}

const char *pg_through_number(Arena *arena, const StepGraph *graph, const Column *column)
{
    const DomainType *have = domain_of(graph->have, column->type),
                     *want = domain_of(graph->want, column->type);
    bool array = false;
    if (!have || !want || !one_of(numbers, base_of(arena, have->base, &array)) ||
        !one_of(numbers, base_of(arena, want->base, &array)) || array)
        return NULL;
    return arena_printf(arena, "%s::%s::%s", pg_quoted(arena, column->head.name), want->base, column->type);
}

const char *pg_through_text(Arena *arena, const Column *column)
{
    return arena_printf(arena, strstr(column->type, "[]") ? "%s::text[]::%s" : "%s::text::%s",
                        pg_quoted(arena, column->head.name), column->type);
}

bool pg_type_has_conditions(const Schema *schema, const char *type)
{
    const DomainType *domain = domain_of(schema, type);
    return domain &&
           (domain->not_null || domain->checks.count || pg_type_has_conditions(schema, domain->base));
}

bool pg_type_has_domain(const Schema *schema, const char *type, const DomainType *domain)
{
    const DomainType *own = domain_of(schema, type);
    return own && ((same_text(own->head.schema, domain->head.schema) &&
                    same_text(own->head.name, domain->head.name)) ||
                   pg_type_has_domain(schema, own->base, domain));
}

// The numbers in (…): a length, or precision and scale; how many there are.
static int modifiers_of(const char *type, long *first, long *second)
{
    const char *open = strchr(type, '(');
    if (!open)
        return 0;
    char *end;
    *first = strtol(open + 1, &end, 10);
    *second = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    return *end == ',' ? 2 : 1;
}

// Types whose longer or unlimited form has the same bytes: of the same head, so that only the numbers differ.
static bool only_gets_wider(const char *from, const char *to, const char *head)
{
    static const char *const by_length[] = { "character varying", "bit varying", NULL };
    static const char *const by_precision[] = { "timestamp without time zone",
                                                "timestamp with time zone",
                                                "time without time zone",
                                                "time with time zone",
                                                "interval",
                                                NULL };
    long m = 0, n = 0, had_scale = 0, scale = 0;
    int was = modifiers_of(from, &m, &had_scale), limited = modifiers_of(to, &n, &scale);
    if (one_of(by_length, head))
        return !limited || (was && n >= m);
    if (strcmp(head, "numeric") == 0)
        return !limited || (was && n >= m && scale == had_scale);
    enum { MOST_DIGITS = 6 }; // of a second
    return one_of(by_precision, head) && (!limited || n >= (was ? m : MOST_DIGITS));
}

// Other types of the same bytes, in this direction.
static bool same_bytes(const char *from, const char *to, bool limited)
{
    static const char *const pairs[][2] = {
        {"character varying",  "text"             },
        { "text",              "character varying"},
        { "cidr",              "inet"             },
        { "xml",               "text"             },
        { "xml",               "character varying"},
        { "bit",               "bit varying"      },
        { "integer",           "oid"              },
        { "oid",               "integer"          },
        { "citext",            "text"             },
        { "citext",            "character varying"},
        { "text",              "citext"           },
        { "character varying", "citext"           },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (strcmp(from, pairs[i][0]) == 0 && strcmp(to, pairs[i][1]) == 0)
            return !limited;
    return false;
}

// A domain without conditions is its base type; out of one with conditions, too, but not into it.
static const char *base_type(const Schema *schema, const char *type, bool into)
{
    const DomainType *domain = domain_of(schema, type);
    if (!domain)
        return type;
    return into && (domain->not_null || domain->checks.count) ? NULL : base_type(schema, domain->base, into);
}

// Does the change keep the rows as they are on disk? (Without a look at them, that is: longer or no limit.)
bool pg_type_keeps_rows(Arena *arena, const StepGraph *graph, const char *from, const char *to)
{
    bool from_domain = domain_of(graph->have, from) != NULL, from_array = false, to_array = false;
    from = base_type(graph->have, from, false);
    to = base_type(graph->want, to, true);
    if (!to || (from_domain && strchr(to, '('))) // the server forgets which limit a domain had
        return false;
    const char *a = base_of(arena, from, &from_array), *b = base_of(arena, to, &to_array);
    if (from_array != to_array)
        return false;
    if (strcmp(from, to) == 0)
        return true;
    return !from_array &&
           (strcmp(a, b) == 0 ? only_gets_wider(from, to, a) : same_bytes(a, b, strchr(to, '(') != NULL));
}
