// Two columns that hold the same while two versions of an application run. A trigger of SQLite's cannot change the row that is
// about to be written, so it follows with an update of its own, found by its rowid or primary key.
#include "core/dialect/sql.h"
#include "core/dialect/sync.h"
#include "drivers/sqlite/sqlite.h"

static const char *quoted(Arena *arena, const char *name)
{
    StrBuf out;
    strbuf_init(&out, arena);
    sqlite_dialect.put_identifier(&out, name);
    return out.text;
}

// "rowid = NEW.rowid", or the columns of the key where there is none.
static const char *same_row(Arena *arena, const Table *table)
{
    const Constraint *primary = table_primary_key(table);
    StrBuf out;
    if (!option_is(&table->head.options, "without_rowid") || !primary)
        return "rowid = NEW.rowid";
    strbuf_init(&out, arena);
    VEC_EACH (const Part, part, &primary->parts) {
        const char *name = quoted(arena, part->column);
        strbuf_printf(&out, "%s%s = NEW.%s", out.length ? " AND " : "", name, name);
    }
    return out.text;
}

static void add_trigger(Arena *arena, const char *name, const char *comment, const char *body,
                        ColumnSync *out)
{
    StrBuf make, drop;
    strbuf_init(&make, arena);
    strbuf_init(&drop, arena);
    sql(&make, &sqlite_dialect, KW("CREATE TRIGGER"), ID(name), EXPR(body));
    sql(&drop, &sqlite_dialect, KW("DROP TRIGGER"), ID(name));
    *VEC_PUSH(arena, &out->make) = (Statement){ .sql = make.text, .comment = comment };
    *VEC_PUSH(arena, &out->drop) = (Statement){ .sql = drop.text };
}

bool sqlite_sync_columns(Arena *arena, const Table *table, const Column *old, const Column *fresh,
                         ColumnSync *out, Error *err)
{
    (void)err;
    const ColumnNames names = { old->head.name, fresh->head.name, table->head.name, same_row(arena, table) };
    const char *name = arena_printf(arena, "cmigrate_sync_%s_%s", table->head.name, fresh->head.name);
    const char *comment = arena_printf(arena, "keeps %s and %s of %s equal until the contract",
                                       old->head.name, fresh->head.name, table->head.name);
    add_trigger(
        arena, arena_printf(arena, "%s_i", name), comment,
        sync_text(
            arena, &sqlite_dialect,
            "AFTER INSERT ON {table} BEGIN\n  UPDATE {table} SET {b} = NEW.{a} WHERE {row} AND NEW.{b} IS "
            "NULL "
            "AND NEW.{a} IS NOT NULL;\n  UPDATE {table} SET {a} = NEW.{b} WHERE {row} AND NEW.{b} IS NOT "
            "NULL AND NEW.{b} IS NOT NEW.{a};\nEND",
            &names),
        out);
    add_trigger(
        arena, arena_printf(arena, "%s_u", name), NULL,
        sync_text(
            arena, &sqlite_dialect,
            "AFTER UPDATE OF {a}, {b} ON {table} BEGIN\n  UPDATE {table} SET {a} = NEW.{b} WHERE {row} AND "
            "NEW.{b} IS NOT OLD.{b} AND NEW.{b} IS NOT NEW.{a};\n  UPDATE {table} SET {b} = NEW.{a} "
            "WHERE {row} AND NEW.{b} IS OLD.{b} AND NEW.{a} IS NOT OLD.{a};\nEND",
            &names),
        out);
    out->forth = sync_text(arena, &sqlite_dialect, "{a}", &names);
    out->back = sync_text(arena, &sqlite_dialect, "{b}", &names);
    return true;
}
