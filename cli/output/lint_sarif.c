// SARIF 2.1.0 (OASIS): what code scanning of GitHub, Azure DevOps and editors read.
#include <ctype.h>
#include <string.h>

#include "cli/output/json.h"
#include "cli/output/lint_print.h"

typedef struct Sarif {
    Json json;
    Arena *arena;
    const Lint *lint;
    const LintRule *rules[1024]; // in the order in which they are listed
    size_t rule_count;
} Sarif;

// SARIF's words: there is no notice.
static const char *level_word(LintLevel level)
{
    return level == LINT_NOTICE ? "note" : lint_level_word(level);
}

static void put_message(Json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_open(json, '{');
    json_put_text(json, "text", text);
    json_close(json, '}');
}

// One rule with its texts and default level. A rule is listed once, in the order that results refer to by
// index.
static void put_rule(void *payload, const LintRule *rule)
{
    Sarif *sarif = payload;
    Json *json = &sarif->json;
    if (sarif->rule_count == COUNT_OF(sarif->rules))
        return;
    sarif->rules[sarif->rule_count++] = rule;
    json_open(json, '{');
    json_put_text(json, "id", rule->code);
    json_put_text(json, "name", rule->name);
    put_message(json, "shortDescription", rule->summary);
    put_message(json, "fullDescription", rule->why);
    put_message(json, "help",
                rule->instead ? arena_printf(sarif->arena, "%s Instead: %s.", rule->why, rule->instead)
                              : rule->why);
    json_put_text(json, "helpUri",
                  arena_printf(sarif->arena, "%s#%s", CMIGRATE_LINT_PAGE, lint_anchor(sarif->arena, rule)));
    json_key(json, "defaultConfiguration");
    json_open(json, '{');
    json_put_bool(json, "enabled", rule->level != LINT_OFF);
    if (rule->level != LINT_OFF)
        json_put_text(json, "level", level_word(rule->level));
    json_close(json, '}');
    json_key(json, "properties");
    json_open(json, '{');
    json_key(json, "tags");
    json_open(json, '[');
    json_text(json, "database");
    json_text(json, lint_group(rule));
    json_close(json, ']');
    json_close(json, '}');
    json_close(json, '}');
}

static long long index_of(const Sarif *sarif, const LintRule *rule)
{
    for (size_t i = 0; i < sarif->rule_count; i++)
        if (sarif->rules[i] == rule)
            return (long long)i;
    return -1;
}

// A path as a URI reference: everything but what may stand there unescaped.
static const char *uri_of(Arena *arena, const char *path)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, path[0] == '/' ? "file://" : "");
    for (const char *p = path; *p; p++)
        if (isalnum((unsigned char)*p) || strchr("/._-~", *p))
            strbuf_putc(&out, *p);
        else
            strbuf_printf(&out, "%%%02X", (unsigned char)*p);
    return out.text;
}

static void put_region(Json *json, const LintFinding *it)
{
    if (!it->at.line)
        return;
    json_key(json, "region");
    json_open(json, '{');
    json_put_int(json, "startLine", it->at.line);
    if (it->at.column)
        json_put_int(json, "startColumn", it->at.column);
    if (it->sql.n) {
        json_key(json, "snippet");
        json_open(json, '{');
        json_key(json, "text");
        json_bytes(json, it->sql);
        json_close(json, '}');
    }
    json_close(json, '}');
}

