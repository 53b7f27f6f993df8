// Rows of a file by COPY, the way in which the server takes them quickest.
//
// Straight into the table where COPY does what the statement would: a statement that says nothing about rows that are there
// already, or a table that has none. Else into a temporary table, and from there with the statement's own words, which costs
// twice as much. So does a file that has one key twice: the unique key refuses it, and the statement decides.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/db/row_files.h"
#include "drivers/postgresql/postgresql.h"
#include "drivers/postgresql/driver/driver.h"

static bool send_file(PGconn *conn, FILE *file, Error *err)
{
    char bytes[65536];
    size_t n;
    while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
        if (PQputCopyData(conn, bytes, (int)n) != 1)
            return error_set(err, ERR_SQL, "the rows could not be sent");
    return !ferror(file) || error_set(err, ERR_IO, "the file of rows cannot be read");
}

static bool copy(PgDb *pg, const char *into, FILE *file, Error *err)
{
    Arena *arena = arena_new();
    PGresult *result = PQexec(pg->conn, arena_printf(arena, "COPY %s FROM STDIN (FORMAT csv, HEADER)", into));
    arena_free(arena);
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        pg_result_error(pg, result, err);
        PQclear(result);
        return false;
    }
    PQclear(result);
    bool ok = send_file(pg->conn, file, err);
    PQputCopyEnd(pg->conn, ok ? NULL : "the file ended early");
    while ((result = PQgetResult(pg->conn))) {
        if (ok && PQresultStatus(result) != PGRES_COMMAND_OK)
            ok = pg_result_error(pg, result, err);
        else if (ok)
            pg->db.affected = strtoull(PQcmdTuples(result), NULL, 10);
        PQclear(result);
    }
    return ok;
}

// ---- Straight into the table

// Nothing but a name, with a schema or without: COPY takes no alias.
static bool is_name(const char *text)
{
    bool quoted = false;
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", text[n - 1]))
        n--;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && strchr(" \t\r\n/-", text[i])) // a blank, or a comment
            return false;
    }
    return n > 0;
}

static bool read_truth(void *payload, const Row *row, Error *err)
{
    (void)err;
    *(bool *)payload = row_value(row, 0) && strcmp(row_value(row, 0), "t") == 0;
    return true;
}

// Would COPY do what the statement does? Rules and policies are not for COPY. EXPLAIN finds what the server refuses about the
// statement itself: a right that is missing, a column that takes no value, a key that is no key.
static bool may_go_straight(Db *db, Arena *arena, const RowLoad *load, bool conflicts, bool *out, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, arena);
    strbuf_puts(&sql, "SELECT (c.relkind" PG_EQ "'r' OR c.relkind" PG_EQ
                      "'p') AND NOT c.relhasrules AND NOT pg_catalog.row_security_active(c.oid)");
    if (conflicts)
        strbuf_printf(&sql,
                      " AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid" PG_EQ
                      "c.oid AND NOT t.tgisinternal) AND NOT EXISTS (SELECT FROM %s)",
                      load->table);
    strbuf_puts(&sql, " FROM pg_catalog.pg_class c WHERE c.oid" PG_EQ "CAST(");
    db->dialect->put_literal(&sql, load->table);
    strbuf_puts(&sql, " AS pg_catalog.regclass)");
    return pg_query(db, sql.text, read_truth, out, err) &&
           (!*out || pg_exec(db,
                             arena_printf(arena, "EXPLAIN %s SELECT %s FROM %s%s", load->before,
                                          load->columns, load->table, load->after),
                             err));
}

// *done false, and nothing done: the rows need the statement's own words.
static bool copy_straight(Db *db, Arena *arena, const RowLoad *load, FILE *file, bool *done, Error *err)
{
    static const char words[] = "ON CONFLICT", unique_violation[] = "23505";
    PgDb *pg = pg_db(db);
    const char *after = load->after + strspn(load->after, " \t\r\n");
    bool conflicts = strncasecmp(after, words, sizeof(words) - 1) == 0;
    bool inside = PQtransactionStatus(pg->conn) != PQTRANS_IDLE, saved = conflicts && inside;
    Error why = { 0 };
    *done = false;
    if ((*after && !conflicts) || !is_name(load->table) || strstr(load->before, "OVERRIDING USER"))
        return true;
    if (!may_go_straight(db, arena, load, conflicts, done, err))
        return false;
    if (!*done)
        return true;
    if (saved && !pg_command(db, "SAVEPOINT cmigrate_load", err))
        return false;
    const char *into = arena_printf(arena, "%s (%s)", load->table, load->columns);
    if (copy(pg, into, file, &why)) {
        uint64_t affected = db->affected;
        bool ok = !saved || pg_command(db, "RELEASE SAVEPOINT cmigrate_load", err);
        db->affected = affected;
        return ok;
    }
    *done = !conflicts || strcmp(why.native, unique_violation) != 0;
    if (*done && err)
        *err = why;
    rewind(file);
    return !*done && (!saved || pg_command(db, "ROLLBACK TO SAVEPOINT cmigrate_load", err));
}

// ---- By way of a temporary table

static bool copy_and_insert(Db *db, Arena *arena, const RowLoad *load, FILE *file, Error *err)
{
    bool ok =
        pg_exec(db,
                arena_printf(arena, "CREATE TEMPORARY TABLE cmigrate_rows AS SELECT %s FROM %s WITH NO DATA",
                             load->columns, load->table),
                err) &&
        copy(pg_db(db), "pg_temp.cmigrate_rows", file, err) &&
        pg_exec(db,
                arena_printf(arena, "%s SELECT %s FROM pg_temp.cmigrate_rows%s", load->before, load->columns,
                             load->after),
                err);
    uint64_t affected = db->affected;
    ok = ok && pg_exec(db, "DROP TABLE pg_temp.cmigrate_rows", err);
    db->affected = affected;
    return ok;
}

bool pg_load(Db *db, const RowLoad *load, Error *err)
{
    Arena *arena = arena_new();
    FILE *file = fopen(load->path, "re");
    bool done = false;
    bool ok = (file || error_set(err, ERR_IO, "cannot read %s", load->path)) &&
              copy_straight(db, arena, load, file, &done, err) &&
              (done || copy_and_insert(db, arena, load, file, err));
    if (file)
        fclose(file);
    arena_free(arena);
    return ok;
}
