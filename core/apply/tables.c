// The two tables that are kept: found, created, and brought to the layout of today.
#include <string.h>

#include "core/apply/apply_internal.h"

void put_table(StrBuf *out, const Dialect *dialect, const VersionStore *store, const char *table)
{
    const char *schema = table == store->table ? store->schema : store->history_schema;
    if (schema) {
        dialect->put_identifier(out, schema);
        strbuf_putc(out, '.');
    }
    dialect->put_identifier(out, table);
}

void put_equals(StrBuf *out, const Dialect *dialect, const char *column, const char *value)
{
    strbuf_printf(out, "%s %s ", column, dialect->own_equals ? dialect->own_equals : "=");
    dialect->put_literal(out, value);
}

typedef struct Found {
    Arena *arena;
    TableFacts *facts;
    bool settled; // nothing is wrong with it
} Found;

static const char *copy_of(Arena *arena, const Row *row, size_t i)
{
    if (i >= row->count || !row->values[i])
        return NULL;
    return arena_strndup(arena, row->values[i], row->lengths ? row->lengths[i] : strlen(row->values[i]));
}

static bool note_row(void *payload, const Row *row, Error *err)
{
    (void)err;
    Found *found = payload;
    *found->facts = (TableFacts){ .exists = true,
                                  .schema = copy_of(found->arena, row, 0),
                                  .has_column = row->count > 1 && row->values[1],
                                  .not_to_read = copy_of(found->arena, row, 2),
                                  .not_to_write = copy_of(found->arena, row, 3),
                                  .hint = copy_of(found->arena, row, 4) };
    return true;
}

static bool note_quickly(void *payload, const Row *row, Error *err)
{
    (void)err;
    Found *found = payload;
    *found->facts = (TableFacts){ .exists = true,
                                  .schema = copy_of(found->arena, row, 0),
                                  .has_column = row->count > 1 && row->values[1] };
    found->settled = row->count > 2 && row->values[2];
    return true;
}

// Most often the table is missing, or plain and our own, which the quick question tells.
bool table_find(Db *db, Arena *arena, const VersionStore *store, const TableLook *look, TableFacts *out,
                Error *err)
{
    StrBuf query;
    strbuf_init(&query, arena);
    const char *schema = look->table == store->table ? store->schema : store->history_schema;
    NameScope scope = schema ? SCOPE_OWN : SCOPE_LOOKUP;
    *out = (TableFacts){ 0 };
    Found found = { .arena = arena, .facts = out };
    if (db->dialect->put_quick_table_query) {
        db->dialect->put_quick_table_query(&query, schema, look->table, look->column);
        if (!db_query_in(db, scope, query.text, note_quickly, &found, err))
            return false;
        if (!out->exists || found.settled)
            return true;
        strbuf_clear(&query);
    }
    db->dialect->put_table_query(&query, schema, look->table, look->column);
    if (!db_query_in(db, scope, query.text, note_row, &found, err))
        return false;
    const char *wrong = out->not_to_read ? out->not_to_read : look->writes ? out->not_to_write : NULL;
    if (!wrong)
        return true;
    error_set(err, ERR_SQL, "the table %s%s%s cannot be used: %s", out->schema ? out->schema : "",
              out->schema ? "." : "", look->table, wrong);
    return out->hint && error_hint(err, "%s", out->hint);
}

// A script may change where names are looked for (search_path, USE): what it must not change is which tables are meant.
bool run_find_tables(Run *run, Error *err)
{
    TableFacts version, history;
    run->own_store = *run->request->store;
    run->store = &run->own_store;
    run->owner = store_owner(run->arena, run->dialect, run->db, run->store);
    if (!table_find(run->db, run->arena, run->store, &(TableLook){ run->store->table, NULL, true }, &version,
                    err) ||
        !table_find(run->db, run->arena, run->store, &(TableLook){ run->store->history, HISTORY_OWNER, true },
                    &history, err))
        return false;
    run->has_version = version.exists;
    run->has_history = history.exists;
    run->history_has_owner = history.has_column;
    // The lock bears the schema's name: it is the same before the tables are made
    const char *missing = version.schema   ? version.schema
                          : history.schema ? history.schema
                                           : run->db->server.default_schema;
    if (!run->own_store.schema)
        run->own_store.schema = version.schema ? version.schema : missing;
    if (!run->own_store.history_schema)
        run->own_store.history_schema = history.schema ? history.schema : missing;
    return true;
}

