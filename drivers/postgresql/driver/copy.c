// Rows of a file by COPY, the way in which the server takes them quickest: into a temporary table, and from there with the
// statement's own words for rows that are there already.
#include <stdio.h>

#include "core/db/row_files.h"
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

static bool copy(PgDb *pg, FILE *file, Error *err)
{
    PGresult *result = PQexec(pg->conn, "COPY pg_temp.cmigrate_rows FROM STDIN (FORMAT csv, HEADER)");
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
        PQclear(result);
    }
    return ok;
}

bool pg_load(Db *db, const RowLoad *load, Error *err)
{
    PgDb *pg = pg_db(db);
    Arena *arena = arena_new();
    FILE *file = fopen(load->path, "re");
    bool ok = file || error_set(err, ERR_IO, "cannot read %s", load->path);
    ok = ok &&
         pg_exec(db,
                 arena_printf(arena, "CREATE TEMPORARY TABLE cmigrate_rows AS SELECT %s FROM %s WITH NO DATA",
                              load->columns, load->table),
                 err) &&
         copy(pg, file, err) &&
         pg_exec(db,
                 arena_printf(arena, "%s SELECT %s FROM pg_temp.cmigrate_rows%s", load->before, load->columns,
                              load->after),
                 err);
    uint64_t affected = db->affected;
    ok = ok && pg_exec(db, "DROP TABLE pg_temp.cmigrate_rows", err);
    db->affected = affected;
    if (file)
        fclose(file);
    arena_free(arena);
    return ok;
}
