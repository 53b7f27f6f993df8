// What a plan must know of a whole schema: who refers to a table, and what ALTER TABLE would stumble over.
#include "drivers/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const Table *find_table(const Schema *schema, const char *name)
{
    VEC_EACH (Table *, it, &schema->tables)
        if (sqlite_same_name((*it)->head.name, name))
            return *it;
    return NULL;
}

static bool covers(const PartList *parts, const NameList *columns)
{
    if (parts->count != columns->count)
        return false;
    VEC_EACH (Part, part, parts) {
        bool found = false;
        VEC_EACH (const char *, column, columns)
            found |= sqlite_same_name(part->column, *column);
        if (!found)
            return false;
    }
    return true;
}

// Has the key a target that SQLite could enforce it against? Else foreign_key_check fails with a mismatch, and the
// key means as little as it did before.
static bool is_sound(const Schema *schema, const Constraint *key)
{
    const Table *target = find_table(schema, key->referred_table);
    if (!target || target->is_virtual)
        return false;
    VEC_EACH (Constraint *, it, &target->constraints) {
        if ((*it)->head.kind == OBJECT_PRIMARY_KEY && !key->referred_columns.count)
            return (*it)->parts.count == key->parts.count;
        if (((*it)->head.kind == OBJECT_PRIMARY_KEY || (*it)->head.kind == OBJECT_UNIQUE) &&
            covers(&(*it)->parts, &key->referred_columns))
            return true;
    }
    VEC_EACH (Index *, it, &target->indexes)
        if ((*it)->unique && !(*it)->where && covers(&(*it)->parts, &key->referred_columns))
            return true;
    return false;
}

static bool keys_are_sound(const Schema *schema, const Table *table)
{
    bool any = false;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != OBJECT_FOREIGN_KEY)
            continue;
        if (!is_sound(schema, *it))
            return false;
        any = true;
    }
    return any;
}

static bool refers_to(const Table *table, const char *name)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY && sqlite_same_name((*it)->referred_table, name))
            return true;
    return false;
}

static int compare_names(const void *a, const void *b)
{
    return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

NameList sqlite_referred_tables(Arena *arena, const Schema *schema)
{
    NameList out = { 0 };
    VEC_EACH (Table *, table, &schema->tables)
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            if ((*it)->head.kind == OBJECT_FOREIGN_KEY && (*it)->referred_table)
                *VEC_PUSH(arena, &out) = (*it)->referred_table;
    if (out.count)
        qsort(out.items, out.count, sizeof(*out.items), compare_names);
    return out;
}

bool sqlite_is_referred_to(const NameList *referred, const char *name)
{
    return referred->count &&
           bsearch(&name, referred->items, referred->count, sizeof(*referred->items), compare_names);
}

static void add_name(Arena *arena, NameList *list, const char *name)
{
    if (!names_have(list, name))
        *VEC_PUSH(arena, list) = name;
}

void sqlite_tables_to_check(const StepGraph *graph, const Step *rebuild, NameList *out)
{
    const char *name = rebuild->want_table->head.name;
    if (keys_are_sound(graph->want, rebuild->want_table))
        add_name(graph->arena, out, name);
    VEC_EACH (Table *, it, &graph->want->tables)
        if (*it != rebuild->want_table && refers_to(*it, name) && keys_are_sound(graph->want, *it))
            add_name(graph->arena, out, (*it)->head.name);
}

static bool is_known(const Schema *schema, const Table *own, const char *name)
{
    if (own && (sqlite_column(own, name) || sqlite_same_name(own->head.name, name)))
        return true;
    VEC_EACH (Table *, it, &schema->tables)
        if (!own && (sqlite_same_name((*it)->head.name, name) || sqlite_column(*it, name)))
            return true;
    VEC_EACH (Object *, it, &schema->objects)
        if (!own && sqlite_same_name((*it)->name, name))
            return true;
    return false;
}

// A name in double quotes that names nothing is a string to SQLite, and DROP COLUMN would write it as one.
static bool has_quoted_string(Arena *scratch, const Schema *schema, const Table *own, const char *text)
{
    if (!text || !strchr(text, '"'))
        return false;
    TokenList tokens = lex_all(scratch, (Text){ text, strlen(text) }, SQLITE_LEX);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        if (token->kind != TOKEN_NAME || token->text.p[0] != '"')
            continue;
        bool named =
            i && (token_is(token - 1, "AS") || token_is(token - 1, ".") || token_is(token - 1, "COLLATE"));
        if (!named && !token_is(token + 1, ".") && !is_known(schema, own, token_name(scratch, token)))
            return true;
    }
    return false;
}

// FROM or JOIN a name that is no table, view or WITH clause: ALTER TABLE refuses while such a view or trigger stands.
static bool reads_unknown(Arena *scratch, const Schema *schema, const char *text)
{
    if (!text)
        return false;
    TokenList tokens = lex_all(scratch, (Text){ text, strlen(text) }, SQLITE_LEX);
    for (size_t i = 1; i + 1 < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        bool reads = token_is(token - 1, "FROM") || token_is(token - 1, "JOIN");
        if (!reads || (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME) || token_is(token + 1, "(") ||
            token_is(token + 1, "."))
            continue;
        const char *name = token_name(scratch, token);
        bool with = false;
        for (size_t k = 0; k + 1 < tokens.count; k++)
            with |= token_named(&tokens.items[k], name) &&
                    (token_is(&tokens.items[k + 1], "AS") || token_is(&tokens.items[k + 1], "(")) &&
                    (k == 0 || !token_is(&tokens.items[k - 1], "FROM"));
        if (!with && !is_known(schema, NULL, name))
            return true;
    }
    return false;
}

static bool table_is_touchy(Arena *scratch, const Schema *schema, const Table *table)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if (has_quoted_string(scratch, schema, table, (*it)->expression))
            return true;
    VEC_EACH (Column *, it, &table->columns)
        if (has_quoted_string(scratch, schema, table, (*it)->generated))
            return true;
    VEC_EACH (Index *, it, &table->indexes) {
        if (has_quoted_string(scratch, schema, table, (*it)->where))
            return true;
        VEC_EACH (Part, part, &(*it)->parts)
            if (has_quoted_string(scratch, schema, table, part->expression))
                return true;
    }
    return false;
}

bool sqlite_is_touchy(const Schema *schema)
{
    Arena *scratch = arena_new();
    bool touchy = false;
    VEC_EACH (Table *, it, &schema->tables)
        touchy = touchy || table_is_touchy(scratch, schema, *it);
    VEC_EACH (Object *, it, &schema->objects) {
        const char *text =
            (*it)->kind == OBJECT_VIEW ? ((const View *)(const void *)*it)->query : (*it)->definition;
        touchy =
            touchy || has_quoted_string(scratch, schema, NULL, text) || reads_unknown(scratch, schema, text);
    }
    arena_free(scratch);
    return touchy;
}
