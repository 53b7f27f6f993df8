// render.h -- the pieces of PostgreSQL's DDL, each written by one function so that CREATE and ALTER agree.
//
// A Render is one step on its way to statements. pg_emit closes a text as a statement; the comment above it (locks,
// rewrites, losses) is said with pg_cost. Nothing here decides what has to be done: that is plan*.c.
#ifndef DRIVERS_POSTGRESQL_RENDER_RENDER_H
#define DRIVERS_POSTGRESQL_RENDER_RENDER_H

#include "drivers/postgresql/facts/facts.h"

typedef struct Render {
    Arena *arena;
    const StepGraph *graph;
    const Step *step;
    StatementList *out;
    Error *err;
    unsigned version; // of the server: 150003
    bool online;      // the step is about something that exists and may be in use
} Render;

// When the server does an action of ALTER TABLE: its passes in its order (AlterTablePass in tablecmds.c), as far as all
// supported versions agree.
typedef enum PgPass {
    PG_PASS_NONE, // nothing is done
    PG_PASS_DROP,
    PG_PASS_TYPE,
    PG_PASS_ADD_COLUMN,
    PG_PASS_NOT_NULL,
    PG_PASS_INDEX,
    PG_PASS_OTHER, // checks and defaults
    PG_PASS_LAST
} PgPass;

// action.c: ALTER TABLE with one action, `text`, on the table of `part`, which may be done together with others.
Statement *pg_emit_action(const Render *r, const Object *part, const StrBuf *text, TableAction action);
// The same for a statement of a step that is written while the plan is made.
void pg_set_action(Arena *arena, Statement *statement, const Object *part, const char *text,
                   TableAction action);
StrBuf pg_begin_column(const Render *r, const Column *column); // an action: ALTER COLUMN name
// Of a statement that changes nothing: what it asks or says, so that it may change its place with those that do.
void pg_say_action(const Render *r, Statement *statement, TableAction action);
NameList pg_one_name(const Render *r, const char *name); // NULL: none
// ADD CONSTRAINT name NOT NULL column (18), and what follows it. `only`: not in the tables that inherit.
StrBuf pg_begin_not_null(const Render *r, const Column *column);
Statement *pg_emit_not_null(const Render *r, const Column *column, const StrBuf *text, bool only);
NameList pg_row_key_names(const Render *r); // the columns of pg_row_key; empty: ctid

// Text under construction; `pg_begin` starts a statement, `pg_emit` ends it.
StrBuf pg_begin(const Render *r);
Statement *pg_emit(const Render *r, const StrBuf *text);
void pg_cost(const Render *r, Statement *statement, const char *lock, const char *note); // either may be NULL

void pg_render_comment(const Render *r, const Object *object); // COMMENT ON …, NULL where it has none
void pg_comment_if(const Render *r, const Object *object);     // only where it has one
// On the sequence of a column or the index of a key, where the option of it differs; `have` may be NULL.
void pg_render_inner_comment(const Render *r, const Object *have, const Object *want);

void pg_render_not_null_comment(const Render *r, const Column *have,
                                const Column *want); // 18; have NULL: none
// ALTER ... RENAME TO of an object, with nothing that depends on its name.
void pg_render_rename_plain(const Render *r, const Object *have, const char *name);

// Settings as `a=1, b='x y'`.
typedef struct Setting {
    const char *key, *value;
} Setting;
typedef VEC(Setting) SettingList;
SettingList pg_settings(Arena *arena, const char *text);
void pg_put_settings(StrBuf *out, const char *text); // (a='1', b='x')
// SET (…) and RESET (…) after `head`, as far as they differ.
void pg_render_settings(const Render *r, const char *head, const char *have, const char *want);
void pg_put_fdw_options(StrBuf *out, const char *options);                // OPTIONS (a 'x', b 'y')
void pg_put_fdw_changes(StrBuf *out, const char *have, const char *want); // OPTIONS (ADD …, SET …, DROP …)

// table.c, partition.c
void pg_render_create_table(const Render *r, const Table *table);
void pg_render_alter_table(const Render *r);
void pg_render_rename_table(const Render *r);
void pg_render_not_of(const Render *r, const Object *table); // a typed table leaves its type
void pg_render_remade_table(const Render *r);                // recreate_table.c
void pg_put_like_parent(StrBuf *out, const Table *table);
void pg_render_privileges(const Render *r); // of what the step creates again; privileges.c
// row_json.c: the expression; `around` gets what must come before and after its statement, or stays empty.
const char *pg_from_json(const Render *r, const Column *want, const char *json, StatementList *around);
void pg_render_attach(const Render *r, const Table *table);
void pg_render_leave_parents(const Render *r, const Table *have, const Table *want); // NO INHERIT
void pg_render_detach(const Render *r, const Table *table);
// Replica identity and clustering by an index that has just been made.
void pg_render_index_marks(const Render *r, const Table *table, const char *index);
// A partition's own name for what it has of its parent's index or key.
void pg_render_adopt(const Render *r, const Object *object);

