// T: the form of a script: transactions, settings that stay, names without a schema.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "T101",
     .name = "not-in-transaction",
     .engines = ON_POSTGRESQL | ON_SQLITE,
     .level = LINT_ERROR,
     .summary = "The statement cannot run in a transaction, but its section is one.",
     .why = "The engine refuses it there, so the revision fails; PRAGMA journal_mode does nothing.",
     .instead = "put it under `-- cmigrate: upgrade no-transaction`",
     .aliases = "ban-concurrent-index-creation-in-transaction PG103" },
    { .code = "T102",
     .name = "transaction-in-section",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "The statement begins or ends a transaction.",
     .why = "A section is one transaction already; COMMIT in its middle leaves half of it behind when the "
             "rest fails.", .instead = "remove it, or split the section",
     .aliases = "transaction-nesting" },
    { .code = "T103",
     .name = "committed-by-ddl",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "A DDL statement commits the rows that were changed before it.",
     .why = "MySQL and MariaDB commit implicitly before each DDL statement, so a failure after it does not "
             "undo them.", .instead = "put the rows in a revision of their own" },
    { .code = "T104",
     .name = "cannot-be-repeated",
     .engines = ON_POSTGRESQL,
     .level = LINT_NOTICE,
     .summary = "Outside a transaction, and it fails when it is run again.",
     .why =
          "What ran before a failure stays, an INVALID index of a failed build too, so a second try fails.", .instead = "write IF NOT EXISTS; for an index, put DROP INDEX CONCURRENTLY IF EXISTS in front of it",
     .aliases = "prefer-robust-stmts" },
    { .code = "T105",
     .name = "setting-stays",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "A setting is changed and not put back.",
     .why = "It holds for every later statement of the session. cmigrate resets it after the revision; "
             "other clients do not.", .instead = "use SET LOCAL, or put it back at the end" },
    { .code = "T106",
     .name = "name-without-schema",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_OFF,
     .summary = "The name is written without its schema.",
     .why = "What it means depends on search_path, or on the database that is in use.",
     .instead = "write the schema in front",
     .aliases = "require-table-schema" },
    { .code = "T107",
     .name = "chance-in-rows",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "Rows get random values, or the time of the run.",
     .why = "Each database that the revision runs on gets other values.",
     .instead = "write the values" },
    { .code = "T108",
     .name = "database-wide",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "The statement changes the server or a role, not this database.",
     .why = "Every other database of the server is concerned, and no downgrade puts it back.",
     .instead = "leave it to those who run the server" },
    { 0                                               },
};

static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

static bool needs_no_transaction(const Judge *judge)
{
    const Dialect *dialect = judge->lint->dialect;
    return dialect->needs_no_transaction &&
           dialect->needs_no_transaction((Text){ judge->sql, strlen(judge->sql) });
}

static bool is_dml(const Sentence *s)
{
    return s->verb == VERB_INSERT || s->verb == VERB_UPDATE || s->verb == VERB_DELETE;
}
static bool is_ddl(const Sentence *s)
{
    return s->verb == VERB_CREATE || s->verb == VERB_ALTER || s->verb == VERB_DROP ||
           s->verb == VERB_RENAME || s->verb == VERB_TRUNCATE;
}

static bool changed_rows(const Sentence *earlier, const void *payload)
{
    (void)payload;
    return is_dml(earlier);
}

static bool drops_if_exists(const Sentence *earlier, const void *payload)
{
    const Sentence *made = payload;
    return earlier->verb == VERB_DROP && earlier->if_exists && kind_is(earlier, made->kind) &&
           earlier->object.name && strcmp(earlier->object.name, made->object.name) == 0;
}

// What a server says of an object that is there already, or is not there any more.
static bool is_second_time(const Error *refused)
{
    static const char *const codes[] = { "42P07", "42710", "42701", "42723", "42P06", "42P04",
                                         "42704", "42P01", "42703", "42883", "3F000", "42P16" };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (strcmp(refused->native, codes[i]) == 0)
            return true;
    return false;
}

// Runs the statement once more and takes that back. NULL: it can be repeated, or nobody can say.
static const char *refused_again(const Judge *judge)
{
    Db *db = judge->lint->scratch;
    Error refused = { 0 }, ignored = { 0 };
    if (!db || judge->refused || !db->driver->begin(db, &ignored))
        return NULL;
    bool again = db_exec_scratch(db, judge->sql, &refused);
    if (!db->driver->rollback(db, &ignored))
        return NULL;
    return !again && is_second_time(&refused) ? arena_strdup(judge->arena, refused.message) : NULL;
}

