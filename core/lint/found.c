// How a finding is recorded: its level, its place, and what suppresses it.
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/hidden.h"
#include "core/lint/internal.h"

static const LintRuleSetting *setting_of(const Lint *lint, const LintRule *rule)
{
    VEC_EACH (LintRuleSetting, it, &lint->settings->rules)
        if (it->rule == rule)
            return it;
    return NULL;
}

LintLevel lint_level_of(const Lint *lint, const LintRule *rule)
{
    const LintRuleSetting *own = setting_of(lint, rule);
    if (own && own->level_set)
        return own->level;
    const NameList *groups = &lint->settings->groups;
    for (size_t i = 0; i + 1 < groups->count; i += 2) {
        bool known = false;
        if (strcmp(groups->items[i], lint_group(rule)) == 0)
            return lint_level_named(groups->items[i + 1], &known);
    }
    return rule->level;
}

bool lint_is_engine(const Lint *lint, unsigned engines)
{
    static const char *const flavors[] = { "sqlite", "postgresql", "mysql", "mariadb" };
    const char *flavor = lint->server.flavor ? lint->server.flavor : lint->dialect ? lint->dialect->name : "";
    for (size_t i = 0; i < COUNT_OF(flavors); i++)
        if (strcmp(flavors[i], flavor) == 0)
            return (engines & (1U << i)) != 0;
    return true;
}

static const LintRule *rule_if_on(const Lint *lint, const char *code, LintLevel *level)
{
    const LintRule *rule = lint_rule(code);
    if (!rule || !lint_is_engine(lint, rule->engines))
        return NULL;
    *level = lint_level_of(lint, rule);
    return *level == LINT_OFF ? NULL : rule;
}

bool lint_is_on(const Lint *lint, const char *code)
{
    LintLevel level;
    return rule_if_on(lint, code, &level) != NULL;
}

const char *lint_pattern(const Lint *lint, const char *code, const char *key)
{
    const LintRuleSetting *own = setting_of(lint, lint_rule(code));
    for (size_t i = 0; own && i + 1 < own->patterns.count; i += 2)
        if (strcmp(own->patterns.items[i], key) == 0)
            return own->patterns.items[i + 1];
    return NULL;
}

static bool is_ignored(const Lint *lint, const char *table)
{
    VEC_EACH (const char *, glob, &lint->settings->ignore_tables)
        if (table && fnmatch(*glob, table, 0) == 0)
            return true;
    return false;
}

// Locks and rewrites of a table that is known to be small are worth a notice only, those of a big one a level more.
static LintLevel level_by_rows(const Lint *lint, LintLevel level, const LintFact *fact)
{
    if (!fact || fact->rows < 0)
        return level;
    if (fact->rows < (long long)lint->settings->small_table)
        return LINT_NOTICE;
    if (fact->rows >= (long long)lint->settings->big_table && level < LINT_ERROR)
        return level + 1;
    return level;
}

static LintFact *copy_fact(Arena *arena, const LintFact *fact)
{
    if (!fact)
        return NULL;
    LintFact *copy = ARENA_NEW(arena, LintFact);
    *copy = *fact;
    return copy;
}

// The number of rows that the target has in the table of a finding; -1: not known.
static long long rows_of(const Lint *lint, const char *schema, const char *table)
{
    const TableStat *stat = table && lint->stats ? table_stat(lint->stats, schema, table) : NULL;
    return stat ? stat->rows : -1;
}

static bool is_reported(const Lint *lint, const LintFinding *finding)
{
    for (size_t i = lint->findings.count; i-- > 0;) { // once at one statement, however many families see it
        const LintFinding *it = &lint->findings.items[i];
        if (it->revision != finding->revision)
            break;
        if (it->rule == finding->rule && it->at.line == finding->at.line &&
            it->statement == finding->statement && strcmp(it->message, finding->message) == 0 &&
            same_text(it->at.file, finding->at.file))
            return true;
        bool earlier = it->statement && finding->statement && it->at.line < finding->at.line;
        if (earlier && finding->revision)
            break;
    }
    return false;
}

// Whether a rule may say something, at which level.
static const LintRule *begin(const Lint *lint, const char *code, const char *table, LintFinding *out)
{
    out->rule = rule_if_on(lint, code, &out->level);
    out->table = table;
    return is_ignored(lint, table) ? NULL : out->rule;
}

