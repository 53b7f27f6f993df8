#include "core/lint/sentence.h"

#include <ctype.h>
#include <string.h>

// --- words -----------------------------------------------------------------

// Whether a token is one of `a|b|c`.
static bool is_one_of(const Token *token, const char *words, size_t n)
{
    char word[64];
    for (size_t at = 0; at < n;) {
        const char *bar = memchr(words + at, '|', n - at);
        size_t length = bar ? (size_t)(bar - words) - at : n - at;
        if (length < sizeof(word)) {
            memcpy(word, words + at, length);
            word[length] = '\0';
            if (token_is(token, word))
                return true;
        }
        at += length + 1;
    }
    return false;
}

// The index after `words` where they stand at `index`; 0: they do not.
static size_t match_at(const Clause *clause, size_t index, const char *words)
{
    for (const char *p = words; *p;) {
        p += strspn(p, " ");
        size_t n = strcspn(p, " ");
        bool optional = n > 2 && p[0] == '[' && p[n - 1] == ']';
        bool here = index < clause->count &&
                    is_one_of(&clause->tokens[index], optional ? p + 1 : p, optional ? n - 2 : n);
        if (here)
            index++;
        else if (n && !optional)
            return 0;
        p += n;
    }
    return index;
}

bool clause_begins(const Clause *clause, const char *words) { return match_at(clause, 0, words) > 0; }

static size_t find(const Clause *clause, const char *words, bool inside)
{
    size_t depth = 0;
    for (size_t i = 0; i < clause->count; i++) {
        const Token *token = &clause->tokens[i];
        if (token_is(token, "("))
            depth++;
        else if (token_is(token, ")") && depth)
            depth--;
        else if (!depth || inside) {
            size_t after = match_at(clause, i, words);
            if (after)
                return after;
        }
    }
    return 0;
}

size_t clause_after(const Clause *clause, const char *words) { return find(clause, words, false); }
size_t clause_after_anywhere(const Clause *clause, const char *words) { return find(clause, words, true); }

// --- names -----------------------------------------------------------------

static bool folds(const Dialect *dialect) { return (dialect->lex & LEX_DOLLAR_QUOTES) != 0; }

const char *clause_name(Arena *arena, const Dialect *dialect, const Clause *clause, size_t index)
{
    if (index >= clause->count)
        return NULL;
    const Token *token = &clause->tokens[index];
    if (token->kind == TOKEN_STRING && !(dialect->lex & LEX_DOUBLE_QUOTED_STRINGS) && token->text.p[0] == '"')
        return token_name(arena, token);
    if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME && token->kind != TOKEN_STRING)
        return NULL;
    const char *name = token_name(arena, token);
    if (token->kind != TOKEN_WORD || !folds(dialect))
        return name;
    char *folded = arena_strdup(arena, name);
    for (char *p = folded; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return folded;
}

SqlName clause_sql_name(Arena *arena, const Dialect *dialect, const Clause *clause, size_t index,
                        size_t *next)
{
    SqlName out = { .name = clause_name(arena, dialect, clause, index) };
    size_t after = out.name ? index + 1 : index;
    while (out.name && after + 1 < clause->count && token_is(&clause->tokens[after], ".")) {
        out.schema = out.name;
        out.name = clause_name(arena, dialect, clause, after + 1);
        after += 2;
    }
    if (next)
        *next = after;
    return out;
}

const char *clause_text(Arena *arena, const Clause *clause, size_t from, size_t to)
{
    if (to > clause->count)
        to = clause->count;
    if (from >= to)
        return "";
    const char *start = clause->tokens[from].text.p;
    const Token *last = &clause->tokens[to - 1];
    return arena_strndup(arena, start, (size_t)(last->text.p + last->text.n - start));
}

// --- the parts of a statement ----------------------------------------------

typedef struct Reading {
    Arena *arena;
    const Dialect *dialect;
    Sentence *out;
    size_t at;
} Reading;

static const Clause *whole(const Reading *r) { return &r->out->all; }

