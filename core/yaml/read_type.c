// Types: the model's portable ones, the project's own, the engine's; and default values.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/yaml/read_internal.h"

static CustomType *find_type(ModelReader *r, const char *name, size_t n)
{
    VEC_EACH (CustomType, type, &r->types)
        if (strlen(type->name) == n && strncmp(type->name, name, n) == 0)
            return type;
    return NULL;
}

static void unknown_type(ModelReader *r, const char *wrong, const Node *node)
{
    wrong = arena_strndup(r->arena, wrong, strcspn(wrong, "([ ")); // the word alone, without its arguments
    size_t n = 0;
    while (r->dialect->portable_types[n])
        n++;
    const char **words = arena_alloc(r->arena, (n + r->types.count) * sizeof(char *));
    memcpy(words, r->dialect->portable_types, n * sizeof(char *));
    VEC_EACH (CustomType, type, &r->types)
        words[n++] = type->name;
    SourcePos at = node->at;
    const char *inside = strstr(node->text, wrong);
    if (inside && !node->quoted) {
        at.column += (unsigned)(inside - node->text);
        at.length = (unsigned)strlen(wrong);
    }
    Error *err = issues_add(r->issues, ERR_SCHEMA, at, "unknown column type '%s'", wrong);
    const char *near = nearest_word(wrong, words, n);
    if (near)
        error_label(err, "did you mean '%s'?", near);
}

// A spelling that is one letter away from a portable type is a slip, not an engine's own type.
static const char *slip(ModelReader *r, const char *spelling)
{
    size_t n = strcspn(spelling, "([ ");
    if (n < 4 || n > 40)
        return NULL;
    const char *word = arena_strndup(r->arena, spelling, n);
    size_t count = 0;
    while (r->dialect->portable_types[count]) {
        if (strcasecmp(r->dialect->portable_types[count], word) == 0)
            return NULL;
        count++;
    }
    static const char *const real[] = {
        "int",   "int2",   "int4",      "int8",     "inet",     "cidr",     "money",    "line",
        "point", "path",   "box",       "serial",   "citext",   "hstore",   "ltree",    "jsonb",
        "bytea", "timetz", "datetime2", "tinytext", "longtext", "varchar",  "nchar",    "bool",
        "real",  "dec",    "decimal",   "number",   "varchar2", "tinyblob", "longblob", "bit",
        "set",   "year",   "clob",      "nvarchar", "varbit",   "xid8",     "jsonpath", "integer"
    };
    for (size_t i = 0; i < COUNT_OF(real); i++)
        if (strcasecmp(real[i], word) == 0)
            return NULL;
    const char *near = nearest_word(word, r->dialect->portable_types, count);
    if (!near)
        return NULL;
    // near enough only when one letter is missing, too many, wrong or swapped
    size_t m = strlen(near);
    if ((m > n ? m - n : n - m) > 1)
        return NULL;
    const char *const only[] = { near };
    char shorter[48];
    snprintf(shorter, sizeof(shorter), "%s", word);
    return nearest_word(shorter, only, 1) && n >= 5 ? word : NULL;
}

const char *native_type(ModelReader *r, const char *spelling, const Node *node)
{
    size_t n = strcspn(spelling, "[(");
    CustomType *custom = find_type(r, spelling, n);
    if (custom && (r->dialect->caps & HAS_TYPES) && custom->native)
        return arena_printf(r->arena, "%s%s", custom->native, spelling + n);
    if (custom && custom->base)
        return native_type(r, arena_printf(r->arena, "%s%s", custom->base, spelling + n), node);
    const char *wrong = NULL, *native = r->dialect->type_native(r->arena, spelling, &wrong);
    if (!native) {
        unknown_type(r, wrong ? wrong : spelling, node);
        return spelling;
    }
    wrong = strcmp(native, spelling) == 0 || strcasecmp(native, spelling) == 0 ? slip(r, spelling) : NULL;
    if (wrong && !schema_object(r->schema, OBJECT_ENUM, NULL, NULL, wrong) &&
        !schema_object(r->schema, OBJECT_DOMAIN, NULL, NULL, wrong))
        unknown_type(r, wrong, node);
    return native;
}

static void read_values(ModelReader *r, const Node *list, NameList *out)
{
    if (list->kind != NODE_LIST) {
        issues_add(r->issues, ERR_SCHEMA, list->at, "the values of an enum are a list");
        return;
    }
    VEC_EACH (Node *, item, &list->items) {
        if ((*item)->kind != NODE_SCALAR) {
            issues_add(r->issues, ERR_SCHEMA, (*item)->at, "a value of an enum is one word or text");
            continue;
        }
        if (names_have(out, (*item)->text))
            issues_add(r->issues, ERR_SCHEMA, (*item)->at, "the value '%s' stands here twice", (*item)->text);
        *VEC_PUSH(r->arena, out) = (*item)->text;
    }
}

