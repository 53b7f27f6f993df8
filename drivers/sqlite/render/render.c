#include "drivers/sqlite/sqlite.h"

#include <string.h>

#define DIALECT &sqlite_dialect

Statement *sqlite_add_statement(Arena *arena, StatementList *out, const char *text)
{
    Statement *statement = VEC_PUSH(arena, out);
    statement->sql = text;
    return statement;
}

static const Table *as_table(const Object *object) { return (const Table *)(const void *)object; }
static const Column *as_column(const Object *object) { return (const Column *)(const void *)object; }
static const Index *as_index(const Object *object) { return (const Index *)(const void *)object; }
static const View *as_view(const Object *object) { return (const View *)(const void *)object; }

static bool cannot(Error *err, const Object *object, const char *what)
{
    return error_at(err, ERR_UNSUPPORTED, object->at, "SQLite has no %s: cannot %s '%s'",
                    object_kinds[object->kind].word, what, object->name ? object->name : "");
}

// CREATE of any object that SQLite has.
static bool render_create(Arena *arena, const Step *step, StrBuf *sql_text, StatementList *out, Error *err)
{
    const Object *want = step->want;
    switch ((int)want->kind) {
    case OBJECT_TABLE:
        if (as_table(want)->is_virtual)
            strbuf_puts(sql_text, want->definition);
        else
            sqlite_put_table(sql_text, as_table(want), NULL, as_table(want)->ddl);
        return true;
    case OBJECT_COLUMN:
        if (!as_column(want)->nullable && sqlite_default_is_null(as_column(want)->default_sql) &&
            !as_column(want)->generated)
            sqlite_assert_empty(arena, step->have_table, as_column(want), out);
        sql(sql_text, DIALECT, KW("ALTER TABLE"), ID(step->want_table->head.name), KW("ADD COLUMN "));
        sqlite_put_added_column(sql_text, step->have_table, step->want_table, as_column(want));
        return true;
    case OBJECT_INDEX: sqlite_put_index(sql_text, as_index(want)); return true;
    case OBJECT_VIEW:
        if (as_view(want)->materialized)
            return error_at(err, ERR_UNSUPPORTED, want->at, "SQLite has no materialized views: '%s'",
                            want->name);
        sqlite_put_view(sql_text, as_view(want));
        return true;
    case OBJECT_TRIGGER: strbuf_puts(sql_text, want->definition); return true;
    default: return cannot(err, want, "create");
    }
}

static bool render_drop(const Step *step, StrBuf *out, Error *err)
{
    const Object *have = step->have;
    const char *name = step->old_name ? step->old_name : have->name;
    switch ((int)have->kind) {
    case OBJECT_TABLE: sql(out, DIALECT, KW("DROP TABLE"), ID(have->name)); return true;
    case OBJECT_COLUMN:
        sql(out, DIALECT, KW("ALTER TABLE"), ID(have->table), KW("DROP COLUMN"), ID(have->name));
        return true;
    case OBJECT_INDEX: sql(out, DIALECT, KW("DROP INDEX"), ID(have->name)); return true;
    case OBJECT_VIEW: sql(out, DIALECT, KW("DROP VIEW"), ID(name)); return true;
    case OBJECT_TRIGGER: sql(out, DIALECT, KW("DROP TRIGGER"), ID(name)); return true;
    default: return cannot(err, have, "drop");
    }
}

// Names that differ in case only are one name to SQLite, which refuses it as taken: the table gets a third one first.
static void put_table_rename(Arena *arena, const char *from, const char *to, StrBuf *text, StatementList *out)
{
    if (sqlite_same_name(from, to)) {
        const char *third = sqlite_third_name(arena, to);
        sql(text, DIALECT, KW("ALTER TABLE"), ID(from), KW("RENAME TO"), ID(third));
        sqlite_add_statement(arena, out, text->text);
        strbuf_init(text, arena);
        from = third;
    }
    sql(text, DIALECT, KW("ALTER TABLE"), ID(from), KW("RENAME TO"), ID(to));
}

static bool render_rename(Arena *arena, const Step *step, StrBuf *text, StatementList *out, Error *err)
{
    const Object *have = step->have, *want = step->want;
    switch ((int)want->kind) {
    case OBJECT_TABLE: put_table_rename(arena, have->name, want->name, text, out); return true;
    case OBJECT_COLUMN:
        sql(text, DIALECT, KW("ALTER TABLE"), ID(want->table), KW("RENAME COLUMN"), ID(have->name), KW("TO"),
            ID(want->name));
        return true;
    default: return cannot(err, want, "rename");
    }
}

bool sqlite_render(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out, Error *err)
{
    StrBuf text;
    strbuf_init(&text, arena);
    bool ok = true;
    switch (step->kind) {
    case STEP_SQL:
        VEC_EACH (Statement, statement, &step->statements)
            *VEC_PUSH(arena, out) = *statement;
        return true;
    case STEP_TABLE:
    case STEP_REBUILD: sqlite_render_rebuild(arena, graph, step, out); return true;
    case STEP_ALTER: return cannot(err, step->want, "alter");
    case STEP_CREATE: ok = render_create(arena, step, &text, out, err); break;
    case STEP_DROP: ok = render_drop(step, &text, err); break;
    case STEP_RENAME: ok = render_rename(arena, step, &text, out, err); break;
    }
    if (ok)
        sqlite_add_statement(arena, out, text.text)->comment = step->risk.note;
    return ok;
}