// column.c, alter_column.c, cast.c
bool pg_not_null_says_name(const Render *r, const Column *column);
void pg_put_column(StrBuf *out, const Render *r, const Column *column, bool override);
void pg_render_after_column(const Render *r, const Column *column);
void pg_render_before_column(const Render *r, const Column *column);
void pg_render_add_column(const Render *r, const Column *column);
void pg_render_drop_column(const Render *r, const Column *column);
void pg_render_alter_column(const Render *r);
const char *pg_default_storage(const Render *r); // the word after SET STORAGE that takes one back
const Column *pg_parent_column(const Render *r, const Column *column); // of the model; NULL: none
bool pg_goes_with_parent(const Render *r, const Column *column);       // one that the child has of it
void pg_render_override(const Render *r, const Column *have,
                        const Column *want); // what a child says of an inherited column
bool pg_type_comes_from_parent(const Render *r, const Column *have, const Column *want);
void pg_render_rename_not_null(const Render *r, const Column *have,
                               const Column *want); // of an inherited one
void pg_render_follow_names(const Render *r, const Column *have, const Column *want);
void pg_render_rename_column(const Render *r);
// What a row of the step's table is found by, for assertions: its key, or its place. Never another value.
const char *pg_row_key(const Render *r);
// A query, in front of a change of type, that finds a value which the new type has no room for.
bool pg_rows_are_elsewhere(
    const Render *r); // the step's table is a foreign one: the server may not be reached
void pg_render_narrowing(const Render *r, const Column *have, const Column *want); // narrow.c
// The same for a value that would not be the same afterwards, unless losses are allowed.
void pg_render_lossy(const Render *r, const Column *have, const Column *want);
bool pg_column_is_manual_serial(const Column *column);

// move_rows.c: rows that only move, each time as one DO block that nothing that reacts to rows gets to see.
// INSERT INTO want … SELECT … FROM from, which has the columns of have; as many, and the same, must arrive.
const char *pg_copy_block(StepGraph *graph, const Table *have, const Table *want, const char *from);
// CREATE TABLE aside with the rows of `from` for which `where` holds (NULL: all), which leave it.
const char *pg_take_block(StepGraph *graph, const Table *have, const char *from, const char *where,
                          const char *aside);
const char *pg_aside_name(StepGraph *graph, const Table *table,
                          const char *label); // that nothing has; quoted
// Forced row security, on either side: a query of the owner would not see all rows.
bool pg_hides_rows(const StepGraph *graph, const char *schema, const char *table);
// A SELECT that must see all rows of the table.
const char *pg_seen_query(const StepGraph *graph, const char *schema, const char *table, const char *query);
// A query that must give no row of the table, or `message` is what is wrong. It shows the row's key and reads `column` (NULL:
// none), perhaps only whether it is NULL.
void pg_emit_assertion(const Render *r, const StrBuf *query, const Object *part, const char *column,
                       bool only_null, const char *message);

// costs.c: for the comments. NULL: nothing to say.
const char *pg_note_of_new_column(const Render *r, const Column *column);
// `converts`: by an expression after USING.
const char *pg_note_of_type(const Render *r, const Column *have, const Column *want, bool converts);
bool pg_not_null_is_proved(const Render *r, const Column *column); // by a valid check, so no row is read
const Table *pg_default_partition_of(const Render *r, const char *parent); // that is there before
const char *pg_lock_of_drop(const Render *r, const Table *table);
const char *pg_lock_of_new_partition(const Render *r, const Table *table);
const char *pg_lock_of_index_drop(const Render *r, const Object *index);
void pg_cost_of_domain_rule(const Render *r, Statement *statement, const DomainType *domain);

// constraint.c, index.c
void pg_put_constraint(StrBuf *out, const Render *r, const Constraint *constraint, bool not_valid);
void pg_render_add_constraint(const Render *r, const Constraint *constraint);
Statement *pg_emit_add_constraint(const Render *r, const Constraint *constraint, bool not_valid);
void pg_render_validate(const Render *r, const Constraint *constraint);
void pg_render_alter_constraint(const Render *r);
void pg_render_create_index(const Render *r, const Index *index);
void pg_render_alter_index(const Render *r);
void pg_render_attach_index(const Render *r, const Object *index);
void pg_render_index_settings(const Render *r, const Object *have,
                              const Object *want); // of an index, of a key
const OptionList *pg_parent_index_options(const Render *r,
                                          const Object *object); // NULL: it is not in the model
void pg_put_parts(StrBuf *out, const PartList *parts);
// `how`: CONCURRENTLY or nothing; `only`: "ONLY " or nothing.
void pg_put_index(StrBuf *out, const Index *index, const char *how, const char *only);

// online.c: each says whether it did it
bool pg_is_in_use(const Render *r,
                  const Object *object); // the table that it hangs on was there before the plan
bool pg_online_create_index(const Render *r, const Index *index);
bool pg_online_drop_index(const Render *r, const Object *index);
bool pg_online_add_constraint(const Render *r, const Constraint *constraint);
bool pg_online_set_not_null(const Render *r, const Column *column);
void pg_online_timeouts(const Render *r, size_t first);

// type.c, domain.c, sequence.c, view.c, verbatim.c
bool pg_render_type_step(const Render *r);
bool pg_render_sequence_step(const Render *r);
bool pg_render_view_step(const Render *r);
void pg_render_view_cluster(const Render *r, const Object *view, const char *index); // where it is the one
bool pg_render_verbatim_step(const Render *r);
void pg_render_verbatim_create(const Render *r);
void pg_render_range_aside(const Render *r,
                           const Object *range); // range.c: its functions and multirange
void pg_render_alter_range(const Render *r);
void pg_render_alter_foreign(const Render *r);      // foreign.c
void pg_render_alter_subscription(const Render *r); // subscription.c

#endif
