// Which values an enum loses: of a type of its own, or of a column whose type lists them.
#include <string.h>
#include <strings.h>

#include "core/base/strbuf.h"
#include "core/model/schema.h"

static void put_value(StrBuf *out, const char *value)
{
    strbuf_printf(out, "%s%s", out->length ? ", " : "", value);
}

static bool is_renamed(const EnumType *want, const char *value)
{
    for (size_t i = 0; i + 1 < want->renamed_values.count; i += 2)
        if (strcmp(want->renamed_values.items[i], value) == 0)
            return true;
    return false;
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

NameList enum_values_renamed(Arena *arena, const EnumType *have, const EnumType *want)
{
    NameList out = { 0 };
    for (size_t i = 0; i + 1 < want->renamed_values.count; i += 2) {
        const char *old = want->renamed_values.items[i], *new = want->renamed_values.items[i + 1];
        if (!names_have(&have->values, old) || names_have(&want->values, old) ||
            names_have(&have->values, new) || !names_have(&want->values, new))
            continue;
        *VEC_PUSH(arena, &out) = old;
        *VEC_PUSH(arena, &out) = new;
    }
    return out;
}

// The check that makes a column an enum; NULL: it has none.
static const char *check_of_column(const Table *table, const char *column)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_CHECK && (*it)->column && strcasecmp((*it)->column, column) == 0)
            return (*it)->expression;
    return NULL;
}

static bool lists(Arena *arena, const char *check, const char *value)
{
    StrBuf literal;
    strbuf_init(&literal, arena);
    strbuf_quoted(&literal, '\'', "'", value);
    return strstr(check, literal.text) != NULL;
}

NameList enum_column_renames(Arena *arena, const Table *have, const char *column, const Column *want)
{
    NameList out = { 0 };
    const char *check = want->enum_type ? check_of_column(have, column) : NULL;
    if (!check)
        return out;
    const NameList *pairs = &want->enum_type->renamed_values;
    for (size_t i = 0; i + 1 < pairs->count; i += 2) {
        if (!lists(arena, check, pairs->items[i]) || lists(arena, check, pairs->items[i + 1]) ||
            names_have(&want->enum_type->values, pairs->items[i]))
            continue;
        *VEC_PUSH(arena, &out) = pairs->items[i];
        *VEC_PUSH(arena, &out) = pairs->items[i + 1];
    }
    return out;
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
        VEC_EACH (const char *, value, &before->values)
            if (!names_have(&after->values, *value) && !is_renamed(after, *value))
                put_value(&out, *value);
    } else if (have->kind == OBJECT_COLUMN) {
        const char *before = ((const Column *)(const void *)have)->type;
        const char *after = ((const Column *)(const void *)want)->type;
        if (is_list(before) && is_list(after))
            put_lost_of_lists(arena, before, after, &out);
    }
    return out.length ? out.text : NULL;
}
