// Two columns that hold the same while two versions of an application run: a trigger before each insert and update.
#include <string.h>

#include "core/dialect/sync.h"
#include "drivers/postgresql/dialect/dialect.h"
#include "drivers/postgresql/plan/plan.h"

// Each line with {a} for the old column and {b} for the new one. Compared as text, which every type has: json knows no equality.
// `forth` is the old value as the new column takes it.
static const char body[] =
    "BEGIN\n"
    "  IF TG_OP = 'INSERT' THEN\n"
    "    IF NEW.{b} IS NULL THEN NEW.{b} := forth;\n"
    "    ELSIF NEW.{b}::text IS DISTINCT FROM forth::text THEN NEW.{a} := NEW.{b}; END IF;\n"
    "  ELSIF NEW.{b}::text IS DISTINCT FROM OLD.{b}::text THEN\n"
    "    IF NEW.{b}::text IS DISTINCT FROM forth::text THEN NEW.{a} := NEW.{b}; END IF;\n"
    "  ELSIF NEW.{a}::text IS DISTINCT FROM OLD.{a}::text THEN NEW.{b} := forth;\n"
    "  END IF;\n"
    "  RETURN NEW;\n"
    "END ";

static const char *cast(Arena *arena, const char *column, const char *type)
{
    return arena_printf(arena, "CAST(%s AS %s)", pg_quote_ident(arena, column), type);
}

static void put_function(StrBuf *out, const Table *table, const char *name, const Column *old,
                         const Column *fresh)
{
    Arena *arena = out->arena;
    const ColumnNames names = { old->head.name, fresh->head.name, NULL, NULL };
    const char *text = sync_text(arena, &postgresql_dialect, body, &names);
    const char *tag = strstr(text, "$cmigrate$") ? "$cmigrate_sync$" : "$cmigrate$";
    sql(out, &postgresql_dialect, KW("CREATE FUNCTION"), QID(table->head.schema, name),
        KW("() RETURNS trigger LANGUAGE plpgsql AS"));
    strbuf_printf(out, " %s\nDECLARE\n  forth %s := NEW.%s;\n%s%s", tag, fresh->type,
                  pg_quote_ident(arena, old->head.name), text, tag);
}

bool pg_sync_columns(Arena *arena, const Table *table, const Column *old, const Column *fresh,
                     ColumnSync *out, Error *err)
{
    (void)err;
    const Dialect *dialect = &postgresql_dialect;
    const char *name =
        pg_object_name(arena, arena_printf(arena, "cmigrate_%s", table->head.name), fresh->head.name, "sync");
    StrBuf function, trigger, drop, drop_function;
    strbuf_init(&function, arena);
    strbuf_init(&trigger, arena);
    strbuf_init(&drop, arena);
    strbuf_init(&drop_function, arena);
    put_function(&function, table, name, old, fresh);
    sql(&trigger, dialect, KW("CREATE TRIGGER"), ID(name), KW("BEFORE INSERT OR UPDATE ON"),
        QID(table->head.schema, table->head.name), KW("FOR EACH ROW EXECUTE FUNCTION"),
        QID(table->head.schema, name), KW("()"));
    sql(&drop, dialect, KW("DROP TRIGGER"), ID(name), KW("ON"), QID(table->head.schema, table->head.name));
    sql(&drop_function, dialect, KW("DROP FUNCTION"), QID(table->head.schema, name), KW("()"));
    const char *comment = arena_printf(arena, "keeps %s and %s of %s equal until the contract",
                                       old->head.name, fresh->head.name, table->head.name);
    *VEC_PUSH(arena, &out->make) = (Statement){ .sql = function.text, .comment = comment };
    *VEC_PUSH(arena, &out->make) = (Statement){ .sql = trigger.text };
    *VEC_PUSH(arena, &out->drop) = (Statement){ .sql = drop.text };
    *VEC_PUSH(arena, &out->drop) = (Statement){ .sql = drop_function.text };
    out->forth = cast(arena, old->head.name, fresh->type);
    out->back = cast(arena, fresh->head.name, old->type);
    return true;
}
