// Changes of type that can change values without an error: rounding, cutting, a time zone, all but the first element.
//
// The server itself is asked, row by row: the value is cast there and back, and one that does not come back as it was is
// in the way. What is known to be exact is not asked about.
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

// Types without an equality of their own, or whose equality is not that of their values (a cycle's is its area).
static const char *const compared_as_text[] = { "json", "xml",  "point",   "line",   "lseg",
                                                "box",  "path", "polygon", "circle", NULL };
static const char *const moments[] = { "timestamp without time zone", "timestamp with time zone", NULL };

static bool one_of(const char *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

// numeric(10,2), varchar(20), timestamp(3): the numbers in parentheses, -1 where there are none.
typedef struct Modifier {
    long first, second;
} Modifier;

static Modifier modifier_of(const char *type)
{
    Modifier m = { -1, -1 };
    const char *open = strchr(type, '(');
    char *end;
    if (!open)
        return m;
    m.first = strtol(open + 1, &end, 10);
    m.second = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    return m;
}

static int rank_of(const char *type)
{
    static const char *const names[] = { "smallint", "integer", "bigint", NULL };
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], type) == 0)
            return i;
    return -1;
}

bool pg_is_string(const char *type)
{
    static const char *const names[] = { "text", "character varying", "character", "bpchar", "citext", NULL };
    return one_of(names, type);
}

// What a whole number becomes. A number that does not fit is refused by the server.
static bool whole_is_exact(int rank, const char *to)
{
    if (rank_of(to) >= 0 || strcmp(to, "numeric") == 0 || strcmp(to, "money") == 0)
        return true;
    return (strcmp(to, "double precision") == 0 && rank < 2) || (strcmp(to, "real") == 0 && rank == 0);
}

// The same type with another modifier: no less room for what is behind the point, or for characters.
static bool modifier_is_wider(const char *base, Modifier had, Modifier has)
{
    if (has.first < 0)
        return true;
    if (had.first < 0)
        return false;
    return strcmp(base, "numeric") == 0 ? has.second >= had.second : has.first >= had.first;
}

typedef struct Cast {
    const char *from, *to;           // without modifiers, under domains
    const char *from_type, *to_type; // as they are written
    const char *from_full, *to_full; // with modifiers, under domains
    bool from_array, to_array;
} Cast;

// Whether every value survives the cast from one type to the other. False where that is not known.
static bool is_exact(const Cast *cast)
{
    const char *from = cast->from, *to = cast->to;
    if (cast->from_array != cast->to_array) {
        Cast element = *cast;
        element.to_array = cast->from_array;
        return cast->to_array && !pg_is_string(from) && is_exact(&element);
    }
    Modifier had = modifier_of(cast->from_full), has = modifier_of(cast->to_full);
    if (strcmp(from, to) == 0)
        return strncmp(from, "interval", 8) != 0 ? modifier_is_wider(from, had, has)
                                                 : strcmp(cast->from_full, cast->to_full) == 0;
    if (pg_is_string(to) && strcmp(to, "character") != 0 && strcmp(to, "bpchar") != 0 && has.first < 0)
        return true;
    if ((strcmp(to, "json") == 0 || strcmp(to, "jsonb") == 0) && !pg_is_string(from) &&
        strcmp(from, "json") != 0)
        return true; // as to_json() writes it
    if (rank_of(from) >= 0)
        return whole_is_exact(rank_of(from), to);
    if (strcmp(from, "character") == 0 && strcmp(to, "character varying") == 0)
        return modifier_is_wider(to, had, has);
    return (strcmp(from, "real") == 0 && strcmp(to, "double precision") == 0) ||
           strcmp(from, "boolean") == 0 || (strcmp(from, "date") == 0 && one_of(moments, to)) ||
           (strcmp(from, "jsonb") == 0 && strcmp(to, "json") == 0) ||
           (strcmp(from, "cidr") == 0 && strcmp(to, "inet") == 0) ||
           (strcmp(from, "macaddr") == 0 && strcmp(to, "macaddr8") == 0);
}

