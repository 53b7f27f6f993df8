// Comments that suppress findings: `-- cmigrate: allow RULE[, RULE] [until DATE] [reason]` before a statement,
// `-- cmigrate: allow-all RULE... [reason]` for the whole script, and those of squawk and Atlas.
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/lint/internal.h"
#include "core/revision/directive.h"

typedef struct AllowReader {
    const JudgeRevision *judge;
    LintAllow *out;
    size_t section, statement; // that the comment stands before
    bool all, foreign;
    SourcePos at;
    const char *counted; // up to where lines were counted, and the line there
    unsigned line;
} AllowReader;

static void put(AllowReader *r, const LintRule *rule, const char *reason)
{
    *VEC_PUSH(r->judge->arena, &r->out->allowances) = (Allowance){
        .rule = rule,
        .section = r->section,
        .statement = r->all ? 0 : r->statement,
        .at = r->at,
        .reason = reason,
        .foreign = r->foreign,
    };
}

static bool is_date(const char *text)
{
    static const char form[] = "0000-00-00";
    size_t i = 0;
    while (form[i] && (form[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i]))
        i++;
    return !form[i] && !text[i];
}

// "2027-01-31" lies before today.
static bool has_passed(const char *date)
{
    char today[16];
    time_t now = time(NULL);
    struct tm day;
    gmtime_r(&now, &day);
    strftime(today, sizeof(today), "%Y-%m-%d", &day);
    return strcmp(date, today) < 0;
}

// The next word; *last is set where no comma follows it.
static const char *next_word(Arena *arena, Text *text, bool *comma)
{
    while (text->n && (*text->p == ' ' || *text->p == '\t' || *text->p == ','))
        text->p++, text->n--;
    size_t n = 0;
    while (n < text->n && !strchr(" \t,", text->p[n]))
        n++;
    if (!n)
        return NULL;
    const char *word = arena_strndup(arena, text->p, n);
    text->p += n, text->n -= n;
    *comma = text->n && *text->p == ',';
    return word;
}

// RULE[, RULE] [until DATE] [reason]. An unknown word after a comma, or as the first, is an unknown rule.
static void read_own(AllowReader *r, Text rest)
{
    Arena *arena = r->judge->arena;
    VEC(const LintRule *) rules = { 0 };
    bool comma = true;
    Text before = rest;
    for (const char *word; (comma || r->all) && (before = rest, word = next_word(arena, &rest, &comma));) {
        const LintRule *rule = lint_rule(word);
        if (rule) {
            *VEC_PUSH(arena, &rules) = rule;
        } else if (r->all && rules.count && !comma) {
            rest = before; // the reason begins
            break;
        } else {
            lint_found_in(r->judge, "X102", lint_place_at(r->at), NULL, "there is no rule '%s'", word);
        }
        before = rest;
    }
    if (comma && !rules.count && !text_trim(before).n) {
        lint_found_in(r->judge, "X102", lint_place_at(r->at), NULL, "no rule is named");
        return;
    }
    Text left = text_trim(rest);
    bool ignored = false;
    if (left.n >= 6 && strncmp(left.p, "until ", 6) == 0) {
        left.p += 6, left.n -= 6;
        const char *date = next_word(arena, &left, &ignored);
        left = text_trim(left);
        if (!date || !is_date(date)) {
            lint_found_in(r->judge, "X102", lint_place_at(r->at), NULL,
                          "'%s' is not a date: write it as 2027-01-31", date ? date : "");
            return;
        }
        if (has_passed(date)) {
            lint_found_in(r->judge, "X101", lint_place_at(r->at), NULL, "this was allowed until %s", date);
            return;
        }
    }
    const char *reason = arena_strndup(arena, left.p, left.n);
    VEC_EACH (const LintRule *, it, &rules)
        put(r, *it, reason);
}

// A foreign name may stand for several rules here: each of them is allowed.
typedef struct Foreign {
    AllowReader *reader;
    const char *word;
} Foreign;

static void put_if_called(void *payload, const LintRule *rule)
{
    const Foreign *wanted = payload;
    size_t n = strlen(wanted->word);
    bool called = strcasecmp(rule->code, wanted->word) == 0 || strcasecmp(rule->name, wanted->word) == 0;
    for (const char *p = rule->aliases; p && *p && !called; p += strspn(p, " ")) {
        size_t length = strcspn(p, " ");
        called = length == n && strncasecmp(p, wanted->word, n) == 0;
        p += length;
    }
    if (called)
        put(wanted->reader, rule, "");
}

