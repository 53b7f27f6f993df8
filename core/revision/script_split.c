#define _GNU_SOURCE
#include "core/revision/script.h"

#include <string.h>
#include <strings.h>

#include "core/base/conflict.h"
#include "core/revision/directive.h"
#include "core/revision/splitter.h"

typedef struct Split {
    Arena *arena;
    unsigned rules;
    Text text;
    SourcePos base; // of the text's first byte
    Section *out;
    const char *assertion;
    SourcePos assertion_at;
    const ScriptBatch *batch; // of the directive above; NULL: none
    const char *placed; // the last place that was asked for, and its column: many statements may share a line
    unsigned placed_column;
} Split;

static SourcePos place_of(Split *split, const char *p, unsigned line)
{
    const char *from = split->placed && split->placed <= p ? split->placed : split->text.p;
    unsigned column = from == split->placed ? split->placed_column : 1;
    // the text of a script is never NULL, only empty
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker)
    const char *end = memrchr(from, '\n', (size_t)(p - from));
    split->placed_column = end ? text_column(end + 1, p) : column + text_column(from, p) - 1;
    split->placed = p;
    SourcePos at = { split->base.file, split->base.line + line - 1, split->placed_column, 0 };
    if (line == 1 && split->base.column)
        at.column += split->base.column - 1;
    return at;
}

static bool unknown_directive(SourcePos at, const Directive *directive, Error *err)
{
    static const char *const known[] = { "assert", "batch", "allow", "allow-all", "loses" };
    char word[64];
    size_t n = directive->word.n < sizeof(word) - 1 ? directive->word.n : sizeof(word) - 1;
    memcpy(word, directive->word.p, n);
    word[n] = '\0';
    error_at(err, ERR_SCRIPT, at, "unknown directive '%s'", word);
    const char *near = nearest_word(word, known, COUNT_OF(known));
    if (near)
        error_label(err, "did you mean '%s'?", near);
    return error_hint(
        err, "Between statements, only `-- cmigrate: assert TEXT`, `-- cmigrate: batch N by KEY` and the "
             "headers of sections are allowed.");
}

static bool take_batch(Split *split, const SplitEvent *event, const Directive *directive, SourcePos at,
                       Error *err)
{
    if (event->open)
        return error_at(err, ERR_SCRIPT, at, "batch belongs above a statement, not inside one");
    if (split->batch)
        return error_at(err, ERR_SCRIPT, at, "a second batch above the same statement");
    ScriptBatch *batch = ARENA_NEW(split->arena, ScriptBatch);
    split->batch = batch;
    return batch_read(split->arena, directive->rest, at, split->rules, batch, err);
}

// Directives above a statement are kept until it comes. Comments for lint are left to lint, all other unknown
// ones are errors: a misspelt assertion must not be skipped.
static bool take_comment(Split *split, const SplitEvent *event, Error *err)
{
    Directive directive;
    if (!directive_parse(event->text, &directive))
        return true;
    SourcePos at = place_of(split, directive.word.n ? directive.word.p : event->text.p, event->line);
    at.length = text_characters(directive.word);
    if (directive_is_for_lint(&directive))
        return true;
    if (text_is(directive.word, "batch"))
        return take_batch(split, event, &directive, at, err);
    if (!text_is(directive.word, "assert"))
        return unknown_directive(at, &directive, err);
    if (event->open)
        return error_at(err, ERR_SCRIPT, at, "an assertion belongs above a statement, not inside one");
    if (!directive.rest.n)
        return error_at(err, ERR_SCRIPT, at,
                        "an assertion needs a text that says what is wrong when it fails");
    if (split->assertion)
        return error_at(err, ERR_SCRIPT, at, "a second assertion above the same statement");
    split->assertion = line_text(split->arena, directive.rest);
    split->assertion_at = at;
    return true;
}

// COPY … FROM STDIN: its data would follow in the script, which only psql can send.
static bool is_copy_from_stdin(const Split *split, Text sql)
{
    if (!(split->rules & LEX_ATOMIC_BODIES) || !statement_begins(sql, split->rules, "COPY", NULL))
        return false;
    Lexer lexer;
    lex_init(&lexer, sql, split->rules, false);
    Token before = { 0 };
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token_is(&before, "FROM") && (token_is(&token, "STDIN") || token_is(&token, "PSTDIN")))
            return true;
        before = token;
    }
    return false;
}

// What is wrong where a query of a verify section gives a row, and nobody said it better.
static const char verify_text[] = "a row was found that must not be there";

// Of a verify section: it is run any time later too, so it must change nothing. What a function in it does, nobody sees here.
static bool is_query(const Split *split, Text sql)
{
    static const char *const words[] = { "SELECT", "WITH", "VALUES", "TABLE", "(" };
    Lexer lexer;
    lex_init(&lexer, sql, split->rules, false);
    Token first = lex_next(&lexer);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(&first, words[i]))
            return true;
    return false;
}

static bool refuse_change(Split *split, const SplitEvent *event, SourcePos at, Error *err)
{
    Lexer lexer;
    lex_init(&lexer, event->text, split->rules, false);
    Token first = lex_next(&lexer);
    at.length = text_characters(first.text);
    error_at(err, ERR_SCRIPT, at, "a verify section holds queries that must give no row, and this is none");
    return error_hint(err, "Put what changes the database under a line `-- cmigrate: upgrade`.");
}

