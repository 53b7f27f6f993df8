// introspect.h -- one look at a database: what there is, its texts, and the Schema that they become.
#ifndef DRIVERS_MYSQL_INTROSPECT_INTROSPECT_H
#define DRIVERS_MYSQL_INTROSPECT_INTROSPECT_H

#include "drivers/mysql/ddl/ddl.h"
#include "drivers/mysql/driver/driver.h"

typedef enum ItemKind {
    ITEM_TABLE,
    ITEM_VIEW,
    ITEM_SEQUENCE,
    ITEM_PROCEDURE, // from here on: kept as their text
    ITEM_FUNCTION,
    ITEM_PACKAGE,
    ITEM_PACKAGE_BODY,
    ITEM_TRIGGER,
    ITEM_EVENT,
} ItemKind;

// One object before its text is read.
typedef struct Item {
    ItemKind kind;
    const char *name;
    const char *text;                    // what SHOW CREATE said; NULL: nothing that this user may see
    const char *mode;                    // sql_mode of a routine
    const char *client, *collation;      // character_set_client and collation_connection; NULL: not known
    const char *time_zone;               // of an event
    const char *table, *event, *follows; // of a trigger
    uint64_t rows;
    bool unreadable; // said already
} Item;

typedef struct Look {
    Arena *arena;
    MYSQL *connection;
    const Filter *filter;
    Schema *out;
    DdlServer server;
    const char *database, *user, *session_mode, *collation, *time_zone;
    const char *database_charset, *database_collation; // as the catalogue has it
    const char *stands_for; // the database whose scratch place is read; NULL: that one itself is
    VEC(Item) items;
    NameList charsets; // pairs charset, default collation
} Look;

// Reads the database that `connection` is in, which may be another than my->connection (a scratch database).
bool my_look(MyDb *my, MYSQL *connection, const char *database, Arena *arena, const Filter *filter,
             Schema *out, Error *err) MUST_USE;

// show_create.c: the text of every item of `look`; one that the server does not print is left out with a warning. Many are
// read on a second connection too where `connection` is that of `my`.
bool look_show(MyDb *my, Look *look, MYSQL *connection, Error *err) MUST_USE;

// Notes that `item` is there and cannot be read, and warns once why; `why` is copied.
void look_leave_out(Look *look, Item *item, const char *why);

// The words of a kind as in SHOW CREATE; those of a routine are its routine_type too.
const char *look_words(ItemKind kind);

// The model's kind of `item`.
ObjectKind look_kind(const Item *item);

// Adds a warning to the schema that is read. `text` must live as long as that.
void look_warn(Look *look, const char *text);

// binary_default.c: MariaDB prints bytes that are no text as '?'. Where one is in a default of `table`, as it was read, the
// value itself is asked for and takes its place, in hexadecimal digits.
void look_read_binary_defaults(Look *look, Table *table);

// grants.c: what others may do with each routine becomes the object's privileges. Where who asks may not read that, a
// grant without words says so.
bool look_read_grants(Look *look, Error *err) MUST_USE;

// hidden.c: which kinds of objects the user is not shown, as Schema.hidden and warnings.
void look_find_hidden(Look *look);

#endif
