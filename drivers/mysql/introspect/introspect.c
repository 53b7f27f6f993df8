#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "drivers/mysql/introspect/introspect.h"

// The catalogue in one round trip: what there is, of every kind; show_create.c then asks for the texts.
//
// MariaDB opens the tables of all databases for a view of information_schema, unless the condition that names the database
// is one that it can look up (EXPLAIN: "Scanned 1 database"): for triggers that is event_object_schema, and a second view
// of a join needs a subquery of its own, with a LIMIT so that it is not merged into the join. Beside the time, such a look
// would be in the way of DDL in other databases; on a Galera cluster it is ended as the victim of a deadlock.

#define CONTEXT    "character_set_client, collation_connection"
#define NO_CONTEXT "NULL, NULL"

static const char catalogue[] =
    "SELECT 'charset', character_set_name, default_collate_name, NULL, NULL, NULL, NULL, " NO_CONTEXT
    " FROM information_schema.character_sets;"
    "SELECT 'database', default_character_set_name, default_collation_name, NULL, NULL, NULL, "
    "NULL, " NO_CONTEXT " FROM information_schema.schemata WHERE schema_name = DATABASE();"
    "SELECT 'table', t.table_name, table_type, table_rows, NULL, NULL, NULL, " CONTEXT
    " FROM information_schema.tables t LEFT JOIN (SELECT table_name, " CONTEXT
    " FROM information_schema.views WHERE table_schema = DATABASE() LIMIT 18446744073709551615) v"
    " ON v.table_name = t.table_name WHERE t.table_schema = DATABASE() ORDER BY t.table_name;"
    "SELECT 'routine', routine_name, routine_type, NULL, definer, sql_mode, NULL, " CONTEXT
    " FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY routine_name;"
    "SELECT 'trigger', trigger_name, event_object_table, CONCAT(action_timing, event_manipulation), definer,"
    " sql_mode, action_order, " CONTEXT
    " FROM information_schema.triggers WHERE event_object_schema = DATABASE()"
    " ORDER BY event_object_table, action_timing, event_manipulation, action_order;"
    "SELECT 'event', event_name, NULL, time_zone, definer, sql_mode, NULL, " CONTEXT
    " FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY event_name";

enum { TAG, NAME, KIND, DETAIL, DEFINER, SQL_MODE, PLACE, CLIENT, COLLATION, CATALOGUE_COLUMNS };

static const char *keep(Look *look, const char *text)
{
    return text ? arena_strdup(look->arena, text) : NULL;
}

static bool is_text(const char *a, const char *b) { return a && strcasecmp(a, b) == 0; }

static Item *add_item(Look *look, ItemKind kind, const Row *row)
{
    Item *item = VEC_PUSH(look->arena, &look->items);
    *item = (Item){ .kind = kind,
                    .name = keep(look, row_value(row, NAME)),
                    .mode = keep(look, row_value(row, SQL_MODE)),
                    .client = keep(look, row_value(row, CLIENT)),
                    .collation = keep(look, row_value(row, COLLATION)) };
    if (kind == ITEM_EVENT)
        item->time_zone = keep(look, row_value(row, DETAIL));
    return item;
}

static bool takes(const Look *look, const char *name)
{
    return !filter_is_own(look->filter, name) && filter_takes(look->filter, NULL, name);
}

static void note_table(Look *look, const Row *row)
{
    const char *type = row_value(row, KIND) ? row_value(row, KIND) : "";
    if (!takes(look, row_value(row, NAME)))
        return;
    ItemKind kind = strstr(type, "VIEW") ? ITEM_VIEW : is_text(type, "SEQUENCE") ? ITEM_SEQUENCE : ITEM_TABLE;
    add_item(look, kind, row)->rows = row_value(row, DETAIL) ? strtoull(row_value(row, DETAIL), NULL, 10) : 0;
}

static void note_routine(Look *look, const Row *row)
{
    static const ItemKind kinds[] = { ITEM_PROCEDURE, ITEM_FUNCTION, ITEM_PACKAGE, ITEM_PACKAGE_BODY };
    if (!takes(look, row_value(row, NAME)))
        return;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (is_text(row_value(row, KIND), look_words(kinds[i]))) {
            add_item(look, kinds[i], row);
            return;
        }
    look_warn(look, arena_printf(look->arena,
                                 "%s '%s' is not carried: no such thing was there when this was written",
                                 row_value(row, KIND), row_value(row, NAME)));
}

// Triggers of one table and event stand in their order: each says which one it follows.
static void note_trigger(Look *look, const Row *row)
{
    const char *table = row_value(row, KIND), *event = row_value(row, DETAIL);
    if (!table || !event || !takes(look, table))
        return;
    const Item *last = look->items.count ? &look->items.items[look->items.count - 1] : NULL;
    const char *follows = last && last->kind == ITEM_TRIGGER && strcmp(last->table, table) == 0 &&
                                  strcmp(last->event, event) == 0
                              ? last->name
                              : NULL;
    Item *item = add_item(look, ITEM_TRIGGER, row);
    item->table = keep(look, table);
    item->event = keep(look, event);
    item->follows = follows;
}

