// Statements that say what they do to a table, so that several of them can become one (plan/join_alters.c).
#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static const TableAction *kept(Arena *arena, TableAction action)
{
    TableAction *out = ARENA_NEW(arena, TableAction);
    *out = action;
    return out;
}

void pg_set_action(Arena *arena, Statement *statement, const Object *part, const char *text,
                   TableAction action)
{
    StrBuf head;
    strbuf_init(&head, arena);
    sql(&head, D, KW("ALTER TABLE"), TYPE(action.only ? "ONLY" : ""), pg_table_of(part));
    action.head = head.text;
    action.text = pg_in_list(arena, text, false);
    statement->sql = arena_printf(arena, "%s %s", action.head, action.text);
    statement->action = kept(arena, action);
}

Statement *pg_emit_action(const Render *r, const Object *part, const StrBuf *text, TableAction action)
{
    Statement *statement = VEC_PUSH(r->arena, r->out);
    pg_set_action(r->arena, statement, part, text->text, action);
    return statement;
}

StrBuf pg_begin_column(const Render *r, const Column *column)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER COLUMN"), ID(column->head.name));
    return text;
}

void pg_say_action(const Render *r, Statement *statement, TableAction action)
{
    statement->action = kept(r->arena, action);
}

StrBuf pg_begin_not_null(const Render *r, const Column *column)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ADD CONSTRAINT"), ID(pg_not_null_name(r->arena, column)), KW("NOT NULL"),
        ID(column->head.name));
    return text;
}

Statement *pg_emit_not_null(const Render *r, const Column *column, const StrBuf *text, bool only)
{
    return pg_emit_action(r, &column->head, text,
                          (TableAction){ .pass = PG_PASS_NOT_NULL,
                                         .only = only,
                                         .subject = pg_not_null_name(r->arena, column),
                                         .names = pg_one_name(r, column->head.name) });
}

NameList pg_one_name(const Render *r, const char *name)
{
    NameList names = { 0 };
    if (name)
        *VEC_PUSH(r->arena, &names) = name;
    return names;
}
