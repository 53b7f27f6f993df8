#include "drivers/sqlite/sqlite.h"

#include <string.h>
#include <strings.h>

#include "drivers/sqlite/ddl/ddl.h"

#define DIALECT &sqlite_dialect

static void put_constraint_name(StrBuf *out, const char *name)
{
    if (name)
        sql(out, DIALECT, KW("CONSTRAINT"), ID(name));
}

static void put_conflict(StrBuf *out, const OptionList *options, const char *key)
{
    static const char *const words[] = { "ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE" };
    const char *value = option_get(options, key);
    for (size_t i = 0; value && i < COUNT_OF(words); i++)
        if (strcasecmp(value, words[i]) == 0)
            sql(out, DIALECT, KW("ON CONFLICT"), EXPR(words[i]));
}

static void put_parts(StrBuf *out, const PartList *parts, bool autoincrement)
{
    sql(out, DIALECT, KW("("));
    for (size_t i = 0; i < parts->count; i++) {
        const Part *part = &parts->items[i];
        if (i)
            sql(out, DIALECT, KW(","));
        if (part->column)
            sql(out, DIALECT, ID(part->column));
        else
            sql(out, DIALECT, EXPR(part->expression));
        if (part->collation)
            sql(out, DIALECT, KW("COLLATE"), ID(part->collation));
        if (part->descending)
            sql(out, DIALECT, KW("DESC"));
        if (part->nulls_first != UNSET && (part->nulls_first == YES) == part->descending)
            sql(out, DIALECT, EXPR(part->nulls_first == YES ? "NULLS FIRST" : "NULLS LAST"));
    }
    if (autoincrement)
        sql(out, DIALECT, KW("AUTOINCREMENT"));
    sql(out, DIALECT, KW(")"));
}

// A key of one column stands at its column, where that says the same.
static bool key_is_inline(const Constraint *key)
{
    if (key->head.kind != OBJECT_PRIMARY_KEY || key->parts.count != 1)
        return false;
    const Part *part = &key->parts.items[0];
    return part->column && !part->collation && (!part->descending || option_is(&key->head.options, "inline"));
}

static bool is_autoincrement(const Table *table, const Constraint *key)
{
    const Column *column = key->parts.count == 1 ? sqlite_column(table, key->parts.items[0].column) : NULL;
    return column && column->autoincrement;
}

static void put_inline_key(StrBuf *out, const Table *table, const Column *column)
{
    const Constraint *key = sqlite_primary_key(table);
    if (!key || !key_is_inline(key) || !sqlite_same_name(key->parts.items[0].column, column->head.name))
        return;
    put_constraint_name(out, key->head.name);
    sql(out, DIALECT, KW("PRIMARY KEY"));
    if (key->parts.items[0].descending)
        sql(out, DIALECT, KW("DESC"));
    put_conflict(out, &key->head.options, "on_conflict");
    if (column->autoincrement)
        sql(out, DIALECT, KW("AUTOINCREMENT"));
}

// A default stands bare when SQLite takes it so: a literal, a signed number, a name. All else needs parentheses.
static void put_default(StrBuf *out, const char *text)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ text, strlen(text) }, SQLITE_LEX, false);
    Token first = lex_next(&lexer), second = lex_next(&lexer), third = lex_next(&lexer);
    bool signed_number = (token_is(&first, "-") || token_is(&first, "+")) && third.kind == TOKEN_END &&
                         (second.kind == TOKEN_NUMBER || second.kind == TOKEN_STRING);
    bool single = second.kind == TOKEN_END && first.kind != TOKEN_SYMBOL && first.kind != TOKEN_BAD;
    bool wrapped = false;
    if (token_is(&first, "(")) { // whole, not "(a) + (b)"
        lex_init(&lexer, (Text){ text, strlen(text) }, SQLITE_LEX, false);
        size_t depth = 0;
        Token token;
        do {
            token = lex_next(&lexer);
            depth += token_is(&token, "(");
            depth -= token_is(&token, ")") && depth > 0;
        } while (token.kind != TOKEN_END && depth > 0);
        wrapped = lex_next(&lexer).kind == TOKEN_END;
    }
    if (single || signed_number || wrapped)
        sql(out, DIALECT, KW("DEFAULT"), EXPR(text));
    else
        sql(out, DIALECT, KW("DEFAULT ("), EXPR(text), KW(")"));
}

