// Did a statement have its effect? It was running when the process died, and each change of the schema commits by itself.
// What it makes, drops or renames is looked for: such a statement is done as a whole or not at all (MySQL 8, MariaDB 10.6).
// What can be done twice with the same result counts as not done.
#include <string.h>

#include "drivers/mysql/driver/driver.h"

typedef enum Kind {
    THING_TABLE,
    THING_COLUMN,
    THING_INDEX,
    THING_CONSTRAINT,
    THING_TRIGGER,
    THING_ROUTINE,
    THING_EVENT,
    THING_DATABASE
} Kind;

// Something that is there when the statement is done (or not there, for what it drops).
typedef struct Evidence {
    Kind kind;
    const char *name;
    bool there;
} Evidence;

typedef struct Probe {
    Db *db;
    TokenList tokens;
    size_t at;
    const char *schema, *table; // schema NULL: the session's own database
    VEC(Evidence) evidence;
    bool unknown; // a part of it leaves no trace that could be looked for
    const char **look_at;
} Probe;

static const Token *token(const Probe *p) { return &p->tokens.items[p->at]; }

static bool take(Probe *p, const char *word)
{
    if (!token_is(token(p), word))
        return false;
    p->at++;
    return true;
}

static bool take_any(Probe *p, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (take(p, words[i]))
            return true;
    return false;
}
#define TAKE_ANY(p, ...)                                                                                     \
    take_any((p), (const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static const char *take_name(Probe *p)
{
    const Token *t = token(p);
    if (t->kind != TOKEN_WORD && t->kind != TOKEN_NAME)
        return NULL;
    p->at++;
    return token_name(p->db->arena, t);
}

// [database.]name
static const char *take_qualified(Probe *p)
{
    const char *name = take_name(p);
    if (name && take(p, ".")) {
        p->schema = name;
        name = take_name(p);
    }
    return name;
}

static void expect(Probe *p, Kind kind, const char *name, bool there)
{
    if (!name) {
        p->unknown = true;
        return;
    }
    *VEC_PUSH(p->db->arena, &p->evidence) = (Evidence){ kind, name, there };
}

static bool is_there(Probe *p, const Evidence *evidence, bool *there, Error *err)
{
    static const struct {
        const char *view, *schema, *name;
        bool of_table;
    } places[] = {
        [THING_TABLE] = {"tables",             "table_schema",   "table_name",      false},
        [THING_COLUMN] = { "columns",           "table_schema",   "column_name",     true },
        [THING_INDEX] = { "statistics",        "table_schema",   "index_name",      true },
        [THING_CONSTRAINT] = { "table_constraints", "table_schema",   "constraint_name", true },
        [THING_TRIGGER] = { "triggers",          "trigger_schema", "trigger_name",    false},
        [THING_ROUTINE] = { "routines",          "routine_schema", "routine_name",    false},
        [THING_EVENT] = { "events",            "event_schema",   "event_name",      false},
        [THING_DATABASE] = { "schemata",          NULL,             "schema_name",     false},
    };
    Arena *arena = p->db->arena;
    StrBuf query;
    strbuf_init(&query, arena);
    strbuf_printf(&query, "SELECT 1 FROM information_schema.%s WHERE %s = %s", places[evidence->kind].view,
                  places[evidence->kind].name, my_quoted(arena, evidence->name));
    if (places[evidence->kind].schema)
        strbuf_printf(&query, " AND %s = %s", places[evidence->kind].schema,
                      p->schema ? my_quoted(arena, p->schema) : "DATABASE()");
    if (places[evidence->kind].of_table)
        strbuf_printf(&query, " AND table_name = %s", my_quoted(arena, p->table));
    strbuf_puts(&query, " LIMIT 1");
    const char *found = NULL;
    if (!db_value(p->db, arena, query.text, &found, err))
        return false;
    *there = found != NULL;
    return true;
}

// ---- CREATE and DROP

static bool take_kind(Probe *p, Kind *kind)
{
    static const struct {
        const char *word;
        Kind kind;
    } kinds[] = {
        {"TABLE",      THING_TABLE   },
        { "VIEW",      THING_TABLE   },
        { "SEQUENCE",  THING_TABLE   },
        { "INDEX",     THING_INDEX   },
        { "TRIGGER",   THING_TRIGGER },
        { "PROCEDURE", THING_ROUTINE },
        { "FUNCTION",  THING_ROUTINE },
        { "EVENT",     THING_EVENT   },
        { "DATABASE",  THING_DATABASE},
        { "SCHEMA",    THING_DATABASE},
    };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (take(p, kinds[i].word)) {
            *kind = kinds[i].kind;
            return true;
        }
    return false;
}

// CREATE [OR REPLACE] [DEFINER = …] KIND [IF NOT EXISTS] name; an index says ON table behind it.
static void read_create(Probe *p, bool *repeatable)
{
    Kind kind;
    if (take(p, "OR")) {
        *repeatable = true;
        return;
    }
    while (token(p)->kind != TOKEN_END && !take_kind(p, &kind))
        p->at++;
    if (token(p)->kind == TOKEN_END) {
        p->unknown = true;
        return;
    }
    *repeatable = take(p, "IF");
    if (*repeatable)
        return;
    const char *name = take_qualified(p);
    if (kind == THING_INDEX) {
        while (token(p)->kind != TOKEN_END && !take(p, "ON"))
            p->at++;
        p->table = take_qualified(p);
        if (!p->table)
            name = NULL;
    }
    expect(p, kind, name, true);
}

static void read_drop(Probe *p, bool *repeatable)
{
    Kind kind;
    take(p, "TEMPORARY");
    if (!take_kind(p, &kind)) {
        p->unknown = true;
        return;
    }
    *repeatable = take(p, "IF");
    if (*repeatable)
        return;
    do
        expect(p, kind, take_qualified(p), false);
    while (kind == THING_TABLE && take(p, ","));
    if (kind == THING_INDEX && take(p, "ON"))
        p->table = take_qualified(p);
}

// RENAME TABLE a TO b: the first pair tells, all of them are renamed together.
static void read_rename(Probe *p)
{
    if (!TAKE_ANY(p, "TABLE", "TABLES")) {
        p->unknown = true;
        return;
    }
    take_qualified(p);
    expect(p, THING_TABLE, take(p, "TO") ? take_qualified(p) : NULL, true);
}

// ---- ALTER TABLE, clause by clause

static void read_key_name(Probe *p, Kind kind)
{
    bool exists = take(p, "IF");
    if (exists)
        p->at += 2;
    const Token *t = token(p);
    bool unnamed = token_is(t, "(") || token_is(t, "USING");
    expect(p, kind, unnamed ? NULL : take_name(p), true);
}

static void read_add(Probe *p)
{
    const char *constraint = NULL;
    if (take(p, "CONSTRAINT") && !token_is(token(p), "PRIMARY") && !token_is(token(p), "UNIQUE") &&
        !token_is(token(p), "FOREIGN") && !token_is(token(p), "CHECK"))
        constraint = take_name(p);
    if (take(p, "PRIMARY")) {
        expect(p, THING_INDEX, "PRIMARY", true);
    } else if (TAKE_ANY(p, "FOREIGN", "CHECK")) {
        expect(p, THING_CONSTRAINT, constraint, true);
    } else if (TAKE_ANY(p, "UNIQUE", "FULLTEXT", "SPATIAL")) {
        TAKE_ANY(p, "INDEX", "KEY");
        if (constraint)
            expect(p, THING_INDEX, constraint, true);
        else
            read_key_name(p, THING_INDEX);
    } else if (TAKE_ANY(p, "INDEX", "KEY")) {
        read_key_name(p, THING_INDEX);
    } else if (TAKE_ANY(p, "PARTITION", "PERIOD", "SYSTEM")) {
        p->unknown = true;
    } else {
        take(p, "COLUMN");
        take(p, "(");
        read_key_name(p, THING_COLUMN);
    }
}

static void read_alter_drop(Probe *p)
{
    Kind kind = THING_COLUMN;
    if (take(p, "PRIMARY")) {
        expect(p, THING_INDEX, "PRIMARY", false);
        return;
    }
    if (TAKE_ANY(p, "PARTITION", "PERIOD", "SYSTEM")) {
        p->unknown = true;
        return;
    }
    if (TAKE_ANY(p, "INDEX", "KEY"))
        kind = THING_INDEX;
    else if (TAKE_ANY(p, "CHECK", "CONSTRAINT"))
        kind = THING_CONSTRAINT;
    else if (take(p, "FOREIGN")) {
        take(p, "KEY");
        kind = THING_CONSTRAINT;
    } else {
        take(p, "COLUMN");
    }
    if (take(p, "IF"))
        take(p, "EXISTS");
    expect(p, kind, take_name(p), false);
}

static void read_alter_rename(Probe *p)
{
    bool column = take(p, "COLUMN"), index = !column && TAKE_ANY(p, "INDEX", "KEY");
    if (column || index) {
        take_name(p);
        expect(p, column ? THING_COLUMN : THING_INDEX, take(p, "TO") ? take_name(p) : NULL, true);
        return;
    }
    TAKE_ANY(p, "TO", "AS");
    p->evidence.count = 0; // the table is found under its new name or not at all
    expect(p, THING_TABLE, take_qualified(p), true);
    while (token(p)->kind != TOKEN_END)
        p->at++;
}

static void read_clause(Probe *p)
{
    if (take(p, "ADD")) {
        read_add(p);
    } else if (take(p, "DROP")) {
        read_alter_drop(p);
    } else if (take(p, "RENAME")) {
        read_alter_rename(p);
    } else if (take(p, "CHANGE")) {
        take(p, "COLUMN");
        const char *from = take_name(p), *to = take_name(p);
        if (from && to && strcmp(from, to) != 0)
            expect(p, THING_COLUMN, to, true);
    } else if (TAKE_ANY(p, "COALESCE", "REORGANIZE", "EXCHANGE", "REMOVE", "TRUNCATE", "DISCARD", "IMPORT")) {
        p->unknown = true;
    } // else: MODIFY, ALTER, COMMENT, ENGINE …: done twice is as done once
    size_t depth = 0;
    for (; token(p)->kind != TOKEN_END && (depth || !token_is(token(p), ",")); p->at++) {
        depth += token_is(token(p), "(");
        depth -= depth && token_is(token(p), ")");
    }
    take(p, ",");
}

static void read_alter(Probe *p, bool *repeatable)
{
    if (!take(p, "TABLE")) {
        *repeatable = TAKE_ANY(p, "DATABASE", "SCHEMA", "VIEW", "PROCEDURE", "FUNCTION");
        p->unknown = !*repeatable;
        return;
    }
    if (take(p, "IF"))
        take(p, "EXISTS");
    p->table = take_qualified(p);
    while (p->table && token(p)->kind != TOKEN_END)
        read_clause(p);
    // What is dropped and made again under the same name says nothing, and can be done again
    for (size_t i = 0; i < p->evidence.count; i++)
        for (size_t k = 0; k < i; k++)
            if (p->evidence.items[i].name && p->evidence.items[k].name &&
                p->evidence.items[i].kind == p->evidence.items[k].kind &&
                p->evidence.items[i].there != p->evidence.items[k].there &&
                strcmp(p->evidence.items[i].name, p->evidence.items[k].name) == 0)
                p->evidence.items[i].name = p->evidence.items[k].name = NULL;
    *repeatable = !p->unknown;
}

// All evidence must agree.
static bool weigh(Probe *p, bool repeatable, Tristate *done, Error *err)
{
    size_t yes = 0, no = 0;
    VEC_EACH (Evidence, evidence, &p->evidence) {
        bool there;
        if (!evidence->name)
            continue;
        *p->look_at = evidence->name;
        if (!is_there(p, evidence, &there, err))
            return false;
        if (there == evidence->there)
            yes++;
        else
            no++;
    }
    if (yes + no)
        *done = no == 0 ? YES : yes == 0 ? NO : UNSET;
    else if (repeatable)
        *done = NO;
    return true;
}

bool my_probe(Db *db, Text statement, Tristate *done, const char **look_at, Error *err)
{
    Probe p = { .db = db, .tokens = lex_all(db->arena, statement, LEX_MYSQL), .look_at = look_at };
    bool repeatable = false;
    *done = UNSET;
    *look_at = NULL;
    if (take(&p, "CREATE"))
        read_create(&p, &repeatable);
    else if (take(&p, "DROP"))
        read_drop(&p, &repeatable);
    else if (take(&p, "ALTER"))
        read_alter(&p, &repeatable);
    else if (take(&p, "RENAME"))
        read_rename(&p);
    else
        repeatable =
            TAKE_ANY(&p, "TRUNCATE", "ANALYZE", "OPTIMIZE", "CHECK", "FLUSH", "GRANT", "SHOW", "EXPLAIN");
    return weigh(&p, repeatable, done, err);
}
