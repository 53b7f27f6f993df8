// What values a column takes, by the type as format_type spells it. Of types of the database itself (enums, domains, composite
// types, ranges) the schema tells.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/dialect/sql.h"
#include "drivers/postgresql/dialect/values.h"

enum { DEEPEST = 8 }; // arrays of composites of domains …

typedef struct TypeRow {
    const char *name; // without arguments
    TypeValueKind kind;
    long long least;
    unsigned long long greatest;
    const char *samples[6]; // texts, which are cast to the type
    const char *numbered;   // the same, with a number in it
} TypeRow;

static const TypeRow types[] = {
    {"smallint",                     TAKES_INTEGER,   -32768,      32767,      { 0 },                                                            NULL                             },
    { "integer",                     TAKES_INTEGER,   -2147483648, 2147483647, { 0 },                                                            NULL                             },
    { "bigint",                      TAKES_INTEGER,   INT64_MIN,   INT64_MAX,  { 0 },                                                            NULL                             },
    { "oid",                         TAKES_INTEGER,   0,           4294967295, { 0 },                                                            NULL                             },
    { "numeric",                     TAKES_DECIMAL,   0,           0,          { 0 },                                                            NULL                             },
    { "real",                        TAKES_REAL,      0,           0,          { 0 },                                                            NULL                             },
    { "double precision",            TAKES_REAL,      0,           0,          { 0 },                                                            NULL                             },
    { "character varying",           TAKES_TEXT,      0,           0,          { 0 },                                                            NULL                             },
    { "character",                   TAKES_TEXT,      0,           0,          { 0 },                                                            NULL                             },
    { "text",                        TAKES_TEXT,      0,           0,          { 0 },                                                            NULL                             },
    { "citext",                      TAKES_TEXT,      0,           0,          { 0 },                                                            NULL                             },
    { "bytea",                       TAKES_BYTES,     0,           0,          { 0 },                                                            NULL                             },
    { "date",                        TAKES_DATE,      0,           0,          { 0 },                                                            NULL                             },
    { "time without time zone",      TAKES_TIME,      0,           0,          { 0 },                                                            NULL                             },
    { "time with time zone",         TAKES_TIME,      0,           0,          { 0 },                                                            NULL                             },
    { "timestamp without time zone", TAKES_TIMESTAMP, 0,           0,          { 0 },                                                            NULL                             },
    { "timestamp with time zone",    TAKES_TIMESTAMP, 0,           0,          { 0 },                                                            NULL                             },
    { "boolean",                     TAKES_OTHER,     0,           0,          { "t", "f" },                                                     NULL                             },
    { "name",                        TAKES_OTHER,     0,           0,          { "a_name", "Other" },                                            "name{n}"                        },
    { "\"char\"",                    TAKES_OTHER,     0,           0,          { "a", "b", "c", "d" },                                           NULL                             },
    { "money",                       TAKES_OTHER,     0,           0,          { "1.50", "-92233.25", "0", "99999.99" },                         "{n}"                            },
    { "interval",                    TAKES_OTHER,     0,           0,          { "1 day", "-1 mon", "3 years 2 mons", "00:00:00.5" },            "{n} seconds"                    },
    { "uuid",                        TAKES_OTHER,     0,           0,          { "5e9f1c1e-0000-4000-8000-00000000000a" },                       "00000000-0000-4000-8000-{x}"    },
    { "json",
     TAKES_OTHER,                                     0,
     0,                                                                        { "{\"a\": 1}", "[]", "null", "\"text\"", "[1, {\"b\": null}]" },
     "{\"n\": {n}}"                                                                                                                                                               },
    { "jsonb",
     TAKES_OTHER,                                     0,
     0,                                                                        { "{\"a\": 1}", "[]", "null", "\"text\"", "[1, {\"b\": null}]" },
     "{\"n\": {n}}"                                                                                                                                                               },
    { "jsonpath",                    TAKES_OTHER,     0,           0,          { "$.a", "$[*]" },                                                "$.a{n}"                         },
    { "xml",                         TAKES_OTHER,     0,           0,          { "<a/>", "<a b=\"c\">d</a>" },                                   "<a>{n}</a>"                     },
    { "inet",                        TAKES_OTHER,     0,           0,          { "192.0.2.1", "::1", "10.0.0.0/8" },                             "10.{a}.{b}.{c}"                 },
    { "cidr",                        TAKES_OTHER,     0,           0,          { "10.0.0.0/8", "2001:db8::/32" },                                "10.{a}.{b}.{c}/32"              },
    { "macaddr",                     TAKES_OTHER,     0,           0,          { "08:00:2b:01:02:03" },                                          "{x}"                            },
    { "macaddr8",                    TAKES_OTHER,     0,           0,          { "08:00:2b:01:02:03:04:05" },                                    "0000{x}"                        },
    { "bit",                         TAKES_OTHER,     0,           0,          { 0 },                                                            NULL                             },
    { "bit varying",                 TAKES_OTHER,     0,           0,          { 0 },                                                            NULL                             },
    { "point",                       TAKES_OTHER,     0,           0,          { "(1,2)", "(0,0)", "(-1.5,1e10)" },                              "({n},{n})"                      },
    { "line",                        TAKES_OTHER,     0,           0,          { "{1,2,3}", "{0,1,0}" },                                         "{1,2,{n}}"                      },
    { "lseg",                        TAKES_OTHER,     0,           0,          { "[(0,0),(1,1)]" },                                              "[(0,0),({n},1)]"                },
    { "box",                         TAKES_OTHER,     0,           0,          { "(1,1),(0,0)" },                                                "({n+1}.5,{n+1}.5),({n+1},{n+1})"},
    { "path",                        TAKES_OTHER,     0,           0,          { "[(0,0),(1,1)]", "((0,0),(1,1),(2,0))" },                       "[(0,0),({n},1)]"                },
    { "polygon",                     TAKES_OTHER,     0,           0,          { "((0,0),(1,1),(2,0))" },                                        "((0,0),(1,1),({n},0))"          },
    { "circle",                      TAKES_OTHER,     0,           0,          { "<(0,0),1>", "<(1,1),0>" },                                     "<({n}0,{n}0),1>"                },
    { "tsvector",                    TAKES_OTHER,     0,           0,          { "'a' 'fat':1 'cat':2A", "" },                                   "'w{n}'"                         },
    { "tsquery",                     TAKES_OTHER,     0,           0,          { "'fat' & 'rat'", "!'cat'" },                                    "'w{n}'"                         },
    { "int4range",                   TAKES_OTHER,     0,           0,          { "[1,10)", "empty", "(,5)", "[7,)" },                            "[{n}0,{n}1)"                    },
    { "int8range",                   TAKES_OTHER,     0,           0,          { "[1,10)", "empty", "(,5)", "[7,)" },                            "[{n}0,{n}1)"                    },
    { "numrange",                    TAKES_OTHER,     0,           0,          { "[1.5,10)", "empty", "(,5)", "[7,)" },                          "[{n}0,{n}1)"                    },
    { "daterange",                   TAKES_OTHER,     0,           0,          { "[2020-01-01,2020-02-01)", "empty", "(,2020-01-01)" },          NULL                             },
    { "tsrange",                     TAKES_OTHER,     0,           0,          { "[2020-01-01,2020-02-01)", "empty", "(,2020-01-01)" },          NULL                             },
    { "tstzrange",                   TAKES_OTHER,     0,           0,          { "[2020-01-01,2020-02-01)", "empty", "(,2020-01-01)" },          NULL                             },
    { "int4multirange",              TAKES_OTHER,     0,           0,          { "{[1,10)}", "{}", "{[1,3),[5,7)}" },                            "{[{n}0,{n}1)}"                  },
    { "int8multirange",              TAKES_OTHER,     0,           0,          { "{[1,10)}", "{}", "{[1,3),[5,7)}" },                            "{[{n}0,{n}1)}"                  },
    { "nummultirange",               TAKES_OTHER,     0,           0,          { "{[1.5,10)}", "{}" },                                           "{[{n}0,{n}1)}"                  },
    { "datemultirange",              TAKES_OTHER,     0,           0,          { "{[2020-01-01,2020-02-01)}", "{}" },                            NULL                             },
    { "tsmultirange",                TAKES_OTHER,     0,           0,          { "{[2020-01-01,2020-02-01)}", "{}" },                            NULL                             },
    { "tstzmultirange",              TAKES_OTHER,     0,           0,          { "{[2020-01-01,2020-02-01)}", "{}" },                            NULL                             },
    { "pg_lsn",                      TAKES_OTHER,     0,           0,          { "16/B374D848", "0/0" },                                         "0/{n}"                          },
    { "regclass",                    TAKES_OTHER,     0,           0,          { "pg_class", "pg_type" },                                        NULL                             },
    { "regtype",                     TAKES_OTHER,     0,           0,          { "integer", "text" },                                            NULL                             },
    { "hstore",                      TAKES_OTHER,     0,           0,          { "a=>1", "", "a=>NULL, b=>\"x y\"" },                            "a=>{n}"                         },
    { "ltree",                       TAKES_OTHER,     0,           0,          { "Top.Science", "" },                                            "Top.N{n}"                       },
    { "cube",                        TAKES_OTHER,     0,           0,          { "(1,2,3)", "(0)" },                                             "({n})"                          },
};

