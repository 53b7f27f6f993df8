// Two columns that hold the same while two versions of an application run: triggers before insert and update.
#include <string.h>

#include "core/dialect/sql.h"
#include "core/dialect/sync.h"
#include "drivers/mysql/dialect/dialect.h"

static void add_trigger(Arena *arena, const Table *table, const char *name, const char *comment,
                        const char *event, const char *body, ColumnSync *out)
{
    StrBuf make, drop;
    strbuf_init(&make, arena);
    strbuf_init(&drop, arena);
    sql(&make, &mysql_dialect, KW("CREATE TRIGGER"), ID(name), KW("BEFORE"), WORD(event), KW("ON"),
        ID(table->head.name), KW("FOR EACH ROW"), EXPR(body));
    sql(&drop, &mysql_dialect, KW("DROP TRIGGER"), ID(name));
    *VEC_PUSH(arena, &out->make) = (Statement){ .sql = make.text, .comment = comment };
    *VEC_PUSH(arena, &out->drop) = (Statement){ .sql = drop.text };
}

// <=> is equality in which NULL equals NULL. Both are assigned as the server converts between their types.
bool my_sync_columns(Arena *arena, const Table *table, const Column *old, const Column *fresh,
                     ColumnSync *out, Error *err)
{
    const ColumnNames names = { old->head.name, fresh->head.name, NULL, NULL };
    const char *name = arena_printf(arena, "cmigrate_sync_%s_%s", table->head.name, fresh->head.name);
    if (strlen(name) + 2 > mysql_dialect.max_identifier)
        return error_at(err, ERR_UNSUPPORTED, fresh->head.at, "the name of the trigger %s_i is too long",
                        name);
    const char *comment = arena_printf(arena, "keeps %s and %s of %s equal until the contract",
                                       old->head.name, fresh->head.name, table->head.name);
    add_trigger(arena, table, arena_printf(arena, "%s_i", name), comment, "INSERT",
                sync_text(arena, &mysql_dialect,
                          "IF NEW.{b} IS NULL THEN SET NEW.{b} = NEW.{a}; "
                          "ELSEIF NOT (NEW.{b} <=> NEW.{a}) THEN SET NEW.{a} = NEW.{b}; END IF",
                          &names),
                out);
    add_trigger(arena, table, arena_printf(arena, "%s_u", name), NULL, "UPDATE",
                sync_text(arena, &mysql_dialect,
                          "IF NOT (NEW.{b} <=> OLD.{b}) THEN IF NOT (NEW.{b} <=> NEW.{a}) THEN "
                          "SET NEW.{a} = NEW.{b}; END IF; "
                          "ELSEIF NOT (NEW.{a} <=> OLD.{a}) THEN SET NEW.{b} = NEW.{a}; END IF",
                          &names),
                out);
    out->forth = sync_text(arena, &mysql_dialect, "{a}", &names);
    out->back = sync_text(arena, &mysql_dialect, "{b}", &names);
    return true;
}
