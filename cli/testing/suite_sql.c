// Tests written in SQL: statements, and directives that say what is expected of the next one.
#include <stdlib.h>
#include <string.h>

#include "cli/testing/suite.h"
#include "core/base/file.h"
#include "core/revision/directive.h"
#include "core/revision/splitter.h"

typedef struct Reader {
    Arena *arena;
    const char *path;
    Text text;
    TestSuite *out;
    ProjectTest *test; // that is read
    TestCases cases;   // of its `each`
    bool pending;      // a directive waits for its statement:
    TestStep next;
} Reader;

static SourcePos place(const Reader *r, const SplitEvent *event, Text part)
{
    const char *line = part.p;
    while (line > r->text.p && line[-1] != '\n')
        line--;
    return (SourcePos){ r->path, event->line, text_column(line, part.p), text_characters(part) };
}

static void end_test(Reader *r)
{
    if (r->test)
        suite_expand(r->arena, r->out, &r->cases);
    r->cases = (TestCases){ 0 };
}

static void begin_test(Reader *r, const char *name, SourcePos at)
{
    end_test(r);
    r->test = VEC_PUSH(r->arena, r->out);
    *r->test = (ProjectTest){ .name = name, .path = r->path, .at = at };
}

static TestStep *add(Reader *r, const TestStep *step)
{
    TestStep *out = VEC_PUSH(r->arena, &r->test->steps);
    *out = *step;
    return out;
}

// "before 3f2a", "after 3f2a", "3f2a".
static void take_target(Reader *r, Text rest, TestStep *step)
{
    NameList words = { 0 };
    split_names(r->arena, rest, &words);
    step->kind = TEST_TO;
    step->side = TEST_AT;
    if (words.count == 2 && strcmp(words.items[0], "before") == 0)
        step->side = TEST_BEFORE;
    else if (words.count == 2 && strcmp(words.items[0], "after") == 0)
        step->side = TEST_AFTER;
    step->target = words.count ? words.items[words.count - 1] : NULL;
    if (words.count > (step->side == TEST_AT ? 1u : 2u))
        step->target = NULL;
}

static bool take_count(Text rest, unsigned *out)
{
    char *end;
    char word[16];
    if (!rest.n || rest.n >= sizeof(word))
        return !rest.n && (*out = 1);
    memcpy(word, rest.p, rest.n);
    word[rest.n] = '\0';
    unsigned long n = strtoul(word[0] == '-' ? word + 1 : word, &end, 10);
    *out = (unsigned)n;
    return !*end && n > 0 && n < 1000000;
}

// NAME=VALUE
static bool take_variable(Reader *r, Text rest, TestStep *step)
{
    const char *equals = memchr(rest.p, '=', rest.n);
    if (!rest.n || !equals || equals == rest.p)
        return false;
    *VEC_PUSH(r->arena, &step->columns) = arena_strndup(r->arena, rest.p, rest.n);
    step->kind = TEST_SET;
    return true;
}

// "20", "20 person pet", "person"
static bool take_fill(Reader *r, Text rest, TestStep *step)
{
    NameList words = { 0 };
    split_names(r->arena, rest, &words);
    step->kind = TEST_FILL;
    for (size_t i = 0; i < words.count; i++) {
        const char *word = words.items[i];
        if (i == 0 && *word >= '0' && *word <= '9') {
            if (!take_count((Text){ word, strlen(word) }, &step->count) || step->count > TEST_MOST_FILLED)
                return false;
            continue;
        }
        *VEC_PUSH(r->arena, &step->columns) = word;
    }
    return true;
}

// "person person.csv"
static bool take_load(Reader *r, Text rest, TestStep *step)
{
    NameList words = { 0 };
    split_names(r->arena, rest, &words);
    step->kind = TEST_LOAD;
    if (words.count != 2)
        return false;
    step->table = words.items[0];
    step->file = words.items[1];
    return true;
}

// "before" or "TABLE as before"
static bool take_same(Reader *r, Text rest, TestStep *step)
{
    NameList words = { 0 };
    split_names(r->arena, rest, &words);
    step->kind = TEST_SAME;
    if (words.count == 3 && strcmp(words.items[1], "as") == 0)
        step->table = words.items[0];
    else if (words.count != 1)
        return false;
    step->with = words.items[words.count - 1];
    return true;
}

