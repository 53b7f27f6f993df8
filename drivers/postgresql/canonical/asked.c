// Which changed objects are made in the scratch place, and why.
#include <string.h>

#include "drivers/postgresql/canonical/canonical.h"

bool canonical_can_make(ObjectKind kind)
{
    switch ((int)kind) {
    case OBJECT_COLLATION:
    case OBJECT_ENUM:
    case OBJECT_DOMAIN:
    case OBJECT_COMPOSITE:
    case OBJECT_RANGE:
    case OBJECT_SEQUENCE:
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
    case OBJECT_AGGREGATE:
    case OBJECT_OPERATOR:
    case OBJECT_TEXT_SEARCH_PARSER:
    case OBJECT_TEXT_SEARCH_TEMPLATE:
    case OBJECT_TEXT_SEARCH_DICTIONARY:
    case OBJECT_TEXT_SEARCH_CONFIGURATION:
    case OBJECT_TABLE:
    case OBJECT_STATISTICS:
    case OBJECT_VIEW:
    case OBJECT_RULE:
    case OBJECT_TRIGGER:
    case OBJECT_POLICY: return true;
    default: return false;
    }
}

// An added column is no matter of spelling, but what it calls has to be there.
static bool column_is_asked(const Change *change)
{
    const unsigned texts = FACET_TYPE | FACET_DEFAULT | FACET_GENERATED | FACET_COLLATION;
    if (change->kind == CHANGE_ALTER)
        return change->facets & texts;
    return column_has_expression((const Column *)(const void *)change->want);
}

// May the difference be one of spelling? A check or index that has no partner may only be spelt otherwise than the one
// that lost its own.
bool canonical_is_asked(Arena *arena, const Change *change)
{
    (void)arena;
    if (!change->want || (change->kind == CHANGE_CREATE && !change->have_table))
        return false;
    switch ((int)change->want->kind) {
    case OBJECT_COLUMN: return column_is_asked(change);
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_INDEX: return change->want_table != NULL || change->kind == CHANGE_ALTER;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_FOREIGN_KEY:
    case OBJECT_ENUM:
    case OBJECT_SEQUENCE: return false;
    case OBJECT_TABLE: return change->kind == CHANGE_ALTER && (change->facets & FACET_OPTIONS);
    default:
        return change->kind == CHANGE_ALTER && canonical_can_make(change->want->kind) &&
               (change->facets & ~(unsigned)(FACET_COMMENT | FACET_NAME));
    }
}

// RETURN x and BEGIN ATOMIC: unlike a body in quotes, the server looks what such a body names when the function is created.
static bool has_sql_body(Arena *arena, const Object *routine)
{
    const char *text = routine->definition ? routine->definition : "";
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    for (size_t i = 0; i + 1 < tokens.count; i++)
        if (token_is(&tokens.items[i], "return") ||
            (token_is(&tokens.items[i], "begin") && token_is(&tokens.items[i + 1], "atomic")))
            return true;
    return false;
}

// A new object has no other spelling to be compared with. But a name in it that does not exist is better told now, beside
// its line of the model, than by the revision when it runs.
bool canonical_is_tried(Arena *arena, const Change *change)
{
    if (change->kind != CHANGE_CREATE || !change->want)
        return false;
    switch ((int)change->want->kind) {
    case OBJECT_TABLE: return table_has_expression((const Table *)(const void *)change->want);
    case OBJECT_VIEW:
    case OBJECT_DOMAIN:
    case OBJECT_RULE:
    case OBJECT_POLICY: return true;
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE: return has_sql_body(arena, change->want);
    default: return false;
    }
}
