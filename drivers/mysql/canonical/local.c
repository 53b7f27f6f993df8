#include <string.h>
#include <strings.h>

#include "drivers/mysql/canonical/canonical.h"
#include "drivers/mysql/dialect/types.h"

typedef struct Local {
    Arena *arena;
    const MyDb *my;
    const DdlServer *server;
    const Schema *have;
    const char *database_collation; // that the model declares; NULL: the database's own
} Local;

static bool same_word(const char *a, const char *b) { return a == b || (a && b && strcasecmp(a, b) == 0); }

// The column that MySQL gives a table without a primary key, where it is told to.
static const Column *generated_key(const Table *table)
{
    const Column *column = table->columns.count ? table->columns.items[0] : NULL;
    const Constraint *key = table_primary_key(table);
    return column && key && key->parts.count == 1 && strcmp(column->head.name, "my_row_id") == 0 &&
                   option_is(&column->head.options, "invisible") && column->autoincrement
               ? column
               : NULL;
}

// A model that says nothing of a key takes that one as it is.
static void keep_generated_key(const Local *l, Table *table, const Table *live)
{
    const Column *column = live ? generated_key(live) : NULL;
    if (!column || table_primary_key(table) || table_column(table, column->head.name))
        return;
    Column *copy = ARENA_NEW(l->arena, Column);
    Constraint *key = ARENA_NEW(l->arena, Constraint);
    *copy = *column;
    *key = *table_primary_key(live);
    copy->head.table = key->head.table = table->head.name;
    (void)VEC_PUSH(l->arena, &table->columns);
    memmove(table->columns.items + 1, table->columns.items,
            (table->columns.count - 1) * sizeof *table->columns.items);
    table->columns.items[0] = copy;
    *VEC_PUSH(l->arena, &table->constraints) = key;
}

// Nothing takes the name of a tablespace off a table again: that of its own file is what no name says.
static void keep_own_file(const Local *l, OptionList *options, const Table *live)
{
    const char *old = live ? option_get(&live->head.options, "tablespace") : NULL;
    if (old && strcasecmp(old, "innodb_file_per_table") == 0 && !option_get(options, "tablespace"))
        option_set(l->arena, options, "tablespace", old);
}

static void localise_options(const Local *l, Table *table, const Table *live)
{
    OptionList *options = &table->head.options;
    const char *charset = option_get(options, "charset"), *collation = option_get(options, "collation");
    const char *engine = option_get(options, "engine");
    if (!collation && charset)
        collation = ddl_charset_collation(l->server, charset);
    if (charset && collation)
        option_set(l->arena, options, "charset", NULL);
    if (!collation)
        collation = l->database_collation;
    option_set(l->arena, options, "collation",
               same_word(collation, l->server->default_collation) ? NULL : collation);
    if (same_word(engine, l->server->default_engine))
        option_set(l->arena, options, "engine", NULL);
    keep_own_file(l, options, live);
    if (live && !option_get(options, "option_names"))
        option_set(l->arena, options, "option_names", option_get(&live->head.options, "option_names"));
    if (live) // where the counter begins says something only when the table is made
        option_set(l->arena, options, "auto_increment", NULL);
}

// MySQL 8.0.19 and later forget display widths, but for tinyint(1) and zerofill.
static const char *without_width(Arena *arena, const char *type)
{
    const char *open = strchr(type, '('), *close = open ? strchr(open, ')') : NULL;
    if (!close || !my_type_is_integer(type) || strcmp(type, "tinyint(1)") == 0 || strstr(type, "zerofill"))
        return type;
    return arena_printf(arena, "%.*s%s", (int)(open - type), type, close + 1);
}

static void localise_column(const Local *l, const Table *table, Column *column)
{
    OptionList *options = &column->head.options;
    const char *charset = option_get(options, "charset");
    if (charset && !column->collation)
        column->collation = ddl_charset_collation(l->server, charset);
    if (charset && column->collation)
        option_set(l->arena, options, "charset", NULL);
    bool follows = same_word(column->collation, ddl_table_collation(l->server, table));
    if (l->server->mariadb && (follows || strcmp(column->type, "json") == 0))
        column->collation = NULL;
    if (!l->server->mariadb && l->my->head.server.version >= 80019)
        column->type = without_width(l->arena, column->type);
}

// What a person declares as NO ACTION is what saying nothing is. MariaDB shows it apart where it was said in SQL: then
// the live key's own way is as good, and a model written from it says so.
static const char *plain_action(const char *action, const Constraint *live, const char *live_action)
{
    bool stated =
        live && option_is(&live->head.options, "no_action_stated") && same_word(action, live_action);
    return same_word(action, "NO ACTION") && !stated ? NULL : action;
}

