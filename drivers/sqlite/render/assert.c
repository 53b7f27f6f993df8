// Queries that stand before a rebuild: each gives the first row that the new table could not hold.
#include "drivers/sqlite/sqlite.h"

#include <string.h>
#include <strings.h>

#define DIALECT &sqlite_dialect

// Always with the name of the table: "c" alone would be a string where this database has no such column.
static void put_name(StrBuf *out, const Table *table, const char *column)
{
    sqlite_dialect.put_identifier(out, table->head.name);
    strbuf_putc(out, '.');
    sqlite_dialect.put_identifier(out, column);
}

// Identifies a row to a person: its rowid, or its primary key. No other value is ever printed.
static void put_row_key(StrBuf *out, const Table *have)
{
    const char *rowid = sqlite_has_rowid(have) ? sqlite_rowid_name(have, have) : NULL;
    const Constraint *key = sqlite_primary_key(have);
    if (rowid) {
        put_name(out, have, rowid);
    } else if (key && key->parts.count) {
        for (size_t i = 0; i < key->parts.count; i++) {
            if (i)
                strbuf_puts(out, ", ");
            put_name(out, have, key->parts.items[i].column);
        }
    } else {
        strbuf_puts(out, "NULL");
    }
}

static void add_assertion(Arena *arena, const Table *have, const char *condition, const char *wrong,
                          StatementList *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    strbuf_puts(&text, "SELECT ");
    put_row_key(&text, have);
    sql(&text, DIALECT, KW("FROM"), ID(have->head.name));
    if (condition)
        sql(&text, DIALECT, KW("WHERE"), EXPR(condition));
    strbuf_puts(&text, " LIMIT 1");
    sqlite_add_statement(arena, out, text.text)->assertion = wrong;
}

// ---- What the script does not know

static void put_literals(StrBuf *out, const NameList *names)
{
    strbuf_putc(out, '(');
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            strbuf_puts(out, ", ");
        sqlite_dialect.put_literal(out, names->items[i]);
    }
    strbuf_putc(out, ')');
}

static void add_triggers(Arena *arena, const Schema *schema, const char *table, NameList *out)
{
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_TRIGGER && sqlite_same_name((*it)->table, table))
            *VEC_PUSH(arena, out) = (*it)->name;
}

static size_t count_constraints(const Table *table, ObjectKind kind)
{
    size_t count = 0;
    VEC_EACH (Constraint *, it, &table->constraints)
        count += (*it)->head.kind == kind;
    return count;
}

// A rebuild drops the table with all that belongs to it and creates what the script knows. What somebody added to this
// database by hand would be gone without a word, so it is looked for first.
void sqlite_assert_known(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out)
{
    const Table *have = step->have_table;
    const char *name = have->head.name;
    NameList columns = { 0 }, others = { 0 };
    VEC_EACH (Column *, it, &have->columns)
        *VEC_PUSH(arena, &columns) = (*it)->head.name;
    VEC_EACH (Index *, it, &have->indexes)
        *VEC_PUSH(arena, &others) = (*it)->head.name;
    add_triggers(arena, graph->have, name, &others);
    add_triggers(arena, graph->want, step->want_table->head.name, &others);
    StrBuf text;
    strbuf_init(&text, arena);
    sql(&text, DIALECT, KW("SELECT 'column ' || name FROM pragma_table_xinfo("), LIT(name),
        KW(")\nWHERE name COLLATE NOCASE NOT IN "));
    put_literals(&text, &columns);
    sql(&text, DIALECT, KW("\nUNION ALL SELECT type || ' ' || name FROM sqlite_master WHERE tbl_name ="),
        LIT(name),
        KW("COLLATE NOCASE AND type IN ('index', 'trigger')\nAND sql IS NOT NULL AND name COLLATE NOCASE "
           "NOT IN "));
    put_literals(&text, &others);
    sql(&text, DIALECT,
        KW("\nUNION ALL SELECT 'foreign key' WHERE (SELECT count(DISTINCT id) FROM "
           "pragma_foreign_key_list("),
        LIT(name), KW("))"));
    strbuf_printf(&text, " > %zu", count_constraints(have, OBJECT_FOREIGN_KEY));
    sql(&text, DIALECT,
        KW("\nUNION ALL SELECT 'unique constraint' WHERE (SELECT count(*) FROM pragma_index_list("),
        LIT(name), KW(") WHERE origin = 'u')"));
    strbuf_printf(&text, " > %zu\nLIMIT 1", count_constraints(have, OBJECT_UNIQUE));
    sqlite_add_statement(arena, out, text.text)->assertion =
        arena_printf(arena,
                     "table %s has something that this revision does not know, and that recreating the table "
                     "would drop: add it to the model, or drop it first",
                     name);
}

