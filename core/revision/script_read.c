#include "core/revision/script.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/conflict.h"
#include "core/base/file.h"
#include "core/base/hidden.h"
#include "core/revision/directive.h"
#include "core/revision/script_bytes.h"
#include "core/revision/splitter.h"

enum { SMALL_FILE = 4096 }; // bytes that are read at once; most scripts are shorter

// What a section is read by when neither it nor the script says an engine: what the engines share.
enum { LEX_ANY = LEX_BACKTICK_NAMES | LEX_DOLLAR_QUOTES | LEX_TRIGGER_BODIES | LEX_ATOMIC_BODIES };

typedef enum Header {
    REVISION,
    PARENTS,
    MESSAGE,
    CREATED,
    DIALECT,
    LABELS,
    DEPENDS_ON,
    REPLACES,
    PHASE,
    HEADER_COUNT
} Header;
static const char *const header_words[] = { "revision", "parents", "message",    "created",
                                            "dialect",  "labels",  "depends_on", "replaces",
                                            "phase",    "upgrade", "downgrade",  "verify" };

typedef struct Reading {
    Arena *arena;
    Script *script;
    Text text;
    unsigned rules; // of sections that no engine is said for
    SourcePos seen[HEADER_COUNT];
} Reading;

// The name of the engine that a word means, whatever its case, and the lexical rules of its scripts. NULL: it is none.
static const char *engine_name(Text word, unsigned *rules)
{
    char lower[16] = "";
    for (size_t i = 0; i < word.n && i < sizeof(lower) - 1; i++)
        lower[i] = (char)tolower((unsigned char)word.p[i]);
    const Dialect *dialect = word.n < sizeof(lower) ? dialect_by_name(lower) : NULL;
    if (!dialect)
        return NULL;
    *rules = dialect->lex;
    return dialect->name;
}

static const char *word_of(Arena *arena, Text text)
{
    return arena_strndup(arena, text.p, text.n < 200 ? text.n : 200);
}

static SourcePos place(const Reading *r, const char *line, unsigned number, Text part)
{
    return (SourcePos){ r->script->path, number, text_column(line, part.p), text_characters(part) };
}

static bool unknown_engine(Arena *arena, SourcePos at, Text word, Error *err)
{
    const char *name = word_of(arena, word), *near = nearest_word(name, dialect_words, DIALECT_WORD_COUNT);
    error_at(err, ERR_SCRIPT, at, "unknown engine '%s'", name);
    return near ? error_label(err, "did you mean '%s'?", near)
                : error_hint(err, "Known are sqlite, postgresql, mysql and mariadb.");
}

static bool unknown_directive(Arena *arena, SourcePos at, Text word, Error *err)
{
    const char *name = word_of(arena, word), *near = nearest_word(name, header_words, COUNT_OF(header_words));
    if (!word.n)
        return error_at(err, ERR_SCRIPT, at, "a directive needs a word after `cmigrate:`");
    error_at(err, ERR_SCRIPT, at, "unknown directive '%s'", name);
    return near ? error_label(err, "did you mean '%s'?", near)
                : error_hint(err, "The sections are upgrade, downgrade and verify; docs/scripts.md lists the "
                                  "other directives.");
}

static bool check_names(const Reading *r, SourcePos at, const char *what, const NameList *names, Error *err)
{
    VEC_EACH (const char *, name, names) {
        const char *fault = name_fault(r->arena, what, *name);
        if (fault)
            return error_at(err, ERR_SCRIPT, at, "%s", fault);
    }
    return true;
}

static bool take_names(Reading *r, SourcePos at, const char *what, Text rest, NameList *out, Error *err)
{
    if (names_have_gap(rest)) {
        error_at(err, ERR_SCRIPT, at, "a %s is missing beside a comma", what);
        return error_hint(err, "Write one comma between two names, and none after the last.");
    }
    split_names(r->arena, rest, out);
    return check_names(r, at, what, out, err);
}

static bool take_revision(Reading *r, SourcePos at, Text rest, Error *err)
{
    NameList names = { 0 };
    split_names(r->arena, rest, &names);
    if (names.count != 1) {
        error_at(err, ERR_SCRIPT, at,
                 names.count ? "a script is one revision" : "the revision's id is missing");
        return error_hint(err, "Its id is one word, as in: -- cmigrate: revision 3f2a9c1b8e07");
    }
    r->script->revision = names.items[0];
    r->script->revision_at = at;
    return check_names(r, at, "revision identifier", &names, err);
}

