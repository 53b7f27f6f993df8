// A table recreated, by the procedure of https://sqlite.org/lang_altertable.html, section 7: a new table, the rows,
// the old one away, the new one renamed, indexes again. Triggers come back as steps of their own (plan.c); views and
// other tables' triggers stay: with legacy_alter_table the rename leaves them alone.
#include "drivers/sqlite/sqlite.h"

#include <string.h>

#define DIALECT &sqlite_dialect

static bool name_is_taken(const Schema *schema, const char *name)
{
    VEC_EACH (Table *, it, &schema->tables) {
        if (sqlite_same_name((*it)->head.name, name))
            return true;
        VEC_EACH (Index *, index, &(*it)->indexes)
            if (sqlite_same_name((*index)->head.name, name))
                return true;
    }
    VEC_EACH (Object *, it, &schema->objects)
        if (sqlite_same_name((*it)->name, name))
            return true;
    return false;
}

static const char *free_name(Arena *arena, const StepGraph *graph, const char *word, const char *table)
{
    const char *name = arena_printf(arena, "cmigrate_%s_%s", word, table);
    for (unsigned i = 2; name_is_taken(graph->have, name) || name_is_taken(graph->want, name); i++)
        name = arena_printf(arena, "cmigrate_%s%u_%s", word, i, table);
    return name;
}

// "table".x in its own checks and generated columns, said of the table under another name; the rename turns it back.
static const char *requalify(Arena *arena, const char *text, const char *table, const char *as_name)
{
    if (!text)
        return NULL;
    StrBuf out;
    strbuf_init(&out, arena);
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, SQLITE_LEX);
    const char *copied = text;
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        bool name = token->kind == TOKEN_WORD || token->kind == TOKEN_NAME;
        if (!name || !token_is(&tokens.items[i + 1], ".") ||
            !sqlite_same_name(token_name(arena, token), table))
            continue;
        strbuf_put(&out, copied, (size_t)(token->text.p - copied));
        sqlite_dialect.put_identifier(&out, as_name);
        copied = token->text.p + token->text.n;
    }
    strbuf_puts(&out, copied);
    return out.text;
}

static const Table *with_own_name_as(Arena *arena, const Table *table, const char *as_name)
{
    if (!sqlite_names_itself(table))
        return table;
    Table *copy = ARENA_NEW(arena, Table);
    *copy = *table;
    copy->columns = (ColumnList){ 0 };
    copy->constraints = (ConstraintList){ 0 };
    VEC_EACH (Column *, it, &table->columns) {
        Column *column = ARENA_NEW(arena, Column);
        *column = **it;
        column->generated = requalify(arena, column->generated, table->head.name, as_name);
        *VEC_PUSH(arena, &copy->columns) = column;
    }
    VEC_EACH (Constraint *, it, &table->constraints) {
        Constraint *constraint = ARENA_NEW(arena, Constraint);
        *constraint = **it;
        constraint->expression = requalify(arena, constraint->expression, table->head.name, as_name);
        *VEC_PUSH(arena, &copy->constraints) = constraint;
    }
    return copy;
}

static void put_target(StrBuf *names, StrBuf *values, const char *name, const char *value)
{
    if (names->length) {
        strbuf_puts(names, ", ");
        strbuf_puts(values, ", ");
    }
    sqlite_dialect.put_identifier(names, name);
    strbuf_puts(values, value);
}

static bool fills_nulls(const Column *have, const Column *want)
{
    return have->nullable && !want->nullable && !sqlite_default_is_null(want->default_sql);
}

static const char *qualified(Arena *arena, const Table *table, const char *column)
{
    StrBuf out;
    strbuf_init(&out, arena);
    sqlite_dialect.put_identifier(&out, table->head.name);
    strbuf_putc(&out, '.');
    sqlite_dialect.put_identifier(&out, column);
    return out.text;
}

// The value of a column, or the new name that the column's enum has for it.
static const char *renamed_value(Arena *arena, const Table *table, const Column *have, const Column *want)
{
    const char *value = qualified(arena, table, have->head.name);
    const NameList pairs = enum_column_renames(arena, table, have->head.name, want);
    if (!pairs.count)
        return value;
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_printf(&out, "CASE %s", value);
    for (size_t i = 0; i + 1 < pairs.count; i += 2)
        sql(&out, DIALECT, KW("WHEN"), LIT(pairs.items[i]), KW("THEN"), LIT(pairs.items[i + 1]));
    strbuf_printf(&out, " ELSE %s END", value);
    return out.text;
}

