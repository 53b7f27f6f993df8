// import_internal.h -- what the readers share: files, versions, sections.
#ifndef CORE_IMPORT_IMPORT_INTERNAL_H
#define CORE_IMPORT_IMPORT_INTERNAL_H

#include "core/import/import.h"

// ---- files.c

// All regular files of the folder, by name; with `deep` those of its folders too, as "sub/name".
bool import_list(Import *import, bool deep, NameList *out, Error *err) MUST_USE;
// The text of one of them: a regular file, without a byte order mark. ERR_SCRIPT, placed, for a NUL byte.
bool import_text(const Import *import, const char *path, Text *out, Error *err) MUST_USE;
const char *import_path(const Import *import, const char *name);

// A line at a time, its end left out. False at the end.
typedef struct Lines {
    const char *p, *end;
    unsigned number; // of the line that was given last
} Lines;
bool lines_next(Lines *lines, Text *out);

// ---- versions.c

// Digits in parts that dots or underscores divide: -1, 0, 1. Leading zeros and empty ends do not count.
int version_compare(const char *a, const char *b);
size_t digits_at(const char *text); // how many it begins with
// "20260131120000" as a time; NULL: it is none.
const char *version_time(Arena *arena, const char *version);

// A revision of that id, placed in `path`. NULL: the id cannot be one of ours.
Imported *import_add(Import *import, const char *id, const char *version, const char *message,
                     const char *path, Error *err);
// Sorts by version and makes each the child of the one before. Two of one version are refused, with both files.
bool import_chain(Import *import, Error *err) MUST_USE;

// ---- section.c

// Adds SQL as one section or several: where BEGIN and COMMIT stand in it, each transaction becomes a section of its own,
// as scripts of ours begin and end theirs themselves. `open`: a transaction is open at the beginning, and afterwards.
bool import_section(Import *import, Imported *to, Direction direction, bool no_transaction, bool *open,
                    Text sql, SourcePos at, Error *err) MUST_USE;
// A downgrade that fails by itself and says why: there is none, and going down all the same would lie.
void import_no_downgrade(Import *import, Imported *to, const char *why);
bool import_has(const Imported *imported, Direction direction);
// Text that would be filled in here although it was none of the tool's variables.
bool import_refuse_variables(Text sql, SourcePos at, Error *err) MUST_USE;
// `${x.NAME}` is asked for.
void import_variable(Import *import, StrBuf *out, Text name, Text fallback);

// ---- the readers
bool read_dbmate(Import *import, Error *err);
bool read_goose(Import *import, Error *err);
bool read_flyway(Import *import, Error *err);
bool read_golang_migrate(Import *import, Error *err);
bool read_alembic(Import *import, Error *err);

// alembic_output.c: one script of `alembic upgrade --sql` or `downgrade --sql`, taken apart at its `-- Running` lines. A
// revision that has sections of that direction already is passed over.
bool alembic_take_output(Import *import, Direction direction, Text output, Error *err) MUST_USE;

#endif