// Notes one row of the catalogue query for a later look at its object. Rows without a name or kind are passed
// over, except that an event has no kind.
static bool note(void *payload, const Row *row, Error *err)
{
    (void)err;
    Look *look = payload;
    const char *tag = row_value(row, TAG);
    // what only an event may leave out
    bool whole = row_value(row, KIND) && (!is_text(tag, "trigger") || row_value(row, DETAIL));
    if (row->count < CATALOGUE_COLUMNS || !row_value(row, NAME) || (!whole && !is_text(tag, "event")))
        return true;
    if (is_text(tag, "charset")) {
        *VEC_PUSH(look->arena, &look->charsets) = keep(look, row_value(row, NAME));
        *VEC_PUSH(look->arena, &look->charsets) = keep(look, row_value(row, KIND));
    } else if (is_text(tag, "database")) {
        look->database_charset = keep(look, row_value(row, NAME));
        look->database_collation = keep(look, row_value(row, KIND));
    } else if (is_text(tag, "table"))
        note_table(look, row);
    else if (is_text(tag, "routine"))
        note_routine(look, row);
    else if (is_text(tag, "trigger"))
        note_trigger(look, row);
    else if (takes(look, row_value(row, NAME)))
        add_item(look, ITEM_EVENT, row);
    return true;
}

// ---- objects

// The escape of a NUL character: a backslash that no other one escapes, and a zero.
static const char *escaped_nul(const char *text)
{
    for (const char *p = text; (p = strchr(p, '\\')) && p[1]; p += 2)
        if (p[1] == '0')
            return p;
    return NULL;
}

// SHOW CREATE prints it as an escape, and a text of the model cannot hold it. A default is written in hexadecimal digits.
static void tell_nul(Look *look, const Item *item)
{
    for (const char *line = item->text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t n = strcspn(line, "\n");
        const char *text = arena_strndup(look->arena, line, n), *nul = escaped_nul(text);
        const char *value = strstr(text, " DEFAULT '"), *comment = strstr(text, " COMMENT '");
        if (!nul || (value && value < nul && (!comment || nul < comment)))
            continue;
        look_warn(look, arena_printf(look->arena,
                                     "table '%s': a text with a NUL character is carried only up to that",
                                     item->name));
        return;
    }
}

static bool add_table(Look *look, const Item *item, Error *err)
{
    tell_nul(look, item);
    Table *table = table_new(look->arena, NULL, item->name);
    table->row_estimate = item->rows;
    *VEC_PUSH(look->arena, &look->out->tables) = table;
    if (!ddl_read_table(look->arena, &look->server, item->text, table, err))
        return false;
    if (look->server.mariadb)
        look_read_binary_defaults(look, table);
    return true;
}

// Who it runs as is said only where that is not who asks: then recreating it gives the same.
static void keep_definer(Look *look, Object *object, const char *definer)
{
    option_set(look->arena, &object->options, "definer",
               definer && strcmp(definer, look->user) != 0 ? definer : NULL);
}

// The session that it was made in, where ours would make it otherwise.
static void keep_context(Look *look, const Item *item, Object *object)
{
    const char *const values[][3] = {
        {"sql_mode",              item->mode,      look->session_mode},
        { "character_set_client", item->client,    "utf8mb4"         },
        { "collation_connection", item->collation, look->collation   }
    };
    for (size_t i = 0; i < COUNT_OF(values); i++)
        if (values[i][1] && strcmp(values[i][1], values[i][2]) != 0)
            option_set(look->arena, &object->options, values[i][0], values[i][1]);
}

static void add_database(Look *look)
{
    Object *database = object_new(look->arena, OBJECT_DATABASE, NULL, NULL, DATABASE_NAME);
    option_set(look->arena, &database->options, "collation", look->database_collation);
    *VEC_PUSH(look->arena, &look->out->objects) = database;
}

static bool add_view(Look *look, const Item *item, Error *err)
{
    View *view = object_new(look->arena, OBJECT_VIEW, NULL, NULL, item->name);
    if (!ddl_read_view(look->arena, item->text, view, err))
        return false;
    keep_definer(look, &view->head, option_get(&view->head.options, "definer"));
    keep_context(look, item, &view->head);
    *VEC_PUSH(look->arena, &look->out->objects) = &view->head;
    return true;
}

static bool add_sequence(Look *look, const Item *item, Error *err)
{
    Sequence *sequence = object_new(look->arena, OBJECT_SEQUENCE, NULL, NULL, item->name);
    *VEC_PUSH(look->arena, &look->out->objects) = &sequence->head;
    return ddl_read_sequence(look->arena, item->text, sequence, err);
}

