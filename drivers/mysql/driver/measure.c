// What an ALTER TABLE costs: the ways to do it are tried from the cheapest on, and the first that the server accepts tells.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/driver/driver.h"

// ---- the statement, with places for ALGORITHM and LOCK

typedef struct Form {
    const char *text;
    const char *schema;   // NULL: not written, or the one of the connection
    const char *table;    // as it is written, without quotes
    size_t at;            // where a clause that is not there is put in, in bytes
    bool at_end;          // CREATE INDEX, DROP INDEX: after the rest, without commas
    bool alone;           // PARTITION BY, REMOVE PARTITIONING: no comma before them
    bool builds;          // an index, which reads every row
    bool of_partitions;   // ADD, DROP, REORGANIZE … PARTITION
    Text algorithm, lock; // the words that were asked for; p NULL: none
    Text engine;          // that it names; p NULL: none
    bool moves;           // to that engine, from another one
} Form;

typedef struct Reader {
    TokenList tokens;
    size_t i;
} Reader;

static bool take(Reader *r, const char *word)
{
    bool here = token_is(&r->tokens.items[r->i], word);
    r->i += here;
    return here;
}

static void take_name(Reader *r, Arena *arena, Form *form)
{
    for (bool more = true; more && r->tokens.items[r->i].kind != TOKEN_END;) {
        form->schema = form->table;
        form->table = token_name(arena, &r->tokens.items[r->i++]);
        more = take(r, ".");
    }
}

static bool begins_index(Reader *r)
{
    if (take(r, "CREATE")) {
        while (take(r, "UNIQUE") || take(r, "FULLTEXT") || take(r, "SPATIAL") || take(r, "VECTOR"))
            ;
        return take(r, "INDEX");
    }
    return take(r, "DROP") && take(r, "INDEX");
}

// ALTER TABLE t …: clauses go in front of the first, where they may stand before every kind of it.
static bool read_alter(Reader *r, Arena *arena, Form *form)
{
    if (!take(r, "ALTER") || !take(r, "TABLE"))
        return false;
    if (take(r, "IF"))
        take(r, "EXISTS");
    take_name(r, arena, form);
    const Token *first = &r->tokens.items[r->i];
    form->at = (size_t)(first->text.p - form->text);
    form->alone = token_is(first, "PARTITION") || token_is(first, "REMOVE");
    for (size_t i = r->i; i + 1 < r->tokens.count && i < r->i + 3; i++)
        form->of_partitions |= token_is(&r->tokens.items[i], "PARTITION");
    return first->kind != TOKEN_END && !token_is(first, "WAIT") && !token_is(first, "NOWAIT");
}

static bool read_index(Reader *r, Arena *arena, Form *form)
{
    if (!begins_index(r))
        return false;
    while (r->tokens.items[r->i].kind != TOKEN_END && !take(r, "ON"))
        r->i++;
    take_name(r, arena, form);
    form->at = strlen(form->text);
    form->at_end = true;
    form->builds = token_is(&r->tokens.items[0], "CREATE");
    return form->table != NULL;
}

static bool adds_index(const Token *token)
{
    static const char *const words[] = {
        "INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL", "PRIMARY", "VECTOR"
    };
    for (size_t i = 0; token_is(token, "ADD") && i < COUNT_OF(words); i++)
        if (token_is(token + 1, words[i]))
            return true;
    return token_is(token, "UNIQUE"); // at a column, or after ADD CONSTRAINT name
}

// ALGORITHM [=] word and LOCK [=] word, outside of parentheses; and what else there is to know of the clauses.
static void read_asked(const Reader *r, Form *form)
{
    size_t depth = 0;
    for (size_t i = r->i; i + 1 < r->tokens.count; i++) {
        const Token *token = &r->tokens.items[i];
        depth += token_is(token, "(");
        depth -= token_is(token, ")") && depth;
        form->builds |= !depth && adds_index(token);
        bool algorithm = token_is(token, "ALGORITHM"), lock = token_is(token, "LOCK");
        bool begins = i == r->i || form->at_end || token_is(token - 1, ",");
        bool engine = token_is(token, "ENGINE");
        if (depth || !begins || (!algorithm && !lock && !engine))
            continue;
        const Token *word = token_is(token + 1, "=") ? token + 2 : token + 1;
        if (word->kind == TOKEN_WORD)
            *(algorithm ? &form->algorithm : lock ? &form->lock : &form->engine) = word->text;
    }
}