// A message is one line, whatever is in the names that it tells: a workflow of CI takes a line for a command.
static const char *one_line(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (size_t n; *text; text += n) {
        size_t left = strlen(text);
        n = utf8_sequence(text, left);
        uint32_t code = n ? utf8_code(text, n) : (unsigned char)*text;
        if (n && !code_is_hidden(code))
            strbuf_put(&out, text, n);
        else
            strbuf_printf(&out, code < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)code);
        n += !n;
    }
    return out.text ? out.text : "";
}

static void record(Lint *lint, LintFinding finding, const char *fmt, va_list args)
{
    char cut[2048];
    vsnprintf(cut, sizeof(cut), fmt, args);
    const char *text = one_line(lint->arena, cut);
    finding.message = text;
    if (is_reported(lint, &finding))
        return;
    finding.table = arena_strdup(lint->arena, finding.table);
    finding.instead = arena_strdup(lint->arena, finding.instead ? finding.instead : finding.rule->instead);
    LintFact *fact = copy_fact(lint->arena, finding.fact);
    long long rows = rows_of(lint, NULL, finding.table);
    if (!fact && rows >= 0 && finding.rule->code[0] == 'L') { // how long a lock is held depends on them
        fact = ARENA_NEW(lint->arena, LintFact);
        *fact = (LintFact){ .rows = rows };
    } else if (fact && fact->rows < 0) {
        fact->rows = rows;
    }
    finding.fact = fact;
    finding.level = level_by_rows(lint, finding.level, fact);
    *VEC_PUSH(lint->arena, &lint->findings) = finding;
}

void lint_found(const Judge *judge, const char *code, const char *table, const LintFact *fact,
                const char *instead, const char *message, ...)
{
    Lint *lint = judge->lint;
    LintFinding finding = { .revision = judge->revision,
                            .at = judge->statement->at,
                            .statement = judge->number,
                            .section = judge->direction == UPGRADE ? "upgrade" : "downgrade",
                            .instead = instead,
                            .fact = fact,
                            .sql = judge->statement->sql };
    const LintRule *rule = begin(lint, code, table, &finding);
    if (!rule)
        return;
    if (lint->allow)
        finding.suppressed = lint_allow_take(lint->allow, rule, lint->allow->section_index, judge->number);
    va_list args;
    va_start(args, message);
    record(lint, finding, message, args);
    va_end(args);
}

static Text text_at(const JudgeRevision *judge, LintPlace place)
{
    const SectionList *sections = judge->lint->direction == UPGRADE ? &judge->up : &judge->down;
    const Section *section =
        place.statement && place.section < sections->count ? sections->items[place.section] : NULL;
    return section && place.statement <= section->statements.count
               ? section->statements.items[place.statement - 1].sql
               : (Text){ 0 };
}

void lint_found_in(const JudgeRevision *judge, const char *code, LintPlace place, const char *table,
                   const char *message, ...)
{
    Lint *lint = judge->lint;
    LintFinding finding = { .revision = judge->revision,
                            .at = place.at,
                            .statement = place.statement,
                            .section = place.statement ? "upgrade" : NULL,
                            .sql = text_at(judge, place) };
    const LintRule *rule = begin(lint, code, table, &finding);
    if (!rule)
        return;
    if (lint->allow)
        finding.suppressed = lint_allow_take(lint->allow, rule, place.section, place.statement);
    if (!finding.suppressed)
        finding.suppressed = lint_model_allows(lint, rule, place.object, table);
    va_list args;
    va_start(args, message);
    record(lint, finding, message, args);
    va_end(args);
}

void lint_found_at(Lint *lint, const char *code, const Revision *revision, SourcePos at, const char *message,
                   ...)
{
    LintFinding finding = { .revision = revision, .at = at };
    if (!begin(lint, code, NULL, &finding))
        return;
    va_list args;
    va_start(args, message);
    record(lint, finding, message, args);
    va_end(args);
}

bool lint_looks_back(const Judge *judge, LintLook *look, const void *payload)
{
    for (size_t i = 0; i + 1 < judge->number; i++)
        if (look(&judge->sentences[i], payload))
            return true;
    return false;
}
