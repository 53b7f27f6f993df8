// How many rows tables have. SQLite keeps no estimate without ANALYZE, so rows are counted, up to a bound.
#include "drivers/sqlite/driver/internal.h"

#include <string.h>

#include "core/dialect/sql.h"

enum { MOST_ROWS = 2000000, TABLES_AT_ONCE = 250 }; // a compound SELECT has 500 terms at most

typedef struct Names {
    Arena *arena;
    NameList names;
} Names;

static bool take_name(void *payload, const Row *row, Error *err)
{
    Names *names = payload;
    (void)err;
    *VEC_PUSH(names->arena, &names->names) = arena_strdup(names->arena, row->values[0]);
    return true;
}

static void put_count(StrBuf *out, const Dialect *dialect, const char *table)
{
    sql(out, dialect, KW("SELECT NULL,"), LIT(table), KW(", (SELECT count(*) FROM (SELECT 1 FROM"),
        ID(table));
    strbuf_printf(out, " LIMIT %d)), NULL", MOST_ROWS);
}

bool sqlite_statistics(Db *db, Arena *arena, TableStatList *out, Error *err)
{
    Names names = { .arena = arena };
    const char *query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
                        "ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'";
    if (!db->driver->query(db, query, take_name, &names, err))
        return false;
    for (size_t i = 0; i < names.names.count; i += TABLES_AT_ONCE) {
        StrBuf text;
        strbuf_init(&text, arena);
        for (size_t k = i; k < names.names.count && k < i + TABLES_AT_ONCE; k++) {
            strbuf_puts(&text, k > i ? " UNION ALL " : "");
            put_count(&text, db->dialect, names.names.items[k]);
        }
        if (!table_stats_query(db, arena, text.text, out, err))
            return false;
    }
    return true;
}

// Where a table numbers its rows by AUTOINCREMENT, SQLite keeps the greatest number, and never takes a smaller one.
bool sqlite_live_facts(Db *db, Arena *arena, LiveFactList *out, Error *err)
{
    const char *kept = NULL;
    if (!db_value(db, arena, "SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'", &kept, err))
        return false;
    return !kept ||
           live_facts_query(db, arena,
                            "SELECT 0, NULL, name, NULL, seq / 92233720368547758 FROM sqlite_sequence"
                            " WHERE seq > 0 ORDER BY name",
                            out, err);
}