static bool take_created(Reading *r, SourcePos at, Text rest, Error *err)
{
    const char *fault = moment_fault(r->arena, rest);
    if (fault) {
        error_at(err, ERR_SCRIPT, at, "%s", fault);
        return error_hint(err, "It is written as in created 2026-11-21T10:20:30Z; the line may be left out.");
    }
    r->script->created = line_text(r->arena, rest);
    return true;
}

// One line of the head. Each may appear once; the place of the first is kept for the message about a second.
static bool take_header(Reading *r, Header header, SourcePos word_at, SourcePos at, Text rest, Error *err)
{
    Script *script = r->script;
    if (r->seen[header].line) {
        error_at(err, ERR_SCRIPT, word_at, "'%s' appears twice in the head", header_words[header]);
        if (err) {
            err->also = r->seen[header];
            memcpy(err->also_label, "first here", sizeof("first here"));
        }
        return false;
    }
    r->seen[header] = word_at;
    unsigned rules;
    switch (header) {
    case REVISION: return take_revision(r, at, rest, err);
    case PARENTS:
        script->parents_at = at;
        return take_names(r, at, "revision identifier", rest, &script->parents, err);
    case MESSAGE: script->message = line_text(r->arena, rest); return true;
    case CREATED: return take_created(r, at, rest, err);
    case DIALECT:
        script->dialect = engine_name(rest, &rules);
        script->dialect_at = at;
        return script->dialect || unknown_engine(r->arena, at, rest, err);
    case LABELS: return take_names(r, at, "branch label", rest, &script->labels, err);
    case DEPENDS_ON: return take_names(r, at, "revision identifier", rest, &script->depends_on, err);
    case REPLACES: return take_names(r, at, "revision identifier", rest, &script->replaces, err);
    case PHASE: return script_phase(r->arena, at, rest, &script->phase, err);
    case HEADER_COUNT: break;
    }
    return true;
}

static bool is_section(const Directive *directive)
{
    return text_is(directive->word, "upgrade") || text_is(directive->word, "downgrade") ||
           text_is(directive->word, "verify");
}

static Direction direction_of(const Directive *directive)
{
    return text_is(directive->word, "upgrade")     ? UPGRADE
           : text_is(directive->word, "downgrade") ? DOWNGRADE
                                                   : VERIFY;
}

static bool take_head_line(Reading *r, const char *line, unsigned number, const Directive *directive,
                           Error *err)
{
    SourcePos word_at = place(r, line, number, directive->word);
    SourcePos at = directive->rest.n ? place(r, line, number, directive->rest) : word_at;
    for (Header header = 0; header < HEADER_COUNT; header++)
        if (text_is(directive->word, header_words[header]))
            return take_header(r, header, word_at, at, directive->rest, err);
    return directive_is_for_lint(directive) || unknown_directive(r->arena, word_at, directive->word, err);
}

