// report.h -- the one place that prints.
//
// Results go to standard output, messages to standard error, and the two never overtake each other. Whatever a file, a
// server or a person put into a text is shown with its control and direction-turning characters escaped, so that
// nothing can repaint the terminal. An error is printed as
//
//     error: unknown column type 'strng'
//       --> schema.yaml:14:13
//        |
//     14 |       name: {type: strng(80)}
//        |                    ^^^^^ did you mean 'string'?
//        = hint: …
#ifndef CLI_OUTPUT_REPORT_H
#define CLI_OUTPUT_REPORT_H

#include <stdio.h>

#include "core/base/error.h"
#include "core/base/strbuf.h"
#include "core/model/schema.h"

typedef enum Style {
    STYLE_PLAIN,
    STYLE_ERROR,
    STYLE_WARNING,
    STYLE_STRONG,
    STYLE_DIM,
    STYLE_ADD,
    STYLE_DROP,
    STYLE_CHANGE
} Style;

typedef struct Report {
    Arena *arena;
    FILE *out, *err;
    bool color_out, color_err; // is each to be coloured
    bool terminal;             // standard error is one: progress may be shown
    bool answers_terminal;     // standard output is one
    bool interactive;          // a question can be asked and answered
    bool quiet;
    bool json;     // standard output carries JSON only
    bool answered; // something was put to standard output
    unsigned verbose;
    size_t warnings;
    StrBuf line; // that is being put together
} Report;

// `color`: "auto", "always", "never" or NULL.
void report_start(Report *report, Arena *arena, const char *color);

// A line of the answer (standard output). Not printed when JSON is asked for.
void report_line(Report *report, const char *fmt, ...) PRINTF_LIKE(2, 3);
// The same for a line that has no colours and is not formatted, as there may be thousands: it is made safe as a whole, line
// ends in it too. Its text is used up.
void report_words(Report *report, StrBuf *words);
// Text of the answer as it appears: SQL, YAML, a JSON document. Always printed. On a terminal its control characters are
// escaped; what goes into a file or another program is the bytes themselves.
void report_raw(Report *report, const char *bytes, size_t n);
// A line for the person (standard error): progress, what to do next. Silent with --quiet.
void report_note(Report *report, const char *fmt, ...) PRINTF_LIKE(2, 3);
void report_warning(Report *report, const char *fmt, ...) PRINTF_LIKE(2, 3);
void report_warnings(Report *report, const WarningList *warnings);

// An error with all that hangs on it, on standard error.
void report_error(Report *report, const Error *err);
// The same as {"error": …} on standard output, where nothing was answered yet.
void report_error_json(Report *report, const Error *err);

// Appends `text` with unprintable characters escaped; line ends stay when `lines`.
void put_safe(StrBuf *out, const char *text, size_t n, bool lines);
const char *safe(Arena *arena, const char *text);
const char *style_on(const Report *report, FILE *stream, Style style); // "" where there is no colour
const char *style_off(const Report *report, FILE *stream);
// A path as the user would name it: relative to the working directory where it lies below it.
const char *path_shown(Arena *arena, const char *path);
// Columns that `text` takes on a terminal.
size_t text_width(const char *text);
// The width of the terminal that the answer is shown on; 0: it goes into a file or another program.
size_t report_columns(const Report *report);

// report_place.c: the source line with its underline, in the form above.
void put_place(StrBuf *out, const Report *report, const SourcePos *at, const char *label, Style style);

#endif
