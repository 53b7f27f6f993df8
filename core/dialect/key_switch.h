// key_switch.h -- an engine that enforces foreign keys only while the session asks for it (SQLite).
//
// A statement switches it on and off, and has no effect inside a transaction. Another statement looks for the rows that
// violate a key. core/apply runs the switch around the transaction of a section, and lets the check fail only for rows that
// did not violate a key before. Violations are counted for each key, which is known by its table, its columns and the table
// that it refers to.
// https://sqlite.org/pragma.html: PRAGMA foreign_keys, PRAGMA foreign_key_check; https://sqlite.org/lang_altertable.html
#ifndef CORE_DIALECT_KEY_SWITCH_H
#define CORE_DIALECT_KEY_SWITCH_H

#include "core/base/strbuf.h"
#include "core/dialect/lex.h"

typedef enum KeyStatement {
    KEY_STATEMENT_NONE,
    KEY_STATEMENT_SWITCH, // turns enforcement on or off, or asks for it
    KEY_STATEMENT_CHECK,  // looks for rows that violate a key
} KeyStatement;

typedef struct KeySwitch {
    // Of which kind a statement is.
    KeyStatement (*kind)(Text statement);
    // A query with one value: "0" where keys are not enforced, NULL where the engine was built without them.
    const char *state;
    const char *off, *on; // statements
    const char *setting;  // what they set, as messages name it
    const char *check;    // a check of all tables, as messages name it

    // The table that a check names, allocated in `arena`; NULL: it checks all tables.
    const char *(*checked_table)(Arena *arena, Text check);
    // A query with a row for each violated key: t its table, c its columns, p the table that it refers to, n the number of
    // rows, r what finds one of them (NULL: nothing does). Columns are joined by KEY_COLUMNS_BETWEEN. `tables`: only their
    // keys; an empty list: all.
    void (*put_violations)(StrBuf *out, const NameList *tables);

    // The same for a script that the engine's own client runs. keep: statements that keep the violations there are, pushed to
    // `out`. rename: statements that give what is kept the name of a table (column NULL) or of a column after a rename.
    // put_new_violations: a query with a row for each key that more rows violate than were kept.
    void (*keep)(Arena *arena, const NameList *tables, NameList *out);
    void (*rename_table)(Arena *arena, const char *from, const char *to, NameList *out);
    void (*rename_column)(Arena *arena, const char *table, const char *from, const char *to, NameList *out);
    void (*put_new_violations)(StrBuf *out, const NameList *tables);
} KeySwitch;

#define KEY_COLUMNS_BETWEEN "\x1f" // which no name holds

#endif
