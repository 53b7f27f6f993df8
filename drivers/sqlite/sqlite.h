// sqlite.h -- what the files of drivers/sqlite share.
//
// Pure parts (no connection): dialect.c and dialect_types.c spell, ddl*.c read the texts that sqlite_schema keeps,
// render*.c write them, plan*.c decide between ALTER TABLE and a rebuild. introspect.c sees, driver.c does.
#ifndef DRIVERS_SQLITE_SQLITE_H
#define DRIVERS_SQLITE_SQLITE_H

#include "core/dialect/sql.h"

enum { SQLITE_LEX = LEX_SQLITE };

// dialect.c, dialect_types.c
extern const char *const sqlite_portable_types[];
const char *sqlite_affinity(const char *type);              // "INTEGER", "REAL", "TEXT", "BLOB" or "NUMERIC"
bool sqlite_text_holds(const char *text, const char *word); // case-insensitive
const char *sqlite_type_native(Arena *arena, const char *spelling, const char **wrong);
const char *sqlite_type_portable(Arena *arena, const char *native);

// dialect_resolve.c
bool sqlite_resolve(Arena *arena, Schema *schema, Error *err);

// facts.c
bool sqlite_same_name(const char *a, const char *b);               // case-insensitive; NULL equals NULL
const Column *sqlite_column(const Table *table, const char *name); // case-insensitive; NULL: absent
// A name for a table on its way between two names that SQLite takes for one.
const char *sqlite_third_name(Arena *arena, const char *name);
bool sqlite_mentions(const char *sql, const char *name);  // as an identifier; sql may be NULL
const Constraint *sqlite_primary_key(const Table *table); // NULL: none
// The column that is another name of the rowid (INTEGER PRIMARY KEY); NULL: none.
const Column *sqlite_rowid_column(const Table *table);
bool sqlite_has_rowid(const Table *table);
// "rowid", or another of its names where a column of either table is called so; NULL: all are taken.
const char *sqlite_rowid_name(const Table *a, const Table *b);
// A default that ALTER TABLE ADD COLUMN takes on a table with rows.
bool sqlite_default_is_constant(const char *default_sql);
bool sqlite_default_is_null(const char *default_sql); // NULL pointer, NULL or (NULL)
// The texts of the table's checks and generated columns say "table.column": a copy under another name must not.
bool sqlite_names_itself(const Table *table);

// render.c, render_table.c
// With the constraints that come with a column that ALTER TABLE adds to `have`.
void sqlite_put_added_column(StrBuf *out, const Table *have, const Table *want, const Column *column);
// The added column that a new check is written at: the last one that it mentions; NULL: none of them.
const Column *sqlite_check_carrier(const Table *have, const Table *want, const Constraint *check);
// `was`: the text of the table that is recreated, whose comments it keeps; NULL: none.
void sqlite_put_table(StrBuf *out, const Table *table, const char *as_name, const char *was);
void sqlite_put_index(StrBuf *out, const Index *index);
void sqlite_put_view(StrBuf *out, const View *view);
Statement *sqlite_add_statement(Arena *arena, StatementList *out, const char *text);
bool sqlite_render(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out, Error *err);

// render_rebuild.c, render_assert.c
void sqlite_render_rebuild(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out);
// Queries that must give no row before the rows of `have` can become rows of `want`.
// dialect->misfit
const char *sqlite_misfit(Arena *arena, const MisfitQuestion *question);
// What the copy may do to values where that is allowed, for people; NULL: nothing.
const char *sqlite_assert_rows_fit(const StepGraph *graph, const Table *have, const Table *want,
                                   StatementList *out);
// A query that must give no row before the table of a rebuild is dropped: what is there that the script does not know.
void sqlite_assert_known(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out);
void sqlite_assert_empty(Arena *arena, const Table *table, const Column *added, StatementList *out);

// render_virtual.c
// Another virtual table of the same name, or a plain one in its place. `aside`: a free name for the old one meanwhile.
void sqlite_render_virtual(Arena *arena, const StepGraph *graph, const Step *step, const char *aside,
                           StatementList *out);
// What is lost when one takes the place of the other: "column body of table f"; NULL: nothing.
bool sqlite_has_autoincrement(const Table *table);
const char *sqlite_virtual_loss(const StepGraph *graph, const Table *have, const Table *want);

// plan/rowids.c
// Full-text tables that index the rows of a table whose rowids change: appends statements that read it again. Fails where
// another virtual table is kept by those rowids and cannot be.
bool sqlite_reindex(const StepGraph *graph, StatementList *out, Error *err) MUST_USE;
const char *sqlite_content_of(Arena *arena,
                              const Table *table); // of a full-text table: content='p'; NULL: none

// plan.c, plan_checks.c
// Tables whose foreign keys a rebuild could have broken: its own, and those that refer to it.
void sqlite_tables_to_check(const StepGraph *graph, const Step *rebuild, NameList *out);
// The tables that foreign keys refer to, sorted for sqlite_is_referred_to.
NameList sqlite_referred_tables(Arena *arena, const Schema *schema);
bool sqlite_is_referred_to(const NameList *referred, const char *table);
// Does the schema hold texts that ALTER TABLE DROP COLUMN stumbles over or respells? Then tables are recreated.
bool sqlite_is_touchy(const Schema *schema);
Fate sqlite_fate(const Change *change, const Schema *have, const Schema *want);
bool sqlite_blocks(const Step *step, const Object *dependent);
bool sqlite_expand(StepGraph *graph, Error *err);
// plan/sync.c
bool sqlite_sync_columns(Arena *arena, const Table *table, const Column *old, const Column *fresh,
                         ColumnSync *out, Error *err);

#endif
