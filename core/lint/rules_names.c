// N: names of what a revision makes.
#include <ctype.h>
#include <regex.h>
#include <string.h>

#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "N101",
     .name = "name-pattern",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The name does not match the project's pattern.",
     .why = "`rules: {name-pattern: {level: error, table: \"^[a-z_]+$\", index: \"^ix_\"}}` sets a POSIX "
             "extended regular "
             "expression for each kind of object; `names:` of cmigrate.yaml is short for it.", .instead = "rename it",
     .aliases = "name-case name_case NM101 NM102 NM103 NM104 NM105 NM106" },
    { .code = "N102",
     .name = "reserved-word",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The name is a reserved word of the engine.",
     .why = "Every statement must quote it, and one that does not fails or means something else.",
     .instead = "choose another name",
     .aliases = "reserved_words" },
    { .code = "N103",
     .name = "upper-case",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The name has capital letters.",
     .why = "PostgreSQL folds names to lower case unless they are quoted, so every query must quote this "
             "one; on MySQL it "
             "depends on the file system whether another case is the same table.", .instead = "use lower case and underscores" },
    { .code = "N104",
     .name = "name-too-long",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "The name is longer than the server keeps.",
     .why = "PostgreSQL cuts names at 63 bytes and says so in a notice only; MySQL and MariaDB refuse more "
             "than 64 characters.", .instead = "choose a shorter name",
     .aliases = "identifier-too-long" },
    { .code = "N105",
     .name = "unnamed-constraint",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The constraint gets its name from the server.",
     .why = "The name may differ between databases, and a later change has to name it.",
     .instead = "write CONSTRAINT name" },
    { 0                                    },
};

// The words of the setting for a kind of object.
static const char *kind_word(ObjectKind kind)
{
    switch ((int)kind) {
    case OBJECT_PRIMARY_KEY: return "primary_key";
    case OBJECT_UNIQUE: return "unique";
    case OBJECT_CHECK: return "check";
    case OBJECT_FOREIGN_KEY: return "foreign_key";
    default: return object_kinds[kind].word;
    }
}