// DDL outside of a transaction: the first try may have done it and failed after it.
static void judge_repetition(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const char *name = s->object.name;
    bool ddl = s->verb == VERB_CREATE || s->verb == VERB_ALTER || s->verb == VERB_DROP;
    bool guarded =
        s->if_not_exists || s->or_replace || s->temporary || (s->if_exists && s->verb == VERB_DROP);
    if (!judge->section->no_transaction || !lint_is_engine(judge->lint, ON_POSTGRESQL) || !ddl || guarded ||
        (s->verb == VERB_CREATE && lint_looks_back(judge, drops_if_exists, s)) ||
        (s->verb == VERB_ALTER && lint_table_is_new(judge, s->object)))
        return;
    if (s->verb == VERB_CREATE && kind_is(s, "index") && name && s->concurrently) {
        lint_found(judge, "T104", s->on.name, NULL, NULL,
                   "a failed build of %s leaves an invalid index in the way of the next try", name);
        return;
    }
    const char *why =
        s->concurrently && s->verb == VERB_DROP ? "the index does not exist" : refused_again(judge);
    if (why)
        lint_found(judge, "T104", kind_is(s, "table") ? name : s->on.name, NULL,
                   s->verb == VERB_CREATE
                       ? NULL
                       : "write IF EXISTS or IF NOT EXISTS, or put it in a section that is a transaction",
                   "a second try fails where the first one has done it: %s", why);
}

// Pragmas of a rebuild, which are of one connection, and which the runner puts back after each script.
static bool is_restored(const char *name)
{
    return name && (strcasecmp(name, "foreign_keys") == 0 || strcasecmp(name, "legacy_alter_table") == 0 ||
                    strcasecmp(name, "defer_foreign_keys") == 0);
}

// The setting's name of SET x = …, SET SESSION x = …, PRAGMA x = …; NULL: it is none that stays.
static const char *setting_of(const Judge *judge, const Sentence *s)
{
    const Clause *all = &s->all;
    if (clause_begins(all, "PRAGMA")) {
        bool sets = clause_after_anywhere(all, "=") || clause_after_anywhere(all, "(");
        const char *name = clause_name(judge->arena, judge->lint->dialect, all, 1);
        bool tells = name && (strstr(name, "_list") || strstr(name, "_info") || strstr(name, "_check"));
        return sets && !tells && !is_restored(name) ? name : NULL;
    }
    if (!clause_begins(all, "SET") ||
        clause_begins(all, "SET LOCAL|GLOBAL|PERSIST|PERSIST_ONLY|CONSTRAINTS|TRANSACTION"))
        return NULL;
    size_t at = clause_begins(all, "SET SESSION") ? 2 : 1;
    if (at < all->count && token_is(&all->tokens[at], "@@"))
        at++;
    const char *name = clause_name(judge->arena, judge->lint->dialect, all, at);
    if (!name || name[0] == '@' || strcasecmp(name, "lock_timeout") == 0 ||
        strcasecmp(name, "statement_timeout") == 0 || strcasecmp(name, "lock_wait_timeout") == 0 ||
        strcasecmp(name, "innodb_lock_wait_timeout") == 0 || strcasecmp(name, "max_statement_time") == 0 ||
        strcasecmp(name, "names") == 0)
        return NULL;
    return name;
}

static bool is_put_back(const Judge *judge, const char *name)
{
    for (size_t i = judge->number; i < judge->section->statements.count; i++) {
        const Sentence *later = &judge->sentences[i];
        const char *same = later->verb == VERB_SET ? setting_of(judge, later) : NULL;
        if ((same && strcasecmp(same, name) == 0) || clause_begins(&later->all, "RESET|DISCARD"))
            return true;
    }
    return false;
}

// SELECT set_config('x', …, false), which stays as SET does; its last argument says that it is local.
static const char *configured(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    size_t at = clause_after_anywhere(all, "set_config (");
    const char *name = at && at < all->count ? token_name(judge->arena, &all->tokens[at]) : NULL;
    size_t end = at;
    while (end < all->count && !token_is(&all->tokens[end], ")"))
        end++;
    bool local =
        end < all->count && end &&
        (token_is(&all->tokens[end - 1], "TRUE") || strncasecmp(all->tokens[end - 1].text.p, "'t", 2) == 0);
    return local || (name && strstr(name, "_timeout")) ? NULL : name;
}

// SET x = DEFAULT, SET x = @old_x, or another value than an earlier SET of it gave.
static bool puts_back(const Judge *judge, const char *name)
{
    const Clause *all = &judge->sentence->all;
    const Token *last = &all->tokens[all->count - 1];
    if (token_is(last, "DEFAULT") || last->text.p[0] == '@' || (all->count > 1 && token_is(last - 1, "@")))
        return true;
    const char *text = clause_text(judge->arena, all, 0, all->count);
    for (size_t i = 0; i + 1 < judge->number; i++) {
        const Sentence *earlier = &judge->sentences[i];
        const char *same = earlier->verb == VERB_SET ? setting_of(judge, earlier) : NULL;
        if (same && strcasecmp(same, name) == 0 &&
            strcasecmp(clause_text(judge->arena, &earlier->all, 0, earlier->all.count), text) != 0)
            return true;
    }
    return false;
}