static bool take(Reading *r, const char *words)
{
    size_t after = match_at(whole(r), r->at, words);
    if (after)
        r->at = after;
    return after > 0;
}

static SqlName take_name(Reading *r)
{
    return clause_sql_name(r->arena, r->dialect, whole(r), r->at, &r->at);
}

// The kinds of objects, longest words first where one begins another.
static const char *const kinds[] = {
    "materialized view",
    "foreign table",
    "foreign data wrapper",
    "event trigger",
    "access method",
    "text search",
    "operator class",
    "operator family",
    "default privileges",
    "user mapping",
    "virtual table",
    "table",
    "index",
    "view",
    "schema",
    "database",
    "type",
    "domain",
    "sequence",
    "function",
    "procedure",
    "routine",
    "aggregate",
    "trigger",
    "rule",
    "policy",
    "extension",
    "server",
    "collation",
    "cast",
    "operator",
    "publication",
    "subscription",
    "statistics",
    "event",
    "package body",
    "package",
    "role",
    "user",
    "group",
    "tablespace",
    "language",
    "conversion",
    "transform",
    "system",
    "column",
    "constraint",
    "large object",
    NULL,
};

static void take_kind(Reading *r)
{
    if (r->out->verb == VERB_DROP && take(r, "TABLES")) { // MySQL, MariaDB
        r->out->kind = "table";
        return;
    }
    for (size_t i = 0; kinds[i]; i++)
        if (take(r, kinds[i])) {
            r->out->kind = kinds[i];
            return;
        }
}

static bool is_kind(const Reading *r, const char *kind) { return strcmp(r->out->kind, kind) == 0; }

// CREATE [OR REPLACE] [TEMP] [UNIQUE …] KIND [CONCURRENTLY] [IF NOT EXISTS] name [ON table]
static void read_create(Reading *r)
{
    Sentence *s = r->out;
    for (bool more = true; more;) {
        more = true;
        if (take(r, "OR REPLACE"))
            s->or_replace = true;
        else if (take(r, "TEMP|TEMPORARY"))
            s->temporary = true;
        else if (take(r, "UNIQUE"))
            s->unique = true;
        else if (take(r, "GLOBAL|LOCAL|UNLOGGED|FULLTEXT|SPATIAL|RECURSIVE|CONSTRAINT|TRUSTED|PROCEDURAL|"
                         "ONLINE|OFFLINE"))
            ;
        else if (match_at(whole(r), r->at, "ALGORITHM|DEFINER =")) {
            // DEFINER = `a`@`b`, ALGORITHM = MERGE, SQL SECURITY …: up to the word of a kind
            while (r->at < whole(r)->count &&
                   !match_at(whole(r), r->at, "VIEW|FUNCTION|PROCEDURE|TRIGGER|EVENT|AGGREGATE"))
                r->at++;
        } else if (take(r, "SQL SECURITY DEFINER|INVOKER"))
            ;
        else
            more = false;
    }
    take_kind(r);
    if (take(r, "CONCURRENTLY"))
        s->concurrently = true;
    if (take(r, "IF NOT EXISTS"))
        s->if_not_exists = true;
    if (is_kind(r, "index") && match_at(whole(r), r->at, "ON"))
        s->object.name = NULL; // PostgreSQL makes the name
    else if (!is_kind(r, "cast") && !is_kind(r, "user mapping"))
        s->object = take_name(r);
    if (is_kind(r, "index") || is_kind(r, "trigger") || is_kind(r, "policy") || is_kind(r, "statistics")) {
        Clause rest = { whole(r)->tokens + r->at, whole(r)->count - r->at };
        size_t after = clause_after(&rest, is_kind(r, "statistics") ? "FROM" : "ON");
        if (after) {
            r->at += after;
            if (take(r, "ONLY"))
                s->only = true;
            s->on = take_name(r);
        }
    } else if (is_kind(r, "rule")) {
        size_t after = clause_after(whole(r), "TO");
        if (after) {
            r->at = after;
            s->on = take_name(r);
        }
    }
}

