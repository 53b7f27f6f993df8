// internal.h -- what the files of core/prove share.
#ifndef CORE_PROVE_INTERNAL_H
#define CORE_PROVE_INTERNAL_H

#include "core/diff/diff.h"
#include "core/prove/image.h"
#include "core/prove/losses.h"
#include "core/prove/prove.h"

// A partition, or a table that inherits from another, whose rows are declared lost.
typedef struct LostPart {
    const Table *table;
    size_t rows;
} LostPart;

// The proof of one revision, as far as it has come.
typedef struct Proof {
    Prove *prove;
    const Revision *revision;
    Arena *arena;
    Script script;
    SectionList up, down;
    Schema before, after; // the revision
    Image image_before, image_after;
    DeclaredLosses losses;
    VEC(LostPart) lost_parts;
    RowsMadeList tried; // a row for each table, before the upgrade
    bool fresh;
    ProveResult *result;
} Proof;

// Adds a finding: the step fails. `object` and `hint` may be NULL, and are kept, not copied.
void found(Proof *proof, ProveStep step, const char *object, SourcePos at, const char *hint, const char *fmt,
           ...) PRINTF_LIKE(6, 7);
// Adds a note to a step, which does not fail by it.
void noted(Proof *proof, ProveStep step, const char *fmt, ...) PRINTF_LIKE(3, 4);
SourcePos up_place(const Proof *proof, const char *name); // of the statement that names it, else the first
// The same of the downgrade.
SourcePos down_place(const Proof *proof, const char *name);
// The name as messages show it, with its schema unless it is the default.
const char *table_title(Arena *arena, const Table *table);
bool is_same_table(const Table *a, const Table *b); // by name: of two readings

// taken.c: fills prove->taken, once.
void taken_read(Prove *prove);

// fill.c: what the upgrade asserts, as queries; and the first step of the proof.
bool guards_read(Proof *proof, NameList *out, Error *err) MUST_USE;
bool fill_tables(Proof *proof, Error *err) MUST_USE;

// schema.c: findings for what differs.
bool schema_read_now(Proof *proof, Schema *out, Error *err) MUST_USE;
// Appends a finding for each difference.
bool schema_compare(Proof *proof, ProveStep step, const Schema *was, const Schema *is, Error *err) MUST_USE;

// values.c: before the upgrade, fills proof->lost_parts.
bool parts_declared_lost(Proof *proof, Error *err) MUST_USE;
// The findings of each step.
void values_after_up(Proof *proof);
void values_after_down(Proof *proof, const Image *back);
void values_again(Proof *proof, const Image *again);

#endif
