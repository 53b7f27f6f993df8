// Types of a user: which a step replaces, and how the old and the new one are called.
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

// ADD VALUE can put new values anywhere, but neither removes nor moves one.
static bool values_only_grow(const EnumType *have, const EnumType *want)
{
    Arena *scratch = arena_new();
    const NameList renamed = enum_values_renamed(scratch, have, want);
    size_t at = 0;
    bool grow = true;
    for (size_t i = 0; i < have->values.count && grow; i++, at++) {
        const char *name = enum_value_renamed_to(&renamed, have->values.items[i]);
        while (at < want->values.count && strcmp(want->values.items[at], name) != 0)
            at++;
        grow = at < want->values.count;
    }
    arena_free(scratch);
    return grow;
}

static bool attributes_keep_types(const CompositeType *have, const CompositeType *want)
{
    VEC_EACH (Column *, it, &have->attributes)
        VEC_EACH (Column *, other, &want->attributes)
            if (strcmp((*it)->head.name, (*other)->head.name) == 0 &&
                (!same_text((*it)->type, (*other)->type) ||
                 !same_text((*it)->collation, (*other)->collation)))
                return false;
    return true;
}

static bool has_attribute(const CompositeType *type, const char *name)
{
    return table_column(&(const Table){ .columns = type->attributes }, name) != NULL;
}

// ADD ATTRIBUTE puts an attribute last: those that stay come first, in the order that they have.
static bool attributes_only_grow(const CompositeType *have, const CompositeType *want)
{
    size_t at = 0;
    VEC_EACH (Column *, it, &have->attributes)
        if (has_attribute(want, (*it)->head.name) &&
            strcmp(want->attributes.items[at++]->head.name, (*it)->head.name) != 0)
            return false;
    return true;
}

static bool attributes_need_new(const CompositeType *have, const CompositeType *want)
{
    return !attributes_keep_types(have, want) || !attributes_only_grow(have, want);
}

bool pg_type_needs_new(const StepGraph *graph, const Object *have, const Object *want, unsigned facets)
{
    (void)graph;
    switch ((int)want->kind) {
    case OBJECT_ENUM:
        return facets & FACET_VALUES &&
               !values_only_grow((const EnumType *)(const void *)have, (const EnumType *)(const void *)want);
    case OBJECT_DOMAIN: return (facets & (FACET_TYPE | FACET_COLLATION)) != 0;
    case OBJECT_COMPOSITE:
        return facets & FACET_TYPE ||
               (facets & FACET_PARTS && attributes_need_new((const CompositeType *)(const void *)have,
                                                            (const CompositeType *)(const void *)want));
    case OBJECT_COLLATION: return (facets & FACET_DEFINITION) != 0;
    case OBJECT_RANGE:
        return facets & FACET_TYPE || (facets & FACET_DEFINITION && !pg_range_keeps_values(have, want));
    default: return false;
    }
}

const char *pg_type_words(const Object *type)
{
    return type->kind == OBJECT_DOMAIN ? "DOMAIN" : type->kind == OBJECT_COLLATION ? "COLLATION" : "TYPE";
}

const char *pg_old_type_name(Arena *arena, const char *name)
{
    return pg_object_name(arena, name, NULL, "old");
}

// Most texts do not mention most names, and a search for the letters is far cheaper than the lexer.
bool pg_mentions(Arena *arena, const char *text, const char *name)
{
    if (!text || !name ||
        (!strchr(name, '"') && !strcasestr(text, name))) // a " is written twice within quotes
        return false;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    VEC_EACH (Token, token, &tokens)
        if (token_named(token, name))
            return true;
    return false;
}

// By its own name, or by that of the multirange which is made with it.
bool pg_mentions_type(Arena *arena, const char *text, const Object *type)
{
    return pg_mentions(arena, text, type->name) ||
           (type->kind == OBJECT_RANGE && pg_mentions(arena, text, pg_multirange_name(arena, type)));
}

bool pg_is_user_type(ObjectKind kind)
{
    return kind == OBJECT_ENUM || kind == OBJECT_DOMAIN || kind == OBJECT_COMPOSITE || kind == OBJECT_RANGE ||
           kind == OBJECT_COLLATION;
}

Step *pg_replacing_step(const StepGraph *graph, const char *type)
{
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        if (step->kind == STEP_ALTER && pg_is_user_type(step->want->kind) &&
            pg_type_needs_new(graph, step->have, step->want, step->facets) &&
            pg_mentions_type(graph->arena, type, step->want))
            return *it;
    }
    return NULL;
}

bool pg_type_is_replaced(const StepGraph *graph, const char *type)
{
    return pg_replacing_step(graph, type) != NULL;
}

Step *pg_row_type_step(const StepGraph *graph, const Table *want)
{
    const CompositeType *type = pg_row_type(graph->arena, graph->want, want);
    Step *step = type ? step_find_alter(graph, &type->head) : NULL;
    return step && step->facets & (FACET_PARTS | FACET_TYPE) ? step : NULL;
}

// The value of a setting of CREATE TYPE … AS RANGE (…); NULL: none.
const char *pg_range_setting(Arena *arena, const Object *range, const char *key)
{
    const char *text = range->definition ? range->definition : "";
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    size_t at = 0;
    while (at + 2 < tokens.count &&
           !(token_is(&tokens.items[at], key) && token_is(&tokens.items[at + 1], "=")))
        at++;
    if (at + 2 >= tokens.count)
        return NULL;
    const char *from = tokens.items[at + 2].text.p, *to = from;
    int depth = 0;
    for (size_t i = at + 2; i < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        if (depth == 0 && (token_is(token, ",") || token_is(token, ")")))
            break;
        depth += token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
        to = token->text.p + token->text.n;
    }
    return arena_strndup(arena, from, (size_t)(to - from));
}

// As the server names it where nobody does.
const char *pg_multirange_name(Arena *arena, const Object *range)
{
    const char *given = pg_range_setting(arena, range, "multirange_type_name"),
               *at = strstr(range->name, "range");
    NameList parts = { 0 };
    if (given && name_split(arena, given, &parts) && parts.count)
        return parts.items[parts.count - 1];
    if (at)
        return pg_name_clip(arena,
                            arena_printf(arena, "%.*smulti%s", (int)(at - range->name), range->name, at));
    return pg_object_name(arena, range->name, NULL, "multirange");
}

static size_t before_multirange(const char *definition)
{
    const char *at = strstr(definition, ",\n    multirange_type_name");
    return at ? (size_t)(at - definition) : strcspn(definition, "\n") + strlen(definition);
}

bool pg_range_keeps_values(const Object *have, const Object *want)
{
    size_t n = before_multirange(have->definition), m = before_multirange(want->definition);
    return n == m && strncmp(have->definition, want->definition, n) == 0;
}
