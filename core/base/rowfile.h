// rowfile.h -- files of rows, read one row at a time: CSV, TSV and JSON Lines.
//
// In:   a path; its format is that of its ending (.csv, .tsv, .jsonl).
// Out:  the names of the columns, then rows of texts. Memory does not grow with the file.
//
// CSV: fields may stand in double quotes, in which a quote is doubled and lines may end. TSV: \t, \n, \r and \\ stand for
// those characters. JSON Lines: one object a line; its members are columns, which the first line names. NULL is what
// `null` says, where it is not in quotes (default: nothing at all in CSV, \N in TSV), and null in JSON.
//
// Fails: ERR_IO; ERR_SCHEMA placed at the line. The file that is opened is the caller's to close.
#ifndef CORE_BASE_ROWFILE_H
#define CORE_BASE_ROWFILE_H

#include "core/base/error.h"
#include "core/base/strbuf.h"
#include "core/base/vec.h"

typedef struct RowField {
    const char *text; // NULL: a null
    bool quoted;      // a text, whatever it looks like
    bool absent;      // JSON: the object does not have it
} RowField;

typedef struct RowFile RowFile;

// `shown` stands in messages; `null` may be NULL: the format's own. NULL: an error.
RowFile *rowfile_open(Arena *arena, const char *path, const char *shown, const char *null, Error *err);
void rowfile_close(RowFile *file); // NULL is allowed
const NameList *rowfile_columns(const RowFile *file);
// The next row: as many fields as there are columns, valid until the next call. *more false: there is none.
bool rowfile_next(RowFile *file, const RowField **fields, bool *more, Error *err) MUST_USE;
unsigned rowfile_line(const RowFile *file); // where the last row began

// A field as CSV, by these rules: NULL is nothing, a text that could be taken for it or for more than one stands in quotes.
void rowfile_put_csv(StrBuf *out, const char *text);

#endif
