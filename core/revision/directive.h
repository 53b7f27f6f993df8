// directive.h -- the `-- cmigrate: word …` lines of a script, and text that stays on one line.
//
// Shared by the reader and the writer of scripts, so that what one writes the other reads.
#ifndef CORE_REVISION_DIRECTIVE_H
#define CORE_REVISION_DIRECTIVE_H

#include "core/base/error.h"
#include "core/base/strbuf.h"
#include "core/base/vec.h"

typedef struct Directive {
    Text word; // empty where nothing follows the colon
    Text rest; // blanks around it and a carriage return left out
} Directive;

// A line (or a comment) that says `-- cmigrate:`; false: an ordinary one.
bool directive_parse(Text line, Directive *out);

// `allow` and `allow-all` suppress findings of lint, `loses` declares a loss to prove; nothing else reads them.
bool directive_is_for_lint(const Directive *directive);

// `assert` and `batch` say something of the statement below them.
bool directive_is_for_statement(const Directive *directive);

// False: no line of it can be a directive.
bool directive_possible(Text text);

// Where `p`, a byte of the line that begins at `line`, stands: characters from 1.
unsigned text_column(const char *line, const char *p);
unsigned text_characters(Text text);
// Of the byte at `offset` of a text whose first byte is at `at`.
SourcePos text_place(SourcePos at, Text text, size_t offset, unsigned length);
Text text_trim(Text text);
bool text_is(Text text, const char *word);

// Any bytes as one line of a comment, and back: \n, \r, \t, \\ and \xNN for what would not be plain text there.
void put_line_text(StrBuf *out, const char *text);
const char *line_text(Arena *arena, Text escaped);

// Words separated by commas or blanks.
void split_names(Arena *arena, Text text, NameList *out);

// Is there a comma with no word before or after it?
bool names_have_gap(Text text);

// NULL, or what is wrong with a date as a head tells it, "2026-11-21T10:20:30Z", as a phrase: all but the day may be left out.
const char *moment_fault(Arena *arena, Text text);

// NULL, or what is wrong with a revision id or a label, as a phrase.
const char *name_fault(Arena *arena, const char *what, const char *name);

// The word after `phase`. ERR_SCRIPT, placed.
bool script_phase(Arena *arena, SourcePos at, Text text, const char **out, Error *err);

#endif