static void read_drop(Reading *r)
{
    Sentence *s = r->out;
    if (take(r, "TEMPORARY|TEMP"))
        s->temporary = true;
    take_kind(r);
    if (take(r, "CONCURRENTLY"))
        s->concurrently = true;
    if (take(r, "IF EXISTS"))
        s->if_exists = true;
    s->object = take_name(r);
    while (take(r, ",")) {
        SqlName name = take_name(r);
        if (!name.name)
            break;
        *VEC_PUSH(r->arena, &s->others) = name;
    }
    if (take(r, "ON"))
        s->on = take_name(r);
    s->cascade = clause_after(whole(r), "CASCADE") > 0;
}

// The actions of an ALTER TABLE, separated by commas outside of parentheses.
static void read_clauses(Reading *r)
{
    const Clause *all = whole(r);
    size_t depth = 0, start = r->at;
    for (size_t i = r->at; i <= all->count; i++) {
        bool end = i == all->count;
        if (!end && token_is(&all->tokens[i], "("))
            depth++;
        else if (!end && token_is(&all->tokens[i], ")") && depth)
            depth--;
        else if (end || (!depth && token_is(&all->tokens[i], ","))) {
            if (i > start)
                *VEC_PUSH(r->arena, &r->out->clauses) = (Clause){ all->tokens + start, i - start };
            start = i + 1;
        }
    }
}

// ALTER's object, and its clauses after it. RENAME TO gives the object a new name, but RENAME a TO b, without
// the word COLUMN, is a column's.
static void read_alter(Reading *r)
{
    Sentence *s = r->out;
    take(r, "ONLINE|OFFLINE|IGNORE");
    take_kind(r);
    if (take(r, "IF EXISTS"))
        s->if_exists = true;
    if (take(r, "ONLY"))
        s->only = true;
    s->object = take_name(r);
    take(r, "*");
    read_clauses(r);
    if (s->clauses.count) {
        const Clause *first = &s->clauses.items[0];
        size_t after = match_at(first, 0, "RENAME [TO|AS]");
        bool of_part = match_at(first, 0, "RENAME COLUMN|CONSTRAINT|INDEX|KEY|VALUE|ATTRIBUTE") > 0;
        // RENAME a TO b is a column's
        bool of_column = after && !of_part && clause_after(first, "TO") > after;
        if (after && !of_part && !of_column)
            s->to = clause_sql_name(r->arena, r->dialect, first, after, NULL);
    }
    // the CASCADE of DROP, not that of ON DELETE CASCADE
    VEC_EACH (Clause, clause, &s->clauses)
        s->cascade |= clause_begins(clause, "DROP") && clause_after(clause, "CASCADE") > 0;
}

// RENAME TABLE a TO b [, c TO d …]
static void read_rename(Reading *r)
{
    Sentence *s = r->out;
    s->kind = "table";
    take(r, "IF EXISTS");
    s->object = take_name(r);
    if (take(r, "TO"))
        s->to = take_name(r);
    while (take(r, ",")) {
        SqlName from = take_name(r);
        SqlName to = take(r, "TO") ? take_name(r) : (SqlName){ 0 };
        if (!from.name || !to.name)
            break;
        *VEC_PUSH(r->arena, &s->others) = from;
        *VEC_PUSH(r->arena, &s->others_to) = to;
    }
}

typedef struct VerbWords {
    const char *words;
    Verb verb;
} VerbWords;