// -- squawk-ignore a, b / -- atlas:nolint [a b]
static void read_foreign(AllowReader *r, Text names)
{
    bool comma, any = false;
    for (const char *word; (word = next_word(r->judge->arena, &names, &comma));) {
        lint_rules_each(put_if_called, &(Foreign){ r, word });
        any = true;
    }
    if (!any)
        put(r, NULL, "");
}

static bool begins(Text *text, const char *word)
{
    size_t n = strlen(word);
    if (text->n < n || strncmp(text->p, word, n) != 0)
        return false;
    text->p += n, text->n -= n;
    return true;
}

static void read_line(AllowReader *r, Text line)
{
    Directive directive;
    if (directive_parse(line, &directive)) {
        r->foreign = false;
        r->all = text_is(directive.word, "allow-all");
        if (r->all || text_is(directive.word, "allow"))
            read_own(r, directive.rest);
        return;
    }
    Text text = text_trim(line);
    if (!begins(&text, "--"))
        return;
    text = text_trim(text);
    r->foreign = true;
    r->all = begins(&text, "squawk-ignore-file");
    if (r->all || begins(&text, "squawk-ignore") || begins(&text, "atlas:nolint"))
        read_foreign(r, text_trim(text));
}

// The lines between two statements.
static void read_between(AllowReader *r, const char *from, const char *to, unsigned line)
{
    const char *file = r->judge->script->path;
    for (const char *p = from; p < to; line++) {
        const char *end = memchr(p, '\n', (size_t)(to - p));
        if (!end)
            end = to;
        r->at = (SourcePos){ .file = file, .line = line, .column = 1 };
        read_line(r, (Text){ p, (size_t)(end - p) });
        p = end + 1;
    }
}

// The line of a place; places are asked for in their order.
static unsigned line_of(AllowReader *r, const char *p)
{
    if (!r->counted || p < r->counted) {
        r->counted = r->judge->script->text.p;
        r->line = 1;
    }
    for (; r->counted && r->counted < p; r->counted++)
        r->line += *r->counted == '\n';
    return r->line;
}

static void read_section(AllowReader *r, const Section *section)
{
    const char *from = section->body.p;
    for (size_t i = 0; i < section->statements.count; i++) {
        const ScriptStatement *statement = &section->statements.items[i];
        r->statement = i + 1;
        read_between(r, from, statement->sql.p, line_of(r, from));
        from = statement->sql.p + statement->sql.n;
        const char *line_end = memchr(from, '\n', (size_t)(section->body.p + section->body.n - from));
        if (line_end)
            from = line_end + 1;
    }
}

void lint_allow_read(const JudgeRevision *judge, LintAllow *out)
{
    AllowReader r = { .judge = judge, .out = out };
    const Script *script = judge->script;
    if (script->sections.count && script->text.p && script->sections.items[0].body.p) {
        // the head: allow-all
        r.section = 0, r.statement = 0;
        read_between(&r, script->text.p, script->sections.items[0].body.p, 1);
    }
    size_t index = 0;
    VEC_EACH (Section *, it, &judge->up) {
        r.section = index++;
        read_section(&r, *it);
    }
    VEC_EACH (Section *, it, &judge->verify) {
        r.section = index++;
        read_section(&r, *it);
    }
}

const char *lint_allow_take(LintAllow *allow, const LintRule *rule, size_t section, size_t statement)
{
    const char *reason = NULL;
    VEC_EACH (Allowance, it, &allow->allowances) {
        bool here = !it->statement || (it->section == section && it->statement == statement);
        if (here && (!it->rule || it->rule == rule)) {
            it->used = true;
            reason = it->reason;
        }
    }
    return reason;
}

void lint_allow_end(const JudgeRevision *judge, const LintAllow *allow)
{
    VEC_EACH (Allowance, it, &allow->allowances) {
        if (it->foreign)
            continue;
        if (!it->used)
            lint_found_in(judge, "X101", lint_place_at(it->at), NULL,
                          "nothing here is suppressed by 'allow %s'", it->rule->name);
        if (!it->reason[0] && (lint_is_on(judge->lint, "X104") || judge->lint->settings->require_reason))
            lint_found_in(judge, "X104", lint_place_at(it->at), NULL, "'allow %s' gives no reason",
                          it->rule->name);
    }
}
