// pieces.h -- runs a statement with `-- cmigrate: batch N by KEY` in pieces of N rows (core/revision/pieces.h).
//
// Each piece is a range of the key, and commits together with a note in the history of how far it came: a run that is killed
// goes on after the last piece that was committed, and no row is met twice. The end is the greatest key at the start, so
// rows that come meanwhile do not keep it running. In a section that is one transaction the pieces commit with that.
#ifndef CORE_APPLY_PIECES_H
#define CORE_APPLY_PIECES_H

#include "core/apply/apply_internal.h"
#include "core/dialect/rows.h"

// How far a statement has come.
typedef struct PieceMark {
    size_t statement; // its number, from 1
    unsigned long pieces;
    NameList key;       // columns
    NameList last, end; // values as SQL; none: no piece is done, or the table has no rows
} PieceMark;

// At the end of attempt_load. ERR_SCRIPT for a statement within a transaction of the script's own.
bool pieces_check(Attempt *attempt, Error *err) MUST_USE;
// Before progress is recorded: the history has the column for it.
bool pieces_prepare(Attempt *attempt, Error *err) MUST_USE;
// All pieces, in the transaction that is open.
bool pieces_run(Attempt *attempt, const Item *item, Error *err) MUST_USE;
// All pieces that are left, each in its own, and the note that the statement is done.
bool pieces_run_noted(Attempt *attempt, const Item *item, Error *err) MUST_USE;
// May a piece of this statement be committed?
bool pieces_begun(const Attempt *attempt, const Item *item);

// Takes from the run before how far statement `done` + 1 came. ERR_REVISION where it ran by another key.
bool pieces_resume(Attempt *attempt, size_t done, Error *err) MUST_USE;
// Carries that over to the row of this run.
bool pieces_carry(Attempt *attempt, Error *err) MUST_USE;
// For people: what a run before left of a statement that was changed; NULL: nothing.
const char *pieces_left(Attempt *attempt);

// Records how far a statement has come, in the transaction that is open; NULL: it is done.
bool pieces_write(Attempt *attempt, const PieceMark *mark, Error *err) MUST_USE;

#endif
