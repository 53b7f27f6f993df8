// locks.h -- questions about the cost of a statement that the rules of locks ask.
#ifndef CORE_LINT_LOCKS_H
#define CORE_LINT_LOCKS_H

#include "core/lint/internal.h"

// What the statement cost this table, which was there before the set; NULL: nothing, not measured, or the table is new.
const TableCost *locks_cost_of(const Judge *judge, SqlName table);
// The same as a fact for a finding, NULL where it was not measured.
const LintFact *locks_fact(const Judge *judge, const TableCost *cost);
// Did the statement read or rewrite any table that was there before the set? The first of them; NULL: none.
const TableCost *locks_read(const Judge *judge);
// Is the statement refused for a reason that only rows give, by the SQLSTATE: then it has read them.
bool locks_rows_refused(const Judge *judge, const char *states);
// The materialized view of this name, made before the set; NULL: there is none.
const View *locks_old_view(const Judge *judge, SqlName name);
// The clause of ALTER TABLE that begins with these words; NULL: none does.
const Clause *locks_clause(const Sentence *sentence, const char *words);

#endif