// Names that differ in case only are one table on some engines and servers, and so one owner and one lock.
const char *store_owner(Arena *arena, const Dialect *dialect, const Db *db, const VersionStore *store)
{
    char *owner = arena_strndup(arena, store->table, strnlen(store->table, LONGEST_OWNER));
    bool folds = (dialect->caps & FOLDS_NAME_CASE) || (db && db->server.folds_tables);
    for (char *c = owner; folds && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    return owner;
}

// ---- Creating them

static void put_key_name(StrBuf *out, const Dialect *dialect, const char *table)
{
    dialect->put_identifier(out, arena_printf(out->arena, "%s_pkc", table));
}

// A name where it says something: MariaDB warns of others.
void put_own_key(StrBuf *out, const Dialect *dialect, const char *table, const char *columns)
{
    if (!(dialect->caps & KEYS_HAVE_NO_NAME)) {
        strbuf_puts(out, "CONSTRAINT ");
        put_key_name(out, dialect, table);
        strbuf_putc(out, ' ');
    }
    strbuf_printf(out, "PRIMARY KEY (%s)", columns);
}

void put_version_create(StrBuf *out, const Dialect *dialect, const VersionStore *store, bool if_missing)
{
    strbuf_puts(out, if_missing ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ");
    put_table(out, dialect, store, store->table);
    strbuf_puts(out, " (version_num VARCHAR(128) NOT NULL, ");
    put_own_key(out, dialect, store->table, "version_num");
    strbuf_putc(out, ')');
    if (dialect->own_table_options)
        strbuf_printf(out, " %s", dialect->own_table_options);
}

bool make_version_table(Run *run, Error *err)
{
    if (run->has_version)
        return true;
    StrBuf sql;
    strbuf_init(&sql, run->arena);
    put_version_create(&sql, run->dialect, run->store, false);
    return fault_point("create version table", err) && exec_sql(run->db, sql.text, err);
}

static bool make_history_table(Run *run, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, run->arena);
    put_history_create(&sql, run->dialect, run->store, run->store->history, false);
    return fault_point("create history table", err) && exec_sql(run->db, sql.text, err);
}

// ---- The layout of before: rows that belonged to no version table, numbered for all of them

static void put_alter(Run *run, StrBuf *out)
{
    const Dialect *dialect = run->dialect;
    const char *table = run->store->history;
    strbuf_puts(out, "ALTER TABLE ");
    put_table(out, dialect, run->store, table);
    strbuf_printf(out, " ADD COLUMN %s, DROP ", HISTORY_OWNER " " HISTORY_OWNER_TYPE);
    if (dialect->caps & KEYS_HAVE_NO_NAME) {
        strbuf_puts(out, "PRIMARY KEY");
    } else {
        strbuf_puts(out, "CONSTRAINT ");
        put_key_name(out, dialect, table);
    }
    strbuf_puts(out, ", ADD ");
    put_own_key(out, dialect, table, HISTORY_KEY);
}

// Where a key cannot be changed: a new table with the rows of the old one takes its place.
static void put_replacement(Run *run, StrBuf *out)
{
    const Dialect *dialect = run->dialect;
    const char *table = run->store->history, *spare = "cmigrate_history_new";
    strbuf_puts(out, "DROP TABLE IF EXISTS ");
    put_table(out, dialect, run->store, spare);
    strbuf_puts(out, "; ");
    put_history_create(out, dialect, run->store, spare, false);
    strbuf_puts(out, "; INSERT INTO ");
    put_table(out, dialect, run->store, spare);
    strbuf_puts(out, " SELECT *, '' FROM ");
    put_table(out, dialect, run->store, table);
    strbuf_puts(out, "; DROP TABLE ");
    put_table(out, dialect, run->store, table);
    strbuf_puts(out, "; ALTER TABLE ");
    put_table(out, dialect, run->store, spare);
    strbuf_puts(out, " RENAME TO ");
    dialect->put_identifier(out, table);
}

static bool add_owner(Run *run, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, run->arena);
    ((run->dialect->caps & CAN_ALTER_CONSTRAINTS) ? put_alter : put_replacement)(run, &sql);
    return fault_point("owner of the history", err) && exec_sql(run->db, sql.text, err) &&
           history_claim(run, err);
}

// ---- Before the first revision of a run

static bool prepare_once(Run *run, Error *err)
{
    const Driver *driver = run->db->driver;
    bool transactional = (run->dialect->caps & CAN_TRANSACTIONAL_DDL) != 0;
    Error ignored;
    if (transactional && (!fault_point("begin", err) || !driver->begin(run->db, err)))
        return false;
    bool ok =
        make_version_table(run, err) &&
        (run->has_history ? run->history_has_owner || add_owner(run, err) : make_history_table(run, err));
    ok = ok && (!transactional || (fault_point("commit", err) && driver->commit(run->db, err)));
    if (!ok)
        (void)driver->rollback(run->db, &ignored);
    else
        run->has_version = run->has_history = run->history_has_owner = true;
    return ok;
}

// Another project's first run may make the history at the same time: its lock is another one. So what failed is looked at
// once more, and tried again where something has come of it, or where the other one only held the table.
bool prepare_tables(Run *run, Error *err)
{
    double since = now_ms();
    while (!run->has_version || !run->has_history || !run->history_has_owner) {
        bool version = run->has_version, history = run->has_history, owner = run->history_has_owner;
        Error now;
        if (prepare_once(run, err))
            return true;
        const char *code = run->db->driver->gave_up_code;
        bool held =
            code && err && strcmp(err->native, code) == 0 && now_ms() - since < run->request->lock_timeout_ms;
        if (!run_find_tables(run, &now))
            return false;
        bool changed =
            version != run->has_version || history != run->has_history || owner != run->history_has_owner;
        if (!changed && !held)
            return error_prefix(err, "cannot prepare the tables %s and %s: ", run->store->table,
                                run->store->history);
        if (held && !was_interrupted(run, err))
            return false;
    }
    return true;
}
