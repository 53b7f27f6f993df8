#include "core/lint/settings.h"

#include <stdlib.h>
#include <string.h>

#include "core/yaml/node.h"

typedef struct SettingsReader {
    Arena *arena;
    Issues *issues;
    LintSettings *out;
} SettingsReader;

static const char *const depth_words[] = { "text", "replay", "trace" };

bool lint_depth_named(const char *word, LintDepth *out)
{
    for (size_t i = 0; i < COUNT_OF(depth_words); i++)
        if (strcmp(depth_words[i], word) == 0) {
            *out = (LintDepth)i;
            return true;
        }
    return false;
}

const char *lint_depth_word(LintDepth depth) { return depth_words[depth]; }

static bool is_text(SettingsReader *r, const Node *node, const char *what)
{
    if (node && node->kind == NODE_SCALAR)
        return true;
    if (node && !node_is_null(node))
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s is one value", what);
    return false;
}

static bool read_level(SettingsReader *r, const Node *node, const char *what, LintLevel *out)
{
    bool known = false;
    if (!is_text(r, node, what))
        return false;
    // YAML's own words for false and true
    *out = lint_level_named(strcmp(node_string(node), "false") == 0 ? "off" : node_string(node), &known);
    if (!known)
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s is off, notice, warning or error, not '%s'",
                   what, node_string(node));
    return known;
}

static LintRuleSetting *setting_of(SettingsReader *r, const LintRule *rule)
{
    VEC_EACH (LintRuleSetting, it, &r->out->rules)
        if (it->rule == rule)
            return it;
    LintRuleSetting *setting = VEC_PUSH(r->arena, &r->out->rules);
    setting->rule = rule;
    return setting;
}

typedef struct NearRule {
    const char *names[512];
    size_t count;
} NearRule;

static void collect(void *payload, const LintRule *rule)
{
    NearRule *near = payload;
    if (near->count < COUNT_OF(near->names))
        near->names[near->count++] = rule->name;
}

static const LintRule *find_rule(SettingsReader *r, const char *text, SourcePos at)
{
    const LintRule *rule = lint_rule(text);
    if (rule)
        return rule;
    NearRule all = { .count = 0 };
    lint_rules_each(collect, &all);
    Error *err = issues_add(r->issues, ERR_CONFIG, at, "there is no rule '%s'", text);
    const char *near = nearest_word(text, all.names, all.count);
    if (near)
        error_label(err, "did you mean '%s'?", near);
    error_hint(err, "`cmigrate lint --list` prints all rules.");
    return NULL;
}

// level, or {level: …, table: PATTERN, index: PATTERN}
static void read_rule(SettingsReader *r, const NodePair *pair)
{
    const LintRule *rule = find_rule(r, node_string(pair->key), node_at(pair->key));
    if (!rule)
        return;
    LintRuleSetting *setting = setting_of(r, rule);
    if (pair->value->kind != NODE_MAP) {
        setting->level_set = read_level(r, pair->value, "the level of a rule", &setting->level);
        return;
    }
    for (unsigned i = 0; i < pair->value->count; i++) {
        const NodePair *own = node_pair(pair->value, i);
        if (strcmp(node_string(own->key), "level") == 0) {
            setting->level_set = read_level(r, own->value, "level", &setting->level);
        } else if (is_text(r, own->value, node_string(own->key))) {
            *VEC_PUSH(r->arena, &setting->patterns) = node_string(own->key);
            *VEC_PUSH(r->arena, &setting->patterns) = node_string(own->value);
        }
    }
}

static bool is_map(SettingsReader *r, const Node *node, const char *what)
{
    if (node && node->kind == NODE_MAP)
        return true;
    if (node && !node_is_null(node))
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s must be a mapping of keys and values", what);
    return false;
}

typedef struct GroupSearch {
    const char *name;
    bool found;
} GroupSearch;

static void match_group(void *payload, const LintRule *rule)
{
    GroupSearch *search = payload;
    search->found |= strcmp(lint_group(rule), search->name) == 0;
}