// "character varying(80)[]": the name, its first two numbers, how many pairs of brackets.
typedef struct Spelling {
    const char *name;
    unsigned long arguments[2];
    size_t dimensions;
} Spelling;

static Spelling take_apart(Arena *arena, const char *type)
{
    Spelling s = { 0 };
    size_t n = strlen(type);
    for (; n > 2 && strcmp(type + n - 2, "[]") == 0; s.dimensions++)
        type = arena_strndup(arena, type, n -= 2);
    const char *open = *type == '"' ? NULL : strchr(type, '('), *close = open ? strchr(open, ')') : NULL;
    if (!close) {
        s.name = type;
        return s;
    }
    char *end;
    s.arguments[0] = strtoul(open + 1, &end, 10);
    s.arguments[1] = *end == ',' ? strtoul(end + 1, NULL, 10) : 0;
    s.name = arena_printf(arena, "%.*s%s", (int)(open - type), type, close + 1);
    return s;
}

static const char *cast_to(Arena *arena, const char *text, const char *type)
{
    StrBuf out;
    strbuf_init(&out, arena);
    postgresql_dialect.put_literal(&out, text);
    strbuf_printf(&out, "::%s", type);
    return out.text;
}

static void of_row(Arena *arena, const TypeRow *row, const Spelling *s, const char *type, TypeValues *out)
{
    out->kind = row->kind;
    out->least = row->least;
    out->greatest = row->greatest;
    out->exact_length = strcmp(row->name, "character") == 0;
    out->folds_case = strcmp(row->name, "citext") == 0;
    if (row->kind == TAKES_TEXT)
        out->length = s->arguments[0];
    if (row->kind == TAKES_DECIMAL) {
        out->digits = (unsigned)s->arguments[0];
        out->scale = (unsigned)s->arguments[1];
    }
    for (size_t i = 0; i < COUNT_OF(row->samples) && row->samples[i]; i++)
        *VEC_PUSH(arena, &out->samples) = cast_to(arena, row->samples[i], type);
    if (row->numbered)
        out->numbered = cast_to(arena, row->numbered, type);
}

