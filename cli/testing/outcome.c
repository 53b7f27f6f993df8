#include "cli/testing/outcome.h"

#include <string.h>

#include "cli/output/json.h"
#include "cli/output/xml.h"

const char *const outcome_formats[] = { "text", "json", "junit", "tap", NULL };

static bool is(const char *format, const char *word) { return strcmp(format ? format : "text", word) == 0; }

static const char *const status_words[] = {
    [TEST_PASSED] = "passed", [TEST_FAILED] = "failed", [TEST_SKIPPED] = "skipped"
};

size_t outcomes_count(const OutcomeList *outcomes, TestStatus status)
{
    size_t n = 0;
    VEC_EACH (TestOutcome, it, outcomes)
        n += it->status == status;
    return n;
}

// "split the name (postgresql)"
static const char *title_of(Arena *arena, const TestOutcome *it)
{
    return it->engine ? arena_printf(arena, "%s (%s)", it->name, it->engine) : it->name;
}

static const char *place_text(Arena *arena, const TestOutcome *it)
{
    return it->at.file && it->at.line
               ? arena_printf(arena, "%s:%u: ", path_shown(arena, it->at.file), it->at.line)
               : "";
}

// ---- text

static void tell_failure(Session *session, const TestOutcome *it)
{
    Report *report = &session->report;
    report_line(report, "      %s%s", place_text(session->arena, it), safe(session->arena, it->message));
    VEC_EACH (const char *, line, &it->details)
        report_line(report, "        %s", safe(session->arena, *line));
    if (it->hint && *it->hint)
        report_line(report, "      %s", safe(session->arena, it->hint));
}

void outcome_tell(Session *session, const char *format, const TestOutcome *it)
{
    Report *report = &session->report;
    const char *title = safe(session->arena, title_of(session->arena, it));
    const char *note = it->message ? safe(session->arena, it->message) : "";
    if (!is(format, "text"))
        return;
    switch (it->status) {
    case TEST_PASSED:
        report_line(report, "%sok%s    %s%s%s   (%.0f ms)", style_on(report, report->out, STYLE_ADD),
                    style_off(report, report->out), title, *note ? ": " : "", note, it->ms);
        break;
    case TEST_SKIPPED: report_line(report, "skip  %s%s%s", title, *note ? ": " : "", note); break;
    case TEST_FAILED:
        report_line(report, "%sFAIL%s  %s   (%.0f ms)", style_on(report, report->out, STYLE_DROP),
                    style_off(report, report->out), title, it->ms);
        tell_failure(session, it);
        break;
    }
    fflush(report->out);
}

// ---- JSON

static void outcome_json(Json *json, Arena *arena, const TestOutcome *it)
{
    json_open(json, '{');
    json_put_text(json, "name", it->name);
    json_put_text(json, "engine", it->engine);
    json_put_bool(json, "built_in", it->path == NULL);
    json_put_text(json, "status", status_words[it->status]);
    json_key(json, "ms");
    json_ms(json, it->ms);
    json_put_text(json, "path", it->at.file ? path_shown(arena, it->at.file) : it->path);
    json_put_int(json, "line", it->at.line);
    json_put_text(json, "message", it->message);
    json_put_names(json, "details", &it->details);
    json_close(json, '}');
}

static void print_json(Session *session, const OutcomeList *outcomes, double ms)
{
    Json json;
    session_answer_begin(session, &json, '{');
    json_put_bool(&json, "ok", !outcomes_count(outcomes, TEST_FAILED));
    for (TestStatus status = TEST_PASSED; status <= TEST_SKIPPED; status++)
        json_put_int(&json, status_words[status], (long long)outcomes_count(outcomes, status));
    json_key(&json, "ms");
    json_ms(&json, ms);
    json_key(&json, "tests");
    json_open(&json, '[');
    VEC_EACH (TestOutcome, it, outcomes)
        outcome_json(&json, session->arena, it);
    json_close(&json, ']');
    session_answer_end(session, &json, '{');
}

// ---- JUnit

