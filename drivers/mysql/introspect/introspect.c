#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/introspect/introspect.h"

// The catalogue in one round trip: what there is, of every kind; then SHOW CREATE of all of it, many to a packet.

#define CONTEXT    "character_set_client, collation_connection"
#define NO_CONTEXT "NULL, NULL"

static const char catalogue[] =
    "SELECT 'charset', character_set_name, default_collate_name, NULL, NULL, NULL, NULL, " NO_CONTEXT
    " FROM information_schema.character_sets;"
    "SELECT 'database', default_character_set_name, default_collation_name, NULL, NULL, NULL, "
    "NULL, " NO_CONTEXT " FROM information_schema.schemata WHERE schema_name = DATABASE();"
    "SELECT 'table', t.table_name, table_type, table_rows, NULL, NULL, NULL, " CONTEXT
    " FROM information_schema.tables t LEFT JOIN information_schema.views v"
    " ON v.table_schema = t.table_schema AND v.table_name = t.table_name"
    " WHERE t.table_schema = DATABASE() ORDER BY t.table_name;"
    "SELECT 'routine', routine_name, routine_type, NULL, definer, sql_mode, NULL, " CONTEXT
    " FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY routine_name;"
    "SELECT 'trigger', trigger_name, event_object_table, CONCAT(action_timing, event_manipulation), definer,"
    " sql_mode, action_order, " CONTEXT " FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    " ORDER BY event_object_table, action_timing, event_manipulation, action_order;"
    "SELECT 'event', event_name, NULL, time_zone, definer, sql_mode, NULL, " CONTEXT
    " FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY event_name";

// Of each kind, how its text is asked for; a routine's words are its routine_type too.
static const struct {
    const char *words;
    unsigned column; // of the text in the answer
} shows[] = {
    [ITEM_TABLE] = {"TABLE",         1},
    [ITEM_VIEW] = { "VIEW",         1},
    [ITEM_SEQUENCE] = { "SEQUENCE",     1},
    [ITEM_PROCEDURE] = { "PROCEDURE",    2},
    [ITEM_FUNCTION] = { "FUNCTION",     2},
    [ITEM_PACKAGE] = { "PACKAGE",      2},
    [ITEM_PACKAGE_BODY] = { "PACKAGE BODY", 2},
    [ITEM_TRIGGER] = { "TRIGGER",      2},
    [ITEM_EVENT] = { "EVENT",        3},
};

enum { TAG, NAME, KIND, DETAIL, DEFINER, SQL_MODE, PLACE, CLIENT, COLLATION, CATALOGUE_COLUMNS };

static const char *keep(Look *look, const char *text)
{
    return text ? arena_strdup(look->arena, text) : NULL;
}

static bool is_text(const char *a, const char *b) { return a && strcasecmp(a, b) == 0; }

