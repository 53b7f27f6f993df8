// ddl.h -- what SHOW CREATE prints becomes the model.
//
// information_schema does not tell everything that a table says: an index's USING BTREE, KEY_BLOCK_SIZE or parser, a
// column's COLUMN_FORMAT, on MySQL whether a collation was named at the column. SHOW CREATE TABLE does, on both servers
// and in one regular form, so that form is read, and it costs less than the six catalogue queries it replaces.
#ifndef DRIVERS_MYSQL_DDL_DDL_H
#define DRIVERS_MYSQL_DDL_DDL_H

#include "drivers/mysql/dialect/dialect.h"

// What the reader must know of the server.
typedef struct DdlServer {
    bool mariadb;
    const char *default_engine;
    const char *default_collation; // of the database; a table's that differs is said
    const char *const *charsets;   // pairs charset, its default collation
    size_t charset_count;
} DdlServer;

const char *ddl_charset_collation(const DdlServer *server, const char *charset); // NULL: unknown

// The collation that a table's string columns have by themselves.
const char *ddl_table_collation(const DdlServer *server, const Table *table);

// Fills `table` (its name is set) from a CREATE TABLE. ERR_UNSUPPORTED where the text cannot be read.
bool ddl_read_table(Arena *arena, const DdlServer *server, const char *text, Table *table,
                    Error *err) MUST_USE;
bool ddl_read_view(Arena *arena, const char *text, View *view, Error *err) MUST_USE;
bool ddl_read_sequence(Arena *arena, const char *text, Sequence *sequence, Error *err) MUST_USE;

// `CREATE DEFINER=… X` without that clause, which is returned as `user`@`host` (NULL: none).
const char *ddl_without_definer(Arena *arena, const char *text, const char **definer);

// Without the name of the database itself, which the server puts before what an expression or a query mentions.
const char *ddl_without_database(Arena *arena, const char *text, const char *database);

// A copy without the brackets of executable comments: /*!50100 x */ becomes x.
char *ddl_plain(Arena *arena, const char *text);

#endif
