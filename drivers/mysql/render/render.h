// render.h -- the pieces of MySQL's DDL, each written by one function so that CREATE TABLE and ALTER TABLE agree.
#ifndef DRIVERS_MYSQL_RENDER_RENDER_H
#define DRIVERS_MYSQL_RENDER_RENDER_H

#include "drivers/mysql/dialect/dialect.h"

// What a table's pieces are written for. `column_checks`: MariaDB's checks that belong to a column stand in it.
typedef struct Spelling {
    Arena *arena;
    bool mariadb;
    const Table *table;
    const char *default_collation; // written at string columns that name none; NULL: they follow the table
    const char *table_collation;   // written at tables that name none; NULL: they follow the database
    bool versioned_later; // MariaDB: columns that keep no history say so only once the table keeps one
} Spelling;

// The default as the server takes it: MySQL wants parentheses around an expression.
const char *my_default_text(const Spelling *how, const Column *column);
// Parts of CREATE and ALTER TABLE, appended as they stand there.
void my_put_column(StrBuf *out, const Spelling *how, const Column *column);
void my_put_parts(StrBuf *out, const PartList *parts);
void my_put_index(StrBuf *out, const Spelling *how, const Index *index);
void my_put_constraint(StrBuf *out, const Spelling *how, const Constraint *constraint);
void my_put_table_options(StrBuf *out, const Spelling *how, const Table *table);
// The name of an option as somebody wrote it, else the usual one.
const char *my_word_as_written(Arena *arena, const OptionList *options, const OptionWord *word);

// A check that stands in its column's definition and has no name of its own.
bool my_check_is_in_column(const Spelling *how, const Constraint *constraint);

// The collation of tables that name none, where the plan gives the database another one; NULL: it stays as it is.
const char *my_former_collation(const StepGraph *graph);

// The statements of a table step, appended to `out`; false with the error where the server cannot do it.
void my_render_create_table(const StepGraph *graph, const Step *step, Arena *arena, StatementList *out);
bool my_render_alter_table(const StepGraph *graph, const Step *step, Arena *arena, StatementList *out,
                           Error *err);

// Appends a statement; `text` is kept, not copied. The result may be changed until the next is appended.
Statement *my_statement(Arena *arena, StatementList *out, const char *text);

#endif
