#include "drivers/mysql/introspect/introspect.h"

#include <mysqld_error.h>

// SHOW CREATE of every object, many to a packet.

// Of each kind, how its text is asked for.
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

const char *look_words(ItemKind kind) { return shows[kind].words; }

void look_warn(Look *look, const char *text)
{
    *VEC_PUSH(look->arena, &look->out->warnings) = (Warning){ .text = text };
}

static void put_show(StrBuf *out, const Item *item)
{
    strbuf_printf(out, "%sSHOW CREATE %s ", out->length ? ";" : "", shows[item->kind].words);
    my_put_identifier(out, item->name);
}

// False: the answer did not come whole, and the connection knows why.
static bool take_text(Look *look, MYSQL *connection, Item *item)
{
    MYSQL_RES *result = mysql_store_result(connection);
    if (!result)
        return mysql_errno(connection) == 0;
    MYSQL_ROW row = mysql_fetch_row(result);
    unsigned column = shows[item->kind].column;
    if (row && mysql_num_fields(result) > column && row[column])
        item->text = arena_strndup(look->arena, row[column], mysql_fetch_lengths(result)[column]);
    mysql_free_result(result);
    return true;
}

ObjectKind look_kind(const Item *item)
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
void look_leave_out(Look *look, Item *item, const char *why)
{
    if (item->unreadable)
        return;
    item->unreadable = true;
    Object *object = object_new(look->arena, look_kind(item), NULL, item->table, item->name);
    *VEC_PUSH(look->arena, &look->out->unread) = object;
    look_warn(look, arena_printf(look->arena, "%s '%s' is not carried: %s", shows[item->kind].words,
                                 item->name, why));
}

// Reads the answers of one packet, items [first, last). Returns the place of the first one that was not answered.
static size_t take_answers(Look *look, MYSQL *connection, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        const bool is_here = i == first || mysql_next_result(connection) == 0;
        if (!is_here || !take_text(look, connection, &look->items.items[i]))
            return i;
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

// Of the connection, or of this moment: it says nothing of the object.
static bool is_of_no_object(unsigned code) { return code >= 2000 || code == ER_LOCK_DEADLOCK; }

// One error ends a packet: that object is warned about, and the rest of the packet is requested again.
static bool take_packet(Look *look, StrBuf *text, const Lane *lane, Error *err)
{
    bool failed = mysql_read_query_result(lane->connection) != 0;
    for (size_t at = lane->first;;) {
        if (!failed)
            at = take_answers(look, lane->connection, at, lane->last);
        if (at == lane->last)
            return true;
        if (is_of_no_object(mysql_errno(lane->connection)))
            return my_fail(lane->connection, err);
        look_leave_out(look, &look->items.items[at++], mysql_error(lane->connection));
        if (at == lane->last)
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

bool look_show(MyDb *my, Look *look, MYSQL *connection, Error *err)
{
    Lane lanes[2] = { { .connection = connection } };
    lanes[1].connection = connection == my->connection ? second_lane(my, look) : NULL;
    bool ok = show_all(my, look, lanes, lanes[1].connection ? 2 : 1, err);
    leave_lane(my);
    return ok;
}
