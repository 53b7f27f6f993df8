// Which values an enum loses: of a type of its own, or of a column whose type lists them.
#include <string.h>
#include <strings.h>

#include "core/base/strbuf.h"
#include "core/model/schema.h"

static void put_value(StrBuf *out, const char *value)
{
    strbuf_printf(out, "%s%s", out->length ? ", " : "", value);
}

// ENUM('a','b') and SET('a','b'): the values with their quotes, as servers write them.
static void put_lost_of_lists(Arena *arena, const char *have, const char *want, StrBuf *out)
{
    for (const char *p = strchr(have, '\''); p && *p == '\'';) {
        const char *end = p + 1;
        while (*end && (*end != '\'' || end[1] == '\''))
            end += *end == '\'' ? 2 : 1;
        if (!*end)
            return;
        const char *value = arena_strndup(arena, p, (size_t)(end - p) + 1);
        if (!strstr(want, value))
            put_value(out, value);
        p = strchr(end + 1, '\'');
    }
}

static bool is_list(const char *type)
{
    return type && (strncasecmp(type, "enum(", 5) == 0 || strncasecmp(type, "set(", 4) == 0);
}

// The values that an enum has now: a list, or the text of a check.
typedef struct LiveValues {
    Arena *arena;
    const NameList *values;
    const char *check;
} LiveValues;

static bool is_live(const LiveValues *live, const char *value)
{
    if (live->values)
        return names_have(live->values, value);
    StrBuf literal;
    strbuf_init(&literal, live->arena);
    strbuf_quoted(&literal, '\'', "'", value);
    return strstr(live->check, literal.text) != NULL;
}

static const char *new_name(const NameList *pairs, const char *value)
{
    for (size_t i = 0; i + 1 < pairs->count; i += 2)
        if (strcmp(pairs->items[i], value) == 0)
            return pairs->items[i + 1];
    return NULL;
}

static bool is_new_name(const NameList *pairs, const char *value)
{
    for (size_t i = 1; i < pairs->count; i += 2)
        if (strcmp(pairs->items[i], value) == 0)
            return true;
    return false;
}

// A rename starts at a value that is there and that the model has no more. Where its new name is taken by a value that is
// renamed itself, the two make a chain, which ends with a name that is free. A chain that ends with a value that stays is no rename,
// nor is the second of two that end with the same name: their values would become one, for ever.
// The last of a chain comes first: its new name is free.
static NameList renames_of_values(const LiveValues *live, const EnumType *want)
{
    const NameList *pairs = &want->renamed_values;
    NameList out = { 0 };
    for (size_t i = 0; i + 1 < pairs->count; i += 2) {
        const char *value = pairs->items[i];
        if (!is_live(live, value) || names_have(&want->values, value))
            continue;
        NameList chain = { 0 };
        while (value && is_live(live, value) && chain.count <= pairs->count) {
            *VEC_PUSH(live->arena, &chain) = value;
            value = new_name(pairs, value);
        }
        if (!value || is_live(live, value) || !names_have(&want->values, value) || is_new_name(&out, value))
            continue;
        for (size_t k = chain.count; k-- > 0; value = chain.items[k]) {
            *VEC_PUSH(live->arena, &out) = chain.items[k];
            *VEC_PUSH(live->arena, &out) = value;
        }
    }
    return out;
}

NameList enum_values_renamed(Arena *arena, const EnumType *have, const EnumType *want)
{
    return renames_of_values(&(LiveValues){ arena, &have->values, NULL }, want);
}

// The check that makes a column an enum; NULL: it has none.
static const char *check_of_column(const Table *table, const char *column)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_CHECK && (*it)->column && strcasecmp((*it)->column, column) == 0)
            return (*it)->expression;
    return NULL;
}

NameList enum_column_renames(Arena *arena, const Table *have, const char *column, const Column *want)
{
    const char *check = want->enum_type ? check_of_column(have, column) : NULL;
    return check ? renames_of_values(&(LiveValues){ arena, NULL, check }, want->enum_type) : (NameList){ 0 };
}

const char *enum_value_renamed_to(const NameList *pairs, const char *value)
{
    const char *name = new_name(pairs, value);
    return name ? name : value;
}

const char *enum_values_lost(Arena *arena, const Object *have, const Object *want)
{
    StrBuf out;
    strbuf_init(&out, arena);
    if (!have || !want || have->kind != want->kind)
        return NULL;
    if (have->kind == OBJECT_ENUM) {
        const EnumType *before = (const EnumType *)(const void *)have,
                       *after = (const EnumType *)(const void *)want;
        const NameList renamed = enum_values_renamed(arena, before, after);
        VEC_EACH (const char *, value, &before->values)
            if (!names_have(&after->values, enum_value_renamed_to(&renamed, *value)))
                put_value(&out, *value);
    } else if (have->kind == OBJECT_COLUMN) {
        const char *before = ((const Column *)(const void *)have)->type;
        const char *after = ((const Column *)(const void *)want)->type;
        if (is_list(before) && is_list(after))
            put_lost_of_lists(arena, before, after, &out);
    }
    return out.length ? out.text : NULL;
}