// Reads lines up to the first section. *end is where that begins, or NULL where the text has none. Only whole lines are
// looked at unless `whole` says that nothing follows the text.
static bool read_head(Reading *r, bool whole, const char **end, unsigned *number, Error *err)
{
    const char *p = r->text.p, *last = p + r->text.n;
    if (r->text.n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    *end = NULL;
    for (*number = 1; p < last; (*number)++) {
        const char *newline = memchr(p, '\n', (size_t)(last - p));
        if (!newline && !whole)
            return true;
        Text line = { p, (size_t)((newline ? newline : last) - p) };
        Directive directive;
        if (memchr(line.p, '\0', line.n))
            return script_refuse_nul(r->script->path, r->text, *number, err);
        if (directive_parse(line, &directive)) {
            if (is_section(&directive)) {
                *end = p;
                return true;
            }
            if (!take_head_line(r, p, *number, &directive, err))
                return false;
        } else {
            Text text = text_trim(line);
            if (conflict_begins(r->text, p))
                return conflict_error(err, ERR_SCRIPT, place(r, p, *number, text));
            if (text.n && !(text.n >= 2 && memcmp(text.p, "--", 2) == 0)) {
                error_at(err, ERR_SCRIPT, place(r, p, *number, text), "statements belong in sections");
                return error_hint(err, "Put a line `-- cmigrate: upgrade` above it.");
            }
        }
        p = newline ? newline + 1 : last;
    }
    return true;
}

static bool own_parent(const Script *script, Error *err)
{
    error_at(err, ERR_SCRIPT, script->parents_at, "revision %s is its own parent", script->revision);
    return error_hint(err, "Name the revision before it; a first revision has no parents line.");
}

static bool check_head(const Reading *r, Error *err)
{
    const Script *script = r->script;
    if (!script->revision) {
        error_at(err, ERR_SCRIPT, (SourcePos){ script->path, 1, 0, 0 },
                 "the script does not say its revision");
        return error_hint(err, "Its first line should be: -- cmigrate: revision ID");
    }
    if (names_have(&script->parents, script->revision))
        return own_parent(script, err);
    if (names_have(&script->depends_on, script->revision))
        return error_at(err, ERR_SCRIPT, script->revision_at, "revision %s depends on itself",
                        script->revision);
    return true;
}

static bool no_upgrade(const Script *script, Error *err)
{
    error_at(err, ERR_SCRIPT, script->revision_at, "the script has no upgrade section");
    return error_hint(err, "Put a line `-- cmigrate: upgrade` above its statements; a section may be empty.");
}

// The line that opens a section: its direction, then `no-transaction` and one engine in any order.
static bool parse_section(Reading *r, Text comment, unsigned number, const Directive *directive, Section *out,
                          Error *err)
{
    out->direction = direction_of(directive);
    out->at = place(r, comment.p, number, directive->word);
    const char *start = comment.p;
    while (start > r->text.p && start[-1] != '\n')
        start--;
    out->at.column = text_column(start, directive->word.p);
    NameList words = { 0 };
    split_names(r->arena, directive->rest, &words);
    const char *p = directive->rest.p;
    VEC_EACH (const char *, word, &words) {
        size_t n = strlen(*word);
        const char *found = memmem(p, (size_t)(directive->rest.p + directive->rest.n - p), *word, n);
        p = found ? found : p; // each stands there as it is
        SourcePos at = place(r, start, number, (Text){ p, n });
        unsigned rules;
        if (strcmp(*word, "no-transaction") == 0 && !out->no_transaction && out->direction != VERIFY) {
            out->no_transaction = true;
        } else if (n > 2 && (*word)[0] == '(' && (*word)[n - 1] == ')' && !out->dialect) {
            out->dialect = engine_name((Text){ *word + 1, n - 2 }, &rules);
            if (!out->dialect)
                return unknown_engine(r->arena, at, (Text){ *word + 1, n - 2 }, err);
        } else {
            static const char *const known[] = { "no-transaction", "(sqlite)", "(postgresql)", "(mysql)",
                                                 "(mariadb)" };
            const char *near = nearest_word(*word, known, COUNT_OF(known));
            error_at(err, ERR_SCRIPT, at, "unknown word '%s' after %s", *word,
                     direction_word(out->direction));
            if (near && strcmp(near, *word) != 0)
                error_label(err, "did you mean '%s'?", near);
            return error_hint(err, "It may be followed by %sone engine: (sqlite), (postgresql), (mysql).",
                              out->direction == VERIFY ? "" : "no-transaction and ");
        }
        p += n;
    }
    return true;
}

static unsigned section_rules(const Reading *r, const Section *section)
{
    const char *name = section->dialect ? section->dialect : r->script->dialect;
    unsigned rules = r->rules;
    if (name)
        engine_name((Text){ name, strlen(name) }, &rules);
    return rules;
}

// The next header of a section at or after `from`: a comment of its own line that stands in no string and no body.
static bool next_header(Reading *r, const char *from, unsigned line, unsigned rules, SplitEvent *out,
                        Directive *directive, Error *err)
{
    Text rest = { from, (size_t)(r->text.p + r->text.n - from) };
    Splitter splitter;
    *out = (SplitEvent){ .kind = SPLIT_END };
    if (!directive_possible(rest)) // usually after the last section: it need not be taken apart for that
        return true;
    splitter_init(&splitter, rest, rules);
    for (;;) {
        *out = splitter_next(&splitter);
        out->line += line - 1;
        if (out->kind == SPLIT_END || out->kind == SPLIT_BAD) {
            out->kind = SPLIT_END; // splitting for an engine says what is wrong, with its own rules
            return true;
        }
        if (out->kind != SPLIT_COMMENT || !directive_parse(out->text, directive))
            continue;
        if (is_section(directive))
            return true;
        for (size_t i = 0; i < HEADER_COUNT; i++)
            if (text_is(directive->word, header_words[i]))
                return error_at(err, ERR_SCRIPT, place(r, out->text.p, out->line, directive->word),
                                "'%s' belongs into the head, above the first section", header_words[i]);
        if (!directive_is_for_statement(directive) && !directive_is_for_lint(directive))
            return unknown_directive(r->arena, place(r, out->text.p, out->line, directive->word),
                                     directive->word, err);
    }
}

// A section's body reaches to the next line that opens one. Each body is read by the rules of its section's
// engine, so that a quote there does not hide the next.
static bool read_sections(Reading *r, const char *from, unsigned line, Error *err)
{
    SplitEvent event;
    Directive directive;
    if (!next_header(r, from, line, LEX_ANY, &event, &directive, err))
        return false;
    while (event.kind == SPLIT_COMMENT) {
        Section *section = VEC_PUSH(r->arena, &r->script->sections);
        if (!parse_section(r, event.text, event.line, &directive, section, err))
            return false;
        const char *body = event.text.p + event.text.n, *end = r->text.p + r->text.n;
        unsigned body_line = event.line;
        if (body < end && *body == '\n') {
            body++;
            body_line++;
        }
        if (!next_header(r, body, body_line, section_rules(r, section), &event, &directive, err))
            return false;
        const char *stop = event.kind == SPLIT_COMMENT ? event.text.p : end;
        section->body = (Text){ body, (size_t)(stop - body) };
    }
    return true;
}

static bool has_no_conflict(const char *path, Text text, Error *err)
{
    unsigned line = conflict_line(text);
    return !line || conflict_error(err, ERR_SCRIPT, (SourcePos){ .file = path, .line = line });
}

// Reads and checks a whole script without splitting its statements. A conflict marker and a byte of no text are
// reported first: they would show as something else.
static bool read_text(Arena *arena, const char *path, Text text, unsigned rules, Script *out, Error *err)
{
    *out = (Script){ .path = path, .text = text, .rules = rules };
    Reading reading = { .arena = arena, .script = out, .text = text, .rules = rules };
    const char *end;
    unsigned line;
    if (!has_no_conflict(path, text, err) || !read_head(&reading, true, &end, &line, err) ||
        !check_head(&reading, err))
        return false;
    if (!script_is_text(path, text, err))
        return false;
    if (!end)
        return no_upgrade(out, err);
    if (!read_sections(&reading, end, line, err))
        return false;
    VEC_EACH (Section, section, &out->sections)
        if (section->direction == UPGRADE)
            return true;
    return no_upgrade(out, err);
}

bool script_read_text(Arena *arena, const char *path, Text text, Script *out, Error *err)
{
    return read_text(arena, path, text, LEX_ANY, out, err);
}

bool script_read_text_as(Arena *arena, const char *path, Text text, const Dialect *dialect, Script *out,
                         Error *err)
{
    return read_text(arena, path, text, dialect ? dialect->lex : LEX_ANY, out, err);
}

// One read: of a file on a disk it gives all that fits, and the head is in it nearly always.
static ssize_t read_some(const char *path, char *bytes, size_t size, Error *err)
{
    int fd = file_open(path, err);
    if (fd < 0)
        return -1;
    ssize_t n;
    do
        n = read(fd, bytes, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        error_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
    close(fd);
    return n;
}

bool script_text(Arena *arena, const char *path, Text *out, Error *err)
{
    char bytes[SMALL_FILE];
    ssize_t n = read_some(path, bytes, sizeof(bytes), err);
    if (n < 0)
        return false;
    if ((size_t)n == sizeof(bytes))
        return file_read(arena, path, 0, out, err);
    *out = (Text){ arena_strndup(arena, bytes, (size_t)n), (size_t)n };
    return true;
}

bool script_read(Arena *arena, const char *path, Script *out, Error *err)
{
    Text text;
    return script_text(arena, path, &text, err) && script_read_text(arena, path, text, out, err);
}

bool script_read_whole(Arena *arena, const Script *head, Script *out, Error *err)
{
    if (!head->revision && head->sections.count) {
        *out = *head;
        return true;
    }
    return head->text.p ? script_read_text(arena, head->path, head->text, out, err)
                        : script_read(arena, head->path, out, err);
}

// *more: the head does not end in what was read of the file.
static bool head_of(Arena *arena, const char *path, Text text, bool whole, bool *more, Script *out,
                    Error *err)
{
    *out = (Script){ .path = path };
    Reading reading = { .arena = arena, .script = out, .text = text };
    const char *end;
    unsigned line;
    *more = false;
    if (!has_no_conflict(path, text, err) || !read_head(&reading, whole, &end, &line, err))
        return false;
    *more = !end && !whole;
    return *more || (check_head(&reading, err) && (end || no_upgrade(out, err)));
}

bool script_read_head(Arena *arena, const char *path, Script *out, Error *err)
{
    char bytes[SMALL_FILE];
    bool more;
    ssize_t n = read_some(path, bytes, sizeof(bytes), err);
    if (n < 0)
        return false;
    if (!head_of(arena, path, (Text){ bytes, (size_t)n }, (size_t)n < sizeof(bytes), &more, out, err))
        return false;
    Text text; // a long head, or a long comment in it: read it all
    return !more || (file_read(arena, path, 0, &text, err) && script_head_text(arena, path, text, out, err));
}

bool script_head_text(Arena *arena, const char *path, Text text, Script *out, Error *err)
{
    bool more;
    return head_of(arena, path, text, true, &more, out, err);
}
