#include "drivers/mysql/render/alter.h"

#include <string.h>

#include "drivers/mysql/dialect/types.h"

static const Dialect *const D = &mysql_dialect;

// MySQL refuses an ALTER TABLE that copies rows under a default that gives another value each time.
bool alter_gives_other_values(const Alter *a, const Column *column)
{
    static const char *const functions[] = { "uuid",         "uuid_short",    "rand",
                                             "sysdate",      "user",          "current_user",
                                             "session_user", "connection_id", "random_bytes" };
    if (a->how.mariadb || !column->default_sql)
        return false;
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (alter_mentions(a, column->default_sql, functions[i]))
            return true;
    return false;
}

// The rows of a new column get their values as they would have by its default.
static void put_defaults(const Alter *a, StatementList *out)
{
    for (size_t i = 0; i < a->defaults.count; i++) {
        const Column *column = as_column(a->defaults.items[i]->want);
        StrBuf text;
        strbuf_init(&text, a->how.arena);
        if (a->defaults.items[i]->kind == CHANGE_CREATE) {
            sql(&text, D, KW("UPDATE"), ID(a->want->head.name), KW("SET"), ID(column->head.name), KW("="),
                EXPR(my_default_text(&a->how, column)));
            my_statement(a->how.arena, out, text.text);
            strbuf_clear(&text);
        }
        sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name), KW("ALTER COLUMN"), ID(column->head.name),
            KW("SET DEFAULT"), EXPR(my_default_text(&a->how, column)));
        my_statement(a->how.arena, out, text.text);
    }
}

// A virtual column becomes a plain one: its values are computed into a new column, which takes its name and place.
static void keep_values(const Alter *a, const Change *change, StatementList *out)
{
    StrBuf text;
    Column copy = *as_column(change->want);
    const char *name = alter_keeper(a, change->have->name);
    copy.head.name = name;
    copy.nullable = true;
    copy.autoincrement = false;
    Spelling how = a->how;
    how.table = &(Table){ .head = a->want->head }; // without its checks
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name), KW("ADD COLUMN"));
    my_put_column(&text, &how, &copy);
    my_statement(a->how.arena, out, text.text);
    strbuf_clear(&text);
    sql(&text, D, KW("UPDATE"), ID(a->want->head.name), KW("SET"), ID(name), KW("="), ID(change->have->name));
    my_statement(a->how.arena, out, text.text);
}

// MariaDB casts uuid, inet and geometry from and to texts only: by way of one, values that fit stay and others stop it.
static void pass_through_text(const Alter *a, const Change *change, StatementList *out)
{
    if (!alter_passes_text(a, change))
        return;
    StrBuf text;
    const char *name = change->have->name;
    bool bytes = my_type_is_geometry(as_column(change->have)->type) ||
                 my_type_is_geometry(as_column(change->want)->type);
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name), KW("MODIFY COLUMN"), ID(name),
        EXPR(bytes ? "longblob" : "varchar(64)"));
    my_statement(a->how.arena, out, text.text)->comment =
        arena_printf(a->how.arena, "%s passes through text: the server does not cast it at once", name);
}

// The servers compare neither parser nor block size of an index that one statement drops and adds: it would stay.
static bool looks_the_same(const Change *change)
{
    return change->kind == CHANGE_ALTER && change->have->kind == OBJECT_INDEX &&
           change->facets == FACET_OPTIONS && !alter_only_visibility(change);
}

// MySQL wants a spatial index away before its column's reference system changes: not in the same statement. MariaDB
// has none on what was turned into bytes.
static bool is_in_the_way(const Alter *a, const Change *change)
{
    if (change->have == NULL || change->have->kind != OBJECT_INDEX)
        return false;
    if (looks_the_same(change))
        return true;
    const Index *index = as_index(change->have);
    if (!index->method || strcmp(index->method, "spatial") != 0)
        return false;
    VEC_EACH (Change, it, &a->changes)
        if (it->kind == CHANGE_ALTER && it->have->kind == OBJECT_COLUMN &&
            parts_have_column(&index->parts, it->have->name) &&
            (alter_passes_text(a, it) || alter_changes_srid(a, it)))
            return true;
    return false;
}

// So is a foreign key in that of another engine, and in that of partitions, which know none.
static bool is_key_in_the_way(const Alter *a, const Change *change)
{
    const OptionList *have = &a->have->head.options, *want = &a->want->head.options;
    return change->kind == CHANGE_DROP && change->have->kind == OBJECT_FOREIGN_KEY &&
           (!same_text(option_get(have, "engine"), option_get(want, "engine")) ||
            !same_text(option_get(have, "partition_by"), option_get(want, "partition_by")));
}

static void drop_early(Alter *a, StatementList *out)
{
    VEC_EACH (Change, change, &a->changes) {
        bool key = is_key_in_the_way(a, change);
        if (!key && !is_in_the_way(a, change))
            continue;
        StrBuf text;
        strbuf_init(&text, a->how.arena);
        sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name),
            EXPR(key ? "DROP FOREIGN KEY" : "DROP INDEX"), ID(change->have->name));
        my_statement(a->how.arena, out, text.text);
        *VEC_PUSH(a->how.arena, key ? &a->dropped_keys : &a->dropped) = change->have->name;
    }
}

void alter_put_before(Alter *a, StatementList *out)
{
    VEC_EACH (Change, change, &a->changes)
        if (alter_is_remade(a, change) && alter_keeps_values(change))
            keep_values(a, change, out);
    drop_early(a, out);
    VEC_EACH (Change, change, &a->changes)
        pass_through_text(a, change, out);
    alter_versioning_before(a, out);
}

// Aria's own checksums outlive a change of the engine, unless another statement takes them back.
static void forget_page_checksum(const Alter *a, StatementList *out)
{
    if (!option_get(&a->have->head.options, "page_checksum") ||
        option_get(&a->want->head.options, "page_checksum"))
        return;
    StrBuf text;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name), KW("PAGE_CHECKSUM = DEFAULT"));
    my_statement(a->how.arena, out, text.text);
}

static void take_dates_back(const Alter *a, StatementList *out)
{
    StrBuf text;
    if (!a->dated.count)
        return;
    strbuf_init(&text, a->how.arena);
    sql(&text, D, KW("ALTER TABLE"), ID(a->want->head.name));
    VEC_EACH (const char *, name, &a->dated)
        sql(&text, D, EXPR(name == a->dated.items ? "" : ","), KW("ALTER COLUMN"), ID(*name),
            KW("DROP DEFAULT"));
    my_statement(a->how.arena, out, text.text);
}

void alter_put_after(const Alter *a, StatementList *out)
{
    take_dates_back(a, out);
    forget_page_checksum(a, out);
    put_defaults(a, out);
    alter_versioning_after(a, out);
}