static bool at_column(const Constraint *check, const Column *column)
{
    return check->head.kind == OBJECT_CHECK && check->column &&
           sqlite_same_name(check->column, column->head.name) &&
           !option_get(&check->head.options, "on_conflict");
}

static void put_check(StrBuf *out, const Constraint *check)
{
    put_constraint_name(out, check->head.name);
    sql(out, DIALECT, KW("CHECK ("), EXPR(check->expression), KW(")"));
    put_conflict(out, &check->head.options, "on_conflict");
}

static void put_references(StrBuf *out, const Constraint *key)
{
    sql(out, DIALECT, KW("REFERENCES"), ID(key->referred_table));
    if (key->referred_columns.count) {
        sql(out, DIALECT, KW("("));
        sql_names(out, DIALECT, &key->referred_columns);
        sql(out, DIALECT, KW(")"));
    }
    if (key->on_update)
        sql(out, DIALECT, KW("ON UPDATE"), EXPR(key->on_update));
    if (key->on_delete)
        sql(out, DIALECT, KW("ON DELETE"), EXPR(key->on_delete));
    if (key->match)
        sql(out, DIALECT, KW("MATCH"), WORD(key->match));
    bool not_deferrable = option_is(&key->head.options, "not_deferrable");
    if (not_deferrable)
        sql(out, DIALECT, KW("NOT DEFERRABLE"));
    else if (key->deferral != NOT_DEFERRABLE)
        sql(out, DIALECT, KW("DEFERRABLE"));
    if (key->deferral == DEFERRABLE_DEFERRED)
        sql(out, DIALECT, KW("INITIALLY DEFERRED"));
}

static void put_generated(StrBuf *out, const Column *column)
{
    put_constraint_name(out, option_get(&column->head.options, "generated_name"));
    sql(out, DIALECT, KW("GENERATED ALWAYS AS ("), EXPR(column->generated), KW(")"));
    sql(out, DIALECT, EXPR(column->stored ? "STORED" : "VIRTUAL"));
}

static void put_not_null(StrBuf *out, const Column *column)
{
    if (column->nullable)
        return;
    put_constraint_name(out, option_get(&column->head.options, "not_null_name"));
    sql(out, DIALECT, KW("NOT NULL"));
    put_conflict(out, &column->head.options, "not_null_on_conflict");
}

static void put_column_body(StrBuf *out, const Column *column)
{
    const OptionList *options = &column->head.options;
    if (column->default_sql) {
        put_constraint_name(out, option_get(options, "default_name"));
        put_default(out, column->default_sql);
    }
    const char *clauses = option_get(options, "clauses");
    if (clauses)
        sql(out, DIALECT, EXPR(clauses));
    if (column->collation) {
        put_constraint_name(out, option_get(options, "collate_name"));
        sql(out, DIALECT, KW("COLLATE"), ID(column->collation));
    }
    if (column->generated)
        put_generated(out, column);
}

static void put_column_alone(StrBuf *out, const Table *table, const Column *column)
{
    sql(out, DIALECT, ID(column->head.name), TYPE(column->type));
    put_not_null(out, column);
    put_inline_key(out, table, column);
    put_column_body(out, column);
}

static void put_lonely_names(StrBuf *out, const Column *column)
{
    const char *names = option_get(&column->head.options, "lonely_names");
    if (names)
        sql(out, DIALECT, EXPR(names));
}

static void put_column(StrBuf *out, const Table *table, const Column *column)
{
    put_column_alone(out, table, column);
    VEC_EACH (Constraint *, check, &table->constraints)
        if (at_column(*check, column))
            put_check(out, *check);
    put_lonely_names(out, column);
}

const Column *sqlite_check_carrier(const Table *have, const Table *want, const Constraint *check)
{
    const Column *carrier = NULL;
    if (option_get(&check->head.options, "on_conflict"))
        return NULL; // is allowed after all columns only
    VEC_EACH (Column *, it, &want->columns)
        if (!sqlite_column(have, (*it)->head.name) &&
            (sqlite_mentions(check->expression, (*it)->head.name) ||
             (!carrier && sqlite_same_name(check->column, (*it)->head.name))))
            carrier = *it;
    return carrier;
}

// The table has it already, at another column or at none.
static bool is_there(Arena *arena, const Table *have, const Constraint *check)
{
    VEC_EACH (Constraint *, it, &have->constraints)
        if ((*it)->head.kind == OBJECT_CHECK && sqlite_same_name((*it)->head.name, check->head.name) &&
            sql_same_tokens(arena, (*it)->expression, check->expression, SQLITE_LEX))
            return true;
    return false;
}

