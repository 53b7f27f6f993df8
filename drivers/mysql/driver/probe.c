// Did a statement have its effect? It was running when the process died, and each change of the schema commits by itself.
// What it makes, drops or renames is looked for: such a statement is done as a whole or not at all (MySQL 8, MariaDB 10.6).
// What can be done twice with the same result counts as not done.
#include <string.h>
#include <strings.h>

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
    const char *schema,
        *table; // schema NULL: the session's own database; table: of a column, index or constraint
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
    bool renames; // something in the table
    bool renamed; // the table itself: other clauses leave their traces under its new name
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
    p->schema = NULL;
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
    *VEC_PUSH(p->db->arena, &p->evidence) = (Evidence){ kind, p->schema, p->table, name, there };
}

// Asks information_schema whether a thing exists: the proof that a statement had its effect.
static bool is_there(Probe *p, const Evidence *evidence, bool *there, Error *err)
{
    static const struct {
        const char *view, *schema, *name;
        bool of_table;
    } places[] = {
        [THING_TABLE] = {"tables",             "table_schema",        "table_name",      false},
        [THING_COLUMN] = { "columns",           "table_schema",        "column_name",     true },
        [THING_INDEX] = { "statistics",        "table_schema",        "index_name",      true },
        [THING_CONSTRAINT] = { "table_constraints", "table_schema",        "constraint_name", true },
        [THING_TRIGGER] = { "triggers",          "event_object_schema", "trigger_name",    false},
        [THING_ROUTINE] = { "routines",          "routine_schema",      "routine_name",    false},
        [THING_EVENT] = { "events",            "event_schema",        "event_name",      false},
        [THING_DATABASE] = { "schemata",          NULL,                  "schema_name",     false},
    };
    Arena *arena = p->db->arena;
    StrBuf query;
    strbuf_init(&query, arena);
    strbuf_printf(&query, "SELECT 1 FROM information_schema.%s WHERE %s = %s", places[evidence->kind].view,
                  places[evidence->kind].name, my_quoted(arena, evidence->name));
    if (places[evidence->kind].schema)
        strbuf_printf(&query, " AND %s = %s", places[evidence->kind].schema,
                      evidence->schema ? my_quoted(arena, evidence->schema) : "DATABASE()");
    if (places[evidence->kind].of_table)
        strbuf_printf(&query, " AND table_name = %s",
                      my_quoted(arena, evidence->table ? evidence->table : ""));
    strbuf_puts(&query, " LIMIT 1");
    const char *found = NULL;
    if (!db_value(p->db, arena, query.text, &found, err))
        return false;
    *there = found != NULL;
    return true;
}

// ---- CREATE and DROP

// Takes the word of a kind of thing, if it is next. Views and sequences are tables to information_schema.
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