static void read_groups(SettingsReader *r, const Node *node)
{
    if (!is_map(r, node, "groups"))
        return;
    for (unsigned i = 0; i < node->count; i++) {
        const NodePair *pair = node_pair(node, i);
        LintLevel level;
        GroupSearch search = { .name = node_string(pair->key) };
        lint_rules_each(match_group, &search);
        if (!search.found)
            issues_add(r->issues, ERR_CONFIG, node_at(pair->key), "there is no group of rules '%s'",
                       search.name);
        else if (read_level(r, pair->value, "the level of a group", &level)) {
            *VEC_PUSH(r->arena, &r->out->groups) = node_string(pair->key);
            *VEC_PUSH(r->arena, &r->out->groups) = lint_level_word(level);
        }
    }
}

static void read_pairs(SettingsReader *r, const Node *node, const char *what, NameList *out)
{
    if (!is_map(r, node, what))
        return;
    for (unsigned i = 0; i < node->count; i++)
        if (is_text(r, node_pair(node, i)->value, node_string(node_pair(node, i)->key))) {
            *VEC_PUSH(r->arena, out) = node_string(node_pair(node, i)->key);
            *VEC_PUSH(r->arena, out) = node_string(node_pair(node, i)->value);
        }
}

static void read_names(SettingsReader *r, const Node *node, const char *what, NameList *out)
{
    if (!node || node_is_null(node))
        return;
    if (node->kind == NODE_SCALAR)
        *VEC_PUSH(r->arena, out) = node_string(node);
    else if (node->kind == NODE_MAP)
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s is one value or a list", what);
    for (unsigned i = 0; node->kind == NODE_LIST && i < node->count; i++)
        if (is_text(r, node_item(node, i), what))
            *VEC_PUSH(r->arena, out) = node_string(node_item(node, i));
}

static void read_number(SettingsReader *r, const Node *node, const char *what, unsigned long *out)
{
    if (!node || !is_text(r, node, what))
        return;
    char *end;
    unsigned long value = strtoul(node_string(node), &end, 10);
    if (*end || !node_string(node)[0] || node_string(node)[0] == '-')
        issues_add(r->issues, ERR_CONFIG, node_at(node), "%s is a number of rows, not '%s'", what,
                   node_string(node));
    else
        *out = value;
}

static void read_depth(SettingsReader *r, const Node *node)
{
    if (node && is_text(r, node, "depth") && !lint_depth_named(node_string(node), &r->out->depth))
        issues_add(r->issues, ERR_CONFIG, node_at(node), "depth is text, replay or trace, not '%s'",
                   node_string(node));
}

static void read_fail_on(SettingsReader *r, const Node *node)
{
    if (!node || !is_text(r, node, "fail_on"))
        return;
    if (strcmp(node_string(node), "never") == 0)
        r->out->fail_on = LINT_OFF;
    else
        (void)read_level(r, node, "fail_on", &r->out->fail_on);
}

static const KeyInfo keys[] = {
    {"base",            "text",                                "the git revision that a branch is compared with"     },
    { "depth",          "words text, replay, trace",           "how closely statements are looked at"                },
    { "fail_on",        "words error, warning, notice, never",
     "findings of this level and above end with status 1"                                                            },
    { "versions",       "texts by name",                       "the version of each engine that production runs"     },
    { "small_table",    "number",                              "rows below which locks and rewrites are notices"     },
    { "big_table",      "number",                              "rows from which they are errors"                     },
    { "groups",         "lint levels",                         "the level of all rules of a group"                   },
    { "rules",          "lint rules",                          "the level of a rule, or {level: …, table: PATTERN}"},
    { "ignore",         "lint ignore",                         "tables and revisions that are not judged"            },
    { "require_reason", "truth",                               "an allowed finding needs a reason"                   },
    { "model",          "truth",                               "the model is judged too"                             },
    { "stats",          "text",                                "sizes of tables, as inspect --stats wrote them"      },
};
const KeyMap lint_settings_keys_map = { keys, COUNT_OF(keys) };

static const KeyInfo ignore_keys[] = {
    {"tables",     "texts", "tables whose findings are left out, as globs"},
    { "revisions", "texts", "revisions that are not judged"               },
};
const KeyMap lint_ignore_keys_map = { ignore_keys, COUNT_OF(ignore_keys) };

