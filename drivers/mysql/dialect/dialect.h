// dialect.h -- what the files of MySQL's and MariaDB's dialect share: both servers are one dialect, and the few places
// where their SQL differs ask mysql_flavor.
#ifndef DRIVERS_MYSQL_DIALECT_DIALECT_H
#define DRIVERS_MYSQL_DIALECT_DIALECT_H

#include "core/dialect/sql.h"

// Facts about a server that SQL text must know, as ServerInfo.flags.
typedef enum ServerFlag {
    SERVER_MARIADB = 1 << 0,
} ServerFlag;

// Which server a plan is for: the database's, else the model's, else MySQL.
bool my_for_mariadb(const StepGraph *graph);

enum { MY_OPTION_COUNT = 59 };
extern const OptionInfo my_option_infos[MY_OPTION_COUNT];

// The words of a table's own options as SQL writes them: option_words[i].key is the model's.
typedef struct OptionWord {
    const char *key;
    const char *keyword;
    enum { AS_WORD, AS_LITERAL, AS_SQL } form; // of the value
    const char *unset; // ALTER TABLE takes it back with this; NULL: nothing does (the table keeps it)
} OptionWord;
enum { MY_TABLE_WORD_COUNT = 33 };
extern const OptionWord my_table_words[MY_TABLE_WORD_COUNT];
SqlPart my_word_part(const OptionWord *word, const char *value);

// Slots of Dialect: core/dialect/dialect.h says what each takes and gives. So are the other functions below
// without a word of their own.
void my_put_identifier(StrBuf *out, const char *name);
void my_put_literal(StrBuf *out, const char *text);
const char *my_default_literal(Arena *arena, const char *type, const char *scalar, bool was_quoted);
bool my_same_sql(Arena *arena, const char *a, const char *b);

// The text that a string token stands for, escapes undone.
const char *my_string_value(Arena *arena, const Token *token);

// A default in the one spelling that both servers' and people's come to: 0 for '0' at a number, CURRENT_TIMESTAMP for
// now(), ('x') for a text's literal.
const char *my_default_canonical(Arena *arena, const char *type, const char *sql);

// A slot of Dialect.
bool my_resolve(Arena *arena, Schema *schema, Error *err);

// trigger_order.c: "BEFORE INSERT" of a trigger's text; NULL: it is no CREATE TRIGGER.
const char *my_trigger_event(Arena *arena, const Object *trigger);
// FOLLOWS and PRECEDES in the texts of a model become the option `follows`, which then all triggers of such a table and event
// have but the first. An error: they follow each other in a cycle.
bool my_order_triggers(Arena *arena, Schema *schema, Error *err);

// renames.c: names of keys and checks that the server changes with the name of their table.
void my_carry_rename(Arena *arena, Schema *schema, const Object *renamed, const char *from);

// Slots of Dialect.
Fate my_fate(const Change *change, const Schema *have, const Schema *want);
bool my_blocks(const Step *step, const Object *dependent);
bool my_expand(StepGraph *graph, Error *err);
bool my_sync_columns(Arena *arena, const Table *table, const Column *old, const Column *fresh,
                     ColumnSync *out,
                     Error *err); // plan/sync.c
void my_remake(StepGraph *graph); // plan_remake.c
// A slot of Dialect.
bool my_render(Arena *arena, const StepGraph *graph, const Step *step, StatementList *out, Error *err);

#endif