// The element of one test: readers of JUnit show the message in lists and the text after a click.
static void put_case(StrBuf *out, const TestOutcome *it)
{
    Arena *arena = out->arena;
    strbuf_printf(out, "    <testcase classname=\"cmigrate.%s\" name=\"", it->path ? "file" : "built-in");
    put_xml(out, title_of(arena, it));
    strbuf_printf(out, "\" time=\"%.3f\"", it->ms / 1000);
    if (it->path) {
        strbuf_puts(out, " file=\"");
        put_xml(out, path_shown(arena, it->path));
        strbuf_puts(out, "\"");
    }
    strbuf_puts(out, ">\n");
    if (it->status == TEST_SKIPPED) {
        strbuf_puts(out, "      <skipped message=\"");
        put_xml(out, it->message ? it->message : "");
        strbuf_puts(out, "\"/>\n");
    } else if (it->status == TEST_FAILED) {
        strbuf_puts(out, "      <failure message=\"");
        put_xml(out, it->message);
        strbuf_puts(out, "\">");
        put_xml(out, arena_printf(arena, "%s%s\n", place_text(arena, it), it->message));
        VEC_EACH (const char *, line, &it->details)
            put_xml(out, arena_printf(arena, "  %s\n", *line));
        strbuf_puts(out, "</failure>\n");
    }
    strbuf_puts(out, "    </testcase>\n");
}

static void print_junit(Session *session, const OutcomeList *outcomes, double ms)
{
    StrBuf out;
    strbuf_init(&out, session->arena);
    const char *counts = arena_printf(
        session->arena, "name=\"cmigrate test\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\" time=\"%.3f\"",
        outcomes->count, outcomes_count(outcomes, TEST_FAILED), outcomes_count(outcomes, TEST_SKIPPED),
        ms / 1000);
    strbuf_printf(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites %s>\n  <testsuite %s>\n",
                  counts, counts);
    VEC_EACH (TestOutcome, it, outcomes)
        put_case(&out, it);
    strbuf_puts(&out, "  </testsuite>\n</testsuites>\n");
    report_raw(&session->report, out.text, out.length);
}

// ---- TAP

// One line of plain text: a # would begin a directive.
static void put_tap(StrBuf *out, const char *text)
{
    for (; *text; text++)
        strbuf_putc(out, *text == '\n' || *text == '\r' ? ' ' : *text == '#' ? '.' : *text);
}

// A text of the YAML block below a test that failed.
static void put_yaml(StrBuf *out, const char *key, const char *text)
{
    strbuf_printf(out, "  %s: ", key);
    strbuf_quoted(out, '\'', "'", text);
    strbuf_putc(out, '\n');
}

static void put_diagnosis(StrBuf *out, const TestOutcome *it)
{
    strbuf_puts(out, "  ---\n");
    put_yaml(out, "message", it->message);
    if (it->at.file && it->at.line)
        put_yaml(out, "at",
                 arena_printf(out->arena, "%s:%u", path_shown(out->arena, it->at.file), it->at.line));
    if (it->details.count)
        strbuf_puts(out, "  details: |\n");
    VEC_EACH (const char *, line, &it->details)
        strbuf_printf(out, "    %s\n", *line);
    strbuf_puts(out, "  ...\n");
}

static void print_tap(Session *session, const OutcomeList *outcomes)
{
    StrBuf out;
    strbuf_init(&out, session->arena);
    strbuf_printf(&out, "TAP version 13\n1..%zu\n", outcomes->count);
    for (size_t i = 0; i < outcomes->count; i++) {
        const TestOutcome *it = &outcomes->items[i];
        strbuf_printf(&out, "%sok %zu - ", it->status == TEST_FAILED ? "not " : "", i + 1);
        put_tap(&out, title_of(session->arena, it));
        if (it->status == TEST_SKIPPED) {
            strbuf_puts(&out, " # SKIP ");
            put_tap(&out, it->message ? it->message : "");
        }
        strbuf_putc(&out, '\n');
        if (it->status == TEST_FAILED)
            put_diagnosis(&out, it);
    }
    report_raw(&session->report, out.text, out.length);
}

void outcomes_print(Session *session, const char *format, const OutcomeList *outcomes, double ms)
{
    size_t failed = outcomes_count(outcomes, TEST_FAILED), skipped = outcomes_count(outcomes, TEST_SKIPPED);
    if (is(format, "json"))
        print_json(session, outcomes, ms);
    else if (is(format, "junit"))
        print_junit(session, outcomes, ms);
    else if (is(format, "tap"))
        print_tap(session, outcomes);
    else
        report_line(&session->report, "%zu passed, %zu failed, %zu skipped (%.0f ms)",
                    outcomes_count(outcomes, TEST_PASSED), failed, skipped, ms);
}