// An assertion says that no row comes: above what changes the database it would say nothing, and a statement under one is
// taken for harmless where a run resumes.
static bool refuse_asserted_change(Split *split, const SplitEvent *event, SourcePos at, Error *err)
{
    static const char *const words[] = { "CREATE", "ALTER",  "DROP",    "TRUNCATE", "RENAME",
                                         "INSERT", "UPDATE", "DELETE",  "REPLACE",  "MERGE",
                                         "GRANT",  "REVOKE", "COMMENT", "SET" };
    Lexer lexer;
    lex_init(&lexer, event->text, split->rules, false);
    Token first = lex_next(&lexer);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(&first, words[i])) {
            at.length = text_characters(first.text);
            error_at(err, ERR_SCRIPT, at,
                     "an assertion belongs above a query that must give no row, and this is none");
            error_also(err, split->assertion_at, "the assertion is here");
            return error_hint(err, "Put a SELECT of the rows that must not be there between the two.");
        }
    return true;
}

// A line that a merge left, outside of texts and comments, where it may be meant.
static bool has_no_conflict(Split *split, const SplitEvent *event, Error *err)
{
    const Text sql = event->text;
    if (!memmem(sql.p, sql.n, "<<<<<<<", 7) && !memmem(sql.p, sql.n, "=======", 7) &&
        !memmem(sql.p, sql.n, ">>>>>>>", 7))
        return true;
    Lexer lexer;
    lex_init(&lexer, sql, split->rules, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer))
        if (conflict_begins(split->text, token.text.p))
            return conflict_error(err, ERR_SCRIPT,
                                  place_of(split, token.text.p, event->line + token.line - 1));
    return true;
}

// Adds a statement with the assertion or batch above it. What only a client understands, or what a
// verification must not do, is refused with its place.
static bool take_statement(Split *split, const SplitEvent *event, Error *err)
{
    SourcePos at = place_of(split, event->text.p, event->line);
    if (!has_no_conflict(split, event, err))
        return false;
    if (is_copy_from_stdin(split, event->text)) {
        at.length = 4;
        error_at(err, ERR_SCRIPT, at,
                 "COPY … FROM STDIN cannot run in a script: its data is for psql to send");
        return error_hint(
            err, "Write the rows as INSERT statements, or COPY from a file that the server can read.");
    }
    bool verifies = split->out->direction == VERIFY;
    if (verifies && !is_query(split, event->text))
        return refuse_change(split, event, at, err);
    if (split->assertion && split->batch)
        return error_at(err, ERR_SCRIPT, split->batch->at,
                        "a query that must give no row is not run in pieces");
    if (split->assertion && !refuse_asserted_change(split, event, at, err))
        return false;
    const char *assertion = split->assertion || !verifies ? split->assertion : verify_text;
    *VEC_PUSH(split->arena, &split->out->statements) =
        (ScriptStatement){ event->text, at, assertion, verifies, split->batch };
    PieceShape shape;
    bool ok =
        !split->batch || batch_cut(split->arena, split->batch, event->text, at, split->rules, &shape, err);
    split->assertion = NULL;
    split->batch = NULL;
    return ok;
}

static bool refuse_client_command(Split *split, const SplitEvent *event, Error *err)
{
    SourcePos at = place_of(split, event->text.p, event->line);
    at.length = text_characters(event->text);
    int shown = event->text.n > 60 ? 60 : (int)event->text.n;
    const char *client = event->text.p[0] == '.'             ? "the sqlite3 shell"
                         : split->rules & LEX_ROUTINE_BODIES ? "the mysql client"
                                                             : "psql";
    if (event->text.n >= 9 && strncasecmp(event->text.p, "DELIMITER", 9) == 0)
        return error_at(err, ERR_SCRIPT, at, "DELIMITER needs a delimiter after it, on the same line");
    error_at(err, ERR_SCRIPT, at, "'%.*s' is a command of %s, not SQL: it cannot run in a script", shown,
             event->text.p, client);
    return error_hint(err, "Remove the line, or write what it does as SQL.");
}

static bool refuse_unended(Split *split, const SplitEvent *event, Error *err)
{
    SourcePos at = place_of(split, event->text.p, event->line);
    at.length = 1;
    bool comment = event->text.n > 1 && event->text.p[0] == '/' && event->text.p[1] == '*';
    error_at(err, ERR_SCRIPT, at, comment ? "this comment does not end" : "this quote does not end");
    return error_hint(err, comment ? "A comment ends with */." : "A quote within a text is written twice.");
}

bool script_split(Arena *arena, const Dialect *dialect, Text text, SourcePos at, Section *out, Error *err)
{
    Split split = { .arena = arena, .rules = dialect->lex, .text = text, .base = at, .out = out };
    Splitter splitter;
    splitter_init(&splitter, text, split.rules);
    for (;;) {
        SplitEvent event = splitter_next(&splitter);
        bool ok = true;
        switch (event.kind) {
        case SPLIT_STATEMENT: ok = take_statement(&split, &event, err); break;
        case SPLIT_COMMENT: ok = take_comment(&split, &event, err); break;
        case SPLIT_BAD: ok = refuse_unended(&split, &event, err); break;
        case SPLIT_CLIENT: ok = refuse_client_command(&split, &event, err); break;
        case SPLIT_END:
            if (split.assertion)
                return error_at(err, ERR_SCRIPT, split.assertion_at, "no statement follows this assertion");
            if (split.batch)
                return error_at(err, ERR_SCRIPT, split.batch->at, "no statement follows this batch");
            return true;
        }
        if (!ok)
            return false;
    }
}

void script_of_sql(Arena *arena, const char *path, Text text, const Dialect *dialect, Script *out)
{
    const SourcePos at = { .file = path, .line = 1, .column = 1 };
    *out = (Script){ .path = path, .text = text, .revision_at = at, .rules = dialect->lex };
    *VEC_PUSH(arena, &out->sections) =
        (Section){ .direction = UPGRADE, .no_transaction = true, .at = { .file = path }, .body = text };
}