void sqlite_assert_empty(Arena *arena, const Table *table, const Column *added, StatementList *out)
{
    const char *wrong =
        arena_printf(arena,
                     "new column %s.%s is NOT NULL without a default, and there are rows: "
                     "give it a default, or add it nullable, fill it, and make it NOT NULL in a "
                     "later revision",
                     table->head.name, added->head.name);
    add_assertion(arena, table, NULL, wrong, out);
}

static bool is_strict(const Table *table) { return option_is(&table->head.options, "strict"); }

static bool is_numeric_name(const char *type)
{
    return sqlite_text_holds(type, "NUM") || sqlite_text_holds(type, "DEC") ||
           sqlite_text_holds(type, "MONEY");
}

// In a STRICT table a column of type ANY keeps values as they are; elsewhere the word has NUMERIC affinity.
static const char *affinity_in(const Table *table, const Column *column)
{
    return is_strict(table) && strcasecmp(column->type, "ANY") == 0 ? "BLOB" : sqlite_affinity(column->type);
}

// Conditions that hold for a value that would not survive exactly: text only where the number is spelled the same way,
// a number only where it stays equal.
#define SPELLED_OTHERWISE(type) "CAST(CAST(%s AS " type ") AS TEXT) COLLATE BINARY <> CAST(%s AS TEXT)"
static const char not_integer[] = "CASE typeof(%s) WHEN 'text' THEN " SPELLED_OTHERWISE(
    "INTEGER") " "
               "WHEN 'real' THEN %s <> CAST(%s AS INTEGER) WHEN 'blob' THEN 1 ELSE 0 END";
static const char not_real[] = "CASE typeof(%s) WHEN 'text' THEN " SPELLED_OTHERWISE(
    "REAL") " "
            "AND (" SPELLED_OTHERWISE(
                "INTEGER") " OR CAST(%s AS REAL) <> CAST(%s AS INTEGER)) "
                           "WHEN 'integer' THEN CAST(%s AS REAL) <> %s WHEN 'blob' THEN 1 ELSE 0 END";
static const char not_numeric[] =
    "CASE typeof(%s) WHEN 'text' THEN " SPELLED_OTHERWISE("NUMERIC") " WHEN 'blob' THEN 1 ELSE 0 END";
// Dates, booleans, JSON: text stays text, unless it reads as a number.
static const char bent_number[] =
    "typeof(%s) = 'text' AND %s = CAST(%s AS NUMERIC) AND " SPELLED_OTHERWISE("NUMERIC");
static const char bent_real[] = "typeof(%s) = 'real' AND CAST(CAST(%s AS TEXT) AS REAL) <> %s";
static const char not_text[] = "typeof(%s) = 'blob' OR (typeof(%s) = 'real' AND CAST(CAST(%s AS TEXT) AS "
                               "REAL) <> %s)";

// A condition on the column, "%s", that holds for what would be altered or refused; NULL: nothing can be.
static const char *unfit(const char *from, const char *to, const Column *want, bool becomes_strict,
                         bool becomes_rowid)
{
    if (strcmp(from, to) == 0 && !becomes_strict && !becomes_rowid)
        return NULL;
    if (strcmp(to, "INTEGER") == 0)
        return not_integer;
    if (strcmp(to, "REAL") == 0)
        return not_real;
    if (strcmp(to, "NUMERIC") == 0)
        return is_numeric_name(want->type) ? not_numeric : bent_number;
    if (strcmp(to, "TEXT") == 0)
        return becomes_strict ? not_text : bent_real;
    return becomes_strict && strcasecmp(want->type, "ANY") != 0 ? "typeof(%s) NOT IN ('blob', 'null')" : NULL;
}