// OPTIMIZE TABLE t, u, which InnoDB does as ALTER TABLE t FORCE, and so on. Empty: another statement.
static NameList optimized(Arena *arena, const char *statement)
{
    NameList out = { 0 };
    Reader r = { .tokens = lex_all(arena, (Text){ statement, strlen(statement) }, mysql_dialect.lex) };
    if (!take(&r, "OPTIMIZE"))
        return out;
    if (!take(&r, "LOCAL"))
        take(&r, "NO_WRITE_TO_BINLOG");
    if (!take(&r, "TABLE"))
        take(&r, "TABLES");
    do {
        Form form = { 0 };
        const char *name = r.tokens.items[r.i].text.p;
        take_name(&r, arena, &form);
        if (!form.table)
            break;
        const Token *last = &r.tokens.items[r.i - 1];
        *VEC_PUSH(arena, &out) =
            arena_printf(arena, "ALTER TABLE %.*s FORCE", (int)(last->text.p + last->text.n - name), name);
    } while (take(&r, ","));
    return out;
}

static bool read_form(Arena *arena, const char *statement, Form *form)
{
    Text text = { statement, strlen(statement) };
    Reader r = { .tokens = lex_all(arena, text, mysql_dialect.lex) };
    *form = (Form){ .text = statement };
    bool ok = read_alter(&r, arena, form);
    if (!ok) {
        r.i = 0;
        ok = read_index(&r, arena, form);
    }
    if (ok)
        read_asked(&r, form);
    return ok;
}

static bool asks_for(Text word, const char *value)
{
    return word.p && strlen(value) == word.n && strncasecmp(word.p, value, word.n) == 0;
}

static bool asks(Text word) { return word.p && !asks_for(word, "DEFAULT"); }

typedef struct Way {
    const char *algorithm, *lock; // lock NULL: whatever it takes
} Way;

// A piece of the statement that is replaced.
typedef struct Splice {
    size_t at, length;
    const char *text;
} Splice;