static void localise_no_action(const Local *l, Constraint *key)
{
    static const char word[] = "no_action_stated";
    const Object *found = schema_counterpart(l->have, &key->head);
    const Constraint *live = (const Constraint *)(const void *)found;
    if (!l->server->mariadb)
        option_set(l->arena, &key->head.options, word, NULL);
    if (option_is(&key->head.options, word))
        return;
    bool said = same_word(key->on_delete, "NO ACTION") || same_word(key->on_update, "NO ACTION");
    key->on_delete = plain_action(key->on_delete, live, live ? live->on_delete : NULL);
    key->on_update = plain_action(key->on_update, live, live ? live->on_update : NULL);
    if (said && live)
        option_set(l->arena, &key->head.options, word, option_get(&live->head.options, word));
}

// InnoDB takes RESTRICT and NO ACTION for the same; each server leaves out another one.
static void localise_key(const Local *l, Constraint *key)
{
    localise_no_action(l, key);
    if (l->server->mariadb && same_word(key->on_delete, "RESTRICT"))
        key->on_delete = NULL;
    if (l->server->mariadb && same_word(key->on_update, "RESTRICT"))
        key->on_update = NULL;
    if (!key->referred_schema || strcmp(key->referred_schema, l->my->database) == 0)
        key->referred_schema = NULL;
}

static void adopt_silently(const Local *l, Object *want, const Object *live, const char *key)
{
    if (live && !option_get(&want->options, key))
        option_set(l->arena, &want->options, key, option_get(&live->options, key));
}

static bool is_ascii(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

// A text with other letters reaches the server in UTF-8: it cannot be made as from a client of another character set.
static void localise_client(const Local *l, Object *object, const Object *live)
{
    static const char key[] = "character_set_client";
    const char *client = option_get(&object->options, key);
    const char *text =
        object->kind == OBJECT_VIEW ? ((const View *)(const void *)object)->query : object->definition;
    if (client && strncasecmp(client, "utf8", 4) != 0 && !is_ascii(text))
        option_set(l->arena, &object->options, key, live ? option_get(&live->options, key) : NULL);
}

static void leave_out_if(const Local *l, Object *object, const char *key, const char *value)
{
    const char *have = option_get(&object->options, key);
    if (have && strcmp(have, value) == 0)
        option_set(l->arena, &object->options, key, NULL);
}

static const char FOLLOWS[] = "follows";

static bool same_place(const Local *l, const Object *a, const Object *b)
{
    const char *x = my_trigger_event(l->arena, a), *y = my_trigger_event(l->arena, b);
    return b->kind == OBJECT_TRIGGER && same_text(a->table, b->table) && x && y && strcasecmp(x, y) == 0;
}

// Whether the model says something of the order of the triggers that run with this one.
static bool order_is_said(const Local *l, const Schema *want, const Object *trigger)
{
    VEC_EACH (Object *, it, &want->objects)
        if (option_get(&(*it)->options, FOLLOWS) && same_place(l, trigger, *it))
            return true;
    return false;
}

// The one before it that the model has: one that goes is not followed.
static const char *live_predecessor(const Local *l, const Schema *want, const Object *live)
{
    for (const Object *at = live; at;) {
        const char *name = option_get(&at->options, FOLLOWS);
        if (!name || schema_object(want, OBJECT_TRIGGER, live->schema, live->table, name))
            return name;
        at = schema_object(l->have, OBJECT_TRIGGER, live->schema, live->table, name);
    }
    return NULL;
}

// Triggers of one table and event of whose order the model says nothing keep that which they have.
static void keep_order_of_triggers(const Local *l, Schema *want)
{
    ObjectList open = { 0 };
    VEC_EACH (Object *, it, &want->objects)
        if ((*it)->kind == OBJECT_TRIGGER && schema_counterpart(l->have, *it) && !order_is_said(l, want, *it))
            *VEC_PUSH(l->arena, &open) = *it;
    VEC_EACH (Object *, it, &open)
        option_set(l->arena, &(*it)->options, FOLLOWS,
                   live_predecessor(l, want, schema_counterpart(l->have, *it)));
}

// What the model leaves open stays as it is: an edit of the text changes neither whose rights it runs with nor what
// its session made it mean.
static void localise_object(const Local *l, Object *object)
{
    static const char *const kept[] = { "definer", "sql_mode", "time_zone", "character_set_client",
                                        "collation_connection" };
    const Object *live = schema_counterpart(l->have, object);
    if (object->kind == OBJECT_DATABASE)
        return;
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        adopt_silently(l, object, live, kept[i]);
    localise_client(l, object, live);
    leave_out_if(l, object, "time_zone", l->my->time_zone);
    leave_out_if(l, object, "sql_mode", l->my->session_mode);
    leave_out_if(l, object, "character_set_client", "utf8mb4");
    leave_out_if(l, object, "collation_connection", l->my->collation);
}

// A model that says nothing of the database takes it as it is.
static void localise_database(Local *l, Schema *want)
{
    Object *database = schema_object(want, OBJECT_DATABASE, NULL, NULL, DATABASE_NAME);
    const Object *live = schema_object(l->have, OBJECT_DATABASE, NULL, NULL, DATABASE_NAME);
    if (!database && live) {
        Object *copy = ARENA_NEW(l->arena, Object);
        *copy = *live;
        *VEC_PUSH(l->arena, &want->objects) = copy;
        schema_sort(want);
    }
    if (!database)
        return;
    const char *charset = option_get(&database->options, "charset");
    if (charset && !option_get(&database->options, "collation"))
        option_set(l->arena, &database->options, "collation", ddl_charset_collation(l->server, charset));
    if (option_get(&database->options, "collation"))
        option_set(l->arena, &database->options, "charset", NULL);
    l->database_collation = option_get(&database->options, "collation");
}

// MySQL makes every check the table's and names it.
static void name_checks(const Local *l, const Table *table)
{
    unsigned n = 0;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != OBJECT_CHECK || (*it)->head.name)
            continue;
        const char *name;
        do
            name = arena_printf(l->arena, "%s_chk_%u", table->head.name, ++n);
        while (table_constraint(table, name));
        (*it)->head.name = name;
        (*it)->named_by_convention = true;
    }
}

