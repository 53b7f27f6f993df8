#include "cli/output/lint_print.h"

#include <string.h>

#include "cli/output/json.h"
#include "core/lint/settings.h"

// "ACCESS EXCLUSIVE, rewrites the table"
static const char *fact_text(Arena *arena, const LintFact *fact)
{
    StrBuf out;
    strbuf_init(&out, arena);
    if (fact->lock)
        strbuf_printf(&out, "lock %s", fact->lock);
    if (fact->algorithm)
        strbuf_printf(&out, "%salgorithm %s", out.length ? ", " : "", fact->algorithm);
    if (fact->rewrites)
        strbuf_printf(&out, "%srewrites the table", out.length ? ", " : "");
    else if (fact->scans)
        strbuf_printf(&out, "%sreads every row", out.length ? ", " : "");
    if (fact->rows >= 0)
        strbuf_printf(&out, "%s%lld rows", out.length ? ", " : "", fact->rows);
    if (out.length && fact->measured)
        strbuf_puts(&out, " (measured)");
    return out.text;
}

static void print_finding(Session *session, const LintFinding *it)
{
    Report *report = &session->report;
    const char *place =
        it->at.file ? arena_printf(session->arena, "%s:%u:%u: ", it->at.file, it->at.line, it->at.column)
                    : "";
    StrBuf words;
    strbuf_init(&words, session->arena);
    strbuf_printf(&words, "%s%s: %s [%s %s]", place, lint_level_word(it->level), it->message, it->rule->code,
                  it->rule->name);
    report_words(report, &words);
    const char *fact = it->fact ? fact_text(session->arena, it->fact) : "";
    if (fact[0])
        report_line(report, "    cost: %s", fact);
    if (it->instead)
        report_line(report, "    instead: %s", it->instead);
}

void lint_print(Session *session, const Lint *lint)
{
    size_t counts[LINT_ERROR + 1] = { 0 }, suppressed = 0;
    VEC_EACH (LintFinding, it, &lint->findings) {
        if (it->suppressed) {
            suppressed++;
            continue;
        }
        counts[it->level]++;
        print_finding(session, it);
    }
    report_line(
        &session->report,
        "%zu errors, %zu warnings, %zu notices, %zu suppressed; %zu statements, %zu understood, depth %s",
        counts[LINT_ERROR], counts[LINT_WARNING], counts[LINT_NOTICE], suppressed, lint->coverage.statements,
        lint->coverage.understood, lint_depth_word(lint->depth));
}

size_t lint_print_short(Session *session, const Lint *lint)
{
    size_t count = 0;
    VEC_EACH (LintFinding, it, &lint->findings)
        if (!it->suppressed && it->level >= LINT_WARNING) {
            count++;
            report_note(&session->report, "  line %u: %s [%s %s]", it->at.line, it->message, it->rule->code,
                        it->rule->name);
        }
    return count;
}

static void put_fact(Json *json, const LintFact *fact)
{
    json_key(json, "fact");
    if (!fact) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    json_put_text(json, "lock", fact->lock);
    json_put_bool(json, "rewrites", fact->rewrites);
    json_put_bool(json, "scans", fact->scans);
    json_put_text(json, "algorithm", fact->algorithm);
    json_key(json, "rows");
    if (fact->rows < 0)
        json_null(json);
    else
        json_int(json, fact->rows);
    json_put_bool(json, "measured", fact->measured);
    json_close(json, '}');
}

static void put_finding(Json *json, const LintFinding *it)
{
    json_open(json, '{');
    json_put_text(json, "code", it->rule->code);
    json_put_text(json, "name", it->rule->name);
    json_put_text(json, "level", lint_level_word(it->level));
    json_put_text(json, "revision", it->revision ? it->revision->id : NULL);
    json_put_text(json, "file", it->at.file);
    json_put_int(json, "line", it->at.line);
    json_put_int(json, "column", it->at.column);
    json_put_int(json, "statement", (long long)it->statement);
    json_put_text(json, "section", it->section);
    json_put_text(json, "table", it->table);
    json_put_text(json, "message", it->message);
    json_put_text(json, "instead", it->instead);
    put_fact(json, it->fact);
    // a text that is true in every language, where no reason was given too
    json_put_text(json, "suppressed",
                  it->suppressed && !it->suppressed[0] ? "no reason given" : it->suppressed);
    json_close(json, '}');
}

void lint_findings_json(Json *json, const Lint *lint)
{
    json_key(json, "findings");
    if (!lint) {
        json_null(json);
        return;
    }
    json_open(json, '[');
    VEC_EACH (LintFinding, it, &lint->findings)
        put_finding(json, it);
    json_close(json, ']');
}

void lint_print_json(Session *session, const Lint *lint)
{
    Json json;
    if (!session_answer_begin(session, &json, '{'))
        return;
    lint_findings_json(&json, lint);
    json_key(&json, "coverage");
    json_open(&json, '{');
    json_put_int(&json, "statements", (long long)lint->coverage.statements);
    json_put_int(&json, "understood", (long long)lint->coverage.understood);
    json_put_int(&json, "traced", (long long)lint->coverage.traced);
    json_close(&json, '}');
    json_put_text(&json, "depth", lint_depth_word(lint->depth));
    session_answer_end(session, &json, '{');
}
