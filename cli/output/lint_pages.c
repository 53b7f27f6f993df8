// The rules of lint, as a list, a page each, and the whole of docs/lint.md: all from their tables.
#include <ctype.h>
#include <string.h>

#include "cli/output/json.h"
#include "cli/output/lint_print.h"

static const char *engines_text(Arena *arena, const LintRule *rule)
{
    static const char *const words[] = { "SQLite", "PostgreSQL", "MySQL", "MariaDB" };
    StrBuf out;
    strbuf_init(&out, arena);
    if (rule->engines == ON_ALL)
        return "all engines";
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (rule->engines & (1U << i))
            strbuf_printf(&out, "%s%s", out.length ? ", " : "", words[i]);
    return out.text;
}

const char *lint_anchor(Arena *arena, const LintRule *rule)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = rule->code; *p; p++)
        strbuf_putc(&out, (char)tolower((unsigned char)*p));
    strbuf_printf(&out, "-%s", rule->name);
    return out.text;
}

// --- the list ----------------------------------------------------------------

static void list_rule(void *payload, const LintRule *rule)
{
    Session *session = payload;
    report_line(&session->report, "%s  %-7s  %-32s %s", rule->code, lint_level_word(rule->level), rule->name,
                rule->summary);
}

static void put_words(Json *json, Arena *arena, const char *key, const char *words)
{
    json_key(json, key);
    json_open(json, '[');
    for (const char *p = words; p && *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        json_text(json, arena_strndup(arena, p, n));
        p += n;
    }
    json_close(json, ']');
}

static void put_rule(Json *json, Arena *arena, const LintRule *rule)
{
    static const char *const words[] = { "sqlite", "postgresql", "mysql", "mariadb" };
    json_open(json, '{');
    json_put_text(json, "code", rule->code);
    json_put_text(json, "name", rule->name);
    json_put_text(json, "group", lint_group(rule));
    json_put_text(json, "level", lint_level_word(rule->level));
    json_key(json, "engines");
    json_open(json, '[');
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (rule->engines & (1U << i))
            json_text(json, words[i]);
    json_close(json, ']');
    json_put_text(json, "summary", rule->summary);
    json_put_text(json, "why", rule->why);
    json_put_text(json, "instead", rule->instead);
    put_words(json, arena, "aliases", rule->aliases);
    json_close(json, '}');
}

typedef struct RuleWriter {
    Session *session;
    Json json;
} RuleWriter;

static void list_json(void *payload, const LintRule *rule)
{
    RuleWriter *writer = payload;
    put_rule(&writer->json, writer->session->arena, rule);
}

void lint_print_list(Session *session)
{
    RuleWriter writer = { .session = session };
    if (!session->json) {
        lint_rules_each(list_rule, session);
        return;
    }
    session_answer_begin(session, &writer.json, '[');
    lint_rules_each(list_json, &writer);
    session_answer_end(session, &writer.json, '[');
}

// --- one rule ----------------------------------------------------------------

static bool no_such_rule(const char *name, Error *err);

bool lint_print_rule(Session *session, const char *name, Error *err)
{
    const LintRule *rule = lint_rule(name);
    Report *report = &session->report;
    if (!rule)
        return no_such_rule(name, err);
    if (session->json) {
        Json json;
        json_start(&json, session->arena);
        put_rule(&json, session->arena, rule);
        session_answer_print(session, &json);
        return true;
    }
    report_line(report, "%s %s", rule->code, rule->name);
    report_line(report, "group %s, level %s, %s", lint_group(rule), lint_level_word(rule->level),
                engines_text(session->arena, rule));
    report_line(report, "\n%s\n\n%s", rule->summary, rule->why);
    if (rule->instead)
        report_line(report, "\nInstead: %s.", rule->instead);
    report_line(report, "\nTo allow it at one statement, write above it:\n    -- cmigrate: allow %s REASON",
                rule->name);
    report_line(report, "To change its level, in cmigrate.yaml:\n    lint: {rules: {%s: off}}", rule->name);
    if (rule->aliases)
        report_line(report, "Other tools call it: %s", rule->aliases);
    return true;
}

typedef struct Names {
    const char *items[1024];
    size_t count;
} Names;

static void collect(void *payload, const LintRule *rule)
{
    Names *names = payload;
    if (names->count < COUNT_OF(names->items))
        names->items[names->count++] = rule->name;
}

static bool no_such_rule(const char *name, Error *err)
{
    Names names = { .count = 0 };
    lint_rules_each(collect, &names);
    const char *near = nearest_word(name, names.items, names.count);
    error_set(err, ERR_USAGE, "there is no rule '%s'", name);
    return near ? error_hint(err, "Did you mean '%s'? 'cmigrate lint --list' prints all rules.", near)
                : error_hint(err, "'cmigrate lint --list' prints all rules.");
}

// --- docs/lint.md ------------------------------------------------------------

typedef struct PageWriter {
    StrBuf *out;
    const char *group;
} PageWriter;

// A sentence of a table as Markdown: what would be taken for a mark or for HTML stays a character.
static void put_markdown(StrBuf *out, const char *text)
{
    bool code = false;
    for (const char *p = text; *p; p++) {
        code ^= *p == '`';
        if (!code && strchr("*_<|", *p))
            strbuf_putc(out, '\\');
        strbuf_putc(out, *p);
    }
}

static void put_contents(void *payload, const LintRule *rule)
{
    PageWriter *page = payload;
    strbuf_printf(page->out, "| [%s](#%s) | %s | %s | %s | ", rule->code, lint_anchor(page->out->arena, rule),
                  rule->name, lint_level_word(rule->level), engines_text(page->out->arena, rule));
    put_markdown(page->out, rule->summary);
    strbuf_puts(page->out, " |\n");
}

static void put_section(void *payload, const LintRule *rule)
{
    PageWriter *page = payload;
    StrBuf *out = page->out;
    strbuf_printf(out, "\n### %s %s\n\n", rule->code, rule->name);
    put_markdown(out, rule->summary);
    strbuf_printf(out, " (%s, %s; group `%s`)\n\n", lint_level_word(rule->level),
                  engines_text(out->arena, rule), lint_group(rule));
    put_markdown(out, rule->why);
    strbuf_putc(out, '\n');
    if (rule->instead) {
        strbuf_puts(out, "\nInstead: ");
        put_markdown(out, rule->instead);
        strbuf_puts(out, ".\n");
    }
    if (rule->aliases)
        strbuf_printf(out, "\nOther names that are understood: `%s`\n", rule->aliases);
}

void help_lint(StrBuf *out)
{
    PageWriter page = { .out = out };
    strbuf_puts(
        out, "<!-- Made by `cmigrate help --lint`: do not edit. -->\n# Rules of lint\n\n"
             "How to run `cmigrate lint`, to allow a finding and to set levels is in [linting](linting.md). "
             "`cmigrate lint --explain RULE` prints\nthe page of one rule, by its code, its name or "
             "another tool's name for it.\n\n"
             "| code | name | level | engines | |\n| --- | --- | --- | --- | --- |\n");
    lint_rules_each(put_contents, &page);
    lint_rules_each(put_section, &page);
}
