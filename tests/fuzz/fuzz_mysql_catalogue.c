// MySQL's introspection on a server that answers anything. The client library is not linked: its functions that
// introspection calls are those below, which hand out the input: the catalogue first, then SHOW CREATE of each object.
#include "core/schema/schema_write.h"
#include "drivers/mysql/introspect/introspect.h"
#include "tests/fuzz/feed.h"

static Feed *answers;
static FeedResult current;
static unsigned long lengths[FEED_COLUMNS];
static char *cells[FEED_COLUMNS];
static size_t left_in_packet;

// Of the first byte of an input. A look that is ended as a deadlock's victim is taken again, unless in a transaction.
enum { ON_MARIADB = 1, ENDED_ONCE = 2, IN_TRANSACTION = 4 };

static const Driver driver = { .victim_code = "1213" };
static bool ends_next;

bool my_query_on(MYSQL *connection, const char *text, RowFn *row, void *payload, Error *err)
{
    (void)connection;
    (void)text;
    if (ends_next) {
        ends_next = false;
        error_set(err, ERR_SQL, "deadlock");
        return error_native(err, driver.victim_code);
    }
    FeedResult rows = feed_result(answers);
    VEC_EACH (FeedRow, it, &rows) {
        const Row one = { .values = it->values, .count = 7 };
        if (!row(payload, &one, err))
            return false;
    }
    return true;
}

// Each \x1d is an answer; an empty one is an error of that statement.
static int next_answer(void)
{
    if (left_in_packet == 0)
        return -1;
    left_in_packet--;
    current = feed_result(answers);
    return current.count ? 0 : 1;
}

static int start_packet(const char *text)
{
    left_in_packet = 1;
    for (const char *p = text; (p = strstr(p, ";SHOW CREATE ")) != NULL; p++)
        left_in_packet++;
    return 0;
}

int STDCALL mysql_send_query(MYSQL *mysql, const char *text, unsigned long n)
{
    (void)mysql;
    (void)n;
    return start_packet(text);
}

my_bool STDCALL mysql_read_query_result(MYSQL *mysql)
{
    (void)mysql;
    return next_answer() != 0;
}

int STDCALL mysql_real_query(MYSQL *mysql, const char *text, unsigned long n)
{
    (void)mysql;
    (void)n;
    start_packet(text);
    return next_answer();
}

int STDCALL mysql_next_result(MYSQL *mysql)
{
    (void)mysql;
    return next_answer();
}

MYSQL_RES *STDCALL mysql_store_result(MYSQL *mysql)
{
    (void)mysql;
    return current.count ? (MYSQL_RES *)(void *)&current : NULL;
}

MYSQL_ROW STDCALL mysql_fetch_row(MYSQL_RES *result)
{
    (void)result;
    for (size_t i = 0; i < FEED_COLUMNS; i++) {
        const char *value = current.items[0].values[i];
        cells[i] = value ? arena_strdup(answers->arena, value) : NULL;
        lengths[i] = value ? strlen(value) : 0;
    }
    return cells;
}

unsigned long *STDCALL mysql_fetch_lengths(MYSQL_RES *result)
{
    (void)result;
    return lengths;
}

unsigned int STDCALL mysql_num_fields(MYSQL_RES *result)
{
    (void)result;
    return FEED_COLUMNS;
}

void STDCALL mysql_free_result(MYSQL_RES *result) { (void)result; }

unsigned int STDCALL mysql_errno(MYSQL *mysql)
{
    (void)mysql;
    return 1356;
}

const char *STDCALL mysql_error(MYSQL *mysql)
{
    (void)mysql;
    return "refused";
}

void STDCALL mysql_close(MYSQL *mysql) { (void)mysql; }

bool my_fail(MYSQL *connection, Error *err)
{
    (void)connection;
    return error_set(err, ERR_SQL, "refused");
}

bool my_exec_on(MYSQL *connection, const char *text, Error *err)
{
    (void)connection;
    (void)text;
    (void)err;
    return true;
}

bool my_set_reading(MyDb *my, MYSQL *connection)
{
    (void)my;
    (void)connection;
    return true;
}

void my_waits_for(MyDb *my, MYSQL *connection)
{
    (void)my;
    (void)connection;
}

bool my_answered(MyDb *my, bool ok, Error *err)
{
    (void)my;
    (void)err;
    return ok;
}

MYSQL *my_connect(Arena *arena, const Url *url, const char *database, const ConnectOptions *options,
                  Error *err)
{
    (void)arena;
    (void)url;
    (void)database;
    (void)options;
    (void)err;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 40000)
        return 0;
    Arena *arena = arena_new();
    Feed feed = feed_open(arena, data + 1, size - 1);
    answers = &feed;
    MYSQL connection = { .server_status = data[0] & IN_TRANSACTION ? SERVER_STATUS_IN_TRANS : 0 };
    ends_next = data[0] & ENDED_ONCE;
    const bool stays_ended = ends_next && data[0] & IN_TRANSACTION;
    MyDb my = {
        .head = {.driver = &driver,
                 .dialect = &mysql_dialect,
                 .title = "mysql://h/d",
                 .server = { .flags = data[0] & ON_MARIADB ? SERVER_MARIADB : 0,
                              .default_collation = "utf8mb4_general_ci" }},
        .connection = &connection,
        .database = "db",
        .user = "u@h",
        .default_engine = "InnoDB",
        .session_mode = "ANSI",
        .server_mode = ""
    };
    const Filter all = { 0 };
    Schema schema;
    Error err = { 0 };
    if (my_introspect(&my.head, arena, &all, &schema, &err)) {
        StrBuf out;
        strbuf_init(&out, arena);
        schema_write_yaml(&out, &schema);
    } else {
        feed_refused(&err, "catalogue");
    }
    if ((strcmp(err.native, driver.victim_code) == 0) != stays_ended)
        feed_broken("a look that was ended is taken again outside a transaction", "catalogue");
    arena_free(arena);
    return 0;
}
