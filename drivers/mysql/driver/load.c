// Rows of a file by LOAD DATA LOCAL, the way in which the server takes them quickest.
//
// With LOCAL the server may ask for any file of this machine, whatever the statement named. So no file is ever opened at its
// word: every connection refuses, and while rows are loaded what is sent is written here, row by row, from the file that the
// caller opened.
//
// LOCAL also turns errors into warnings, and passes over rows that are there already. So with any warning the rows are taken
// back and the statements of the script do it, which change such rows, or say what is wrong. A temporary table between the two
// would cost more than these statements do.
#include <errmsg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rowfile.h"
#include "core/db/row_files.h"
#include "drivers/mysql/driver/driver.h"

#define STREAM "cmigrate-rows" // what the statement calls it; there is no such file

typedef struct Stream {
    const MyDb *my;
    RowFile *file;
    size_t columns;
    StrBuf line;  // of the row that is sent
    size_t given; // bytes of it
    Error *err;
    bool failed; // *err is set
} Stream;

// ---- What the client library calls when the server asks for a file

static int open_nothing(void **out, const char *name, void *payload)
{
    (void)name;
    (void)payload;
    *out = NULL;
    return 1;
}

static int open_stream(void **out, const char *name, void *payload)
{
    *out = strcmp(name, STREAM) == 0 ? payload : NULL;
    return *out ? 0 : 1;
}

static void put_field(StrBuf *line, const char *text)
{
    if (!text) {
        strbuf_puts(line, "\\N");
        return;
    }
    for (const char *p = text; *p;) {
        size_t plain = strcspn(p, "\\\t\n");
        strbuf_put(line, p, plain);
        p += plain;
        if (*p) {
            strbuf_putc(line, '\\');
            strbuf_putc(line, *p++);
        }
    }
}

static bool next_line(Stream *s, bool *more)
{
    const RowField *fields;
    strbuf_clear(&s->line);
    s->given = 0;
    if (!rowfile_next(s->file, &fields, more, s->err)) {
        s->failed = true;
        return false;
    }
    for (size_t i = 0; *more && i < s->columns; i++) {
        strbuf_puts(&s->line, i ? "\t" : "");
        put_field(&s->line, fields[i].text);
    }
    strbuf_puts(&s->line, *more ? "\n" : "");
    return true;
}

static int read_stream(void *payload, char *out, unsigned size)
{
    Stream *s = payload;
    unsigned n = 0;
    bool more = true;
    while (n < size && more) {
        if (atomic_load(&s->my->cancelled)) {
            error_set(s->err, ERR_INTERRUPTED, "interrupted: the rows were not loaded");
            s->failed = true;
            return -1;
        }
        size_t left = s->line.length - s->given, some = left < size - n ? left : size - n;
        memcpy(out + n, s->line.text + s->given, some);
        s->given += some;
        n += (unsigned)some;
        if (n < size && !next_line(s, &more))
            return -1;
    }
    return (int)n;
}

static void close_stream(void *payload) { (void)payload; }

static int say_refused(void *payload, char *out, unsigned size)
{
    const Stream *s = payload;
    snprintf(out, size, "%s",
             s && s->failed ? "the file of rows cannot be read"
                            : "the server asked for a file of this machine, which no script may send");
    return CR_UNKNOWN_ERROR;
}

void my_refuse_files(MYSQL *connection)
{
    mysql_set_local_infile_handler(connection, open_nothing, read_stream, close_stream, say_refused, NULL);
}

// ---- The load

static bool read_flag(void *payload, const Row *row, Error *err)
{
    (void)err;
    *(bool *)payload = row_value(row, 0) && strcmp(row_value(row, 0), "1") == 0;
    return true;
}

// Can rows that were loaded be taken back? A line break in a comment is shown as two characters.
static bool read_engine(void *payload, const Row *row, Error *err)
{
    (void)err;
    *(bool *)payload = row_value(row, 1) && strstr(row_value(row, 1), "\n) ENGINE=InnoDB");
    return true;
}

static bool is_permitted(MyDb *my, Arena *arena, const RowLoad *load)
{
    bool permitted = false, returns = false;
    return my_query(&my->head, "SELECT @@GLOBAL.local_infile", read_flag, &permitted, NULL) && permitted &&
           my_query(&my->head, arena_printf(arena, "SHOW CREATE TABLE %s", load->table), read_engine,
                    &returns, NULL) &&
           returns;
}

// *whole: every row went in as it is. The server's warnings are not told: the statements fail instead, or warn.
static bool send_rows(MyDb *my, Stream *stream, const RowLoad *load, bool *whole, Error *err)
{
    const char *sql =
        arena_printf(stream->line.arena,
                     "LOAD DATA LOCAL INFILE '" STREAM "' INTO TABLE %s CHARACTER SET utf8mb4 "
                     "FIELDS TERMINATED BY x'09' ESCAPED BY x'5C' LINES TERMINATED BY x'0A' (%s)",
                     load->table, load->columns);
    my->head.affected = 0;
    mysql_set_local_infile_handler(my->connection, open_stream, read_stream, close_stream, say_refused,
                                   stream);
    bool ok = my_send(my, sql, strlen(sql), err);
    *whole = ok && mysql_warning_count(my->connection) == 0;
    my->head.affected = *whole ? (uint64_t)mysql_affected_rows(my->connection) : 0;
    my_refuse_files(my->connection);
    return my_answered(my, ok, err);
}

// All rows or none, within the transaction that is open or in one of its own.
static bool load_or_leave(MyDb *my, Stream *stream, const RowLoad *load, Error *err)
{
    Db *db = &my->head;
    bool within = (my->connection->server_status & SERVER_STATUS_IN_TRANS) != 0, whole = false;
    Error why = { 0 };
    if (!my_exec(db, within ? "SAVEPOINT cmigrate_load" : "START TRANSACTION", err))
        return false;
    bool ok = send_rows(my, stream, load, &whole, &why);
    uint64_t affected = db->affected;
    bool lost = !ok && mysql_ping(my->connection) != 0;
    *load->refused = !whole && !lost && !stream->failed && why.code != ERR_INTERRUPTED;
    if (!ok && !stream->failed && err)
        *err = why;
    if (whole)
        ok = my_exec(db, within ? "RELEASE SAVEPOINT cmigrate_load" : "COMMIT", err);
    else if (!lost && !my_exec(db, within ? "ROLLBACK TO SAVEPOINT cmigrate_load" : "ROLLBACK",
                               *load->refused ? err : NULL))
        *load->refused = false; // a transaction that the server ended is not begun where it stood
    db->affected = affected;
    return whole && ok;
}

bool my_load(Db *db, const RowLoad *load, Error *err)
{
    MyDb *my = my_db(db);
    Arena *arena = arena_new();
    Stream stream = { .my = my, .err = err };
    bool ok = false;
    *load->refused = !is_permitted(my, arena, load);
    stream.file = *load->refused ? NULL : rowfile_open(arena, load->path, load->path, NULL, err);
    if (stream.file) {
        stream.columns = rowfile_columns(stream.file)->count;
        strbuf_init(&stream.line, arena);
        ok = load_or_leave(my, &stream, load, err);
    }
    rowfile_close(stream.file);
    arena_free(arena);
    return ok;
}