static void of_bits(Arena *arena, const Spelling *s, const char *type, TypeValues *out)
{
    size_t length = s->arguments[0] ? s->arguments[0] : strcmp(s->name, "bit") == 0 ? 1 : 8;
    static const char *const fill[] = { "10", "1", "0" };
    for (size_t i = 0; i < COUNT_OF(fill); i++) {
        StrBuf bits;
        strbuf_init(&bits, arena);
        while (bits.length < length)
            strbuf_putc(&bits, fill[i][bits.length % strlen(fill[i])]);
        *VEC_PUSH(arena, &out->samples) = cast_to(arena, bits.text, type);
    }
    if (length >= 8 && length <= 64)
        out->numbered = arena_printf(arena, "{n}::bigint::bit(%zu)::%s", length, type);
}

static void fill(Arena *arena, const Schema *schema, const char *type, int depth, TypeValues *out);

static void of_enum(Arena *arena, const EnumType *e, TypeValues *out)
{
    out->kind = TAKES_LIST;
    VEC_EACH (const char *, value, &e->values) {
        StrBuf text;
        strbuf_init(&text, arena);
        postgresql_dialect.put_literal(&text, *value);
        *VEC_PUSH(arena, &out->list) = text.text;
    }
}

// ROW(…) of a plain value of each attribute, and one of NULLs.
static void of_composite(Arena *arena, const Schema *schema, const CompositeType *c, const char *type,
                         int depth, TypeValues *out)
{
    StrBuf row, nulls, numbered;
    strbuf_init(&row, arena);
    strbuf_init(&nulls, arena);
    strbuf_init(&numbered, arena);
    VEC_EACH (Column *, it, &c->attributes) {
        TypeValues part = { 0 };
        fill(arena, schema, (*it)->type, depth + 1, &part);
        const char *value =
            part.list.count      ? part.list.items[0]
            : part.samples.count ? part.samples.items[0]
            : part.kind == TAKES_INTEGER || part.kind == TAKES_DECIMAL || part.kind == TAKES_REAL ? "1"
            : part.kind == TAKES_TEXT                                                             ? "'x'"
                                                                                                  : "NULL";
        bool counts = part.kind == TAKES_INTEGER || part.kind == TAKES_DECIMAL || part.kind == TAKES_REAL;
        strbuf_printf(&row, "%s%s", row.length ? ", " : "", value);
        strbuf_printf(&nulls, "%sNULL", nulls.length ? ", " : "");
        strbuf_printf(&numbered, "%s%s", numbered.length ? ", " : "", counts ? "{n}" : value);
    }
    *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "ROW(%s)::%s", row.text, type);
    *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "ROW(%s)::%s", nulls.text, type);
    if (strstr(numbered.text, "{n}"))
        out->numbered = arena_printf(arena, "ROW(%s)::%s", numbered.text, type);
}