// Where a finding is: in a file, and in a table. A finding of the project as a whole has an empty list.
static void put_locations(Sarif *sarif, const LintFinding *it)
{
    Json *json = &sarif->json;
    const char *path = lint_path(sarif->arena, it);
    json_key(json, "locations");
    json_open(json, '[');
    if (path || it->table) {
        json_open(json, '{');
        if (path) {
            json_key(json, "physicalLocation");
            json_open(json, '{');
            json_key(json, "artifactLocation");
            json_open(json, '{');
            json_put_text(json, "uri", uri_of(sarif->arena, path));
            json_close(json, '}');
            put_region(json, it);
            json_close(json, '}');
        }
        if (it->table) {
            json_key(json, "logicalLocations");
            json_open(json, '[');
            json_open(json, '{');
            json_put_text(json, "fullyQualifiedName", it->table);
            json_put_text(json, "kind", "table");
            json_close(json, '}');
            json_close(json, ']');
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_suppressions(Json *json, const LintFinding *it)
{
    json_key(json, "suppressions");
    json_open(json, '[');
    if (it->suppressed) {
        json_open(json, '{');
        json_put_text(json, "kind", "inSource");
        if (it->suppressed[0])
            json_put_text(json, "justification", it->suppressed);
        json_close(json, '}');
    }
    json_close(json, ']');
}

// What was measured or is known beyond SARIF's own fields.
static void put_properties(Json *json, const LintFinding *it)
{
    json_key(json, "properties");
    json_open(json, '{');
    if (it->revision && it->revision->id)
        json_put_text(json, "revision", it->revision->id);
    if (it->section)
        json_put_text(json, "section", it->section);
    if (it->statement)
        json_put_int(json, "statement", (long long)it->statement);
    if (it->instead)
        json_put_text(json, "instead", it->instead);
    if (it->fact) {
        if (it->fact->lock)
            json_put_text(json, "lock", it->fact->lock);
        if (it->fact->algorithm)
            json_put_text(json, "algorithm", it->fact->algorithm);
        json_put_bool(json, "rewrites", it->fact->rewrites);
        json_put_bool(json, "scans", it->fact->scans);
        if (it->fact->rows >= 0)
            json_put_int(json, "rows", it->fact->rows);
        json_put_bool(json, "measured", it->fact->measured);
    }
    json_close(json, '}');
}

// The text after which a statement can be given what makes it safe: a rule that need not be checked at once says NOT VALID.
// NULL: there is no safe form that is this statement with some words more.
static const char *words_to_add(const Sarif *sarif, const LintFinding *it)
{
    static const char *const rules[] = { "L110", "L111", "L122" };
    bool named = false;
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        named |= strcmp(it->rule->code, rules[i]) == 0;
    if (!named || !it->sql.n || !it->at.line)
        return NULL;
    Sentence sentence;
    sentence_read(sarif->arena, sarif->lint->dialect, arena_strndup(sarif->arena, it->sql.p, it->sql.n),
                  &sentence);
    bool domain = strcmp(sentence.kind, "domain") == 0;
    const Clause *only = sentence.clauses.count == 1 ? &sentence.clauses.items[0] : NULL;
    bool adds = domain ? clause_after(&sentence.all, "ADD CONSTRAINT|CHECK") != 0
                       : only && clause_begins(only, "ADD CONSTRAINT|CHECK|FOREIGN");
    return adds && sentence.verb == VERB_ALTER && !clause_after(&sentence.all, "NOT VALID") ? " NOT VALID"
                                                                                            : NULL;
}

// Where the statement ends, in lines and code points.
static void put_end(Json *json, const LintFinding *it)
{
    long long line = it->at.line, column = it->at.column ? it->at.column : 1;
    for (size_t i = 0; i < it->sql.n; i++) {
        const unsigned char c = (unsigned char)it->sql.p[i];
        enum { CONTINUES = 0x80, MASK = 0xC0 }; // a byte within a code point
        line += c == '\n';
        column = c == '\n' ? 1 : column + ((c & MASK) != CONTINUES);
    }
    json_put_int(json, "startLine", line);
    json_put_int(json, "startColumn", column);
    json_put_int(json, "endLine", line);
    json_put_int(json, "endColumn", column);
}

// The edit that would fix the statement, where it is words to append.
static void put_fixes(Sarif *sarif, const LintFinding *it)
{
    Json *json = &sarif->json;
    const char *words = words_to_add(sarif, it), *path = lint_path(sarif->arena, it);
    if (!words || !path)
        return;
    json_key(json, "fixes");
    json_open(json, '[');
    json_open(json, '{');
    put_message(json, "description", "add it NOT VALID, and VALIDATE it in another revision");
    json_key(json, "artifactChanges");
    json_open(json, '[');
    json_open(json, '{');
    json_key(json, "artifactLocation");
    json_open(json, '{');
    json_put_text(json, "uri", uri_of(sarif->arena, path));
    json_close(json, '}');
    json_key(json, "replacements");
    json_open(json, '[');
    json_open(json, '{');
    json_key(json, "deletedRegion");
    json_open(json, '{');
    put_end(json, it);
    json_close(json, '}');
    put_message(json, "insertedContent", words);
    json_close(json, '}');
    json_close(json, ']');
    json_close(json, '}');
    json_close(json, ']');
    json_close(json, '}');
    json_close(json, ']');
}

static void put_result(Sarif *sarif, const LintFinding *it, NameList *fingerprints)
{
    Json *json = &sarif->json;
    json_open(json, '{');
    json_put_text(json, "ruleId", it->rule->code);
    json_put_int(json, "ruleIndex", index_of(sarif, it->rule));
    json_put_text(json, "level", level_word(it->level));
    put_message(json, "message",
                it->instead ? arena_printf(sarif->arena, "%s. Instead: %s.", it->message, it->instead)
                            : it->message);
    put_locations(sarif, it);
    json_key(json, "partialFingerprints");
    json_open(json, '{');
    json_put_text(json, "cmigrateFinding/v1", lint_fingerprint(sarif->arena, it, fingerprints));
    json_close(json, '}');
    put_suppressions(json, it);
    put_fixes(sarif, it);
    put_properties(json, it);
    json_close(json, '}');
}

static void put_tool(Sarif *sarif)
{
    Json *json = &sarif->json;
    json_key(json, "tool");
    json_open(json, '{');
    json_key(json, "driver");
    json_open(json, '{');
    json_put_text(json, "name", "cmigrate");
    json_put_text(json, "version", CMIGRATE_VERSION);
    json_key(json, "rules");
    json_open(json, '[');
    lint_rules_each(put_rule, sarif);
    json_close(json, ']');
    json_close(json, '}');
    json_close(json, '}');
}

void lint_print_sarif(Session *session, const LintAnswer *answer)
{
    Sarif sarif = { .arena = session->arena, .lint = answer->lint };
    Json *json = &sarif.json;
    NameList fingerprints = { 0 };
    json_start(json, session->arena);
    json_open(json, '{');
    json_put_text(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_put_text(json, "version", "2.1.0");
    json_key(json, "runs");
    json_open(json, '[');
    json_open(json, '{');
    put_tool(&sarif);
    json_put_text(json, "columnKind", "unicodeCodePoints");
    json_key(json, "results");
    json_open(json, '[');
    VEC_EACH (LintFinding, it, &answer->lint->findings)
        put_result(&sarif, it, &fingerprints);
    json_close(json, ']');
    json_close(json, '}');
    json_close(json, ']');
    json_close(json, '}');
    strbuf_putc(&json->out, '\n');
    report_raw(&session->report, json->out.text, json->out.length);
}