// What "::time" leaves out without a word: a date, and without "with time zone" a zone.
static const char *beside_the_time(Arena *arena, const char *c, const char *to, const char *array)
{
    static const char plain[] = "t?[0-9]{1,6}(:[0-9]{1,2}){0,2}([.][0-9]*)?[[:space:]]*([ap]m)?";
    const char *zone =
        strcmp(to, "time with time zone") == 0 ? "[[:space:]]*([+-][0-9:]+|[a-z][a-z/_+-]*)?" : "";
    return array[0] ? NULL
                    : arena_printf(arena, "%s::text !~* '^[[:space:]]*%s%s[[:space:]]*$'", c, plain, zone);
}

// Types whose input takes more than their output ever says.
static const char *input_is_wider(Arena *arena, const char *c, const char *to, const char *type,
                                  const char *array)
{
    static const char *const counted_below_zero[] = { "oid", "xid", "cid", "xid8", NULL };
    if (strcmp(to, "tsvector") == 0) // it keeps neither the order of words nor repetitions
        return arena_printf(arena, "%s::text%s IS DISTINCT FROM %s::%s::text%s", c, array, c, type, array);
    if (one_of(counted_below_zero, to))
        return arena_printf(arena, "%s::text ~ '-'", c);
    return strcmp(to, "money") == 0 ? arena_printf(arena, "%s::text ~ '[.][0-9]{2}0*[1-9]'", c) : NULL;
}

// A text that says the same in other words ('7' and '07', a date in another format) is no loss; what is asked is whether the
// type leaves out a part of it. `array`: "[]" where the text is one of an array, else "".
static const char *text_loses(Arena *arena, const char *c, const Cast *cast, const char *type,
                              const char *array)
{
    const char *to = cast->to;
    bool limited = modifier_of(cast->to_full).first >= 0;
    if (strcmp(to, "timestamp without time zone") == 0)
        return arena_printf(arena, "%s::%s IS DISTINCT FROM (%s::timestamptz%s)::timestamp%s", c, type, c,
                            array, array);
    if (strcmp(to, "date") == 0)
        return arena_printf(arena, "%s::date%s%s IS DISTINCT FROM %s::timestamp%s", c, array,
                            array[0] ? "::timestamp[]" : "", c, array);
    const char *rounded = (strcmp(to, "numeric") == 0 || strncmp(to, "time", 4) == 0) && limited
                              ? arena_printf(arena, "%s::%s%s IS DISTINCT FROM %s::%s", c, to, array, c, type)
                              : NULL;
    const char *beside = strncmp(to, "time ", 5) == 0 ? beside_the_time(arena, c, to, array) : NULL;
    if (rounded && beside)
        return arena_printf(arena, "CASE WHEN %s THEN true ELSE %s END", beside, rounded);
    if (rounded || beside)
        return rounded ? rounded : beside;
    if (strncmp(to, "interval", 8) == 0 && strncmp(cast->to_full, "interval[", 9) != 0 &&
        strcmp(cast->to_full, "interval") != 0)
        return arena_printf(arena, "%s::interval%s IS DISTINCT FROM %s::%s", c, array, c, type);
    if (strcmp(to, "real") == 0 || strcmp(to, "double precision") == 0)
        return arena_printf(arena, "%s::numeric%s IS DISTINCT FROM %s::%s::text%s::numeric%s", c, array, c,
                            type, array, array);
    if (strcmp(to, "name") == 0 || strcmp(to, "\"char\"") == 0 || strncmp(to, "bit", 3) == 0 ||
        pg_is_string(to))
        return arena_printf(arena, "%s::text%s IS DISTINCT FROM %s::%s::text%s", c, array, c, type, array);
    return input_is_wider(arena, c, to, type, array);
}