// CREATE [OR REPLACE] [DEFINER = …] KIND [IF NOT EXISTS] name; an index says ON table after it.
static void read_create(Probe *p, bool *repeatable)
{
    Kind kind;
    if (take(p, "OR")) { // a table that is replaced again loses the rows that came since
        take(p, "REPLACE");
        p->unknown = TAKE_ANY(p, "TABLE", "SEQUENCE", "TEMPORARY");
        *repeatable = !p->unknown;
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
    if (kind == THING_INDEX) {
        const char *name = take_name(p);
        p->table = take(p, "ON") ? take_qualified(p) : NULL;
        expect(p, kind, p->table ? name : NULL, false);
        return;
    }
    do
        expect(p, kind, take_qualified(p), false);
    while (kind == THING_TABLE && take(p, ","));
}

// ---- Renames: a name that is there before as well as after says nothing, as in a swap

typedef struct Presence {
    const char *schema, *name;
    bool before, after;
} Presence;
typedef VEC(Presence) PresenceList;

static void note_name(Probe *p, PresenceList *list, const char *schema, const char *name, bool there)
{
    VEC_EACH (Presence, it, list)
        if (same_text(it->schema, schema) && strcmp(it->name, name) == 0) {
            it->after = there;
            return;
        }
    *VEC_PUSH(p->db->arena, list) = (Presence){ schema, name, !there, there };
}

// RENAME TABLE a TO b, c TO d: all or none, one after the other.
static void read_rename(Probe *p)
{
    PresenceList list = { 0 };
    p->unknown = !TAKE_ANY(p, "TABLE", "TABLES");
    do {
        const char *from = take_qualified(p), *from_schema = p->schema;
        const char *to = take(p, "TO") ? take_qualified(p) : NULL;
        if (!from || !to) {
            p->unknown = true;
            return;
        }
        note_name(p, &list, from_schema, from, false);
        note_name(p, &list, p->schema, to, true);
    } while (take(p, ","));
    VEC_EACH (Presence, it, &list) {
        p->schema = it->schema;
        if (it->before != it->after)
            expect(p, THING_TABLE, it->name, it->after);
    }
    *p->look_at = list.items[0].name;
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

// What an ADD clause of ALTER TABLE leaves behind. Clauses whose effect cannot be seen in the catalogue make
// the answer unknown.
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

// What a DROP clause of ALTER TABLE takes away, as read_add().
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

static void expect_renamed(Probe *p, Kind kind, const char *from, const char *to)
{
    if (from && to && strcmp(from, to) == 0)
        return;
    p->renames = true;
    expect(p, kind, from, false);
    expect(p, kind, to, true);
}

static void read_alter_rename(Probe *p)
{
    bool column = take(p, "COLUMN"), index = !column && TAKE_ANY(p, "INDEX", "KEY");
    if (column || index) {
        const char *from = take_name(p);
        expect_renamed(p, column ? THING_COLUMN : THING_INDEX, from, take(p, "TO") ? take_name(p) : NULL);
        return;
    }
    TAKE_ANY(p, "TO", "AS");
    const char *from = p->table;
    p->evidence.count = 0; // the table is found under its new name or not at all
    expect(p, THING_TABLE, from, false);
    expect(p, THING_TABLE, take_qualified(p), true);
    p->renamed = true;
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
        expect_renamed(p, THING_COLUMN, from, to);
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

// What is dropped and made again under the same name says nothing. An index or a key can be so again; columns that change their
// names, or a column that is emptied, cannot: nobody knows which is which by now.
static void cancel(Probe *p)
{
    for (size_t i = 0; i < p->evidence.count; i++)
        for (size_t k = 0; k < i; k++) {
            Evidence *a = &p->evidence.items[i], *b = &p->evidence.items[k];
            if (!a->name || !b->name || a->kind != b->kind || a->there == b->there ||
                strcasecmp(a->name, b->name) != 0)
                continue;
            *p->look_at = a->name;
            p->unknown |= a->kind == THING_COLUMN || a->kind == THING_TABLE || p->renames;
            a->name = b->name = NULL;
        }
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
    while (p->table && token(p)->kind != TOKEN_END && !p->renamed)
        read_clause(p);
    cancel(p);
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

// Emptied a second time it would lose what has come since.
static bool probe_truncate(Probe *p, Tristate *done, Error *err)
{
    Arena *arena = p->db->arena;
    const char *found = NULL, *name;
    StrBuf query;
    take(p, "TABLE");
    name = take_qualified(p);
    if (!name)
        return true;
    *p->look_at = arena_printf(arena, "the table %s: it has rows", name);
    strbuf_init(&query, arena);
    strbuf_puts(&query, "SELECT 1 FROM ");
    if (p->schema) {
        mysql_dialect.put_identifier(&query, p->schema);
        strbuf_putc(&query, '.');
    }
    mysql_dialect.put_identifier(&query, name);
    strbuf_puts(&query, " LIMIT 1");
    if (!db_value(p->db, arena, query.text, &found, err))
        return false;
    if (!found)
        *done = NO;
    return true;
}

bool my_probe(Db *db, Text statement, Tristate *done, const char **look_at, Error *err)
{
    Probe p = { .db = db, .tokens = lex_all(db->arena, statement, LEX_MYSQL), .look_at = look_at };
    bool repeatable = false;
    *done = UNSET;
    *look_at = NULL;
    if (take(&p, "TRUNCATE"))
        return probe_truncate(&p, done, err);
    if (take(&p, "CREATE"))
        read_create(&p, &repeatable);
    else if (take(&p, "DROP"))
        read_drop(&p, &repeatable);
    else if (take(&p, "ALTER"))
        read_alter(&p, &repeatable);
    else if (take(&p, "RENAME"))
        read_rename(&p);
    else if (TAKE_ANY(&p, "ANALYZE", "OPTIMIZE", "CHECK"))
        repeatable = (TAKE_ANY(&p, "NO_WRITE_TO_BINLOG", "LOCAL"), TAKE_ANY(&p, "TABLE", "TABLES"));
    else
        repeatable = TAKE_ANY(&p, "FLUSH", "GRANT", "SHOW");
    return weigh(&p, repeatable, done, err);
}