// The value of a kept column: itself, or where NULLs are no longer allowed, the default for them.
static const char *kept_value(Arena *arena, const Table *table, const Column *have, const Column *want)
{
    const char *value = renamed_value(arena, table, have, want);
    return fills_nulls(have, want) ? arena_printf(arena, "coalesce(%s, %s)", value, want->default_sql)
                                   : value;
}

typedef struct Copy {
    StrBuf names, values;
    size_t count;
    bool rowid;    // copied under its own name
    StrBuf filled; // columns whose NULLs become the default
} Copy;

// Every column that both have, and the rowid where nothing else keeps it.
static void choose_columns(Arena *arena, const Table *have, const Table *want, Copy *copy)
{
    const Column *alias = sqlite_rowid_column(want);
    const char *rowid = sqlite_has_rowid(have) ? sqlite_rowid_name(have, want) : NULL;
    const char *old_rowid = sqlite_has_rowid(have) ? sqlite_rowid_name(have, have) : NULL;
    if (!alias && rowid && sqlite_has_rowid(want)) {
        put_target(&copy->names, &copy->values, rowid, qualified(arena, have, rowid));
        copy->rowid = true;
    }
    VEC_EACH (Column *, it, &want->columns) {
        const Column *old = sqlite_column(have, (*it)->head.name);
        if ((*it)->generated || (!old && (*it != alias || !old_rowid)))
            continue;
        put_target(&copy->names, &copy->values, (*it)->head.name,
                   old ? kept_value(arena, have, old, *it) : qualified(arena, have, old_rowid));
        copy->count++;
        if (old && fills_nulls(old, *it))
            strbuf_printf(&copy->filled, "%s%s", copy->filled.length ? ", " : "", (*it)->head.name);
    }
    for (size_t i = 0; !copy->names.length && i < want->columns.count;
         i++) { // nothing in common: as many rows as there were
        const Column *first = want->columns.items[i];
        if (!first->generated)
            put_target(&copy->names, &copy->values, first->head.name,
                       first->default_sql ? first->default_sql : "NULL");
    }
}

static void add_copy(Arena *arena, const Table *have, const char *as_name, const Copy *copy,
                     const char *order_by, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    // OR ABORT: the new table's own ON CONFLICT clauses would delete or skip rows
    sql(&text, DIALECT, KW("INSERT OR ABORT INTO"), ID(as_name), KW("("), EXPR(copy->names.text),
        KW(")\nSELECT"), EXPR(copy->values.text), KW("FROM"), ID(have->head.name));
    if (order_by)
        sql(&text, DIALECT, KW("ORDER BY"), EXPR(order_by));
    const char *filled =
        copy->filled.length ? arena_printf(arena, "NULLs become the default: %s", copy->filled.text) : NULL;
    sqlite_add_statement(arena, out, text.text)->comment = filled;
}

// SQLite takes at most 2000 values at once, so the rowid cannot be the 2001st: rows are copied in its order and numbered
// again afterwards, by way of negative numbers that no row has.
static void add_wide_copy(Arena *arena, const Table *have, const Table *want, const char *as_name,
                          StatementList *out)
{
    const char *rowid = sqlite_rowid_name(have, want), *old = qualified(arena, have, rowid);
    Table no_rowid = *have;
    option_set(arena, &no_rowid.head.options, "without_rowid", "true");
    Copy copy = { 0 };
    strbuf_init(&copy.names, arena);
    strbuf_init(&copy.values, arena);
    strbuf_init(&copy.filled, arena);
    choose_columns(arena, &no_rowid, want, &copy);
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("SELECT"), EXPR(old), KW("FROM"), ID(have->head.name), KW("WHERE"), EXPR(old),
        KW("< 0 LIMIT 1"));
    sqlite_add_statement(arena, out, text.text)->assertion = arena_printf(
        arena, "table %s has 2000 columns and negative rowids, which cannot be copied", have->head.name);
    add_copy(arena, have, as_name, &copy, old, out);
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("UPDATE"), ID(as_name), KW("SET"), EXPR(rowid),
        KW("= -1 - o.r FROM (SELECT row_number() OVER (ORDER BY"), EXPR(old), KW(") AS n,"), EXPR(old),
        KW("AS r FROM"), ID(have->head.name), KW(") AS o WHERE o.n ="), ID(as_name));
    strbuf_printf(&text, ".%s", rowid);
    sqlite_add_statement(arena, out, text.text);
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("UPDATE"), ID(as_name), KW("SET"), EXPR(rowid), KW("= -1 -"), EXPR(rowid));
    sqlite_add_statement(arena, out, text.text);
}