// A text becomes an array: the whole of one, or its only element (through_arrays of type_cast.c).
static const char *element_loses(Arena *arena, const char *c, const Cast *cast)
{
    const char *end = strstr(cast->to_type, "[]");
    const char *element =
        end ? arena_strndup(arena, cast->to_type, (size_t)(end - cast->to_type)) : cast->to_type;
    const char *whole = text_loses(arena, c, cast, cast->to_type, "[]");
    return whole ? arena_printf(arena, "CASE WHEN %s LIKE '{%%}' THEN %s ELSE %s END", c, whole,
                                text_loses(arena, c, cast, element, ""))
                 : NULL;
}

// Keys that come twice: as many are there before and after.
static const char *keys_are_lost(Arena *arena, const char *c)
{
    static const char keys[] = "'\"(\\\\.|[^\"\\\\])*\"\\s*:', 'g'";
    return arena_printf(arena,
                        "(SELECT count(*) FROM regexp_matches(%s::text, %s)) <> "
                        "(SELECT count(*) FROM regexp_matches(%s::jsonb::text, %s))",
                        c, keys, c, keys);
}

static bool is_type_kind(ObjectKind kind)
{
    return kind == OBJECT_ENUM || kind == OBJECT_DOMAIN || kind == OBJECT_COMPOSITE || kind == OBJECT_RANGE;
}

static const char *without_schema(const char *type)
{
    const char *dot = strrchr(type, '.');
    return dot ? dot + 1 : type;
}

// The types whose names no extension can bring.
static bool is_of_the_server(const char *type)
{
    static const char *const names[] = {
        "smallint", "integer", "bigint",   "numeric", "real",  "double precision",
        "text",     "boolean", "date",     "json",    "jsonb", "uuid",
        "bytea",    "inet",    "cidr",     "xml",     "money", "oid",
        "name",     "macaddr", "macaddr8", NULL
    };
    return pg_is_string(type) || one_of(names, type) || strncmp(type, "time", 4) == 0 ||
           strncmp(type, "interval", 8) == 0 || strncmp(type, "bit", 3) == 0;
}

// Does the plan create, drop, move or rename the type, or the extension that may have brought it? Assertions run before all
// else, so a query that names both sides would name a type that is not there yet, or not under this name.
static bool is_unsettled(const StepGraph *graph, const char *type)
{
    VEC_EACH (Step *, it, &graph->steps) {
        const Object *sides[] = { (*it)->have, (*it)->want };
        for (size_t i = 0; i < COUNT_OF(sides); i++) {
            if (!sides[i])
                continue;
            bool brings = sides[i]->kind == OBJECT_EXTENSION || sides[i]->kind == OBJECT_SCHEMA ||
                          sides[i]->kind == OBJECT_RANGE; // and its multirange, which is no object of its own
            if ((brings && !is_of_the_server(type)) ||
                (is_type_kind(sides[i]->kind) && strcmp(sides[i]->name, without_schema(type)) == 0))
                return true;
        }
    }
    return false;
}

// Whether the server's own "=" compares values of the type, for it has one for all types of this kind.
static bool is_compared_by_kind(const StepGraph *graph, const Cast *cast)
{
    if (cast->from_array || strcmp(cast->from, "cidr") == 0)
        return true;
    if (is_of_the_server(cast->from)) // under a domain
        return strncmp(cast->from_type, cast->from, strlen(cast->from)) != 0;
    VEC_EACH (Object *, it, &graph->have->objects)
        if (is_type_kind((*it)->kind) && strcmp((*it)->name, without_schema(cast->from)) == 0)
            return true;
    return false;
}

