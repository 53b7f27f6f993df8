#define _GNU_SOURCE
#include "core/lint/destructive.h"

#include <stdlib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/lint/internal.h"

typedef struct Finder {
    const Lint *how;
    const Revision *revision;
    const Section *section;
    DestructiveList *out;
} Finder;

static void add(const Finder *f, SourcePos at, bool uncertain, const char *message)
{
    VEC_EACH (Destructive, it, f->out)
        if (it->revision == f->revision && it->at.line == at.line &&
            (uncertain || strcmp(it->message, message) == 0))
            return; // said already
    *VEC_PUSH(f->how->arena, f->out) =
        (Destructive){ .revision = f->revision, .at = at, .message = message, .uncertain = uncertain };
}

// ---- What the planner wrote above a statement

static bool is_found(const Finder *f, SourcePos at)
{
    VEC_EACH (Destructive, it, f->out)
        if (it->revision == f->revision && it->at.line == at.line)
            return true;
    return false;
}

// The comment lines between two statements that say what is lost, where no rule found it.
static void find_marks(const Finder *f, const char *from, const ScriptStatement *statement)
{
    if (is_found(f, statement->at))
        return;
    static const char *const marks[] = { "-- loses data: ", "-- may lose data: ", "-- drops values of " };
    const char *end = statement->sql.p;
    for (const char *line = from; line && line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t n = (size_t)((stop ? stop : end) - line);
        for (size_t i = 0; i < COUNT_OF(marks); i++)
            if (n > strlen(marks[i]) && memcmp(line, marks[i], strlen(marks[i])) == 0)
                add(f, statement->at, false, arena_strndup(f->how->arena, line + 3, n - 3));
        line = stop ? stop + 1 : NULL;
    }
}

// "-- table t is recreated with its rows": the planner's rebuild, whose losses it said where there are any. Older scripts say it
// in other words.
static bool is_planned(const char *from, const char *to)
{
    static const char *const marks[] = { " is recreated with its rows", " is recreated with its rows" };
    for (size_t i = 0; i < COUNT_OF(marks) && from && to > from; i++)
        if (memmem(from, (size_t)(to - from), marks[i], strlen(marks[i])))
            return true;
    return false;
}

// ---- What the text does not tell

static bool is_kind(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

static bool comes_back(const Sentence *sentences, size_t count, size_t at)
{
    const char *name = sentences[at].object.name;
    for (size_t i = at + 1; i < count && name; i++) {
        const Sentence *later = &sentences[i];
        const char *made = later->verb == VERB_CREATE ? later->object.name : later->to.name;
        if (is_kind(later, sentences[at].kind) && made && strcmp(made, name) == 0)
            return true;
    }
    return false;
}

static const char *why_uncertain(const Sentence *sentences, size_t count, size_t at)
{
    const Sentence *s = &sentences[at];
    if (s->verb == VERB_RUN || s->verb == VERB_OTHER)
        return "its text does not tell what it drops";
    if (s->verb == VERB_DROP && (is_kind(s, "table") || is_kind(s, "type")) &&
        comes_back(sentences, count, at))
        return s->kind[1] == 'a' ? "replaces a table, perhaps without some of its columns"
                                 : "replaces a type, perhaps without some of its values";
    return NULL;
}

// ---- A revision

// Finds the planner's marks of a loss and, where there is no scratch database to try it, statements that may
// lose rows by their words. The DROP TABLE of a planned rebuild is not one.
static bool look_at_section(Finder *f, const Section *section, Error *err)
{
    const Lint *how = f->how;
    size_t count = section->statements.count;
    Sentence *sentences = arena_alloc(how->arena, (count + 1) * sizeof(*sentences));
    for (size_t i = 0; i < count; i++) {
        const char *sql;
        if (!variables_fill(how->arena, how->variables, &section->statements.items[i], &sql, err))
            return false;
        sentence_read(how->arena, how->dialect, sql, &sentences[i]);
    }
    bool planned = false;
    const char *from = section->body.p;
    for (size_t i = 0; i < count; i++) {
        const ScriptStatement *statement = &section->statements.items[i];
        find_marks(f, from, statement);
        planned |= is_planned(from, statement->sql.p);
        const char *why = why_uncertain(sentences, count, i);
        bool rebuild = why && sentences[i].verb == VERB_DROP && is_kind(&sentences[i], "table");
        if (why && !(rebuild && planned) && !how->scratch)
            add(f, statement->at, true, why);
        from = statement->sql.p + statement->sql.n;
    }
    return true;
}

static bool look_at_revision(Finder *f, Error *err)
{
    Script *script = ARENA_NEW(f->how->arena, Script);
    SectionList sections = { 0 };
    if (!script_read_whole(f->how->arena, f->revision->script, script, err) ||
        !script_sections(f->how->arena, script, f->how->dialect, f->how->direction, &sections, err))
        return false;
    VEC_EACH (Section *, section, &sections)
        if (!look_at_section(f, *section, err))
            return false;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const Destructive *x = a, *y = b;
    if (x->revision != y->revision)
        return x->revision->order < y->revision->order ? -1 : 1;
    return x->at.line < y->at.line ? -1 : x->at.line > y->at.line ? 1 : strcmp(x->message, y->message);
}

// The rules of the family, each as an error, whatever the project's own levels are.
static bool judge(const Lint *how, const RevisionList *revisions, DestructiveList *out, Error *err)
{
    LintSettings settings = { .depth = how->scratch ? LINT_REPLAY : LINT_TEXT };
    Lint lint = *how;
    *VEC_PUSH(how->arena, &settings.groups) = "destroys";
    *VEC_PUSH(how->arena, &settings.groups) = lint_level_word(LINT_ERROR);
    lint.settings = &settings;
    if (!lint_run(&lint, revisions, err))
        return false;
    VEC_EACH (LintFinding, it, &lint.findings) {
        const Finder f = { .how = how, .revision = it->revision, .out = out };
        if (it->revision && strcmp(lint_group(it->rule), "destroys") == 0)
            add(&f, it->at, false, it->message);
    }
    return true;
}

bool lint_destructive(const Lint *how, const RevisionList *revisions, DestructiveList *out, Error *err)
{
    if (!judge(how, revisions, out, err))
        return false;
    VEC_EACH (Revision *, it, revisions) {
        Finder f = { .how = how, .revision = *it, .out = out };
        if (!look_at_revision(&f, err))
            return false;
    }
    if (out->count)
        qsort(out->items, out->count, sizeof(out->items[0]), by_place);
    return true;
}
