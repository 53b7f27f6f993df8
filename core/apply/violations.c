// Rows that violate foreign keys in SQLite, which enforces them only where an application asks. Those that were there
// before a revision are no fault of it: they are counted for each key, which is known by its table, its columns and the
// table that it refers to, all by the names that they have after the renames of the revision.
#include "core/apply/apply_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BETWEEN_COLUMNS "\x1f"

typedef struct Naming {
    bool of_column;
    const char *table, *from, *to;
} Naming;
typedef VEC(Naming) NamingList;

// ALTER TABLE a RENAME TO b, ALTER TABLE t RENAME [COLUMN] a TO b
static bool read_rename(Arena *arena, const TokenList *tokens, Naming *out)
{
    const Token *t = tokens->items;
    size_t n = tokens->count;
    if (n < 6 || !token_is(&t[0], "ALTER") || !token_is(&t[1], "TABLE") || !token_is(&t[3], "RENAME"))
        return false;
    *out = (Naming){ .table = token_name(arena, &t[2]) };
    if (token_is(&t[4], "TO")) {
        out->from = out->table;
        out->to = token_name(arena, &t[5]);
        return true;
    }
    size_t at = token_is(&t[4], "COLUMN") && !token_is(&t[5], "TO") ? 5 : 4;
    if (at + 2 >= n || !token_is(&t[at + 1], "TO"))
        return false;
    out->of_column = true;
    out->from = token_name(arena, &t[at]);
    out->to = token_name(arena, &t[at + 2]);
    return true;
}

// The renames of what was there before: a table that the revision creates and then renames is new.
static void read_renames(const Attempt *attempt, NamingList *out)
{
    NameList created = { 0 };
    VEC_EACH (Item, item, &attempt->items) {
        TokenList tokens =
            lex_all(attempt->arena, (Text){ item->sql, strlen(item->sql) }, attempt->run->dialect->lex);
        Naming naming;
        bool is_new = false;
        if (tokens.count > 3 && token_is(&tokens.items[0], "CREATE") && token_is(&tokens.items[1], "TABLE"))
            *VEC_PUSH(attempt->arena, &created) = token_name(attempt->arena, &tokens.items[2]);
        if (!read_rename(attempt->arena, &tokens, &naming))
            continue;
        VEC_EACH (const char *, it, &created)
            is_new |= strcasecmp(*it, naming.table) == 0;
        if (!is_new)
            *VEC_PUSH(attempt->arena, out) = naming;
    }
}

static const char *name_before(const NamingList *renames, const char *table)
{
    for (size_t i = renames->count; i-- > 0;)
        if (!renames->items[i].of_column && strcasecmp(renames->items[i].to, table) == 0)
            table = renames->items[i].from;
    return table;
}

// The table that PRAGMA foreign_key_check is asked about; NULL: all.
static const char *key_check_table(Arena *arena, const Dialect *dialect, const char *pragma)
{
    TokenList tokens = lex_all(arena, (Text){ pragma, strlen(pragma) }, dialect->lex);
    for (size_t i = 0; i + 1 < tokens.count; i++)
        if (token_is(&tokens.items[i], "(") || token_is(&tokens.items[i], "="))
            return token_name(arena, &tokens.items[i + 1]);
    return NULL;
}

// One row for each key that is violated: its table t, its columns c, the table p that it refers to, how many rows n, and
// the rowid r of one. `tables`: the only ones; empty: all.
static void put_violations(StrBuf *out, const Dialect *dialect, const NameList *tables)
{
    strbuf_puts(
        out, "SELECT t, c, p, sum(n) AS n, min(r) AS r FROM (SELECT f.\"table\" AS t, f.\"parent\" AS p, "
             "count(*) AS n, min(f.\"rowid\") AS r,\n(SELECT group_concat(k.\"from\", char(31)) FROM (SELECT "
             "\"from\" FROM pragma_foreign_key_list(f.\"table\") WHERE id = f.fkid ORDER BY seq) AS k) AS c\n"
             "FROM sqlite_master AS m, pragma_foreign_key_check(m.name) AS f WHERE m.type = 'table'");
    for (size_t i = 0; i < tables->count; i++) {
        strbuf_puts(out, i ? ", " : " AND m.name COLLATE NOCASE IN (");
        dialect->put_literal(out, tables->items[i]);
    }
    strbuf_puts(out, tables->count ? ")" : "");
    strbuf_puts(out, " GROUP BY f.\"table\", f.fkid, f.\"parent\") GROUP BY t, c, p");
}