// Is the value another one when it came back? The script runs this on the search_path of its connection, where an operator
// for that very type would be a closer match than the server's for all arrays or enums: that one is named in full.
static const char *differs(Arena *arena, const StepGraph *graph, const Cast *cast, const char *c,
                           const char *back)
{
    if (!cast->from_array && (one_of(compared_as_text, cast->from) || pg_is_string(cast->from)))
        return arena_printf(arena, "%s::text IS DISTINCT FROM (%s)::text", c, back);
    if (is_compared_by_kind(graph, cast))
        return arena_printf(arena, "%s IS NOT NULL AND (%s OPERATOR(pg_catalog.=) (%s)) IS NOT TRUE", c, c,
                            back);
    if (!is_of_the_server(cast->from)) // of an extension: its operator would be looked up on the path
        return arena_printf(arena, "%s::text IS DISTINCT FROM (%s)::text", c, back);
    return arena_printf(arena, "%s IS DISTINCT FROM (%s)", c, back);
}

const char *pg_values_change(Arena *arena, const StepGraph *graph, const char *c, const char *from_type,
                             const char *to_type)
{
    Cast cast = { .from_type = from_type, .to_type = to_type };
    cast.from = pg_base_type(arena, graph, from_type, &cast.from_array);
    cast.to = pg_base_type(arena, graph, to_type, &cast.to_array);
    cast.from_full = pg_under_domain(graph, from_type);
    cast.to_full = pg_under_domain(graph, to_type);
    if (is_exact(&cast) || is_unsettled(graph, cast.from) || is_unsettled(graph, cast.to))
        return NULL;
    const bool arrays = cast.from_array || cast.to_array;
    if (!arrays && strcmp(cast.to, "jsonb") == 0 &&
        (pg_is_string(cast.from) || strcmp(cast.from, "json") == 0))
        return keys_are_lost(arena, c);
    if (!arrays && pg_is_string(cast.from))
        return text_loses(arena, c, &cast, cast.to_type, "");
    if (cast.to_array && !cast.from_array && pg_is_string(cast.from))
        return element_loses(arena, c, &cast);
    if (cast.to_array && !cast.from_array && pg_is_string(cast.to))
        return text_loses(arena, c, &cast, arena_strndup(arena, cast.to_type, strcspn(cast.to_type, "[")),
                          "");
    if (!arrays && strcmp(cast.from, "oid") == 0 && strcmp(cast.to, "integer") == 0)
        return arena_printf(arena, "%s::bigint > 2147483647",
                            c); // comes back as it was, and is negative meanwhile
    if (!arrays && strcmp(cast.to, "oid") == 0 && rank_of(cast.from) >= 0)
        return arena_printf(arena, "%s < 0",
                            c); // comes back as it was, and is more than 2147483647 meanwhile
    const char *there = pg_type_using(arena, graph, c, from_type, to_type);
    if (!there)
        there = arena_printf(arena, "%s::%s", c, to_type);
    // an element's type is left to the assignment, which a comparison is not
    bool only_first = cast.from_array && !cast.to_array && strcmp(cast.from, cast.to) != 0;
    there =
        only_first ? arena_printf(arena, "((%s)::%s)", there, to_type) : arena_printf(arena, "(%s)", there);
    const char *back = pg_type_using(arena, graph, there, to_type, from_type);
    if (!back)
        back = arena_printf(arena, "%s::%s", there, from_type);
    if (!strstr(there, "::text::") && strstr(back, "::text::"))
        return arena_printf(arena, "%s IS NOT NULL", c); // there is no way back: a part is left out
    return differs(arena, graph, &cast, c, back);
}

// What depends on where the script runs, so that no query can tell.
const char *pg_cast_caveat(Arena *arena, const StepGraph *graph, const char *from_type, const char *to_type)
{
    bool array = false;
    const char *from = pg_base_type(arena, graph, from_type, &array);
    const char *to = pg_base_type(arena, graph, to_type, &array);
    bool had = strstr(from, "with time zone") != NULL, has = strstr(to, "with time zone") != NULL;
    bool is_time = strncmp(from, "time", 4) == 0 || strcmp(from, "date") == 0;
    bool becomes_time = strncmp(to, "time", 4) == 0 || strcmp(to, "date") == 0;
    if (is_time && becomes_time && had != has)
        return "the values are read in the time zone of the session that runs this";
    return NULL;
}