static void warn(Look *look, const char *text)
{
    *VEC_PUSH(look->arena, &look->out->warnings) = (Warning){ .text = text };
}

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
        if (is_text(row_value(row, KIND), shows[kinds[i]].words)) {
            add_item(look, kinds[i], row);
            return;
        }
    warn(look,
         arena_printf(look->arena, "%s '%s' is not carried: no such thing was there when this was written",
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

// ---- SHOW CREATE

static void put_show(StrBuf *out, const Item *item)
{
    strbuf_printf(out, "%sSHOW CREATE %s ", out->length ? ";" : "", shows[item->kind].words);
    my_put_identifier(out, item->name);
}

static void take_text(Look *look, MYSQL *connection, Item *item)
{
    MYSQL_RES *result = mysql_store_result(connection);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
    unsigned column = shows[item->kind].column;
    if (row && mysql_num_fields(result) > column && row[column])
        item->text = arena_strndup(look->arena, row[column], mysql_fetch_lengths(result)[column]);
    if (result)
        mysql_free_result(result);
}

static ObjectKind kind_of(const Item *item)
{
    static const ObjectKind kinds[] = { [ITEM_TABLE] = OBJECT_TABLE,
                                        [ITEM_VIEW] = OBJECT_VIEW,
                                        [ITEM_SEQUENCE] = OBJECT_SEQUENCE,
                                        [ITEM_PROCEDURE] = OBJECT_PROCEDURE,
                                        [ITEM_FUNCTION] = OBJECT_FUNCTION,
                                        [ITEM_PACKAGE] = OBJECT_PACKAGE,
                                        [ITEM_PACKAGE_BODY] = OBJECT_PACKAGE_BODY,
                                        [ITEM_TRIGGER] = OBJECT_TRIGGER,
                                        [ITEM_EVENT] = OBJECT_EVENT };
    return kinds[item->kind];
}

// It is there all the same: to take it for missing would plan to create it a second time.
static void say_unreadable(Look *look, Item *item, const char *why)
{
    if (item->unreadable)
        return;
    item->unreadable = true;
    Object *object = object_new(look->arena, kind_of(item), NULL, item->table, item->name);
    *VEC_PUSH(look->arena, &look->out->unread) = object;
    warn(look,
         arena_printf(look->arena, "%s '%s' is not carried: %s", shows[item->kind].words, item->name, why));
}

// Reads the answers of one packet, items [first, last). Returns the place after the last one that was answered.
static size_t take_answers(Look *look, MYSQL *connection, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        if (i > first && mysql_next_result(connection) != 0) {
            if (mysql_errno(connection))
                say_unreadable(look, &look->items.items[i], mysql_error(connection));
            return i + 1;
        }
        take_text(look, connection, &look->items.items[i]);
    }
    while (mysql_next_result(connection) == 0) {
        MYSQL_RES *result = mysql_store_result(connection);
        if (result)
            mysql_free_result(result);
    }
    return last;
}

enum { SHOWS_IN_PACKET = 50, MANY_ITEMS = 200 };

// A connection and the packet that it is asked for.
typedef struct Lane {
    MYSQL *connection;
    size_t first, last;
} Lane;

static void put_packet(Look *look, StrBuf *text, size_t first, size_t last)
{
    strbuf_clear(text);
    for (size_t i = first; i < last; i++)
        put_show(text, &look->items.items[i]);
}

// One error ends a packet: that object is warned about, and what is left of the packet is requested again.
static bool take_packet(Look *look, StrBuf *text, const Lane *lane, Error *err)
{
    bool failed = mysql_read_query_result(lane->connection) != 0;
    for (size_t at = lane->first;;) {
        if (!failed) {
            at = take_answers(look, lane->connection, at, lane->last);
        } else if (mysql_errno(lane->connection) >= 2000) {
            return my_fail(lane->connection, err); // the connection itself
        } else {
            say_unreadable(look, &look->items.items[at], mysql_error(lane->connection));
            at++;
        }
        if (at >= lane->last)
            return true;
        put_packet(look, text, at, lane->last);
        failed = mysql_real_query(lane->connection, text->text, (unsigned long)text->length) != 0;
    }
}

// The lanes are asked all at once, then read one after the other.
static bool show_all(MyDb *my, Look *look, Lane *lanes, size_t lane_count, Error *err)
{
    Arena *scratch = arena_new();
    StrBuf text;
    strbuf_init(&text, scratch);
    bool ok = true;
    for (size_t next = 0; ok && next < look->items.count;) {
        size_t asked = 0;
        for (; ok && asked < lane_count && next < look->items.count; asked++) {
            Lane *lane = &lanes[asked];
            lane->first = next;
            next = lane->last =
                next + SHOWS_IN_PACKET < look->items.count ? next + SHOWS_IN_PACKET : look->items.count;
            put_packet(look, &text, lane->first, lane->last);
            if (mysql_send_query(lane->connection, text.text, (unsigned long)text.length) != 0)
                ok = my_fail(lane->connection, err);
        }
        for (size_t i = 0; ok && i < asked; i++) {
            if (lanes[i].connection == my->connection || lanes[i].connection == my->lane)
                my_waits_for(my, lanes[i].connection);
            ok = take_packet(look, &text, &lanes[i], err);
        }
    }
    arena_free(scratch);
    return ok;
}

static void leave_lane(MyDb *my)
{
    MYSQL *lane = my->lane;
    my->lane = NULL;
    my_waits_for(
        my, my->connection); // a cut that is under way is over now, and another one does not know the lane
    if (lane)
        mysql_close(lane);
}

// MySQL takes a third of a millisecond for each table: many are read on two connections, on two of its cores. Without
// the second one it only takes longer.
static MYSQL *second_lane(MyDb *my, const Look *look)
{
    if (my_is_mariadb(my) || look->items.count < MANY_ITEMS)
        return NULL;
    my->lane = my_connect(my->head.arena, my->url, my->database, &my->head.options, NULL);
    if (my->lane && !my_set_reading(my, my->lane))
        leave_lane(my);
    return my->lane;
}

static bool show(MyDb *my, Look *look, MYSQL *connection, Error *err)
{
    Lane lanes[2] = { { .connection = connection } };
    lanes[1].connection = connection == my->connection ? second_lane(my, look) : NULL;
    bool ok = show_all(my, look, lanes, lanes[1].connection ? 2 : 1, err);
    leave_lane(my);
    return ok;
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
        warn(look,
             arena_printf(look->arena, "table '%s': a text with a NUL character is carried only up to that",
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
    Object *object = object_new(look->arena, kind_of(item), NULL, item->table, item->name);
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
            say_unreadable(look, item, "this user may not read its text");
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

bool my_look(MyDb *my, MYSQL *connection, const char *database, Arena *arena, const Filter *filter,
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
    bool ok = my_query_on(connection, catalogue, note, &look, err) && show(my, &look, connection, err);
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

bool my_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err)
{
    MyDb *my = my_db(db);
    return my_look(my, my->connection, my->database, arena, filter, out, err);
}