static bool matches(const char *pattern, const char *name)
{
    regex_t compiled;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return true; // reported when the settings are read
    bool found = regexec(&compiled, name, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

static bool has_upper(const char *name)
{
    for (const char *p = name; *p; p++)
        if (isupper((unsigned char)*p))
            return true;
    return false;
}

// In a list: " all analyse ... "; asked once.
static bool is_reserved_by_postgresql(const Judge *judge, const char *name)
{
    Lint *lint = judge->lint;
    Db *db = lint->scratch;
    size_t n = strlen(name);
    char *word = arena_alloc(judge->arena, n + 3); // " word "
    word[0] = word[n + 1] = ' ';
    for (size_t i = 0; i < n; i++)
        word[i + 1] = (char)tolower((unsigned char)name[i]);
    if (!lint->reserved) {
        Error refused = { 0 };
        db->scope = SCOPE_LOOKUP; // the script may have set search_path for its later statements
        if (!db_value(db, lint->arena,
                      "SELECT ' ' OPERATOR(pg_catalog.||) pg_catalog.string_agg(word, ' ')"
                      " OPERATOR(pg_catalog.||) ' ' FROM pg_catalog.pg_get_keywords() WHERE catcode"
                      " OPERATOR(pg_catalog.=) ANY ('{R,T}')",
                      &lint->reserved, &refused))
            lint->reserved = NULL;
        db->scope = SCOPE_OWN;
    }
    return lint->reserved && strstr(lint->reserved, word);
}

// The engine says so: PostgreSQL in its list, the others by not taking the word as an alias.
static bool is_reserved(const Judge *judge, const char *name)
{
    Db *db = judge->lint->scratch;
    const char *found = NULL;
    Error refused = { 0 };
    if (!db || !*name || name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")])
        return false;
    if (lint_is_engine(judge->lint, ON_POSTGRESQL))
        return is_reserved_by_postgresql(judge, name);
    return !db_value(db, judge->arena, arena_printf(judge->arena, "SELECT 1 AS %s", name), &found, &refused);
}

static void judge_name(const Judge *judge, ObjectKind kind, const char *table, const char *name)
{
    if (kind == OBJECT_PRIMARY_KEY && lint_is_engine(judge->lint, ON_BOTH_MYSQL))
        return; // nobody chose it: it is PRIMARY always
    const char *word = kind_word(kind);
    const char *pattern = lint_pattern(judge->lint, "N101", word);
    if (pattern && !matches(pattern, name))
        lint_found(judge, "N101", table, NULL, NULL, "%s %s does not match the pattern %s",
                   object_kinds[kind].word, name, pattern);
    if (lint_is_on(judge->lint, "N102") && is_reserved(judge, name))
        lint_found(judge, "N102", table, NULL, NULL, "%s %s is a reserved word", object_kinds[kind].word,
                   name);
    if (has_upper(name))
        lint_found(judge, "N103", table, NULL, NULL, "%s %s has capital letters", object_kinds[kind].word,
                   name);
}

static size_t length_of(const char *name, bool bytes)
{
    size_t n = 0;
    for (const char *p = name; *p; p++)
        n += bytes || ((unsigned char)*p & 0xC0) != 0x80;
    return n;
}

// Every name that the statement writes: PostgreSQL cuts them before anybody sees them.
static void judge_lengths(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool bytes = lint_is_engine(judge->lint, ON_POSTGRESQL);
    if (s->verb != VERB_CREATE && s->verb != VERB_ALTER)
        return;
    for (size_t i = 0; i < s->all.count; i++) {
        const Token *token = &s->all.tokens[i];
        if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
            continue;
        const char *name = token_name(judge->arena, token);
        size_t n = length_of(name, bytes);
        if (n > (bytes ? 63U : 64U))
            lint_found(judge, "N104", NULL, NULL, NULL, "the name %s has %zu %s; %d are kept", name, n,
                       bytes ? "bytes" : "characters", bytes ? 63 : 64);
    }
}

// Judges all names that a statement makes: of the objects themselves, and of columns and constraints of a new
// table.
static void judge_statement(const Judge *judge)
{
    VEC_EACH (Change, it, judge->changes) {
        bool renamed = it->kind == CHANGE_ALTER && it->facets & FACET_NAME;
        if ((it->kind == CHANGE_CREATE || renamed) && it->want->name)
            judge_name(judge, it->want->kind, it->want->table ? it->want->table : it->want->name,
                       it->want->name);
        if (it->kind == CHANGE_CREATE && it->want->kind == OBJECT_TABLE) {
            const Table *table = it->want_table;
            VEC_EACH (Column *, column, &table->columns)
                judge_name(judge, OBJECT_COLUMN, table->head.name, (*column)->head.name);
            VEC_EACH (Constraint *, key, &table->constraints)
                if ((*key)->head.name)
                    judge_name(judge, (*key)->head.kind, table->head.name, (*key)->head.name);
        }
    }
    judge_lengths(judge);
    const Sentence *s = judge->sentence;
    bool table = strcmp(s->kind, "table") == 0;
    if (table && (s->verb == VERB_CREATE || s->verb == VERB_ALTER) && s->object.name &&
        clause_after_anywhere(&s->all, "CHECK|UNIQUE|REFERENCES|FOREIGN") &&
        !clause_after_anywhere(&s->all, "CONSTRAINT"))
        lint_found(judge, "N105", s->object.name, NULL, NULL,
                   "a constraint of table %s has no name of its own", s->object.name);
}

// --- of a schema as it appears ------------------------------------------------

static void judge_object(const JudgeRevision *judge, const Object *object)
{
    const Lint *lint = judge->lint;
    const char *name = object->name, *word = object_kinds[object->kind].word;
    const char *table = object->table ? object->table : name;
    if (!name)
        return;
    const char *pattern = lint_pattern(lint, "N101", kind_word(object->kind));
    LintPlace place = lint_place_of(judge, object);
    if (pattern && !matches(pattern, name))
        lint_found_in(judge, "N101", place, table, "%s %s does not match the pattern %s", word, name,
                      pattern);
    if (has_upper(name))
        lint_found_in(judge, "N103", place, table, "%s %s has capital letters", word, name);
    size_t limit = lint->dialect->max_identifier;
    bool bytes = lint_is_engine(lint, ON_POSTGRESQL);
    if (limit && length_of(name, bytes) > limit)
        lint_found_in(judge, "N104", place, table, "the name %s has %zu %s; %zu are kept", name,
                      length_of(name, bytes), bytes ? "bytes" : "characters", limit);
}

static void judge_schema(const JudgeRevision *judge)
{
    VEC_EACH (Table *, table, &judge->after->tables) {
        judge_object(judge, &(*table)->head);
        VEC_EACH (Column *, it, &(*table)->columns)
            judge_object(judge, &(*it)->head);
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            if (!(*it)->named_by_convention)
                judge_object(judge, &(*it)->head);
        VEC_EACH (Index *, it, &(*table)->indexes)
            if (!(*it)->named_by_convention)
                judge_object(judge, &(*it)->head);
    }
    VEC_EACH (Object *, it, &judge->after->objects)
        judge_object(judge, *it);
}

const LintFamily lint_names = {
    .group = "names", .rules = rules, .statement = judge_statement, .schema = judge_schema
};
