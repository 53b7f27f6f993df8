#include "core/schema/read.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/dialect/lex.h"
#include "core/dialect/shape.h"

// What a type at a column means: a declared one, an enum on the spot, a portable one, or the engine's own.

static bool is_plain_identifier(const char *name)
{
    if (!islower((unsigned char)name[0]) && name[0] != '_')
        return false;
    for (const char *c = name; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
            return false;
    return true;
}

static void put_type_name(const Reader *r, StrBuf *out, const char *name)
{
    if (is_plain_identifier(name))
        strbuf_puts(out, name);
    else
        r->dialect->put_identifier(out, name);
}

// What a declared type is called in SQL, with the brackets of an array after it.
static const char *type_reference(const Reader *r, const TypeDef *def, const char *brackets)
{
    StrBuf out;
    strbuf_init(&out, r->arena);
    if (def->schema) {
        put_type_name(r, &out, def->schema);
        strbuf_putc(&out, '.');
    }
    put_type_name(r, &out, def->name);
    strbuf_puts(&out, brackets);
    return out.text;
}

static const char *enum_spelling(const Reader *r, const NameList *values)
{
    StrBuf out;
    strbuf_init(&out, r->arena);
    strbuf_puts(&out, "enum(");
    VEC_EACH (const char *, value, values) {
        if (value != values->items)
            strbuf_putc(&out, ',');
        r->dialect->put_literal(&out, *value);
    }
    strbuf_putc(&out, ')');
    return out.text;
}

// The column's type where the engine has neither enums as objects nor as types: a text, with a check of the column.
static const char *inlined_enum(Reader *r, const EnumType *type)
{
    const char *wrong = NULL;
    const char *spelling = r->dialect->caps & HAS_ENUM_COLUMNS ? enum_spelling(r, &type->values) : "text";
    const char *native = r->dialect->type_native(r->arena, spelling, &wrong);
    return native ? native : spelling;
}

// Uses a type of `types:` in a column. An engine without named types gets what it stands for: the base of a
// domain, the values of an enum.
static TypeUse use_def(Reader *r, const Node *node, TypeDef *def, const char *brackets)
{
    TypeUse use = { 0 };
    if (!def->done) {
        if (def->busy) {
            read_issue(r, node_at(node), "type '%s' is made of itself", node_string(def->key));
            return use;
        }
        read_type_def(r, def);
    }
    bool named = (r->dialect->caps & HAS_TYPES) != 0;
    if (def->kind == OBJECT_ENUM)
        use.enum_type = (EnumType *)(void *)def->object;
    if (named) {
        // in quotes it is the engine's own spelling
        use.native = strchr(node_string(node), '"') ? node_string(node) : type_reference(r, def, brackets);
        return use;
    }
    if (def->kind == OBJECT_COMPOSITE || *brackets) {
        Error *err = read_issue(r, node_at(node), "%s has no %s", r->dialect->name,
                                *brackets ? "arrays" : "composite types");
        err->code = ERR_UNSUPPORTED;
        return use;
    }
    if (def->kind == OBJECT_ENUM) {
        use.native = inlined_enum(r, use.enum_type);
        return use;
    }
    use.native = def->native;
    use.enum_type = def->base_enum;
    use.domain = def;
    return use;
}

static TypeDef *def_of_spelling(const Reader *r, const char *spelling, const char **brackets)
{
    if (!r->types.count)
        return NULL;
    size_t n = strlen(spelling);
    while (n >= 2 && spelling[n - 1] == ']' && spelling[n - 2] == '[')
        n -= 2;
    *brackets = arena_strdup(r->arena, spelling + n);
    NameList parts = { 0 };
    if (!name_split(r->arena, arena_strndup(r->scratch, spelling, n), &parts) || parts.count > 2)
        return NULL;
    return find_type(r, parts.count == 2 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
}

// Reports a type that is not known. The place is the word that is wrong; a known word in a wrong spelling gets
// a hint of its own.
static void unknown_type(Reader *r, const Node *node, const char *wrong)
{
    const char *text = node_string(node);
    size_t skip = wrong && wrong >= text && wrong < text + strlen(text) ? (size_t)(wrong - text) : 0, n = 0;
    while (isalnum((unsigned char)text[skip + n]) || text[skip + n] == '_' ||
           (unsigned char)text[skip + n] >= 0x80)
        n++;
    if (n == 0)
        n = strlen(text + skip);
    const char *word = arena_strndup(r->scratch, text + skip, n);
    NameList known = { 0 };
    for (const char *const *name = r->dialect->portable_types; name && *name; name++)
        *VEC_PUSH(r->scratch, &known) = *name;
    VEC_EACH (TypeDef *, def, &r->types)
        *VEC_PUSH(r->scratch, &known) = (*def)->name;
    bool spelt_so = names_have(&known, word);
    Error *err = read_issue(r, node_at_text(node, skip, n),
                            spelt_so ? "'%s' is not a valid column type" : "unknown column type '%s'",
                            spelt_so ? text : word);
    if (spelt_so && strchr(text, '['))
        error_hint(err,
                   "%s has no arrays: give another type for it, as in {default: text, postgresql: '%s'}.",
                   r->dialect->name, text);
    else if (spelt_so && strcasecmp(word, "enum") == 0)
        error_hint(err, "As in {enum: [sad, ok, happy]}, in the place of the type or under 'types:'.");
    else if (spelt_so && strchr(text, '('))
        error_hint(err, "Whole numbers are in the parentheses, as in string(80) or \"numeric(10,2)\".");
    if (!spelt_so)
        read_suggest(err, word, known.items, known.count);
    if (!err->label[0] && !spelt_so)
        error_hint(err,
                   "Types are portable ones (string(80), integer, ...), %s's own, and those under 'types:'.",
                   r->dialect->name);
}

// A hash table of spellings: the same few come thousands of times.
static SpeltType *spelt_slot(Reader *r, const char *spelling)
{
    enum { SLOTS = 1024 };
    if (!r->spelt.items) {
        r->spelt.items = arena_alloc(r->scratch, SLOTS * sizeof(SpeltType));
        r->spelt.capacity = SLOTS;
    }
    size_t h = 5381;
    for (const char *c = spelling; *c; c++)
        h = h * 33 + (unsigned char)*c;
    for (size_t tries = 0; tries < 8; tries++) {
        SpeltType *slot = &r->spelt.items[(h + tries) % SLOTS];
        if (!slot->spelling || strcmp(slot->spelling, spelling) == 0)
            return slot;
    }
    return NULL;
}

// Finds what SQL says after the type of a column and the model says by a key. True after an issue, which says how it is written.
static bool has_column_words(Reader *r, const Node *node)
{
    static const struct {
        const char *word, *key;
        bool first_too; // no type begins with it
    } words[] = {
        {"not",             "nullable: false",           true },
        { "null",           "nullable: true",            false},
        { "unique",         "unique: true",              true },
        { "primary",        "primary_key: true",         true },
        { "default",        "default: VALUE",            true },
        { "references",     "references: TABLE.COLUMN",  true },
        { "check",          "check: \"EXPRESSION\"",     true },
        { "generated",      "generated: \"EXPRESSION\"", false},
        { "autoincrement",  "autoincrement: true",       false},
        { "auto_increment", "autoincrement: true",       false},
        { "comment",        "comment: TEXT",             false},
    };
    const char *text = node_string(node);
    TokenList tokens = lex_all(r->scratch, (Text){ text, strlen(text) }, r->dialect->lex);
    int depth = 0;
    for (size_t i = 0; i < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        depth += token_is(t, "(") - token_is(t, ")");
        for (size_t k = 0; k < COUNT_OF(words) && depth == 0; k++) {
            if (!token_is(t, words[k].word) || (i == 0 ? !words[k].first_too : token_is(t - 1, ".")))
                continue;
            size_t skip = (size_t)(t->text.p - text), n = skip;
            while (n && text[n - 1] == ' ')
                n--;
            const char *type = n ? arena_strndup(r->scratch, text, n) : "text";
            const char *quote = strchr(type, ',') ? "\"" : "";
            Error *err = read_issue(r, node_at_text(node, skip, t->text.n), "'%s' does not belong to a type",
                                    arena_strndup(r->scratch, t->text.p, t->text.n));
            error_hint(err, "Write it as a key of the column: {type: %s%s%s, %s}.", quote, type, quote,
                       words[k].key);
            return true;
        }
    }
    return false;
}

// The engine's spelling of a type, kept for the next column with the same words. NULL, or a type that is of no use, after an issue.
static const char *native_of(Reader *r, const Node *node)
{
    SpeltType *slot = spelt_slot(r, node_string(node));
    if (slot && slot->spelling)
        return slot->native;
    const char *wrong = NULL, *open = strchr(node_string(node), '('), *beyond;
    if (open && !strchr(open, ')')) { // each engine would find another fault in it
        read_issue(r, node_at(node), "the type '%s' has no closing parenthesis", node_string(node));
        return NULL;
    }
    const char *native =
        arena_strdup(r->arena, r->dialect->type_native(r->scratch, node_string(node), &wrong));
    if (!(native && r->dialect->asks_for_types) && has_column_words(r, node))
        return NULL;
    if (!native)
        unknown_type(r, node, wrong);
    else if (!shape_is_type(r->dialect, native))
        read_issue(r, node_at(node), "'%s' is not a valid column type", node_string(node));
    else if ((beyond = type_beyond_limits(r->scratch, r->dialect, native)))
        error_hint(read_issue(r, node_at(node), "'%s' is not a valid column type", node_string(node)), "%s",
                   beyond);
    else if (slot)
        *slot = (SpeltType){ node_string(node), native };
    return native;
}

// enum('a', b): the values of a type spelt so.
static bool enum_values(const Reader *r, const char *spelling, NameList *values)
{
    TokenList tokens = lex_all(r->scratch, (Text){ spelling, strlen(spelling) }, r->dialect->lex);
    const Token *t = tokens.items;
    if (tokens.count < 5 || !token_is(&t[0], "enum") || !token_is(&t[1], "(") ||
        !token_is(&t[tokens.count - 2], ")"))
        return false;
    for (size_t i = 2; i + 1 < tokens.count; i += 2) {
        *VEC_PUSH(r->arena, values) = token_name(r->arena, &t[i]);
        if (!token_is(&t[i + 1], ",") && i + 3 != tokens.count)
            return false;
    }
    return true;
}

static const char *enum_name(const Reader *r, const char *table, const char *column)
{
    return table && column ? arena_printf(r->arena, "%s_%s", table, column) : NULL;
}

static TypeUse use_inline_enum(Reader *r, const Node *node, const NameList *values, const char *name)
{
    EnumType *type = object_new(r->arena, OBJECT_ENUM, NULL, NULL, name);
    type->values = *values;
    type->head.at = node_at(node);
    TypeUse use = { .enum_type = type };
    if (!(r->dialect->caps & HAS_TYPES)) {
        use.native = inlined_enum(r, type);
        return use;
    }
    const TypeDef def = { .name = name ? name : "enum" };
    use.native = type_reference(r, &def, "");
    *VEC_PUSH(r->arena, &r->schema->objects) = &type->head;
    return use;
}

NameList read_enum_values(Reader *r, const Node *node)
{
    NameList values = read_names(r, node, "enum");
    if (!values.count && !(r->dialect->caps & HAS_TYPES))
        read_issue(r, node_at(node), "an enum needs values");
    for (size_t i = 1; i < values.count; i++)
        for (size_t j = 0; j < i && i < 1000; j++)
            if (i < node->count && strcmp(values.items[i], values.items[j]) == 0) {
                Error *err =
                    read_issue(r, node_at(node_item(node, i)), "value '%s' appears twice", values.items[i]);
                error_also(err, node_at(node_item(node, j)), "first here");
            }
    return values;
}

TypeUse read_type(Reader *r, const Node *node, const char *table, const char *column)
{
    TypeUse use = { 0 };
    node = read_pick(r, node);
    if (node && node->kind == NODE_MAP && node->count == 1 && node_get(node, "default"))
        node = node_get(node, "default"); // one for all databases: a type has no other key of this name
    if (!node)                            // nothing for this dialect
        return use;
    const Node *values = read_pick(r, node_get(node, "enum")), *verbatim = node_get(node, "sql");
    if (values && values->kind == NODE_LIST &&
        (node->count == 1 || (node->count == 2 && node_get(node, "name")))) {
        NameList list = read_enum_values(r, values);
        const char *name = read_text(r, read_name_key(r, node), "name");
        return use_inline_enum(r, values, &list, name ? name : enum_name(r, table, column));
    }
    if (verbatim && node->count == 1) {
        use.native = read_text(r, read_pick(r, verbatim), "sql");
        return use;
    }
    if (node->kind != NODE_SCALAR) {
        error_hint(read_issue(r, node_at(values ? values : node),
                              "a type must be a text, {enum: [...]} or {sql: ...}"),
                   "As in type: string(80), or enum: [red, green].");
        return use;
    }
    const char *brackets = "";
    TypeDef *def = def_of_spelling(r, node_string(node), &brackets);
    if (def)
        return use_def(r, node, def, brackets);
    NameList list = { 0 };
    if (strncasecmp(node_string(node), "enum", 4) == 0 && !(r->dialect->caps & HAS_ENUM_COLUMNS) &&
        enum_values(r, node_string(node), &list))
        return use_inline_enum(r, node, &list, enum_name(r, table, column));
    use.native = native_of(r, node);
    return use;
}

// A value as SQL, when it is one of the column's type: an engine would keep `now()` as a text, or as the moment of the upgrade.
static const char *scalar_default(Reader *r, const Node *node, const char *type, const char *declared)
{
    const char *text = node_string(node);
    const char *what = type[0] ? default_mismatch(r->scratch, r->dialect, type, text) : NULL;
    bool truth = false;
    if (!what && declared && strcmp(declared, "uuid") == 0 &&
        !default_is_uuid(text)) // a text, where the engine has none
        what = "a UUID";
    if (what) {
        Error *err = read_issue(r, node_at(node), "the default '%s' is not %s, which the type %s needs", text,
                                what, declared ? declared : r->dialect->type_portable(r->scratch, type));
        error_hint(err,
                   !text[0] ? "Leave it out where there is no default."
                   : isdigit((unsigned char)*text) && default_is_year_last(text)
                       ? "A date is written year first: 2026-02-28."
                       : "For an expression write default: {sql: \"%s\"}.",
                   text);
        return NULL;
    }
    // yes and on are true where a truth is meant
    if (node_truth(node, &truth) && strcmp(r->dialect->type_portable(r->scratch, type), "boolean") == 0)
        text = truth ? "true" : "false";
    return arena_strdup(r->arena, r->dialect->default_literal(r->scratch, type, text, node->quoted));
}

const char *read_default(Reader *r, const Node *node, const char *type, const char *declared)
{
    if (node_is_null(node))
        return NULL;
    if (node->kind == NODE_SCALAR)
        return scalar_default(r, node, type, declared);
    const Node *sql = read_pick(r, node_get(node, "sql"));
    if (node->kind == NODE_MAP && node->count == 1 && sql)
        return read_text(r, sql, "sql");
    if (node->kind == NODE_MAP && node->count == 1 && node_get(node, "sql"))
        return NULL;
    Error *err = read_issue(r, node_at(node), "a default is a value, or {sql: an expression}");
    error_hint(err, "As in default: 0, default: ok, default: {sql: CURRENT_TIMESTAMP}; JSON is a text, as in "
                    "default: '[]'.");
    return NULL;
}

const char *check_for_column(Reader *r, const char *expression, const char *column)
{
    Lexer lexer;
    StrBuf out;
    strbuf_init(&out, r->arena);
    lex_init(&lexer, (Text){ expression, strlen(expression) }, r->dialect->lex, true);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token_is(&token, "VALUE"))
            r->dialect->put_identifier(&out, column);
        else
            strbuf_put(&out, token.text.p, token.text.n);
    }
    return out.text;
}
