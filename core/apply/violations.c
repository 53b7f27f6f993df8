// Rows that violate foreign keys, on an engine that enforces them only where a session asks for it (Dialect.key_switch).
// Those that were there before a revision are no fault of it: they are counted for each key, which is known by its table, its
// columns and the table that it refers to, all by the names that they have after the renames of the revision.
#include "core/apply/apply_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

// Of one check: the table that it names, or none where it checks all.
static NameList table_of_check(const Attempt *attempt, const Item *item)
{
    NameList out = { 0 };
    const char *table = attempt->run->dialect->key_switch->checked_table(attempt->arena, item_text(item));
    if (table)
        *VEC_PUSH(attempt->arena, &out) = table;
    return out;
}

// The tables that the revision checks, by their names before it; *all: it checks all.
static bool checked_tables(const Attempt *attempt, const Section *section, const NamingList *renames,
                           NameList *out)
{
    bool any = false, all = false;
    VEC_EACH (Item, item, &attempt->items) {
        if (!item->key_check || (section && item->section != section))
            continue;
        const NameList one = table_of_check(attempt, item);
        any = true;
        all |= !one.count;
        if (one.count)
            *VEC_PUSH(attempt->arena, out) = name_before(renames, one.items[0]);
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
        size_t n = strcspn(p, KEY_COLUMNS_BETWEEN);
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
    attempt->run->dialect->key_switch->put_violations(&query, &tables);
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

// Called for each table and the table that it refers to: rows beyond those before the revision are the
// revision's fault, and the first of these is kept for the message.
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
    const NameList tables = table_of_check(attempt, item);
    StrBuf query;
    strbuf_init(&query, attempt->arena);
    attempt->run->dialect->key_switch->put_violations(&query, &tables);
    Excess excess = { .attempt = attempt };
    if (!db->driver->query(db, query.text, count_excess, &excess, err))
        return false;
    if (excess.rows > 1)
        return error_set(err, ERR_SQL, "%s, and %llu more row%s foreign keys", excess.first, excess.rows - 1,
                         excess.rows == 2 ? " violates" : "s violate");
    return excess.rows == 0 || error_set(err, ERR_SQL, "%s", excess.first);
}

// ---- The same as SQL, for the scripts of --sql

const char *key_check_query(const Attempt *attempt, const Item *item)
{
    const NameList tables = table_of_check(attempt, item);
    StrBuf out;
    strbuf_init(&out, attempt->arena);
    attempt->run->dialect->key_switch->put_new_violations(&out, &tables);
    return out.text;
}

void violations_sql(const Attempt *attempt, const Section *section, NameList *out)
{
    const KeySwitch *keys = attempt->run->dialect->key_switch;
    NamingList renames = { 0 };
    NameList tables = { 0 };
    read_renames(attempt, &renames);
    if (!checked_tables(attempt, section, &renames, &tables))
        return;
    keys->keep(attempt->arena, &tables, out);
    VEC_EACH (Naming, naming, &renames) {
        if (naming->of_column)
            keys->rename_column(attempt->arena, naming->table, naming->from, naming->to, out);
        else
            keys->rename_table(attempt->arena, naming->from, naming->to, out);
    }
}
