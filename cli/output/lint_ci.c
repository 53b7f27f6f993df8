// What the CI services read: annotations of GitHub, code quality of GitLab, JUnit.
#include <string.h>

#include "cli/output/json.h"
#include "cli/output/lint_print.h"
#include "cli/output/xml.h"
#include "core/base/sha256.h"

const char *const lint_formats[] = { "text", "json", "sarif", "github", "gitlab", "junit", NULL };

void lint_print_as(Session *session, const char *format, const LintAnswer *answer)
{
    static void (*const printers[])(Session *, const LintAnswer *) = { lint_print_sarif, lint_print_github,
                                                                       lint_print_gitlab, lint_print_junit };
    for (size_t i = 0; format && i < COUNT_OF(printers); i++)
        if (strcmp(lint_formats[i + 2], format) == 0) {
            printers[i](session, answer);
            return;
        }
    if (session->json)
        lint_print_json(session, answer->lint);
    else
        lint_print(session, answer->lint);
}

bool lint_is_failure(const LintFinding *finding, LintLevel fail_on)
{
    return !finding->suppressed && fail_on != LINT_OFF && finding->level >= fail_on;
}

const char *lint_path(Arena *arena, const LintFinding *finding)
{
    return finding->at.file ? path_shown(arena, finding->at.file) : NULL;
}

// --- what a finding is the same by -------------------------------------------

static const char *hash(Arena *arena, const StrBuf *text)
{
    char hex[SHA256_HEX];
    sha256_hex((Text){ text->text, text->length }, hex);
    return arena_strdup(arena, hex);
}

const char *lint_fingerprint(Arena *arena, const LintFinding *it, NameList *earlier)
{
    StrBuf text;
    size_t same = 0;
    strbuf_init(&text, arena);
    strbuf_printf(&text, "%s\n%s\n%s\n", it->rule->code,
                  it->revision && it->revision->id ? it->revision->id : "", it->table ? it->table : "");
    if (it->sql.n)
        strbuf_put(&text, it->sql.p, it->sql.n);
    else
        strbuf_puts(&text, it->message);
    const char *first = hash(arena, &text);
    for (size_t i = earlier->count; i-- > 0;)
        same += strcmp(earlier->items[i], first) == 0;
    *VEC_PUSH(arena, earlier) = first;
    if (!same)
        return first;
    strbuf_printf(&text, "\n%zu", same);
    return hash(arena, &text);
}

// --- GitHub ------------------------------------------------------------------

// A workflow command is one line; in its properties a comma and a colon have a meaning too.
static void put_command_text(StrBuf *out, const char *text, bool property)
{
    for (const char *p = text; *p; p++)
        if (*p == '%' || *p == '\r' || *p == '\n' || (property && (*p == ':' || *p == ',')))
            strbuf_printf(out, "%%%02X", (unsigned char)*p);
        else
            strbuf_putc(out, *p);
}

void lint_print_github(Session *session, const LintAnswer *answer)
{
    StrBuf out;
    strbuf_init(&out, session->arena);
    VEC_EACH (LintFinding, it, &answer->lint->findings) {
        const char *path = lint_path(session->arena, it);
        if (it->suppressed)
            continue;
        strbuf_printf(&out, "::%s ", lint_level_word(it->level));
        if (path) {
            strbuf_puts(&out, "file=");
            put_command_text(&out, path, true);
            strbuf_printf(&out, ",line=%u,col=%u,", it->at.line ? it->at.line : 1,
                          it->at.column ? it->at.column : 1);
        }
        strbuf_printf(&out, "title=%s %s::", it->rule->code, it->rule->name);
        put_command_text(&out, it->message, false);
        if (it->instead) {
            strbuf_puts(&out, "%0AInstead: ");
            put_command_text(&out, it->instead, false);
        }
        strbuf_putc(&out, '\n');
    }
    report_raw(&session->report, out.text, out.length);
}

// --- GitLab ------------------------------------------------------------------

static const char *severity_of(LintLevel level)
{
    return level == LINT_ERROR ? "major" : level == LINT_WARNING ? "minor" : "info";
}

// The file of what is in none: GitLab shows nothing without one.
static const char *path_or_project(Session *session, const LintFinding *it)
{
    const char *path = lint_path(session->arena, it);
    const char *project =
        session->config.path ? path_shown(session->arena, session->config.path) : "schema.yaml";
    return path ? path : project;
}