static bool takes_statement(TestStepKind kind)
{
    return kind == TEST_ROWS || kind == TEST_NONE || kind == TEST_FAILS || kind == TEST_HOLDS ||
           kind == TEST_USES;
}

// What a directive says of a step; false: something is wrong with what follows its word.
static bool read_step(Reader *r, const Directive *directive, TestStep *step)
{
    Text rest = directive->rest;
    const char *text = line_text(r->arena, rest);
    if (text_is(directive->word, "to")) {
        take_target(r, rest, step);
        return step->target != NULL;
    }
    if (text_is(directive->word, "up") || text_is(directive->word, "down")) {
        step->kind = text_is(directive->word, "up") ? TEST_UP : TEST_DOWN;
        return take_count(rest, &step->count);
    }
    if (text_is(directive->word, "mark")) {
        step->kind = TEST_MARK;
        step->with = text;
        return rest.n > 0;
    }
    if (text_is(directive->word, "same"))
        return take_same(r, rest, step);
    if (text_is(directive->word, "set"))
        return take_variable(r, rest, step);
    if (text_is(directive->word, "fill"))
        return take_fill(r, rest, step);
    if (text_is(directive->word, "load"))
        return take_load(r, rest, step);
    if (text_is(directive->word, "expect-file")) {
        step->kind = TEST_ROWS;
        step->file = text;
        return rest.n > 0;
    }
    step->with = text;
    if (text_is(directive->word, "assert")) {
        step->kind = TEST_NONE;
        return rest.n > 0;
    }
    if (text_is(directive->word, "fails")) {
        step->kind = TEST_FAILS;
        return true;
    }
    if (text_is(directive->word, "holds")) {
        step->kind = TEST_HOLDS;
        return true;
    }
    if (text_is(directive->word, "uses")) {
        step->kind = TEST_USES;
        return rest.n > 0;
    }
    step->kind = TEST_ROWS; // expect
    step->written = (TestPlace){ (size_t)(rest.p - r->text.p), (size_t)(rest.p + rest.n - r->text.p), 0 };
    if (!rest.n) // after the word
        step->written.start = step->written.end = (size_t)(directive->word.p + directive->word.n - r->text.p);
    return suite_parse_rows(r->arena, rest, &step->rows);
}

static const char *const step_words[] = { "to",     "up",          "down",    "mark",  "same",
                                          "set",    "assert",      "fails",   "holds", "uses",
                                          "expect", "expect-file", "fill",    "load",  "test",
                                          "tags",   "each",        "engines", "skip" };

static bool unknown_word(const Reader *r, SourcePos at, const Directive *directive, Error *err)
{
    const char *word =
        arena_strndup(r->arena, directive->word.p, directive->word.n < 64 ? directive->word.n : 64);
    const char *near = nearest_word(word, step_words, COUNT_OF(step_words));
    error_at(err, ERR_SCRIPT, at, "unknown step '%s'", word);
    return near ? error_label(err, "did you mean '%s'?", near)
                : error_hint(err, "docs/testing.md lists the steps of a test.");
}

static bool take_engines(Reader *r, SourcePos at, Text rest, Error *err)
{
    NameList words = { 0 };
    split_names(r->arena, rest, &words);
    VEC_EACH (const char *, word, &words) {
        const char *engine = suite_engine(*word);
        if (!engine)
            return error_at(err, ERR_SCRIPT, at, "unknown engine '%s'", *word);
        *VEC_PUSH(r->arena, &r->test->engines) = engine;
    }
    return words.count > 0 || error_at(err, ERR_SCRIPT, at, "engines needs the name of one");
}

// NAME=VALUE …: one case; the words are parted by blanks.
static bool take_each(Reader *r, SourcePos at, Text rest, Error *err)
{
    NameList *variables = VEC_PUSH(r->arena, &r->cases);
    const char *end = rest.p + rest.n;
    for (const char *p = rest.p; p < end;) {
        size_t n = 0;
        while (p + n < end && p[n] != ' ' && p[n] != '\t')
            n++;
        if (n && (*p == '=' || !memchr(p, '=', n)))
            return error_at(err, ERR_SCRIPT, at, "each needs variables: each region=eu limit=2");
        if (n)
            *VEC_PUSH(r->arena, variables) = arena_strndup(r->arena, p, n);
        p += n + 1;
    }
    return variables->count || error_at(err, ERR_SCRIPT, at, "each needs variables: each region=eu limit=2");
}

