// A table made anew, by the procedure of https://sqlite.org/lang_altertable.html, section 7: a new table, the rows,
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
    if (value)
        strbuf_puts(values, value);
    else
        sqlite_dialect.put_identifier(values, name);
}

// The value of a kept column: itself, or where NULLs may stand no longer, the default for them.
static void put_kept(Arena *arena, StrBuf *names, StrBuf *values, const Column *have, const Column *want)
{
    StrBuf value;
    strbuf_init(&value, arena);
    bool fills = have->nullable && !want->nullable && !sqlite_default_is_null(want->default_sql);
    if (fills)
        strbuf_puts(&value, "coalesce(");
    sqlite_dialect.put_identifier(&value, have->head.name);
    if (fills)
        strbuf_printf(&value, ", %s)", want->default_sql);
    put_target(names, values, want->head.name, value.text);
}

// INSERT INTO new (…) SELECT … FROM old: every column that both have, and the rowid where nothing else keeps it.
static const char *copy_rows(Arena *arena, const Table *have, const Table *want, const char *as_name)
{
    StrBuf names, values, out;
    strbuf_init(&names, arena);
    strbuf_init(&values, arena);
    strbuf_init(&out, arena);
    const Column *alias = sqlite_rowid_column(want);
    const char *rowid = sqlite_has_rowid(have) ? sqlite_rowid_name(have, want) : NULL;
    const char *old_rowid = sqlite_has_rowid(have) ? sqlite_rowid_name(have, have) : NULL;
    if (!alias && rowid && sqlite_has_rowid(want)) {
        strbuf_puts(&names, rowid);
        strbuf_puts(&values, rowid);
    }
    VEC_EACH (Column *, it, &want->columns) {
        const Column *old = sqlite_column(have, (*it)->head.name);
        if ((*it)->generated)
            continue;
        if (old)
            put_kept(arena, &names, &values, old, *it);
        else if (*it == alias && old_rowid)
            put_target(&names, &values, (*it)->head.name, old_rowid);
    }
    for (size_t i = 0; !names.length && i < want->columns.count;
         i++) { // nothing in common: as many rows as there were
        const Column *first = want->columns.items[i];
        if (!first->generated)
            put_target(&names, &values, first->head.name, first->default_sql ? first->default_sql : "NULL");
    }
    sql(&out, DIALECT, KW("INSERT INTO"), ID(as_name), KW("("), EXPR(names.text), KW(")\nSELECT"),
        EXPR(values.text), KW("FROM"), ID(have->head.name));
    return out.text;
}

static bool has_autoincrement(const Table *table)
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
    sqlite_assert_rows_fit(arena, have, want, out);
    const char *as_name = free_name(arena, graph, "new", want->head.name);
    StrBuf text;
    strbuf_init(&text, arena);
    sqlite_put_table(&text, with_own_name_as(arena, want, as_name), as_name,
                     want->ddl ? want->ddl : have->ddl);
    sqlite_add_statement(arena, out, text.text);
    sqlite_add_statement(arena, out, copy_rows(arena, have, want, as_name));
    if (has_autoincrement(have) && has_autoincrement(want))
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