// The tables that the revision checks, by their names before it; *all: it checks all.
static bool checked_tables(const Attempt *attempt, const Section *section, const NamingList *renames,
                           NameList *out)
{
    bool any = false, all = false;
    VEC_EACH (Item, item, &attempt->items) {
        if (!item->key_check || (section && item->section != section))
            continue;
        const char *table = key_check_table(attempt->arena, attempt->run->dialect, item->sql);
        any = true;
        all |= !table;
        if (table)
            *VEC_PUSH(attempt->arena, out) = name_before(renames, table);
    }
    if (all)
        out->count = 0;
    return any;
}

static const char *rename_in_list(Arena *arena, const char *columns, const Naming *naming)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = columns; *p;) {
        size_t n = strcspn(p, BETWEEN_COLUMNS);
        bool is_it = strlen(naming->from) == n && strncasecmp(p, naming->from, n) == 0;
        strbuf_put(&out, is_it ? naming->to : p, is_it ? strlen(naming->to) : n);
        p += n;
        if (*p)
            strbuf_putc(&out, *p++);
    }
    return out.text ? out.text : "";
}

static void apply_renames(Arena *arena, const NamingList *renames, Violation *violation)
{
    VEC_EACH (Naming, naming, renames) {
        bool of_table = strcasecmp(violation->table, naming->table) == 0;
        if (naming->of_column) {
            if (of_table)
                violation->columns = rename_in_list(arena, violation->columns, naming);
            continue;
        }
        if (of_table)
            violation->table = naming->to;
        if (strcasecmp(violation->parent, naming->from) == 0)
            violation->parent = naming->to;
    }
}

static bool read_violation(Arena *arena, const Row *row, Violation *out)
{
    if (row->count < 5 || !row->values[0] || !row->values[2] || !row->values[3])
        return false;
    *out = (Violation){ .table = arena_strdup(arena, row->values[0]),
                        .columns = arena_strdup(arena, row->values[1] ? row->values[1] : ""),
                        .parent = arena_strdup(arena, row->values[2]),
                        .rows = strtoull(row->values[3], NULL, 10) };
    if (row->values[4])
        out->rowid = arena_strdup(arena, row->values[4]);
    return true;
}

typedef struct Noting {
    Attempt *attempt;
    const NamingList *renames;
} Noting;

static bool keep_violation(void *payload, const Row *row, Error *err)
{
    (void)err;
    Noting *noting = payload;
    Attempt *attempt = noting->attempt;
    Violation violation;
    if (!read_violation(attempt->arena, row, &violation))
        return true;
    apply_renames(attempt->arena, noting->renames, &violation);
    *VEC_PUSH(attempt->arena, &attempt->violations) = violation;
    return true;
}

void note_violations(Attempt *attempt, const Section *section)
{
    NamingList renames = { 0 };
    NameList tables = { 0 };
    Error ignored = { 0 }; // a key without a sound target cannot be checked, and means nothing
    attempt->violations.count = 0;
    bool checks = false;
    VEC_EACH (Item, item, &attempt->items)
        checks |= item->key_check;
    if (!checks)
        return;
    read_renames(attempt, &renames);
    if (!checked_tables(attempt, section, &renames, &tables))
        return;
    StrBuf query;
    strbuf_init(&query, attempt->arena);
    put_violations(&query, attempt->run->dialect, &tables);
    Noting noting = { attempt, &renames };
    (void)!attempt->run->db->driver->query(attempt->run->db, query.text, keep_violation, &noting, &ignored);
}

typedef struct Excess {
    Attempt *attempt;
    unsigned long long rows;
    const char *first;
} Excess;

static unsigned long long known_rows(const Attempt *attempt, const Violation *violation)
{
    VEC_EACH (Violation, it, &attempt->violations)
        if (strcasecmp(it->table, violation->table) == 0 && strcasecmp(it->parent, violation->parent) == 0 &&
            strcasecmp(it->columns, violation->columns) == 0)
            return it->rows;
    return 0;
}