static EnumType *new_enum(ModelReader *r, const char *schema, const char *name, const Node *values,
                          SourcePos at)
{
    EnumType *type = object_new(r->arena, OBJECT_ENUM, schema, NULL, name);
    type->head.at = at;
    read_values(r, values, &type->values);
    if (r->dialect->caps & HAS_TYPES)
        *VEC_PUSH(r->arena, &r->schema->objects) = &type->head;
    return type;
}

static void add_domain(ModelReader *r, const CustomType *type, const Node *node)
{
    DomainType *domain = object_new(r->arena, OBJECT_DOMAIN, NULL, NULL, type->name);
    domain->head.at = node->at;
    read_head(r, node, &domain->head, NULL);
    domain->base = native_type(r, type->base, node_get(node, "base") ? node_get(node, "base") : node);
    domain->not_null = type->not_null;
    domain->collation = get_text(r, node, "collation");
    domain->default_sql = read_default(r, type->default_node, domain->base);
    if (type->check) {
        Constraint *check = object_new(r->arena, OBJECT_CHECK, NULL, type->name, NULL);
        check->expression = type->check;
        check->head.at = place_of(node, "check");
        *VEC_PUSH(r->arena, &domain->checks) = check;
    }
    *VEC_PUSH(r->arena, &r->schema->objects) = &domain->head;
}

static void add_composite(ModelReader *r, const char *name, const Node *node, const Node *attributes)
{
    CompositeType *type = object_new(r->arena, OBJECT_COMPOSITE, NULL, NULL, name);
    type->head.at = node->at;
    read_head(r, node, &type->head, NULL);
    if (!expect_map(r, attributes, "a composite type"))
        return;
    VEC_EACH (NodePair, pair, &attributes->pairs) {
        Column *attribute = object_new(r->arena, OBJECT_COLUMN, NULL, name, pair->key->text);
        const Node *spelling = pair->value->kind == NODE_MAP ? node_get(pair->value, "type") : pair->value;
        const char *text = spelling ? text_of(r, spelling, "type") : NULL;
        attribute->type = text ? native_type(r, text, spelling) : "";
        attribute->collation = pair->value->kind == NODE_MAP ? get_text(r, pair->value, "collation") : NULL;
        *VEC_PUSH(r->arena, &type->attributes) = attribute;
    }
    *VEC_PUSH(r->arena, &r->schema->objects) = &type->head;
}

static void read_type(ModelReader *r, const char *name, const Node *node)
{
    static const char *const keys[] = { "base",    "check",        "enum",     "composite",
                                        "default", "not_null",     "comment",  "collation",
                                        "name",    "renamed_from", "nullable", NULL };
    if (!expect_map(r, node, "a type"))
        return;
    reject_unknown(r, node, keys, "a type", OBJECT_KIND_COUNT);
    CustomType *type = VEC_PUSH(r->arena, &r->types);
    *type = (CustomType){ .name = name,
                          .node = node,
                          .base = get_text(r, node, "base"),
                          .check = get_text(r, node, "check"),
                          .default_node = node_get(node, "default") };
    get_truth(r, node, "not_null", &type->not_null);
    bool nullable;
    if (get_truth(r, node, "nullable", &nullable))
        type->not_null = !nullable;
    const Node *values = for_dialect(r, node_get(node, "enum")), *attributes = node_get(node, "composite");
    StrBuf quoted;
    strbuf_init(&quoted, r->arena);
    bool plain = islower((unsigned char)name[0]) || name[0] == '_';
    for (const char *c = name; *c; c++)
        plain &= islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_';
    if (plain)
        strbuf_puts(&quoted, name);
    else
        r->dialect->put_identifier(&quoted, name);
    type->native = quoted.text;
    if (values) {
        type->as_enum = new_enum(r, NULL, name, values, node->at);
        read_head(r, node, &type->as_enum->head, NULL);
    } else if (attributes) {
        if (r->dialect->caps & HAS_TYPES)
            add_composite(r, name, node, attributes);
    } else if (!type->base) {
        issues_add(r->issues, ERR_SCHEMA, node->at, "the type '%s' has neither base, enum nor composite",
                   name);
    } else if (r->dialect->caps & HAS_TYPES) {
        add_domain(r, type, node);
    }
}