static void add_verbatim(Look *look, const Item *item)
{
    Object *object = object_new(look->arena, look_kind(item), NULL, item->table, item->name);
    const char *definer;
    object->definition = ddl_without_definer(look->arena, item->text, &definer);
    keep_definer(look, object, definer);
    keep_context(look, item, object);
    if (item->time_zone && strcmp(item->time_zone, look->time_zone) != 0)
        option_set(look->arena, &object->options, "time_zone", item->time_zone);
    if (item->follows)
        option_set(look->arena, &object->options, "follows", item->follows);
    *VEC_PUSH(look->arena, &look->out->objects) = object;
}

// Makes a model object of one item's CREATE statement. Names of its own database are taken out of the text,
// because the model has no database.
static bool add_object(Look *look, Item *item, Error *err)
{
    if (!item->text) {
        if (item->kind >= ITEM_PROCEDURE)
            look_leave_out(look, item, "this user may not read its text");
        return true;
    }
    if (item->kind < ITEM_PROCEDURE)
        item->text = ddl_without_database(look->arena, item->text, look->database);
    if (item->kind < ITEM_PROCEDURE && look->stands_for) // as a text of the model may call it
        item->text = ddl_without_database(look->arena, item->text, look->stands_for);
    switch (item->kind) {
    case ITEM_TABLE: return add_table(look, item, err);
    case ITEM_VIEW: return add_view(look, item, err);
    case ITEM_SEQUENCE: return add_sequence(look, item, err);
    case ITEM_PROCEDURE:
    case ITEM_FUNCTION:
    case ITEM_PACKAGE:
    case ITEM_PACKAGE_BODY:
    case ITEM_TRIGGER:
    case ITEM_EVENT: add_verbatim(look, item); return true;
    }
    return true;
}

static const char *quoted_user(Arena *arena, const char *user)
{
    const char *at = strrchr(user, '@');
    if (!at)
        return user;
    StrBuf out;
    strbuf_init(&out, arena);
    my_put_identifier(&out, arena_strndup(arena, user, (size_t)(at - user)));
    strbuf_putc(&out, '@');
    my_put_identifier(&out, at + 1);
    return out.text;
}

// Reads what there is, then the texts; each text becomes an object of *out.
static bool look_once(MyDb *my, MYSQL *connection, const char *database, Arena *arena, const Filter *filter,
                      Schema *out, Error *err)
{
    *out = (Schema){ .server = my->head.server, .dialect = &mysql_dialect };
    Filter folding = filter ? *filter : (Filter){ 0 };
    folding.any_case = my->head.server.folds_tables;
    Look look = { .arena = arena,
                  .connection = connection,
                  .filter = filter ? &folding : NULL,
                  .database = database,
                  .stands_for = my->database && strcmp(database, my->database) != 0 ? my->database : NULL,
                  .out = out,
                  .user = quoted_user(arena, my->user),
                  .session_mode = my->session_mode,
                  .collation = my->collation,
                  .time_zone = my->time_zone };
    bool own = connection == my->connection; // a scratch place may be on another server
    if (own)
        my_waits_for(my, connection);
    bool ok = my_query_on(connection, catalogue, note, &look, err) && look_show(my, &look, connection, err);
    if (!(own ? my_answered(my, ok, err) : ok))
        return false;
    if (look.database_collation && !look.stands_for) { // scripts may have changed it
        my->head.server.default_charset = arena_strdup(my->head.arena, look.database_charset);
        my->head.server.default_collation = arena_strdup(my->head.arena, look.database_collation);
        out->server = my->head.server;
    }
    if (look.database_collation)
        add_database(&look);
    look.server = (DdlServer){ .mariadb = my_is_mariadb(my),
                               .default_engine = my->default_engine,
                               .default_collation = my->head.server.default_collation,
                               .charsets = look.charsets.items,
                               .charset_count = look.charsets.count / 2 };
    my->charsets = look.charsets;
    for (size_t i = 0; i < look.items.count; i++)
        if (!add_object(&look, &look.items.items[i], err))
            return false;
    if (!look_read_grants(&look, err))
        return false;
    look_find_hidden(&look);
    schema_sort(out);
    return true;
}

// Galera ends a reader as the victim of a deadlock where DDL on any node is in its way. A look changes nothing, so it is
// taken again. In a transaction it is not: the whole of that was rolled back.
bool my_look(MyDb *my, MYSQL *connection, const char *database, Arena *arena, const Filter *filter,
             Schema *out, Error *err)
{
    enum { TRIES = 10, PAUSE_US = 20000 };
    const bool again = !(connection->server_status & SERVER_STATUS_IN_TRANS);
    for (unsigned i = 1;; i++) {
        Error why = { 0 };
        if (look_once(my, connection, database, arena, filter, out, &why))
            return true;
        if (!again || i == TRIES || strcmp(why.native, my->head.driver->victim_code) != 0) {
            *err = why;
            return false;
        }
        usleep(PAUSE_US * i);
    }
}

bool my_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err)
{
    MyDb *my = my_db(db);
    return my_look(my, my->connection, my->database, arena, filter, out, err);
}
