// Queries that stand before a rebuild: each gives the first row that the new table could not hold.
#include "drivers/sqlite/sqlite.h"

#include <string.h>
#include <strings.h>

#define DIALECT &sqlite_dialect

// What tells a row to a person: its rowid, or its primary key.
static void put_row_key(StrBuf *out, const Table *have)
{
    const char *rowid = sqlite_has_rowid(have) ? sqlite_rowid_name(have, have) : NULL;
    const Constraint *key = sqlite_primary_key(have);
    if (rowid) {
        strbuf_puts(out, rowid);
    } else if (key && key->parts.count) {
        for (size_t i = 0; i < key->parts.count; i++) {
            if (i)
                strbuf_puts(out, ", ");
            sqlite_dialect.put_identifier(out, key->parts.items[i].column);
        }
    } else {
        strbuf_puts(out, "NULL");
    }
}

static void add_assertion(Arena *arena, const Table *have, const char *column, const char *condition,
                          const char *wrong, StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    strbuf_puts(&text, "SELECT ");
    put_row_key(&text, have);
    if (column) {
        strbuf_puts(&text, ", ");
        sqlite_dialect.put_identifier(&text, column);
    }
    sql(&text, DIALECT, KW("FROM"), ID(have->head.name));
    if (condition)
        sql(&text, DIALECT, KW("WHERE"), EXPR(condition));
    strbuf_puts(&text, " LIMIT 1");
    sqlite_add_statement(arena, out, text.text)->assertion = wrong;
}

void sqlite_assert_empty(Arena *arena, const Table *table, const Column *added, StatementList *out)
{
    const char *wrong =
        arena_printf(arena,
                     "table %s has rows, and the new column %s is NOT NULL without a default: "
                     "give it a default, or add it nullable, fill it, and make it NOT NULL in a "
                     "later revision",
                     table->head.name, added->head.name);
    add_assertion(arena, table, NULL, NULL, wrong, out);
}

static bool is_strict(const Table *table) { return option_is(&table->head.options, "strict"); }

static bool is_numeric_name(const char *type)
{
    return sqlite_text_holds(type, "NUM") || sqlite_text_holds(type, "DEC") ||
           sqlite_text_holds(type, "MONEY");
}

// A condition on `c` that holds for what would be lost or refused; NULL: nothing can be.
static const char *unfit(const Column *have, const Column *want, bool becomes_strict, bool becomes_rowid)
{
    const char *from = sqlite_affinity(have->type), *to = sqlite_affinity(want->type);
    bool same = strcmp(from, to) == 0 && !becomes_strict && !becomes_rowid;
    if (same || strcasecmp(want->type, "ANY") == 0)
        return NULL;
    if (strcmp(to, "INTEGER") == 0)
        return "NOT (%s = CAST(%s AS INTEGER))";
    if (strcmp(to, "REAL") == 0)
        return "NOT (%s = CAST(%s AS REAL))";
    if (strcmp(to, "NUMERIC") == 0 && is_numeric_name(want->type))
        return "NOT (%s = CAST(%s AS NUMERIC))";
    if (strcmp(to, "NUMERIC") == 0) // dates, booleans, JSON: text stays text, unless it reads as a number
        return "typeof(%s) = 'text' AND %s = CAST(%s AS NUMERIC) AND CAST(CAST(%s AS NUMERIC) AS TEXT) <> %s";
    if (strcmp(to, "TEXT") == 0 && becomes_strict)
        return "typeof(%s) = 'blob' OR (typeof(%s) = 'real' AND CAST(CAST(%s AS TEXT) AS REAL) <> %s)";
    if (strcmp(to, "TEXT") == 0)
        return "typeof(%s) = 'real' AND CAST(CAST(%s AS TEXT) AS REAL) <> %s";
    return becomes_strict ? "typeof(%s) NOT IN ('blob', 'null')" : NULL;
}

static const char *fill_in(Arena *arena, const char *condition, const char *column)
{
    StrBuf quoted, out;
    strbuf_init(&quoted, arena);
    strbuf_init(&out, arena);
    sqlite_dialect.put_identifier(&quoted, column);
    for (const char *p = condition; *p; p++) {
        if (p[0] == '%' && p[1] == 's') {
            strbuf_puts(&out, quoted.text);
            p++;
        } else {
            strbuf_putc(&out, *p);
        }
    }
    return out.text;
}

// NOT NULL, or of the key of a table WITHOUT ROWID, which implies it.
static bool forbids_null(const Table *table, const Column *column)
{
    const Constraint *key = sqlite_has_rowid(table) ? NULL : sqlite_primary_key(table);
    if (key)
        VEC_EACH (Part, part, &key->parts)
            if (sqlite_same_name(part->column, column->head.name))
                return true;
    return !column->nullable;
}

static void assert_column_fits(Arena *arena, const Table *have_table, const Table *want_table,
                               const Column *have, const Column *want, StatementList *out)
{
    const char *name = have->head.name;
    bool rowid = sqlite_rowid_column(want_table) == want && sqlite_rowid_column(have_table) != have;
    const char *condition = unfit(have, want, is_strict(want_table) && !is_strict(have_table), rowid);
    if (condition)
        add_assertion(arena, have_table, name, fill_in(arena, condition, name),
                      arena_printf(arena, "column %s.%s has a value that is no %s: mend these rows first",
                                   have_table->head.name, name, want->type),
                      out);
    if (!forbids_null(have_table, have) && forbids_null(want_table, want) &&
        sqlite_default_is_null(want->default_sql) && !rowid && sqlite_rowid_column(have_table) != have)
        add_assertion(
            arena, have_table, NULL, fill_in(arena, "%s IS NULL", name),
            arena_printf(arena,
                         "column %s.%s becomes NOT NULL and has NULLs: fill them first, or give the "
                         "column a default",
                         have_table->head.name, name),
            out);
}

void sqlite_assert_rows_fit(Arena *arena, const Table *have, const Table *want, StatementList *out)
{
    VEC_EACH (Column *, it, &want->columns) {
        const Column *column = *it, *old = sqlite_column(have, column->head.name);
        if (column->generated)
            continue;
        if (old)
            assert_column_fits(arena, have, want, old, column, out);
        else if (forbids_null(want, column) && sqlite_default_is_null(column->default_sql) &&
                 sqlite_rowid_column(want) != column)
            sqlite_assert_empty(arena, have, column, out);
    }
}
