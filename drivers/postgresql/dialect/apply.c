#include "drivers/postgresql/dialect/apply.h"

#include <stdio.h>
#include <string.h>

#include "core/dialect/dialect.h"
#include "drivers/postgresql/postgresql.h"

// Whose rights are not less than ours, or whom somebody of such rights made a role of ours: a role can make itself one.
#define TRUSTED                                                                                              \
    "SELECT o.oid FROM pg_catalog.pg_roles o WHERE o.rolsuper OR o.rolname" PG_EQ                            \
    "CURRENT_USER OR o.rolname" PG_EQ                                                                        \
    "SESSION_USER UNION ALL SELECT b.datdba FROM pg_catalog.pg_database b WHERE b.datname" PG_EQ             \
    "pg_catalog.current_database() UNION ALL SELECT m.roleid FROM pg_catalog.pg_auth_members m JOIN"         \
    " pg_catalog.pg_roles r ON r.oid" PG_EQ "m.member JOIN pg_catalog.pg_roles g ON g.oid" PG_EQ             \
    "m.grantor WHERE r.rolname" PG_EQ "CURRENT_USER AND g.rolsuper"

// Why the table of the row (c, in the schema n) must not be read: to read a view, or after row security, is to run code.
static const char not_to_read[] = "CASE WHEN c.relkind" PG_NE "'r' THEN 'it is not a plain table'"
                                  " WHEN c.relrowsecurity AND pg_catalog.row_security_active(c.oid) THEN "
                                  "'row security hides rows of it' END";

// Why it must not be written to: the code of somebody else would run with the rights of whoever runs this.
static const char not_to_write[] =
    "CASE WHEN NOT EXISTS (SELECT FROM trusted t WHERE t.oid" PG_EQ "c.relowner) AND c.relowner" PG_NE
    "n.nspowner"
    " THEN pg_catalog.concat('it belongs to the role ', "
    "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner)),"
    " ', whose code could run with the rights of ', pg_catalog.quote_ident(CURRENT_USER))"
    " WHEN EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.ev_class" PG_EQ "c.oid) THEN 'it has a rule'"
    " WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent" PG_EQ
    "c.oid) THEN 'it has child tables'"
    " ELSE (SELECT pg_catalog.concat('it has the trigger ', pg_catalog.quote_ident(g.tgname), ' of the role "
    "',"
    " pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(p.proowner))) FROM pg_catalog.pg_trigger g JOIN"
    " pg_catalog.pg_proc p ON p.oid" PG_EQ "g.tgfoid WHERE g.tgrelid" PG_EQ
    "c.oid AND NOT g.tgisinternal AND NOT EXISTS"
    " (SELECT FROM trusted t WHERE t.oid" PG_EQ "p.proowner) ORDER BY g.tgname LIMIT 1) END";

static const char what_to_do[] =
    "CASE WHEN c.relkind" PG_EQ
    "'r' THEN pg_catalog.concat('Look at what it holds and who made it; if it is right, take it over"
    " (ALTER TABLE ', c.oid::pg_catalog.regclass, ' OWNER TO ', pg_catalog.quote_ident(CURRENT_USER),"
    " ') and drop what hangs on it; else drop it.') ELSE 'Drop it, or name another version_table.' END";

// The schema of the table, and whether it has the column.
static void put_place(StrBuf *out, const char *column)
{
    strbuf_puts(out, "SELECT n.nspname, ");
    if (column) {
        strbuf_puts(out, "(SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid" PG_EQ
                         "c.oid AND NOT a.attisdropped AND a.attname" PG_EQ);
        postgresql_dialect.put_literal(out, column);
        strbuf_putc(out, ')');
    } else {
        strbuf_puts(out, "NULL");
    }
}

static void put_from(StrBuf *out, const char *schema, const char *table)
{
    StrBuf name;
    strbuf_init(&name, out->arena);
    if (schema) {
        postgresql_dialect.put_identifier(&name, schema);
        strbuf_putc(&name, '.');
    }
    postgresql_dialect.put_identifier(&name, table);
    strbuf_puts(out, " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid" PG_EQ
                     "c.relnamespace WHERE c.oid" PG_EQ "pg_catalog.to_regclass(");
    postgresql_dialect.put_literal(out, name.text);
    strbuf_putc(out, ')');
}

void postgresql_put_table_query(StrBuf *out, const char *schema, const char *table, const char *column)
{
    strbuf_puts(out, "WITH trusted AS (" TRUSTED ") ");
    put_place(out, column);
    strbuf_printf(out, ", %s, %s, %s", not_to_read, not_to_write, what_to_do);
    put_from(out, schema, table);
}

// Planning and running the whole query takes a new session 8 ms, this one 1. The flags of pg_class may be true of dropped objects
// (pg_class, "relhasrules" and those that follow), never false of existing ones.
void postgresql_put_quick_table_query(StrBuf *out, const char *schema, const char *table, const char *column)
{
    put_place(out, column);
    strbuf_puts(out, ", CASE WHEN c.relkind" PG_EQ
                     "'r' AND NOT (c.relrowsecurity OR c.relhasrules OR c.relhastriggers OR c.relhassubclass)"
                     " AND pg_catalog.pg_get_userbyid(c.relowner)" PG_EQ "CURRENT_USER THEN 1 END");
    put_from(out, schema, table);
}

// A tag that occurs in none of the texts, so that the block cannot be broken out of.
static void choose_tag(char *tag, size_t size, const char *a, const char *b)
{
    for (unsigned i = 0;; i++) {
        snprintf(tag, size, "$assert%u$", i);
        if (!strstr(a, tag) && !strstr(b, tag))
            return;
    }
}

// What apply asks before it writes, as a statement for the engine's own client.
void postgresql_put_table_guard(StrBuf *out, const char *schema, const char *table)
{
    StrBuf query;
    char tag[32];
    strbuf_init(&query, out->arena);
    postgresql_put_table_query(&query, schema, table, NULL);
    choose_tag(tag, sizeof(tag), query.text, table);
    strbuf_printf(
        out,
        "DO %s DECLARE why pg_catalog.text; BEGIN\nSELECT COALESCE(q.reading, q.writing) INTO why FROM"
        " (%s) AS q (place, found, reading, writing, hint);\n"
        "IF why IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = pg_catalog.concat('the table ', ",
        tag, query.text);
    postgresql_dialect.put_literal(out, table);
    strbuf_printf(out, ", ' cannot be used: ', why), ERRCODE = 'insufficient_privilege'; END IF; END %s",
                  tag);
}

void postgresql_put_assertion(StrBuf *out, const char *query, const char *text)
{
    char tag[32];
    choose_tag(tag, sizeof(tag), query, text);
    strbuf_printf(out, "DO %s BEGIN IF EXISTS (\n%s\n) THEN RAISE EXCEPTION USING MESSAGE = ", tag, query);
    postgresql_dialect.put_literal(out, text);
    strbuf_printf(out, ", ERRCODE = 'assert_failure'; END IF; END %s", tag);
}

void postgresql_put_time_passed(StrBuf *out, const char *time)
{
    strbuf_puts(out, "pg_catalog.to_char(pg_catalog.timestamp_pl_interval(CAST(");
    postgresql_dialect.put_literal(out, time);
    strbuf_puts(out, " AS pg_catalog.timestamp), pg_catalog.timestamptz_mi(pg_catalog.clock_timestamp(), "
                     "pg_catalog.now())), 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')");
}
