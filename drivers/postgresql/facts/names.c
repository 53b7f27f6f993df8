// Names: quoted, qualified, and those that the server makes up.
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect/dialect.h"
#include "drivers/postgresql/facts/facts.h"

static const Dialect *const D = &postgresql_dialect;

const char *pg_quoted(Arena *arena, const char *name)
{
    StrBuf text;
    strbuf_init(&text, arena);
    D->put_identifier(&text, name);
    return text.text;
}

const char *pg_qualified(Arena *arena, const char *schema, const char *name)
{
    StrBuf text;
    strbuf_init(&text, arena);
    if (schema) {
        D->put_identifier(&text, schema);
        strbuf_putc(&text, '.');
    }
    D->put_identifier(&text, name);
    return text.text;
}

void pg_put_joined(StrBuf *out, const char *joined)
{
    NameList parts = { 0 };
    if (!name_split(out->arena, joined, &parts) || !parts.count) {
        D->put_identifier(out, joined);
        return;
    }
    for (size_t i = 0; i < parts.count; i++) {
        if (i)
            strbuf_putc(out, '.');
        D->put_identifier(out, parts.items[i]);
    }
}

void pg_put_joined_list(StrBuf *out, const char *list)
{
    bool first = true;
    for (const char *name; (name = name_next(out->arena, &list)); first = false) {
        strbuf_puts(out, first ? "" : ", ");
        pg_put_joined(out, name);
    }
}

// A dot may belong to the collation's own name: de_DE.utf8.
void pg_put_collation(StrBuf *out, const char *collation)
{
    const char *dot = strchr(collation, '.');
    bool encoding = dot && (strncasecmp(dot, ".utf", 4) == 0 || strncasecmp(dot, ".iso", 4) == 0);
    if (collation[0] != '"' && (!dot || encoding))
        D->put_identifier(out, collation);
    else
        pg_put_joined(out, collation);
}

void pg_put_expression(StrBuf *out, const char *expression)
{
    strbuf_printf(out, strstr(expression, "--") ? "(%s\n)" : "(%s)", expression);
}

SqlPart pg_table_of(const Object *object) { return QID(object->schema, object->table); }

// An aggregate is only known by its arguments: those of its CREATE statement.
static const char *arguments_of(Arena *arena, const char *definition)
{
    if (!definition)
        return NULL;
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    size_t depth = 0;
    const char *from = NULL;
    VEC_EACH (Token, token, &tokens) {
        if (token_is(token, "(") && depth++ == 0)
            from = token->text.p;
        else if (token_is(token, ")") && depth && --depth == 0)
            return arena_strndup(arena, from, (size_t)(token->text.p + 1 - from));
    }
    return NULL;
}

const char *pg_written_schema(const Object *object)
{
    return object->schema ? object->schema : object->written_schema;
}

void pg_put_routine(StrBuf *out, const Object *object)
{
    const char *types;
    const char *name = pg_routine_split(out->arena, object->name, &types);
    const char *schema = pg_written_schema(object);
    if (schema) {
        D->put_identifier(out, schema);
        strbuf_putc(out, '.');
    }
    if (object->kind == OBJECT_OPERATOR)
        strbuf_puts(out, name);
    else
        D->put_identifier(out, name);
    const char *declared =
        object->kind == OBJECT_AGGREGATE ? arguments_of(out->arena, object->definition) : NULL;
    if (declared && strncasecmp(declared, "(basetype", 9) != 0 && !strchr(declared, '='))
        strbuf_puts(out, declared);
    else if (types)
        strbuf_printf(out, "(%s)", types);
}

// The words of a user mapping's name, as they appear in its definition.
static void put_from_definition(StrBuf *out, const Object *object, const char *from, const char *to)
{
    const char *definition = object->definition ? object->definition : "";
    TokenList tokens = lex_all(out->arena, (Text){ definition, strlen(definition) }, D->lex);
    const char *start = NULL, *end = definition + strlen(definition);
    VEC_EACH (Token, token, &tokens) {
        if (!start && token_is(token, from))
            start = token->text.p;
        else if (start && token_is(token, to)) {
            end = token->text.p;
            break;
        }
    }
    // both are places in the definition, and there is a byte between them
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult)
    while (start && end > start && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == ';'))
        end--;
    if (start)
        strbuf_put(out, start, (size_t)(end - start));
}

static const char *target_keyword(const Object *object)
{
    if (object->kind == OBJECT_VIEW && ((const View *)(const void *)object)->materialized)
        return "MATERIALIZED VIEW";
    if (object->kind == OBJECT_TABLE && option_get(&object->options, PG_SERVER))
        return "FOREIGN TABLE";
    return object_kinds[object->kind].keyword;
}

void pg_put_target(StrBuf *out, const Object *object)
{
    switch ((int)object->kind) {
    case OBJECT_COLUMN: sql(out, D, KW("COLUMN"), pg_table_of(object), KW("."), ID(object->name)); return;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_EXCLUDE:
    case OBJECT_FOREIGN_KEY:
        sql(out, D, KW("CONSTRAINT"), ID(object->name), KW("ON"), pg_table_of(object));
        return;
    case OBJECT_TRIGGER:
    case OBJECT_POLICY:
    case OBJECT_RULE:
        strbuf_printf(out, "%s ", object_kinds[object->kind].keyword);
        sql(out, D, ID(object->name), KW("ON"), pg_table_of(object));
        return;
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
    case OBJECT_AGGREGATE:
    case OBJECT_OPERATOR:
        strbuf_printf(out, "%s ", object_kinds[object->kind].keyword);
        pg_put_routine(out, object);
        return;
    case OBJECT_CAST: strbuf_printf(out, "CAST %s", object->name); return;
    case OBJECT_USER_MAPPING: put_from_definition(out, object, "USER", "OPTIONS"); return;
    case OBJECT_SCHEMA:
    case OBJECT_EXTENSION:
    case OBJECT_EVENT_TRIGGER:
    case OBJECT_PUBLICATION:
    case OBJECT_SUBSCRIPTION:
    case OBJECT_SERVER:
    case OBJECT_FOREIGN_DATA_WRAPPER:
        strbuf_printf(out, "%s ", object_kinds[object->kind].keyword);
        sql(out, D, ID(object->name));
        return;
    default:
        strbuf_printf(out, "%s ", target_keyword(object));
        sql(out, D, QID(pg_written_schema(object), object->name));
        return;
    }
}

const char *pg_dollar_tag(Arena *arena, const char *word, const char *text)
{
    const char *tag = arena_printf(arena, "$%s$", word);
    for (unsigned i = 0; strstr(text, tag); i++)
        tag = arena_printf(arena, "$%s%u$", word, i);
    return tag;
}

const char *pg_sequence_name(Arena *arena, const Column *column)
{
    const char *name = option_get(&column->head.options, PG_SEQUENCE_NAME);
    return name ? name : pg_object_name(arena, column->head.table, column->head.name, "seq");
}

const char *pg_not_null_name(Arena *arena, const Column *column)
{
    const char *name = option_get(&column->head.options, PG_NOT_NULL_NAME);
    return name ? name : pg_object_name(arena, column->head.table, column->head.name, "not_null");
}