static void judge_settings(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const char *name = s->verb == VERB_SET      ? setting_of(judge, s)
                       : s->verb == VERB_SELECT ? configured(judge)
                                                : NULL;
    if (name && !is_put_back(judge, name) && !puts_back(judge, name))
        lint_found(judge, "T105", NULL, NULL, NULL, "%s is set and not put back", name);
    // of MySQL and MariaDB, ALTER DATABASE changes the schema
    bool other =
        s->verb == VERB_ALTER && kind_is(s, "database") && lint_is_engine(judge->lint, ON_POSTGRESQL);
    if (other || clause_begins(&s->all, "ALTER SYSTEM") ||
        clause_begins(&s->all, "SET GLOBAL|PERSIST|PERSIST_ONLY") ||
        clause_begins(&s->all, "RESET PERSIST") || clause_after(&s->all, "@@ GLOBAL") ||
        ((s->verb == VERB_ALTER || s->verb == VERB_CREATE || s->verb == VERB_DROP) &&
         (kind_is(s, "role") || kind_is(s, "user") || kind_is(s, "group") || kind_is(s, "tablespace"))))
        lint_found(judge, "T108", NULL, NULL, NULL, "this changes %s",
                   other ? "a database for everybody who connects to it"
                         : "the whole server, not only this database");
}

static void judge_transactions(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!judge->section->no_transaction && needs_no_transaction(judge))
        lint_found(judge, "T101", NULL, NULL, NULL,
                   "this cannot run inside a transaction, and the section is one");
    bool script = judge->revision->id != NULL; // and no file of plain SQL
    if (script && s->verb == VERB_TRANSACTION && !clause_begins(&s->all, "SAVEPOINT|RELEASE") &&
        !clause_after(&s->all, "ROLLBACK TO"))
        lint_found(judge, "T102", NULL, NULL, NULL, "this begins or ends a transaction inside a section");
    // ANALYZE, CHECK, FLUSH, OPTIMIZE and REPAIR of MySQL and MariaDB commit as DDL does
    bool commits = (is_ddl(s) && !s->temporary) || s->verb == VERB_MAINTAIN;
    if (commits && lint_is_engine(judge->lint, ON_BOTH_MYSQL) && lint_looks_back(judge, changed_rows, NULL))
        lint_found(judge, "T103", s->object.name, NULL, NULL,
                   "this commits the rows that were changed before it");
    judge_repetition(judge);
}

// Temporary tables have no schema that could be written.
static bool is_temporary(const Judge *judge, const char *name)
{
    for (size_t i = 0; i + 1 < judge->number; i++) {
        const Sentence *earlier = &judge->sentences[i];
        if (earlier->temporary && earlier->object.name && strcmp(earlier->object.name, name) == 0)
            return true;
    }
    return false;
}

// SQLite's datetime('now'), date('now', …), strftime('%s', 'now').
static bool has_moment(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    for (size_t i = clause_after_anywhere(all, "date|time|datetime|julianday|strftime|timediff (");
         i && i < all->count; i++)
        if (all->tokens[i].kind == TOKEN_STRING &&
            strcasecmp(token_name(judge->arena, &all->tokens[i]), "now") == 0)
            return lint_is_engine(judge->lint, ON_SQLITE);
    return false;
}

// Names without a schema depend on the session's search_path; functions of chance and time give other rows on
// each database.
static void judge_names(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool named = kind_is(s, "table") || kind_is(s, "view") || kind_is(s, "sequence") || kind_is(s, "type") ||
                 kind_is(s, "function") || kind_is(s, "materialized view");
    if ((s->verb == VERB_CREATE || s->verb == VERB_ALTER || s->verb == VERB_DROP) && named && !s->temporary &&
        s->object.name && !s->object.schema && !is_temporary(judge, s->object.name))
        lint_found(judge, "T106", s->object.name, NULL, NULL, "%s %s is written without its schema", s->kind,
                   s->object.name);
    if (s->verb == VERB_CREATE && kind_is(s, "index") && s->on.name && !s->on.schema &&
        !is_temporary(judge, s->on.name))
        lint_found(judge, "T106", s->on.name, NULL, NULL, "table %s is written without its schema",
                   s->on.name);
    static const char *const chance =
        "random|rand|random_normal|randomblob|random_bytes|gen_random_bytes|uuid|uuid_short|gen_random_uuid|"
        "uuid_generate_v1|uuid_generate_v4|uuidv4|uuidv7|newid|now|current_timestamp|current_date|"
        "current_time|localtime|localtimestamp|sysdate|curdate|curtime|utc_date|utc_time|utc_timestamp|"
        "unix_timestamp|unixepoch|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday";
    if ((s->verb == VERB_INSERT || s->verb == VERB_UPDATE) &&
        (clause_after_anywhere(&s->all, chance) || has_moment(judge)))
        lint_found(judge, "T107", s->object.name, NULL, NULL,
                   "rows get another value each time that this is run");
}

static void judge_statement(const Judge *judge)
{
    judge_transactions(judge);
    judge_settings(judge);
    judge_names(judge);
}

const LintFamily lint_form = { .group = "form", .rules = rules, .statement = judge_statement };
