#!/usr/bin/env python3
"""include and exclude: what they leave out is left out of the database and of the model alike."""
import sys

from kit import case, main, truth


def there(t):
    t.sql("create table kept (id int primary key generated always as identity, n serial)",
          "create table old_one (id int primary key generated always as identity, n serial)",
          "create schema audit", "create table audit.log (id bigserial)")
    t.model()


@case
def the_default_schema_may_be_named(t):
    there(t)
    t.config(include=["public.*"])
    t.must("check")
    truth("audit.log" not in t.must("inspect"), "audit is looked at")


@case
def tables_with_sequences_of_their_own_are_left_out(t):
    there(t)
    t.config(exclude=["public.old_*", "audit.*"])
    t.must("check")
    seen = t.must("inspect")
    truth("kept" in seen and "old_one" not in seen and "log" not in seen, seen)
    t.config(exclude=["*"])
    t.must("check")


def scoped(t, path, **settings):
    """A project that works in another schema than public."""
    t.config(url=f"{t.url}?options=-csearch_path%3D{path}", **settings)


USER = "tables:\n  user: {columns: {id: {type: integer, primary_key: true, autoincrement: false}}}\n"


@case
def each_tenant_has_its_own_schema_and_nothing_else(t):
    t.sql("create schema t1", "create schema t2", "create table t2.person (id int)", "create table tenants (id int)",
          "create extension pg_trgm", "create schema empty")
    scoped(t, "t1,public")
    t.write("schema.yaml", USER)
    script = t.migrate(says="extension pg_trgm is left alone: the model has no section 'extensions'")
    truth("DROP" not in script.split("cmigrate: downgrade")[0], script)
    t.must("upgrade")
    t.must("check")
    t.must("check", "--history")
    scoped(t, "t2")
    t.must("upgrade")
    t.must("check", status=1, says="table person")
    truth("t1" not in t.must("inspect"), "a neighbour is looked at")


@case
def the_default_schema_is_the_one_of_the_connection(t):
    t.sql("create schema app", f"alter database {t.database} set search_path = app, public", "create table app.user (id int primary key)",
          "create table public.user (id int primary key, other text)")
    t.config(exclude=["public.*"])
    t.write("schema.yaml", USER.replace("tables:", "tables:\n  app.note: {columns: {id: {type: integer, references: user.id}}}"))
    script = t.migrate()
    truth("DROP TABLE" not in script.split("cmigrate: downgrade")[0] and '"public"' not in script, script)
    t.must("upgrade")
    t.must("check")
    t.config()
    both = USER + "  public.user: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, other: text}}\n" \
                  "  note: {columns: {id: {type: integer, references: user.id}}}\n"
    for named in ("", "schemas: [public]\n", "schemas: [app, public]\n"):
        t.write("schema.yaml", both + named)
        t.must("check")


@case
def a_schema_is_dropped_by_the_project_that_made_it(t):
    t.sql("create schema theirs", "create table theirs.x (id int)", "create schema ops")
    t.config(version_table="ops.ver")
    t.write("schema.yaml", USER + "  audit.log: {columns: {id: integer}}\nschemas: {audit: {}}\nextensions: {pg_trgm: {}}\n")
    t.migrate()
    t.must("upgrade")
    t.write("schema.yaml", USER)
    script = t.migrate(says="- schema audit")
    up = script.split("cmigrate: downgrade")[0]
    truth("audit" in up and "DROP EXTENSION" in up and "theirs" not in script and "ops" not in script, script)
    t.must("upgrade")
    t.must("check")
    t.config(version_table="ops.ver", include=["*"])
    script = t.migrate("--sql", says="")
    t.must("check", status=1, says="schema theirs")
    truth("schema ops" not in t.must("check", status=1), "the schema of the version table")


@case
def what_the_model_does_not_have_is_kept(t):
    t.sql("create table old (id int primary key)", "create view seen as select id from old", "create table \"user\" (id int primary key)")
    t.write("schema.yaml", USER)
    t.config(unmanaged="keep")
    t.must("check")
    t.config(unmanaged="warn")
    t.must("check", says="table old is left alone: the model does not have it")
    t.config(unmanaged="drop")
    t.must("check", status=1, says="table old")
    t.config(unmanaged="never")
    t.must("check", status=2, says="unmanaged cannot be 'never'")


@case
def parts_are_left_out_by_kind(t):
    t.sql('create table "user" (id int primary key, tmp_a int, n int constraint by_hand check (n > 0))',
          'create index ix_tmp_n on "user" (n)', "create function f() returns trigger language plpgsql as 'begin return new; end'",
          'create trigger audit_user before insert on "user" for each row execute function f()', "create view v_tmp as select 1 as a")
    t.write("schema.yaml", "tables:\n  user:\n    columns: {id: {type: integer, primary_key: true, autoincrement: false}, n: smallint}\n"
                           "    indexes: {ix_tmp_other: {columns: [n]}}\n")
    t.config(exclude=[{"kind": "index", "name": "ix_tmp_*"}, {"kind": "column", "name": "user.tmp_*"}, {"kind": "constraint", "name": "by_*"},
                      {"kind": "trigger", "name": "audit_*"}, {"kind": "view", "name": "v_*"}, {"kind": "function", "name": "f*"},
                      {"kind": "table", "name": "nothing"}])
    script = t.migrate(says="exclude: no table matches 'nothing'")
    t.must("upgrade")
    t.must("check")
    truth("tmp_" not in script and "v_tmp" not in script, script)
    truth(t.sql("select count(*) from pg_indexes where indexname = 'ix_tmp_n'") == "1", "the index")
    truth("tmp_a" not in t.must("inspect"), "inspect")
    t.must("downgrade", "base")
    truth(t.sql("select count(tmp_a) from \"user\"") == "0", "the column")
    t.config(exclude=[{"kind": "indes", "name": "x"}])
    t.must("check", status=2, says="did you mean 'index'?")


if __name__ == "__main__":
    sys.exit(main())