static int by_position(const void *a, const void *b)
{
    const Splice *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

static Splice in_place_of(const Form *form, Text word, const char *by)
{
    return (Splice){ (size_t)(word.p - form->text), word.n, by };
}

// The statement, to be done in this way only. Words that it has are replaced, the others put in.
static const char *put_way(Arena *arena, const Form *form, Way way)
{
    Splice splices[3];
    size_t count = 0;
    const char *lock = way.lock ? way.lock : form->lock.p ? "DEFAULT" : NULL;
    bool adds_lock = lock && !form->lock.p;
    StrBuf added, out;
    strbuf_init(&added, arena);
    strbuf_init(&out, arena);
    if (!form->algorithm.p)
        strbuf_printf(&added, "ALGORITHM=%s", way.algorithm);
    if (adds_lock)
        strbuf_printf(&added, "%sLOCK=%s", !added.length ? "" : form->at_end ? " " : ", ", lock);
    if (added.length) {
        const char *before = form->at_end ? "\n" : "", *after = form->at_end || form->alone ? " " : ", ";
        splices[count++] = (Splice){ form->at, 0, arena_printf(arena, "%s%s%s", before, added.text, after) };
    }
    if (form->algorithm.p)
        splices[count++] = in_place_of(form, form->algorithm, way.algorithm);
    if (form->lock.p)
        splices[count++] = in_place_of(form, form->lock, lock);
    qsort(splices, count, sizeof(splices[0]), by_position);
    size_t from = 0;
    for (size_t i = 0; i < count; from = splices[i].at + splices[i].length, i++) {
        strbuf_put(&out, form->text + from, splices[i].at - from);
        strbuf_puts(&out, splices[i].text);
    }
    strbuf_puts(&out, form->text + from);
    return out.text;
}

// ---- was the table written again?

// InnoDB gives a table that it writes again a new number. Whoever may not look (it takes PROCESS) is not told.
typedef struct Numbers {
    bool known;
    unsigned long long count, greatest; // of the tables and partitions of the scratch database
    unsigned long long newer;           // than a given one
} Numbers;

static bool keep_numbers(void *payload, const Row *row, Error *err)
{
    (void)err;
    Numbers *numbers = payload;
    numbers->known = row->values[0] && row->values[1] && row->values[2];
    if (numbers->known) {
        numbers->count = strtoull(row->values[0], NULL, 10);
        numbers->greatest = strtoull(row->values[1], NULL, 10);
        numbers->newer = strtoull(row->values[2], NULL, 10);
    }
    return true;
}

// Full-text indexes have tables of their own, which do not count. With `since`, those up to it are counted.
static Numbers read_numbers(MyDb *my, Arena *arena, const Numbers *since)
{
    Numbers out = { 0 };
    unsigned long long limit = since ? since->greatest : 0;
    const char *query =
        arena_printf(arena,
                     "SELECT COALESCE(SUM(%llu = 0 OR table_id <= %llu), 0), COALESCE(MAX(table_id), 0),"
                     " COALESCE(SUM(table_id > %llu), 0) FROM information_schema.innodb_%stables"
                     " WHERE SUBSTRING_INDEX(name, '/', 1) = REPLACE(DATABASE(), '-', '@002d')"
                     " AND SUBSTRING_INDEX(name, '/', -1) NOT LIKE 'fts\\_0%%'",
                     limit, limit, limit, my_is_mariadb(my) ? "sys_" : "");
    (void)my_query_on(my->connection, query, keep_numbers, &out, NULL);
    return out;
}

static bool was_rewritten(MyDb *my, Arena *arena, const Numbers *before)
{
    if (!before->known || !before->count)
        return false;
    Numbers after = read_numbers(my, arena, before);
    return after.known && after.count < before->count && after.newer > 0;
}

static bool keep_engine(void *payload, const Row *row, Error *err)
{
    (void)err;
    Form *form = payload;
    form->moves = row->values[0] && !asks_for(form->engine, row->values[0]);
    return true;
}

// Another engine is a copy, although MariaDB accepts ALGORITHM=INSTANT for it.
static bool changes_engine(MyDb *my, Arena *arena, Form *form)
{
    const char *query = arena_printf(arena,
                                     "SELECT engine FROM information_schema.tables WHERE table_schema = "
                                     "DATABASE() AND table_name = %s",
                                     my_quoted(arena, form->table));
    return form->engine.p && my_query_on(my->connection, query, keep_engine, form, NULL) && form->moves;
}

// ---- trying

typedef enum Answer {
    DONE,
    NOT_THIS_WAY,   // the server can do it, but not so
    NOT_UNDERSTOOD, // this server does not know the way, or the clause cannot stand there
    REFUSED,        // in any way
} Answer;

static Answer try_way(MyDb *my, Arena *arena, const Form *form, Way way)
{
    static const char *const ways[] = { "1845", "1846", "4092", "1221" };
    static const char *const words[] = { "1064", "1800" };
    Error why = { 0 };
    if (my_exec(&my->head, put_way(arena, form, way), &why))
        return DONE;
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (strcmp(why.native, ways[i]) == 0)
            return NOT_THIS_WAY;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(why.native, words[i]) == 0)
            return NOT_UNDERSTOOD;
    return REFUSED;
}

// From the cheapest on. Older servers do not know each of them.
static const Way mysql_ways[] = {
    {"INSTANT",  NULL    },
    { "INPLACE", "NONE"  },
    { "INPLACE", "SHARED"},
    { "INPLACE", NULL    }
};
static const Way mariadb_ways[] = {
    {"INSTANT",  NULL    },
    { "NOCOPY",  "NONE"  },
    { "NOCOPY",  "SHARED"},
    { "INPLACE", "NONE"  },
    { "INPLACE", "SHARED"},
    { "INPLACE", NULL    },
    { "COPY",    "NONE"  }, // 11.2 and later
};