static bool lonely(const Reader *r, Error *err)
{
    return error_at(err, ERR_SCRIPT, r->next.at, "no statement follows this line");
}

// A line that says a step, or something of the test. What is expected of a statement waits for it in r->next.
static bool take_directive(Reader *r, const SplitEvent *event, const Directive *directive, Error *err)
{
    SourcePos at = place(r, event, directive->word.n ? directive->word : event->text);
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(step_words); i++)
        known |= text_is(directive->word, step_words[i]);
    if (!known)
        return unknown_word(r, at, directive, err);
    if (event->open)
        return error_at(err, ERR_SCRIPT, at, "this line stands inside of a statement");
    if (r->pending)
        return lonely(r, err);
    if (text_is(directive->word, "test")) {
        begin_test(r, line_text(r->arena, directive->rest), at);
        return directive->rest.n > 0 || error_at(err, ERR_SCRIPT, at, "the test's name is missing");
    }
    if (text_is(directive->word, "engines"))
        return take_engines(r, at, directive->rest, err);
    if (text_is(directive->word, "each"))
        return take_each(r, at, directive->rest, err);
    if (text_is(directive->word, "tags")) {
        split_names(r->arena, directive->rest, &r->test->tags);
        return r->test->tags.count || error_at(err, ERR_SCRIPT, at, "tags needs a word");
    }
    if (text_is(directive->word, "skip")) {
        r->test->skip = line_text(r->arena, directive->rest);
        return true;
    }
    TestStep step = { .at = at };
    if (!read_step(r, directive, &step)) {
        error_at(err, ERR_SCRIPT, at, "what follows '%.*s' is missing or cannot be read",
                 (int)directive->word.n, directive->word.p);
        return error_hint(err, "docs/testing.md shows how each step is written.");
    }
    r->pending = takes_statement(step.kind);
    if (r->pending)
        r->next = step;
    else
        add(r, &step);
    return true;
}

static void take_statement(Reader *r, const SplitEvent *event)
{
    TestStep step = { .kind = TEST_SQL };
    if (r->pending)
        step = r->next;
    step.sql = arena_strndup(r->arena, event->text.p, event->text.n);
    step.sql_at = place(r, event, (Text){ event->text.p, 1 });
    if (!r->pending)
        step.at = step.sql_at;
    r->pending = false;
    add(r, &step);
}

bool suite_read_sql(Arena *arena, const char *path, Text text, const Dialect *dialect, TestSuite *out,
                    Error *err)
{
    Reader r = { .arena = arena, .path = path, .text = text, .out = out };
    Splitter splitter;
    Directive directive;
    splitter_init(&splitter, text, dialect->lex);
    for (;;) {
        SplitEvent event = splitter_next(&splitter);
        bool is_directive = event.kind == SPLIT_COMMENT && directive_parse(event.text, &directive);
        if (!r.test && (is_directive || event.kind == SPLIT_STATEMENT) &&
            !(is_directive && text_is(directive.word, "test")))
            begin_test(&r, path_base(path), (SourcePos){ path, 1, 1, 0 });
        switch (event.kind) {
        case SPLIT_COMMENT:
            if (is_directive && !take_directive(&r, &event, &directive, err))
                return false;
            break;
        case SPLIT_STATEMENT: take_statement(&r, &event); break;
        case SPLIT_BAD:
            return error_at(err, ERR_SCRIPT, place(&r, &event, (Text){ event.text.p, 1 }),
                            "this quote or comment does not end");
        case SPLIT_CLIENT:
            return error_at(err, ERR_SCRIPT, place(&r, &event, event.text),
                            "a command of a client is not SQL: it cannot run in a test");
        case SPLIT_END: end_test(&r); return !r.pending || lonely(&r, err);
        }
    }
}