static const char *fill_in(Arena *arena, const char *condition, const char *value)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = condition; *p; p++) {
        if (p[0] == '%' && p[1] == 's') {
            strbuf_puts(&out, value);
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

// The column becomes the rowid, which holds whole numbers only.
static bool becomes_rowid(const Table *have_table, const Table *want_table, const Column *have,
                          const Column *want)
{
    return sqlite_rowid_column(want_table) == want && sqlite_rowid_column(have_table) != have;
}

const char *sqlite_misfit(Arena *arena, const MisfitQuestion *q)
{
    if (q->allow_loss)
        return NULL;
    const char *condition = unfit(affinity_in(q->have_table, q->have), affinity_in(q->want_table, q->want),
                                  q->want, is_strict(q->want_table) && !is_strict(q->have_table),
                                  becomes_rowid(q->have_table, q->want_table, q->have, q->want));
    return condition ? fill_in(arena, condition, q->value) : NULL;
}

// Where ids of deleted rows would be given again: the counter of AUTOINCREMENT is dropped.
static void say_lost_counter(const Table *have, const Table *want, StrBuf *said)
{
    if (sqlite_has_autoincrement(have) && !sqlite_has_autoincrement(want))
        strbuf_printf(
            said,
            "%snumbers of deleted rows of table %s may be given again: AUTOINCREMENT and its counter "
            "are dropped",
            said->length ? "; " : "", have->head.name);
}

// Under `bent`, where it is not NULL, columns are listed whose values may be altered; nothing asserts that they are not.
static void assert_column_fits(Arena *arena, const Table *have_table, const Table *want_table,
                               const Column *have, const Column *want, StatementList *out, StrBuf *bent)
{
    const char *name = have->head.name;
    StrBuf quoted;
    strbuf_init(&quoted, arena);
    put_name(&quoted, have_table, name);
    bool rowid = becomes_rowid(have_table, want_table, have, want);
    const MisfitQuestion question = {
        .have_table = have_table, .want_table = want_table, .have = have, .want = want, .value = quoted.text
    };
    const char *condition = sqlite_misfit(arena, &question);
    if (condition && bent)
        strbuf_printf(bent, "%s%s", bent->length ? ", " : "", name);
    else if (condition)
        add_assertion(arena, have_table, condition,
                      arena_printf(arena, "column %s.%s has values that %s cannot hold as they are",
                                   have_table->head.name, name, want->type),
                      out);
    if (rowid && !forbids_null(have_table, have)) // SQLite would number them
        add_assertion(
            arena, have_table, fill_in(arena, "%s IS NULL", quoted.text),
            arena_printf(arena,
                         "column %s.%s becomes the number of its row and has NULLs, which would get "
                         "one: fill them first",
                         have_table->head.name, name),
            out);
    if (!forbids_null(have_table, have) && forbids_null(want_table, want) &&
        sqlite_default_is_null(want->default_sql) && !rowid && sqlite_rowid_column(have_table) != have)
        add_assertion(arena, have_table, fill_in(arena, "%s IS NULL", quoted.text),
                      arena_printf(arena, "column %s.%s becomes NOT NULL, but has rows with NULL",
                                   have_table->head.name, name),
                      out);
}

const char *sqlite_assert_rows_fit(const StepGraph *graph, const Table *have, const Table *want,
                                   StatementList *out)
{
    Arena *arena = graph->arena;
    StrBuf bent;
    strbuf_init(&bent, arena);
    VEC_EACH (Column *, it, &want->columns) {
        const Column *column = *it, *old = sqlite_column(have, column->head.name);
        if (column->generated)
            continue;
        if (old)
            assert_column_fits(arena, have, want, old, column, out,
                               graph->options->allow_loss ? &bent : NULL);
        else if (forbids_null(want, column) && sqlite_default_is_null(column->default_sql) &&
                 sqlite_rowid_column(want) != column)
            sqlite_assert_empty(arena, have, column, out);
    }
    StrBuf said;
    strbuf_init(&said, arena);
    if (bent.length)
        strbuf_printf(&said, "values of column%s %s of table %s are altered",
                      strchr(bent.text, ',') ? "s" : "", bent.text, have->head.name);
    say_lost_counter(have, want, &said);
    return said.length ? said.text : NULL;
}
