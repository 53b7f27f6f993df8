// ddl.h -- the texts that sqlite_schema keeps become the nouns of the model.
//
// No pragma tells a CHECK, a COLLATE, AUTOINCREMENT, the name of a constraint or its conflict clause, so the text is
// read. What comes out, written by render_table.c, makes the same table again (a law: tests/fuzz/fuzz_sqlite_ddl.c).
// Grammar: https://sqlite.org/lang_createtable.html and parse.y, where the two differ the latter.
//
// Fails with ERR_UNSUPPORTED, saying what was read and what was expected; the caller names the object.
#ifndef DRIVERS_SQLITE_DDL_DDL_H
#define DRIVERS_SQLITE_DDL_DDL_H

#include "drivers/sqlite/sqlite.h"

// CREATE TABLE; also CREATE VIRTUAL TABLE, which is kept as it appears.
bool ddl_table(Arena *arena, const char *name, const char *text, Table **out, Error *err) MUST_USE;
// A comment in it as it appears, and the column at which it does; "": at none.
typedef struct DdlComment {
    const char *column, *text;
} DdlComment;
typedef VEC(DdlComment) DdlCommentList;
void ddl_comments(Arena *arena, const char *text, DdlCommentList *out); // text may be NULL
bool ddl_index(Arena *arena, const Table *table, const char *name, const char *text, Index **out,
               Error *err) MUST_USE;
bool ddl_view(Arena *arena, const char *name, const char *text, View **out, Error *err) MUST_USE;
// A trigger or virtual table of a model, given as its CREATE statement: *table of a trigger is filled in, the definition
// brought into the form that SQLite stores. ERR_SCHEMA, at the object, where it is no single statement, is temporary, or
// its name or table is another than the model says.
bool ddl_settle_trigger(Arena *arena, Object *trigger, Error *err) MUST_USE;
bool ddl_settle_virtual(Arena *arena, Table *table, Error *err) MUST_USE;
// The module of a virtual table: "fts5"; NULL: the text is no CREATE VIRTUAL TABLE.
const char *ddl_module(Arena *arena, const char *text);

#endif