void lint_print_gitlab(Session *session, const LintAnswer *answer)
{
    Json json;
    NameList fingerprints = { 0 };
    json_start(&json, session->arena);
    json_open(&json, '[');
    VEC_EACH (LintFinding, it, &answer->lint->findings) {
        const char *fingerprint = lint_fingerprint(session->arena, it, &fingerprints);
        if (it->suppressed)
            continue;
        json_open(&json, '{');
        json_put_text(
            &json, "description",
            arena_printf(session->arena, "%s [%s %s]", it->message, it->rule->code, it->rule->name));
        json_put_text(&json, "check_name", it->rule->name);
        json_put_text(&json, "fingerprint", fingerprint);
        json_put_text(&json, "severity", severity_of(it->level));
        json_key(&json, "location");
        json_open(&json, '{');
        json_put_text(&json, "path", path_or_project(session, it));
        json_key(&json, "lines");
        json_open(&json, '{');
        json_put_int(&json, "begin", it->at.line ? it->at.line : 1);
        json_close(&json, '}');
        json_close(&json, '}');
        json_close(&json, '}');
    }
    json_close(&json, ']');
    strbuf_putc(&json.out, '\n');
    report_raw(&session->report, json.out.text, json.out.length);
}

// --- JUnit -------------------------------------------------------------------

static void put_line(StrBuf *out, Session *session, const LintFinding *it)
{
    const char *path = lint_path(session->arena, it);
    put_xml(out, arena_printf(session->arena, "%s:%u:%u: %s: %s [%s %s]", path ? path : "", it->at.line,
                              it->at.column, lint_level_word(it->level), it->message, it->rule->code,
                              it->rule->name));
    strbuf_putc(out, '\n');
}

// One testcase: the findings of one revision, or (NULL) of what is of none.
static size_t put_case(StrBuf *out, Session *session, const LintAnswer *answer, const Revision *revision)
{
    size_t failures = 0;
    StrBuf rest;
    strbuf_init(&rest, session->arena);
    const char *name = !revision ? "schema" : revision->id ? revision->id : "file";
    const char *message = revision && revision->script->message ? revision->script->message : "";
    strbuf_puts(out, "    <testcase classname=\"cmigrate.lint\" name=\"");
    put_xml(out, message[0] ? arena_printf(session->arena, "%s %s", name, message) : name);
    strbuf_puts(out, "\"");
    if (revision) {
        strbuf_puts(out, " file=\"");
        put_xml(out, path_shown(session->arena, revision->script->path));
        strbuf_puts(out, "\"");
    }
    strbuf_puts(out, ">\n");
    VEC_EACH (LintFinding, it, &answer->lint->findings) {
        if (it->revision != revision || it->suppressed)
            continue;
        if (!lint_is_failure(it, answer->fail_on)) {
            put_line(&rest, session, it);
            continue;
        }
        failures++;
        strbuf_printf(out, "      <failure type=\"%s\" message=\"", it->rule->code);
        put_xml(out, it->message);
        strbuf_puts(out, "\">");
        put_line(out, session, it);
        strbuf_puts(out, "</failure>\n");
    }
    if (rest.length)
        strbuf_printf(out, "      <system-out>%s</system-out>\n", rest.text);
    strbuf_puts(out, "    </testcase>\n");
    return failures > 0;
}

static bool has_others(const LintAnswer *answer)
{
    VEC_EACH (LintFinding, it, &answer->lint->findings) {
        bool judged = false;
        VEC_EACH (Revision *, revision, answer->selected)
            judged |= *revision == it->revision;
        if (!judged)
            return true;
    }
    return false;
}

void lint_print_junit(Session *session, const LintAnswer *answer)
{
    StrBuf cases, out;
    size_t failures = 0, tests = answer->selected->count;
    strbuf_init(&cases, session->arena);
    strbuf_init(&out, session->arena);
    VEC_EACH (Revision *, it, answer->selected)
        failures += put_case(&cases, session, answer, *it);
    if (has_others(answer)) {
        failures += put_case(&cases, session, answer, NULL);
        tests++;
    }
    strbuf_puts(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    strbuf_printf(&out, "<testsuites name=\"cmigrate lint\" tests=\"%zu\" failures=\"%zu\">\n", tests,
                  failures);
    strbuf_printf(&out,
                  "  <testsuite name=\"cmigrate lint\" tests=\"%zu\" failures=\"%zu\">\n%s  </testsuite>\n",
                  tests, failures, cases.text);
    strbuf_puts(&out, "</testsuites>\n");
    report_raw(&session->report, out.text, out.length);
}