// Values of an array: of one element, empty, with NULL, and of two dimensions, which the server takes in a
// column of any array type.
static void of_array(Arena *arena, const Schema *schema, const char *type, int depth, TypeValues *out)
{
    TypeValues part = { 0 };
    const char *element = arena_strndup(arena, type, strlen(type) - 2);
    while (strlen(element) > 2 && strcmp(element + strlen(element) - 2, "[]") == 0)
        element = arena_strndup(arena, element, strlen(element) - 2);
    fill(arena, schema, element, depth + 1, &part);
    bool counts = part.kind == TAKES_INTEGER || part.kind == TAKES_DECIMAL || part.kind == TAKES_REAL;
    const char *a = part.list.count                                           ? part.list.items[0]
                    : part.samples.count                                      ? part.samples.items[0]
                    : counts                                                  ? "1"
                    : part.kind == TAKES_TEXT                                 ? "'x, \"y\"'"
                    : part.kind == TAKES_DATE || part.kind == TAKES_TIMESTAMP ? "'2020-02-29'"
                                                                              : NULL;
    *VEC_PUSH(arena, &out->samples) =
        a ? arena_printf(arena, "ARRAY[%s]::%s", a, type) : arena_printf(arena, "'{}'::%s", type);
    *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "'{}'::%s", type);
    *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "'{NULL}'::%s", type);
    if (a)
        *VEC_PUSH(arena, &out->samples) =
            arena_printf(arena, "ARRAY[ARRAY[%s, %s], ARRAY[%s, NULL]]::%s", a, a, a, type);
    if (counts)
        out->numbered = arena_printf(arena, "ARRAY[{n}]::%s", type);
    else if (part.kind == TAKES_TEXT)
        out->numbered = arena_printf(arena, "ARRAY['{n}']::%s", type);
}