static const VerbWords verbs[] = {
    {"CREATE",                                                                     VERB_CREATE     },
    { "ALTER",                                                                     VERB_ALTER      },
    { "DROP",                                                                      VERB_DROP       },
    { "RENAME TABLE|TABLES",                                                       VERB_RENAME     },
    { "TRUNCATE",                                                                  VERB_TRUNCATE   },
    { "INSERT|REPLACE|COPY|MERGE|LOAD",                                            VERB_INSERT     },
    { "UPDATE",                                                                    VERB_UPDATE     },
    { "DELETE",                                                                    VERB_DELETE     },
    { "SELECT|VALUES|TABLE|SHOW|EXPLAIN|DESCRIBE|WITH|(",                          VERB_SELECT     },
    { "SET|RESET|PRAGMA|DISCARD|USE",                                              VERB_SET        },
    { "BEGIN|COMMIT|ROLLBACK|START|END|SAVEPOINT|RELEASE|ABORT",                   VERB_TRANSACTION},
    { "GRANT|REVOKE",                                                              VERB_GRANT      },
    { "COMMENT",                                                                   VERB_COMMENT    },
    { "VACUUM|ANALYZE|REINDEX|CLUSTER|REFRESH|OPTIMIZE|REPAIR|CHECK|REPACK|FLUSH", VERB_MAINTAIN   },
    { "DO|CALL|EXECUTE|PREPARE|DEALLOCATE",                                        VERB_RUN        },
    { "LOCK|UNLOCK",                                                               VERB_LOCK       },
};

// INSERT INTO t, UPDATE t, DELETE FROM t, TRUNCATE [TABLE] t
static void read_table(Reading *r)
{
    take(r, "LOW_PRIORITY|DELAYED|HIGH_PRIORITY|QUICK|IGNORE");
    if (r->out->verb == VERB_INSERT || r->out->verb == VERB_UPDATE)
        take(r, "OR ROLLBACK|ABORT|REPLACE|FAIL|IGNORE"); // SQLite
    take(r, "INTO|FROM|TABLE");
    if (take(r, "ONLY"))
        r->out->only = true;
    r->out->object = take_name(r);
    while (r->out->verb == VERB_TRUNCATE && take(r, ",")) {
        SqlName name = take_name(r);
        if (!name.name)
            break;
        *VEC_PUSH(r->arena, &r->out->others) = name;
    }
    r->out->cascade = r->out->verb == VERB_TRUNCATE && clause_after(whole(r), "CASCADE");
}

// WITH a AS (…) UPDATE t …: the verb is the one after the queries.
static void look_behind_with(Reading *r)
{
    static const char *const words[] = { "INSERT", "UPDATE", "DELETE", "MERGE" };
    static const Verb found[] = { VERB_INSERT, VERB_UPDATE, VERB_DELETE, VERB_INSERT };
    if (!clause_begins(whole(r), "WITH"))
        return;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t after = clause_after(whole(r), words[i]);
        if (after) {
            r->out->verb = found[i];
            r->at = after;
            read_table(r);
            return;
        }
    }
}

// The verb is the first of `verbs` whose words match; what follows it is read by a function of its own. Other
// statements keep their tokens only.
void sentence_read(Arena *arena, const Dialect *dialect, const char *sql, Sentence *out)
{
    *out = (Sentence){ .kind = "" };
    TokenList tokens = lex_all(arena, (Text){ sql, strlen(sql) }, dialect->lex);
    out->all = (Clause){ tokens.items, tokens.count ? tokens.count - 1 : 0 };
    out->sets_config = clause_after_anywhere(&out->all, "set_config") != 0;
    Reading r = { .arena = arena, .dialect = dialect, .out = out };
    for (size_t i = 0; i < COUNT_OF(verbs) && !r.at; i++)
        if (take(&r, verbs[i].words))
            out->verb = verbs[i].verb;
    switch ((int)out->verb) {
    case VERB_CREATE: read_create(&r); break;
    case VERB_DROP: read_drop(&r); break;
    case VERB_ALTER: read_alter(&r); break;
    case VERB_RENAME: read_rename(&r); break;
    case VERB_TRUNCATE:
    case VERB_INSERT:
    case VERB_UPDATE:
    case VERB_DELETE: read_table(&r); break;
    case VERB_SELECT: look_behind_with(&r); break;
    case VERB_MAINTAIN: out->kind = clause_name(arena, dialect, &out->all, 0); break;
    default: break;
    }
}