void sqlite_put_added_column(StrBuf *out, const Table *have, const Table *want, const Column *column)
{
    put_column_alone(out, want, column);
    VEC_EACH (Constraint *, it, &want->constraints) {
        const Constraint *constraint = *it;
        if (constraint->head.kind == OBJECT_CHECK && sqlite_check_carrier(have, want, constraint) == column &&
            !is_there(out->arena, have, constraint))
            put_check(out, constraint);
        if (constraint->head.kind == OBJECT_FOREIGN_KEY && constraint->parts.count == 1 &&
            sqlite_same_name(constraint->parts.items[0].column, column->head.name)) {
            put_constraint_name(out, constraint->head.name);
            put_references(out, constraint);
        }
    }
    put_lonely_names(out, column);
}

// A constraint as an element of its own, unless it is written at its column.
static void put_table_constraint(StrBuf *out, const Table *table, const Constraint *constraint)
{
    switch ((int)constraint->head.kind) {
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
        if (key_is_inline(constraint))
            return;
        strbuf_puts(out, ",\n    ");
        put_constraint_name(out, constraint->head.name);
        if (constraint->head.kind == OBJECT_PRIMARY_KEY)
            sql(out, DIALECT, KW("PRIMARY KEY"));
        else
            sql(out, DIALECT, KW("UNIQUE"));
        put_parts(out, &constraint->parts,
                  constraint->head.kind == OBJECT_PRIMARY_KEY && is_autoincrement(table, constraint));
        put_conflict(out, &constraint->head.options, "on_conflict");
        return;
    case OBJECT_CHECK:
        VEC_EACH (Column *, column, &table->columns)
            if (at_column(constraint, *column))
                return;
        strbuf_puts(out, ",\n    ");
        put_check(out, constraint);
        return;
    case OBJECT_FOREIGN_KEY:
        strbuf_puts(out, ",\n    ");
        put_constraint_name(out, constraint->head.name);
        sql(out, DIALECT, KW("FOREIGN KEY"));
        put_parts(out, &constraint->parts, false);
        put_references(out, constraint);
        return;
    default: return;
    }
}

static void put_comments(StrBuf *out, const DdlCommentList *comments, const char *column)
{
    VEC_EACH (DdlComment, it, comments)
        if (sqlite_same_name(it->column, column))
            strbuf_printf(out, "%s\n    ", it->text);
}

void sqlite_put_table(StrBuf *out, const Table *table, const char *as_name, const char *was)
{
    DdlCommentList comments;
    ddl_comments(out->arena, was, &comments);
    sql(out, DIALECT, KW("CREATE TABLE"), ID(as_name ? as_name : table->head.name), KW("(\n"));
    for (size_t i = 0; i < table->columns.count; i++) {
        strbuf_puts(out, i ? ",\n    " : "    ");
        if (!i)
            put_comments(out, &comments, "");
        put_comments(out, &comments, table->columns.items[i]->head.name);
        put_column(out, table, table->columns.items[i]);
    }
    VEC_EACH (Constraint *, it, &table->constraints)
        put_table_constraint(out, table, *it);
    strbuf_puts(out, "\n)");
    bool without_rowid = option_is(&table->head.options, "without_rowid");
    if (without_rowid)
        sql(out, DIALECT, KW("WITHOUT ROWID"));
    if (option_is(&table->head.options, "strict") && without_rowid)
        sql(out, DIALECT, KW(", STRICT"));
    else if (option_is(&table->head.options, "strict"))
        sql(out, DIALECT, KW("STRICT"));
}

void sqlite_put_index(StrBuf *out, const Index *index)
{
    sql(out, DIALECT, EXPR(index->unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX"), ID(index->head.name),
        KW("ON"), ID(index->head.table));
    put_parts(out, &index->parts, false);
    if (index->where)
        sql(out, DIALECT, KW("WHERE"), EXPR(index->where));
}

void sqlite_put_view(StrBuf *out, const View *view)
{
    sql(out, DIALECT, KW("CREATE VIEW"), ID(view->head.name));
    if (view->columns.count) {
        sql(out, DIALECT, KW("("));
        sql_names(out, DIALECT, &view->columns);
        sql(out, DIALECT, KW(")"));
    }
    sql(out, DIALECT, KW("AS"), EXPR(view->query));
}