static bool of_schema(Arena *arena, const Schema *schema, const char *type, int depth, TypeValues *out)
{
    VEC_EACH (Object *, it, &schema->objects) {
        Object *object = *it;
        if (object->kind == OBJECT_ENUM && object_is_type(arena, object, type)) {
            of_enum(arena, (const EnumType *)(const void *)object, out);
        } else if (object->kind == OBJECT_DOMAIN && object_is_type(arena, object, type)) {
            fill(arena, schema, ((const DomainType *)(const void *)object)->base, depth + 1, out);
        } else if (object->kind == OBJECT_COMPOSITE && object_is_type(arena, object, type)) {
            of_composite(arena, schema, (const CompositeType *)(const void *)object, type, depth, out);
        } else if (object->kind == OBJECT_RANGE && object_is_type(arena, object, type)) {
            *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "'empty'::%s", type);
            *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "'(,)'::%s", type);
        } else {
            continue;
        }
        return true;
    }
    return false;
}

// Names of extensions' types may come with their schema.
static const char *last_part(const char *name)
{
    const char *dot = *name == '"' ? NULL : strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static void fill(Arena *arena, const Schema *schema, const char *type, int depth, TypeValues *out)
{
    Spelling s = take_apart(arena, type);
    if (depth > DEEPEST)
        return;
    if (s.dimensions) {
        of_array(arena, schema, type, depth, out);
        return;
    }
    if (schema && of_schema(arena, schema, type, depth, out))
        return;
    if (strcmp(s.name, "bit") == 0 || strcmp(s.name, "bit varying") == 0) {
        of_bits(arena, &s, type, out);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i].name, s.name) == 0 || strcmp(types[i].name, last_part(s.name)) == 0) {
            of_row(arena, &types[i], &s, type, out);
            return;
        }
}

static const char *real_type(const Column *column)
{
    return strcmp(column->type, "serial") == 0        ? "integer"
           : strcmp(column->type, "bigserial") == 0   ? "bigint"
           : strcmp(column->type, "smallserial") == 0 ? "smallint"
                                                      : column->type;
}

void pg_value_type(Arena *arena, const Schema *schema, const Table *table, const Column *column,
                   TypeValues *out)
{
    (void)table;
    const char *type = real_type(column);
    *out = (TypeValues){ .hex = "'\\x" };
    fill(arena, schema, type, 0, out);
    out->cast = type;
}

void pg_put_value_text(StrBuf *out, const char *type, const char *column)
{
    (void)type;
    strbuf_printf(out, "%s::text", column);
}

void pg_put_value_again(StrBuf *out, const char *type, const char *text)
{
    (void)type;
    postgresql_dialect.put_literal(out, text);
}

void pg_put_key_waits(StrBuf *out, const Constraint *key, bool waits)
{
    const Object *head = &key->head;
    if (key->deferral == DEFERRABLE_DEFERRED || !head->name)
        return;
    if (!waits)
        sql(out, &postgresql_dialect, KW("SET CONSTRAINTS"), QID(head->schema, head->name), KW("IMMEDIATE;"));
    sql(out, &postgresql_dialect, KW("ALTER TABLE"), QID(head->schema, head->table), KW("ALTER CONSTRAINT"),
        ID(head->name));
    strbuf_puts(out, waits                             ? " DEFERRABLE INITIALLY DEFERRED"
                     : key->deferral == NOT_DEFERRABLE ? " NOT DEFERRABLE"
                                                       : " DEFERRABLE INITIALLY IMMEDIATE");
}
