// script.h -- a revision script: one plain SQL file, read, written and split into statements.
//
// The format is documented in docs/scripts.md. Reading keeps each statement's place in the file. Writing cannot be
// broken out of: a message with newlines or control characters is flattened and escaped.
#ifndef CORE_REVISION_SCRIPT_H
#define CORE_REVISION_SCRIPT_H

#include "core/dialect/dialect.h"
#include "core/revision/pieces.h"

// The way of a section. Those that verify belong to the way up: they are run where they stand among the upgrade sections.
typedef enum Direction { UPGRADE, DOWNGRADE, VERIFY } Direction;
const char *direction_word(Direction direction); // as it follows `-- cmigrate:`

typedef struct ScriptStatement {
    Text sql;     // without the terminator, comments before it left out
    SourcePos at; // its first word
    // It is a query that must give no row; what is wrong where it gives one: the text of `-- cmigrate: assert TEXT` above it
    const char *assertion;
    bool verifies;            // it is one of a verify section
    const ScriptBatch *batch; // it runs in pieces; NULL: at once
} ScriptStatement;

typedef struct Section {
    Direction direction;
    bool no_transaction;
    const char
        *dialect; // "sqlite" …: this engine only; NULL: the script's, and where it says none, every one
    SourcePos at;
    Text body;
    VEC(ScriptStatement) statements; // split when script_split was called
} Section;

typedef struct Script {
    const char *revision;
    NameList parents; // empty: a base
    NameList labels;
    NameList depends_on;
    NameList replaces; // a squash: the revisions that it stands for, in order
    const char *message;
    const char *created;
    const char *dialect;
    const char *phase;  // "expand", "backfill" or "contract", of a change in phases; NULL: none
    const char *path;   // as found
    const char *folder; // where a new one goes; NULL: where the project keeps them
    SourcePos revision_at, parents_at, dialect_at;
    VEC(Section) sections;
    Text text;      // the whole file; NULL p until the body was read
    unsigned rules; // LEX_… by which sections were told apart where neither they nor the script say an engine
} Script;
typedef VEC(Script *) ScriptList;

// Reads the head only (fast, for the graph); `script_read` the whole. ERR_SCRIPT, placed.
bool script_read_head(Arena *arena, const char *path, Script *out, Error *err) MUST_USE;
bool script_read(Arena *arena, const char *path, Script *out, Error *err) MUST_USE;
// The whole of a script by its head: from its file or, where the head has its text, from that: there may be no file yet.
// What script_of_sql made is whole already.
bool script_read_whole(Arena *arena, const Script *head, Script *out, Error *err) MUST_USE;
// A file of plain SQL as a script without a head: one section that is sent as it appears, outside of a transaction.
void script_of_sql(Arena *arena, const char *path, Text text, const Dialect *dialect, Script *out);
bool script_text(Arena *arena, const char *path, Text *out, Error *err) MUST_USE;
bool script_read_text(Arena *arena, const char *path, Text text, Script *out, Error *err) MUST_USE;
// By whose quotes and comments it is read where it does not say an engine; NULL: by what the engines share.
bool script_read_text_as(Arena *arena, const char *path, Text text, const Dialect *dialect, Script *out,
                         Error *err) MUST_USE;
bool script_head_text(Arena *arena, const char *path, Text text, Script *out, Error *err) MUST_USE;

// The sections of one direction (not of VERIFY, see script_verifications) that apply to the dialect, split into statements, in order of running. ERR_SCRIPT, at the
// `dialect` line, where that says another engine and no section of the direction is marked for this one.
typedef VEC(Section *) SectionList;
bool script_sections(Arena *arena, const Script *script, const Dialect *dialect, Direction direction,
                     SectionList *out, Error *err) MUST_USE;

// The verify sections that apply to the dialect, split: queries that must give no row. None, where the script is for another
// engine. ERR_SCRIPT for what is no query.
bool script_verifications(Arena *arena, const Script *script, const Dialect *dialect, SectionList *out,
                          Error *err) MUST_USE;

// Can it be undone on this engine? False: an upgrade section has statements, and no downgrade section is there; one that is
// empty says that there is nothing to undo.
bool script_reversible(Arena *arena, const Script *script, const Dialect *dialect, bool *out,
                       Error *err) MUST_USE;

// Splits SQL text by the dialect's lexical rules: compound bodies and DELIMITER included. Law: what lies between two
// statements is white space, comments and terminators only; no byte of a statement is lost.
bool script_split(Arena *arena, const Dialect *dialect, Text text, SourcePos at, Section *out,
                  Error *err) MUST_USE;

// SHA-256 of what is run for a direction and dialect: the statements' texts, not comments around them or the head.
void script_checksum(Arena *arena, const SectionList *sections, char out[65]);
// The checksum of the first k statements from that of the first k-1 ("" before the first): what a run that was interrupted
// recorded, so that the next one knows that what was done is still what stands there.
void script_chain(Arena *arena, const char *before, Text sql, char out[65]);

// The text of a new script. `up` and `down` are the plans' statements (NULL: empty sections to be written by hand).
void script_write(StrBuf *out, const Script *head, const Dialect *dialect, const StatementList *up,
                  const StatementList *down);

// The same without a way back.
void script_write_up(StrBuf *out, const Script *head, const Dialect *dialect, const StatementList *up);

// The lines of the head alone.
void script_put_head(StrBuf *out, const Script *head, const Dialect *dialect);

// SQL text whose comments that would read as a directive are made harmless: they came from a person or a database, not
// from us. In the body of a routine one would not, and stays as it is.
const char *script_without_directives(Arena *arena, const char *sql, unsigned rules);

// One statement and its terminator, so that the engine's own client takes it as one: between DELIMITER lines where
// semicolons stand in it and the client would end it there.
void script_put_for_client(StrBuf *out, const Dialect *dialect, const char *sql);

// The file name of a new script by file_template ({timestamp} {revision} {slug} {epoch} {year} {month} {day} {hour}
// {minute} {second}), with ".sql". NULL with ERR_CONFIG: another word in braces, or a folder.
const char *script_file_name(Arena *arena, const char *file_template, const char *revision,
                             const char *message, int64_t when, unsigned truncate_slug_length, Error *err);
const char *revision_new_id(Arena *arena); // 12 random hexadecimal digits

#endif