void read_types(ModelReader *r)
{
    VEC_EACH (const Node *, root, &r->roots) {
        const Node *types = node_get(*root, "types");
        if (!types || !expect_map(r, types, "types"))
            continue;
        VEC_EACH (NodePair, pair, &types->pairs)
            read_type(r, pair->key->text, pair->value);
    }
}

// The check that stands for an enum where the engine has none: column IN ('a', 'b').
static void emulate_enum(ModelReader *r, Table *table, Column *column, const EnumType *type)
{
    StrBuf in;
    strbuf_init(&in, r->arena);
    r->dialect->put_identifier(&in, column->head.name);
    strbuf_puts(&in, " IN (");
    VEC_EACH (const char *, value, &type->values) {
        if (value != type->values.items)
            strbuf_puts(&in, ", ");
        r->dialect->put_literal(&in, *value);
    }
    strbuf_putc(&in, ')');
    Constraint *check = add_constraint(r, table, OBJECT_CHECK, NULL, column->head.at);
    check->column = column->head.name;
    check->expression = in.text;
    check->of_column = true;
}

static void use_enum(ModelReader *r, Table *table, Column *column, const EnumType *type, const char *suffix)
{
    column->enum_type = type;
    if (r->dialect->caps & HAS_TYPES) {
        StrBuf name;
        strbuf_init(&name, r->arena);
        const CustomType *custom = find_type(r, type->head.name, strlen(type->head.name));
        if (custom)
            strbuf_puts(&name, custom->native);
        else
            r->dialect->put_identifier(&name, type->head.name);
        column->type = arena_printf(r->arena, "%s%s", name.text, suffix);
        return;
    }
    const char *wrong = NULL, *text = r->dialect->type_native(r->arena, "text", &wrong);
    column->type = text ? text : "text";
    if (!(r->dialect->caps & HAS_ENUM_COLUMNS))
        emulate_enum(r, table, column, type);
}

// VALUE in the check of an inlined type is the column.
static const char *with_value(ModelReader *r, const char *check, const char *column)
{
    StrBuf out;
    strbuf_init(&out, r->arena);
    Lexer lexer;
    lex_init(&lexer, (Text){ check, strlen(check) }, r->dialect->lex, true);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token.kind == TOKEN_WORD && token_is(&token, "VALUE"))
            r->dialect->put_identifier(&out, column);
        else
            strbuf_put(&out, token.text.p, token.text.n);
    }
    return out.text;
}

static void inline_type(ModelReader *r, Table *table, Column *column, const CustomType *type)
{
    if (type->not_null)
        column->nullable = false;
    if (type->default_node)
        column->default_sql = read_default(r, type->default_node, column->type);
    if (!type->check)
        return;
    Constraint *check = add_constraint(r, table, OBJECT_CHECK, NULL, column->head.at);
    check->column = column->head.name;
    check->expression = with_value(r, type->check, column->head.name);
}

void read_column_type(ModelReader *r, Table *table, Column *column, const Node *given)
{
    const Node *node = for_dialect(r, given);
    if (!node)
        return;
    if (node->kind == NODE_MAP && node_get(node, "enum")) {
        const char *name = get_text(r, node, "name");
        if (!name)
            name = arena_printf(r->arena, "%s_%s", table->head.name, column->head.name);
        use_enum(r, table, column, new_enum(r, table->head.schema, name, node_get(node, "enum"), node->at),
                 "");
        return;
    }
    const char *spelling = text_of(r, node, "type");
    if (!spelling)
        return;
    size_t n = strcspn(spelling, "[(");
    const CustomType *type = find_type(r, spelling, n);
    if (type && type->as_enum) {
        use_enum(r, table, column, type->as_enum, spelling + n);
        return;
    }
    column->type = native_type(r, spelling, node);
    if (type && !(r->dialect->caps & HAS_TYPES))
        inline_type(r, table, column, type);
}

const char *read_default(ModelReader *r, const Node *given, const char *type)
{
    const Node *node = for_dialect(r, given);
    if (!node || node_is_null(node))
        return NULL;
    if (node->kind == NODE_MAP) {
        static const char *const keys[] = { "sql", NULL };
        reject_unknown(r, node, keys, "a default", OBJECT_KIND_COUNT);
        return get_text(r, node, "sql");
    }
    if (node->kind == NODE_LIST) {
        issues_add(r->issues, ERR_SCHEMA, node->at, "a default is one value, or {sql: …}");
        return NULL;
    }
    return r->dialect->default_literal(r->arena, type, node->text, node->quoted);
}
