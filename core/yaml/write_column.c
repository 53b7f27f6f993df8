#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/yaml/write_internal.h"

// The text of a string literal at the beginning of an expression; NULL: it begins with none.
static const char *literal_text(Writer *w, const char *expression)
{
    const char *p = expression;
    bool escapes = (*p == 'E' || *p == 'e') && p[1] == '\'';
    p += escapes;
    if (*p++ != '\'')
        return NULL;
    StrBuf out;
    strbuf_init(&out, w->arena);
    for (; *p; p++) {
        if (*p == '\'' && p[1] != '\'')
            return out.text;
        if (*p == '\'' || (escapes && *p == '\\'))
            p++;
        if (!*p)
            return NULL;
        strbuf_putc(&out, *p);
    }
    return NULL;
}

static bool gives(Writer *w, const char *type, const char *scalar, bool quoted, const char *expression)
{
    const char *made = w->dialect->default_literal(w->arena, type, scalar, quoted);
    return made && strcmp(made, expression) == 0;
}

static bool looks_like_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return end != text && *end == '\0' && !strpbrk(text, "xXpPnNiI") && text[0] != '+' && text[0] != '.';
}

// A literal is written as its value where reading that gives the same expression back.
Node *write_default(Writer *w, const char *type, const char *expression)
{
    if (!expression)
        return NULL;
    static const char *const truths[] = { "true", "false" };
    for (size_t i = 0; i < COUNT_OF(truths); i++)
        if (strcasecmp(expression, truths[i]) == 0 && gives(w, type, truths[i], false, expression))
            return node_plain(w->arena, truths[i]);
    if (looks_like_number(expression) && gives(w, type, expression, false, expression))
        return node_plain(w->arena, expression);
    const char *text = literal_text(w, expression);
    if (text && looks_like_number(text) && gives(w, type, text, false, expression))
        return node_plain(w->arena, text);
    if (text && gives(w, type, text, true, expression) && gives(w, type, text, false, expression))
        return node_scalar(w->arena, text);
    Node *node = node_map(w->arena, true);
    node_add_text(w->arena, node, "sql", expression);
    return node;
}

static bool in_primary_key(const Table *table, const char *column)
{
    const Constraint *key = table_primary_key(table);
    if (key)
        VEC_EACH (Part, part, &key->parts)
            if (part->column && strcasecmp(part->column, column) == 0)
                return true;
    return false;
}

static bool is_integer(const Writer *w, const char *type)
{
    static const char *const integers[] = { "integer", "bigint", "smallint" };
    for (size_t i = 0; i < COUNT_OF(integers); i++) {
        const char *wrong = NULL, *native = w->dialect->type_native(w->arena, integers[i], &wrong);
        if (native && strcasecmp(native, type) == 0)
            return true;
    }
    return false;
}

// What the reader would decide by itself: the key of one integer column numbers its rows.
static bool numbers_by_itself(const Writer *w, const Table *table, const Column *column)
{
    const Constraint *key = table_primary_key(table);
    if (!(w->dialect->caps & INTEGER_KEYS_COUNT) || !key || key->parts.count != 1 || column->default_sql ||
        column->generated || column->identity != IDENTITY_NONE || !in_primary_key(table, column->head.name) ||
        !is_integer(w, column->type))
        return false;
    VEC_EACH (Constraint *, other, &table->constraints)
        if ((*other)->head.kind == OBJECT_FOREIGN_KEY &&
            parts_have_column(&(*other)->parts, column->head.name))
            return false;
    return true;
}

static const struct {
    const char *keyword, *key;
} identity_words[] = {
    {"START WITH",    "start"    },
    { "INCREMENT BY", "increment"},
    { "MINVALUE",     "minimum"  },
    { "MAXVALUE",     "maximum"  },
    { "CACHE",        "cache"    }
};

static Node *write_identity(Writer *w, const Column *column)
{
    const char *mode = column->identity == IDENTITY_ALWAYS ? "always" : "by default";
    if (!column->identity_options)
        return node_scalar(w->arena, mode);
    Node *node = node_map(w->arena, true);
    node_add_text(w->arena, node, "mode", mode);
    for (size_t i = 0; i < COUNT_OF(identity_words); i++) {
        const char *found = strstr(column->identity_options, identity_words[i].keyword);
        if (!found)
            continue;
        found += strlen(identity_words[i].keyword) + 1;
        node_add(w->arena, node, identity_words[i].key,
                 node_plain(w->arena, arena_strndup(w->arena, found, strcspn(found, " "))));
    }
    const char *cycle = strstr(column->identity_options, "CYCLE");
    if (cycle && (cycle == column->identity_options || cycle[-1] == ' '))
        node_add_truth(w->arena, node, "cycle", true);
    return node;
}

static void write_nullable(Writer *w, Node *node, const Table *table, const Column *column)
{
    bool key = in_primary_key(table, column->head.name);
    bool said =
        w->dialect->caps & FOLDS_NAME_CASE; // SQLite keeps apart what follows from a key and what is said
    bool implied = column->identity != IDENTITY_NONE || (column->autoincrement && !said);
    if (key ? (said || column->nullable) : (!column->nullable && !implied))
        node_add_truth(w->arena, node, "nullable", column->nullable);
}

// The portable spelling, unless the reader would take it for one of the model's own types.
static const char *type_text(Writer *w, const char *native)
{
    return w->dialect->type_portable(w->arena, native);
}

Node *write_column(Writer *w, const Table *table, const Column *column)
{
    Node *node = node_map(w->arena, true);
    if (column->type[0])
        node_add_text(w->arena, node, "type", type_text(w, column->type));
    write_nullable(w, node, table, column);
    if (column->autoincrement != numbers_by_itself(w, table, column))
        node_add_truth(w->arena, node, "autoincrement", column->autoincrement);
    if (column->identity != IDENTITY_NONE)
        node_add(w->arena, node, "identity", write_identity(w, column));
    node_add(w->arena, node, "default", write_default(w, column->type, column->default_sql));
    node_add_text(w->arena, node, "generated", column->generated);
    if (column->generated && column->stored)
        node_add_truth(w->arena, node, "stored", true);
    node_add_text(w->arena, node, "collation", column->collation);
    node_add_text(w->arena, node, "comment", column->head.comment);
    write_options(w, node, &column->head);
    return node;
}

bool write_is_dangling(const Writer *w, const Constraint *key)
{
    VEC_EACH (Table *, it, &w->schema->tables) {
        const Table *table = *it;
        bool folds = w->dialect->caps & FOLDS_NAME_CASE;
        const char *a = table->head.schema ? table->head.schema : "",
                   *b = key->referred_schema ? key->referred_schema : "";
        if (strcmp(a, b) != 0 || (folds ? strcasecmp(table->head.name, key->referred_table)
                                        : strcmp(table->head.name, key->referred_table)) != 0)
            continue;
        VEC_EACH (const char *, name, &key->referred_columns) {
            bool found = false;
            VEC_EACH (Column *, column, &table->columns)
                found |= (folds ? strcasecmp((*column)->head.name, *name)
                                : strcmp((*column)->head.name, *name)) == 0;
            if (!found && folds)
                return true;
        }
        return key->referred_columns.count && key->referred_columns.count != key->parts.count;
    }
    return true;
}