static void copy_rows(Arena *arena, const Table *have, const Table *want, const char *as_name,
                      StatementList *out)
{
    enum { MOST_VALUES = 2000 }; // SQLITE_MAX_COLUMN
    Copy copy = { 0 };
    strbuf_init(&copy.names, arena);
    strbuf_init(&copy.values, arena);
    strbuf_init(&copy.filled, arena);
    choose_columns(arena, have, want, &copy);
    if (copy.rowid && copy.count >= MOST_VALUES)
        add_wide_copy(arena, have, want, as_name, out);
    else
        add_copy(arena, have, as_name, &copy, NULL, out);
}

bool sqlite_has_autoincrement(const Table *table)
{
    VEC_EACH (Column *, it, &table->columns)
        if ((*it)->autoincrement)
            return true;
    return false;
}

// The counter of AUTOINCREMENT goes over, so that no number is given twice.
static void carry_counter(Arena *arena, const Table *have, const char *as_name, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("DELETE FROM sqlite_sequence WHERE name ="), LIT(as_name));
    sqlite_add_statement(arena, out, text.text);
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("INSERT INTO sqlite_sequence (name, seq) SELECT"), LIT(as_name),
        KW(", seq FROM sqlite_sequence WHERE name ="), LIT(have->head.name), KW("COLLATE NOCASE"));
    sqlite_add_statement(arena, out, text.text);
}

static void swap(Arena *arena, const Table *have, const Table *want, const char *as_name, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("DROP TABLE"), ID(have->head.name));
    sqlite_add_statement(arena, out, text.text);
    bool legacy = !sqlite_names_itself(want);
    if (legacy)
        sqlite_add_statement(arena, out, "PRAGMA legacy_alter_table = ON");
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("ALTER TABLE"), ID(as_name), KW("RENAME TO"), ID(want->head.name));
    sqlite_add_statement(arena, out, text.text);
    if (legacy)
        sqlite_add_statement(arena, out, "PRAGMA legacy_alter_table = OFF");
}

static void make_indexes(Arena *arena, const Table *want, StatementList *out)
{
    VEC_EACH (Index *, index, &want->indexes) {
        StrBuf text;
        strbuf_init(&text, arena);
        sqlite_put_index(&text, *index);
        sqlite_add_statement(arena, out, text.text);
    }
}

static void rebuild(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out)
{
    const Table *have = step->have_table, *want = step->want_table;
    sqlite_assert_known(arena, graph, step, out);
    const char *loss = sqlite_assert_rows_fit(graph, have, want, out);
    const char *as_name = free_name(arena, graph, "new", want->head.name);
    StrBuf text;
    strbuf_init(&text, arena);
    sqlite_put_table(&text, with_own_name_as(arena, want, as_name), as_name,
                     want->ddl ? want->ddl : have->ddl);
    sqlite_add_statement(arena, out, text.text);
    size_t copy = out->count;
    copy_rows(arena, have, want, as_name, out);
    if (copy < out->count)
        out->items[copy].loss = loss;
    if (sqlite_has_autoincrement(have) && sqlite_has_autoincrement(want))
        carry_counter(arena, have, as_name, out);
    swap(arena, have, want, as_name, out);
}

void sqlite_render_rebuild(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out)
{
    size_t first = out->count;
    if (step->have_table->is_virtual || step->want_table->is_virtual)
        sqlite_render_virtual(arena, graph, step, free_name(arena, graph, "old", step->have_table->head.name),
                              out);
    else
        rebuild(arena, graph, step, out);
    make_indexes(arena, step->want_table, out);
    out->items[first].comment = step->risk.note;
}