static bool count_excess(void *payload, const Row *row, Error *err)
{
    (void)err;
    Excess *excess = payload;
    Arena *arena = excess->attempt->arena;
    Violation found;
    if (!read_violation(arena, row, &found))
        return true;
    unsigned long long known = known_rows(excess->attempt, &found);
    if (found.rows <= known)
        return true;
    excess->rows += found.rows - known;
    if (excess->first)
        return true;
    if (known)
        excess->first = arena_printf(arena, "%llu rows of table %s refer to no row of table %s, %llu before",
                                     found.rows, found.table, found.parent, known);
    else
        excess->first =
            arena_printf(arena, "row %s of table %s refers to no row of table %s",
                         found.rowid ? found.rowid : "(without rowid)", found.table, found.parent);
    return true;
}

bool run_key_check(Attempt *attempt, const Item *item, Error *err)
{
    Db *db = attempt->run->db;
    const char *table = key_check_table(attempt->arena, attempt->run->dialect, item->sql);
    NameList tables = { 0 };
    if (table)
        *VEC_PUSH(attempt->arena, &tables) = table;
    StrBuf query;
    strbuf_init(&query, attempt->arena);
    put_violations(&query, attempt->run->dialect, &tables);
    Excess excess = { .attempt = attempt };
    if (!db->driver->query(db, query.text, count_excess, &excess, err))
        return false;
    if (excess.rows > 1)
        return error_set(err, ERR_SQL, "%s, and %llu rows more violate foreign keys", excess.first,
                         excess.rows - 1);
    return excess.rows == 0 || error_set(err, ERR_SQL, "%s", excess.first);
}

// ---- The same as SQL, for the scripts of --sql

const char *key_check_query(const Attempt *attempt, const char *pragma)
{
    const Dialect *dialect = attempt->run->dialect;
    const char *table = key_check_table(attempt->arena, dialect, pragma);
    NameList tables = { 0 };
    if (table)
        *VEC_PUSH(attempt->arena, &tables) = table;
    StrBuf out;
    strbuf_init(&out, attempt->arena);
    strbuf_puts(&out, "SELECT v.t, v.r, v.p FROM (");
    put_violations(&out, dialect, &tables);
    strbuf_puts(&out, ") AS v LEFT JOIN temp.cmigrate_broken AS b ON b.t = v.t COLLATE NOCASE AND b.c = v.c "
                      "COLLATE NOCASE AND b.p = v.p COLLATE NOCASE WHERE v.n > coalesce(b.n, 0)");
    return out.text;
}

static void put_naming(StrBuf *out, const Dialect *dialect, const char *column, const Naming *naming)
{
    strbuf_printf(out, "UPDATE temp.cmigrate_broken SET %s = ", column);
    dialect->put_literal(out, naming->to);
    strbuf_printf(out, " WHERE %s = ", column);
    dialect->put_literal(out, naming->from);
    strbuf_puts(out, " COLLATE NOCASE");
}

// The list of columns is a text with a separator before, between and after them here.
static void put_column_naming(StrBuf *out, const Dialect *dialect, const Naming *naming)
{
    strbuf_puts(out,
                "UPDATE temp.cmigrate_broken SET c = trim(replace(char(31) || c || char(31), char(31) || ");
    dialect->put_literal(out, naming->from);
    strbuf_puts(out, " || char(31), char(31) || ");
    dialect->put_literal(out, naming->to);
    strbuf_puts(out, " || char(31)), char(31)) WHERE t = ");
    dialect->put_literal(out, naming->table);
    strbuf_puts(out, " COLLATE NOCASE");
}

void violations_sql(const Attempt *attempt, const Section *section, NameList *out)
{
    const Dialect *dialect = attempt->run->dialect;
    NamingList renames = { 0 };
    NameList tables = { 0 };
    StrBuf text;
    read_renames(attempt, &renames);
    if (!checked_tables(attempt, section, &renames, &tables))
        return;
    *VEC_PUSH(attempt->arena, out) = "DROP TABLE IF EXISTS temp.cmigrate_broken";
    strbuf_init(&text, attempt->arena);
    strbuf_puts(&text, "CREATE TEMP TABLE cmigrate_broken AS\n");
    put_violations(&text, dialect, &tables);
    *VEC_PUSH(attempt->arena, out) = text.text;
    VEC_EACH (Naming, naming, &renames) {
        for (int round = 0; round < 2; round++) {
            strbuf_init(&text, attempt->arena);
            if (naming->of_column && round)
                break;
            if (naming->of_column)
                put_column_naming(&text, dialect, naming);
            else
                put_naming(&text, dialect, round ? "p" : "t", naming);
            *VEC_PUSH(attempt->arena, out) = text.text;
        }
    }
}