void my_localise(Arena *arena, const MyDb *my, const DdlServer *server, const Schema *have, Schema *want)
{
    Local local = { .arena = arena, .my = my, .server = server, .have = have };
    want->server = my->head.server;
    localise_database(&local, want);
    VEC_EACH (Table *, it, &want->tables) {
        Table *table = *it;
        const Table *live = schema_table(have, table->head.schema, table->head.name);
        localise_options(&local, table, live);
        keep_generated_key(&local, table, live);
        VEC_EACH (Column *, column, &table->columns)
            localise_column(&local, table, *column);
        VEC_EACH (Constraint *, constraint, &table->constraints)
            if ((*constraint)->head.kind == OBJECT_FOREIGN_KEY)
                localise_key(&local, *constraint);
        if (!server->mariadb)
            name_checks(&local, table);
    }
    VEC_EACH (Object *, object, &want->objects)
        localise_object(&local, *object);
    keep_order_of_triggers(&local, want);
}

// ---- what the scratch database said

static void adopt_column(Column *want, const Column *seen)
{
    want->type = seen->type;
    want->default_sql = seen->default_sql;
    want->generated = seen->generated;
    want->stored = seen->stored;
    want->collation = seen->collation;
    want->nullable = seen->nullable;
    want->autoincrement = seen->autoincrement;
    want->head.options = seen->head.options;
}

static void adopt_index(Index *want, const Index *seen)
{
    want->parts = seen->parts;
    want->method = seen->method;
    want->unique = seen->unique;
    want->head.options = seen->head.options;
}

// Checks that stand in a column are found by their column and their place among its checks.
static const Constraint *seen_check(const Table *want, const Table *seen, const Constraint *check)
{
    if (check->head.name && table_constraint(seen, check->head.name))
        return table_constraint(seen, check->head.name);
    size_t place = 0;
    VEC_EACH (Constraint *, it, &want->constraints) {
        if (*it == check)
            break;
        place += (*it)->head.kind == OBJECT_CHECK && same_word((*it)->column, check->column);
    }
    VEC_EACH (Constraint *, it, &seen->constraints)
        if ((*it)->head.kind == OBJECT_CHECK && (*it)->column && same_word((*it)->column, check->column) &&
            place-- == 0)
            return *it;
    return NULL;
}

void my_adopt_table(Arena *arena, Table *want, const Table *seen)
{
    VEC_EACH (Column *, column, &want->columns) {
        const Column *other = table_column(seen, (*column)->head.name);
        if (other)
            adopt_column(*column, other);
    }
    VEC_EACH (Index *, index, &want->indexes) {
        const Index *other = table_index(seen, (*index)->head.name);
        if (other)
            adopt_index(*index, other);
    }
    VEC_EACH (Constraint *, it, &want->constraints) {
        Constraint *constraint = *it;
        const Constraint *other = constraint->head.kind == OBJECT_CHECK ? seen_check(want, seen, constraint)
                                  : constraint->head.kind == OBJECT_PRIMARY_KEY ? table_primary_key(seen)
                                                                                : NULL;
        if (!other)
            continue;
        constraint->expression = other->expression;
        constraint->parts = other->parts;
        constraint->method = other->method;
    }
    const char *start = option_get(&want->head.options, "auto_increment");
    want->head.options = seen->head.options;
    option_set(arena, &want->head.options, "auto_increment", start);
}

void my_adopt_object(Object *want, const Object *seen)
{
    want->definition = seen->definition;
    if (want->kind != OBJECT_VIEW)
        return;
    View *view = (View *)(void *)want;
    const View *other = (const View *)(const void *)seen;
    view->query = other->query;
    view->columns = other->columns;
}
