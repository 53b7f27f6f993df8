// pieces.h -- `-- cmigrate: batch N by KEY`: a statement that runs in pieces, each for a range of a key.
//
// In:   the directive, and the UPDATE, DELETE or INSERT … SELECT below it, which is whole by itself: a client runs it at once.
// Out:  whose rows are divided, and the statement for one range of their key: the range is a further condition of its WHERE.
//       No grammar is needed for that: the clauses of a statement begin with words that stand in no parentheses.
//
// Fails with ERR_SCRIPT, placed, for a directive that cannot be read, and for a statement that means something else in pieces.
// Memory: the arena that is passed.
#ifndef CORE_REVISION_PIECES_H
#define CORE_REVISION_PIECES_H

#include "core/base/error.h"
#include "core/base/strbuf.h"
#include "core/base/vec.h"
#include "core/model/schema.h"

typedef struct ScriptBatch {
    unsigned long rows;    // of a piece, at most
    NameList key;          // names of columns, without quotes
    const char *qualifier; // the table or alias before them, without quotes; NULL: none
    const char *text;      // "batch 1000 by id"
    SourcePos at;          // all of it
} ScriptBatch;

// Where a statement is cut.
typedef struct PieceShape {
    const char *schema, *table;    // whose rows are divided, without quotes; schema NULL: none is written
    Text source;                   // the same as SQL, as it is written
    Text name;                     // what the statement calls it: its alias, or its name, as it is written
    Text before, condition, after; // of its WHERE, whose word ends `before`; condition.n 0: it has none
} PieceShape;

// `at`: the word `batch`; `rest`: what follows it on its line. `rules` as of the section.
bool batch_read(Arena *arena, Text rest, SourcePos at, unsigned rules, ScriptBatch *out, Error *err) MUST_USE;
// `at`: the first byte of `sql`. ERR_SCRIPT.
bool batch_cut(Arena *arena, const ScriptBatch *batch, Text sql, SourcePos at, unsigned rules,
               PieceShape *out, Error *err) MUST_USE;
// The statement with `range` as a further condition.
void batch_put(StrBuf *out, const PieceShape *shape, const char *range);

// Are the values of this column compared as they are sorted? Those of MySQL's ENUM and SET are not.
bool batch_makes_ranges(const Column *column);
// The key by which a statement may run through the rows of a table: its primary key, else the first one that is unique and
// never NULL. NULL: none.
const PartList *batch_key_of(const Table *table);

#endif