static void reject_unknown(SettingsReader *r, const Node *map, const KeyMap *known_keys, const char *what)
{
    const char *names[COUNT_OF(keys)];
    const size_t count = known_keys->count;
    for (size_t k = 0; k < count; k++)
        names[k] = known_keys->keys[k].name;
    for (unsigned i = 0; i < map->count; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known |= strcmp(names[k], node_string(node_pair(map, i)->key)) == 0;
        if (known)
            continue;
        Error *err = issues_add(r->issues, ERR_CONFIG, node_at(node_pair(map, i)->key),
                                "unknown key '%s' in %s", node_string(node_pair(map, i)->key), what);
        const char *near = nearest_word(node_string(node_pair(map, i)->key), names, count);
        if (near)
            error_label(err, "did you mean '%s'?", near);
    }
}

// The `lint:` section. Each key is checked by itself: one issue does not hide another.
static void read_lint(SettingsReader *r, const Node *map)
{
    reject_unknown(r, map, &lint_settings_keys_map, "lint");
    read_depth(r, node_get(map, "depth"));
    read_fail_on(r, node_get(map, "fail_on"));
    read_pairs(r, node_get(map, "versions"), "versions", &r->out->versions);
    read_number(r, node_get(map, "small_table"), "small_table", &r->out->small_table);
    read_number(r, node_get(map, "big_table"), "big_table", &r->out->big_table);
    read_groups(r, node_get(map, "groups"));
    const Node *rules = node_get(map, "rules"), *ignore = node_get(map, "ignore");
    if (is_map(r, rules, "rules"))
        for (unsigned i = 0; i < rules->count; i++)
            read_rule(r, node_pair(rules, i));
    if (is_map(r, ignore, "ignore")) {
        reject_unknown(r, ignore, &lint_ignore_keys_map, "lint.ignore");
        read_names(r, node_get(ignore, "tables"), "tables", &r->out->ignore_tables);
        read_names(r, node_get(ignore, "revisions"), "revisions", &r->out->ignore_revisions);
    }
    const Node *model = node_get(map, "model"), *stats = node_get(map, "stats");
    if (model && !node_truth(model, &r->out->model))
        issues_add(r->issues, ERR_CONFIG, node_at(model), "model must be true or false");
    if (is_text(r, stats, "stats"))
        r->out->stats = node_string(stats);
    const Node *reason = node_get(map, "require_reason");
    if (reason && !node_truth(reason, &r->out->require_reason))
        issues_add(r->issues, ERR_CONFIG, node_at(reason), "require_reason must be true or false");
}

const char *lint_base(const Config *config)
{
    const Node *base = node_get(config->lint, "base");
    return base && base->kind == NODE_SCALAR && !node_is_null(base) ? node_string(base) : NULL;
}

// `names: {table: "^[a-z_]+$"}` is name-pattern with its patterns; `on: [RULE]` switches rules on.
static void read_shorthands(SettingsReader *r, const Config *config)
{
    const LintRule *pattern = lint_rule("name-pattern");
    if (pattern && is_map(r, config->lint_names, "names")) {
        LintRuleSetting *setting = setting_of(r, pattern);
        read_pairs(r, config->lint_names, "names", &setting->patterns);
        if (!setting->level_set) {
            setting->level = LINT_WARNING;
            setting->level_set = true;
        }
    }
    VEC_EACH (const char *, name, &config->lint_on) {
        const LintRule *rule = find_rule(r, *name, (SourcePos){ .file = config->path });
        LintRuleSetting *setting = rule ? setting_of(r, rule) : NULL;
        if (setting && !setting->level_set) {
            setting->level = rule->level == LINT_OFF ? LINT_WARNING : rule->level;
            setting->level_set = true;
        }
    }
}

bool lint_settings_read(Arena *arena, const Config *config, LintSettings *out, Error *err)
{
    Issues issues = { .arena = arena };
    SettingsReader r = { .arena = arena, .issues = &issues, .out = out };
    *out = (LintSettings){
        .depth = LINT_REPLAY,
        .fail_on = LINT_ERROR,
        .small_table = 10000,
        .big_table = 1000000,
        .infers_references = config->lint_infers_references,
        .lock_timeout = config->sets_lock_timeout,
        .statement_timeout = config->statement_timeout_ms > 0,
    };
    if (is_map(&r, config->lint, "lint"))
        read_lint(&r, config->lint);
    read_shorthands(&r, config);
    return issues_raise(&issues, err);
}