// Would the statement as it is written be done in this way? MariaDB's INPLACE is what is cheaper than it, too.
static bool is_allowed(const MyDb *my, const Form *form, Way *way)
{
    bool cheaper = my_is_mariadb(my) && asks_for(form->algorithm, "INPLACE");
    if (asks(form->algorithm) && !asks_for(form->algorithm, way->algorithm) &&
        (!cheaper || strcmp(way->algorithm, "COPY") == 0))
        return false;
    if (!asks(form->lock) || strcmp(way->algorithm, "INSTANT") == 0)
        return true;
    if (way->lock && !asks_for(form->lock, way->lock))
        return false;
    if (!way->lock)
        way->lock = "EXCLUSIVE";
    return asks_for(form->lock, way->lock);
}

// *found: the way that the server took. False where none was, and the statement is yet to be executed.
static bool try_ways(MyDb *my, Arena *arena, const Form *form, Way *found, bool *understood, Numbers *before)
{
    bool mariadb = my_is_mariadb(my);
    const Way *ways = mariadb ? mariadb_ways : mysql_ways;
    size_t count = mariadb ? COUNT_OF(mariadb_ways) : COUNT_OF(mysql_ways);
    for (size_t i = 0; i < count; i++) {
        Way way = ways[i];
        if (!is_allowed(my, form, &way))
            continue;
        if (!before->known && strcmp(way.algorithm, "INSTANT") != 0)
            *before = read_numbers(my, arena, NULL);
        Answer answer = try_way(my, arena, form, way);
        *understood |= answer == NOT_THIS_WAY;
        if (answer == DONE) {
            *found = way;
            return true;
        }
        if (answer == REFUSED)
            return false;
    }
    *found = (Way){ *understood ? "COPY" : NULL, "SHARED" };
    return false;
}

static const char *lock_of(const Form *form, Way way)
{
    if (asks_for(form->lock, "EXCLUSIVE") || asks_for(form->lock, "SHARED"))
        return asks_for(form->lock, "SHARED") ? "SHARED" : "EXCLUSIVE";
    if (!way.algorithm || strcmp(way.algorithm, "INSTANT") == 0)
        return NULL;
    if (!way.lock)
        return "EXCLUSIVE";
    return strcmp(way.lock, "NONE") == 0 ? NULL : way.lock;
}

// Adds to `out` what this statement costs besides what is there.
static bool exec_one(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err)
{
    MyDb *my = my_db(db);
    Form form;
    Way way = { 0 };
    Numbers before = { 0 };
    bool understood = false;
    if (!read_form(arena, statement, &form))
        return my_exec(db, statement, err);
    bool copy = asks_for(form.algorithm, "COPY") || changes_engine(my, arena, &form);
    if (copy)
        way = (Way){ "COPY", "SHARED" };
    if ((copy || !try_ways(my, arena, &form, &way, &understood, &before)) && !my_exec(db, statement, err))
        return false;
    const char *lock = lock_of(&form, way);
    bool rewrites = way.algorithm && (strcmp(way.algorithm, "COPY") == 0 ||
                                      (strcmp(way.algorithm, "INPLACE") == 0 && !form.of_partitions &&
                                       (my_is_mariadb(my) || was_rewritten(my, arena, &before))));
    bool scans = rewrites || (form.builds && way.algorithm && strcmp(way.algorithm, "INSTANT") != 0);
    out->algorithm = way.algorithm;
    out->lock = lock ? lock : out->lock;
    out->rewrites |= rewrites;
    out->scans |= scans;
    if (lock || scans)
        *VEC_PUSH(arena, &out->tables) = (TableCost){
            .schema = form.schema, .table = form.table, .lock = lock, .rewritten = rewrites, .scanned = scans
        };
    return true;
}

bool my_exec_measured(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err)
{
    *out = (StatementCost){ 0 };
    NameList alters = optimized(arena, statement);
    VEC_EACH (const char *, it, &alters)
        if (!exec_one(db, arena, *it, out, err))
            return false;
    return alters.count || exec_one(db, arena, statement, out, err);
}
