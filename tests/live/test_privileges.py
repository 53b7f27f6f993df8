#!/usr/bin/env python3
"""What stands on a changed column or type comes back with its owner, grants, comments and settings."""
import sys

from kit import case, main, truth

STATE = """
select 'relation', c.oid::regclass::text, pg_get_userbyid(c.relowner),
       (select string_agg(a::text, ' ' order by a::text)
        from unnest(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) a), c.reloptions::text
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relname !~ '^cmigrate'
union all
select 'column', attrelid::regclass || '.' || attname, null, (select string_agg(a::text, ' ' order by a::text) from unnest(attacl) a), null
from pg_attribute where attacl is not null and attrelid >= 16384 and not attisdropped
union all
select 'routine', p.oid::regprocedure::text, pg_get_userbyid(proowner), (select string_agg(a::text, ' ' order by a::text) from unnest(proacl) a), null
from pg_proc p where pronamespace = 'public'::regnamespace
union all
select 'type', oid::regtype::text, pg_get_userbyid(typowner), (select string_agg(a::text, ' ' order by a::text) from unnest(typacl) a), null
from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
union all
select 'comment', pg_describe_object(classoid, objoid, objsubid), null, description, null from pg_description where objoid >= 16384
union all
select 'trigger', tgname || ' on ' || tgrelid::regclass, tgenabled::text, null, null from pg_trigger where not tgisinternal
union all
select 'rule', rulename || ' on ' || ev_class::regclass, null, null, null from pg_rewrite where rulename <> '_RETURN' and oid >= 16384
order by 1, 2"""


def there_and_back(t, change):
    before = t.sql(STATE)
    t.model(change)
    script = t.migrate()
    t.must("upgrade")
    t.must("check")
    after = t.sql(STATE)
    truth(before == after, f"before:\n{before}\nafter:\n{after}\n{script}")
    t.must("downgrade")
    back = t.sql(STATE)
    truth(before == back, f"before:\n{before}\nback:\n{back}\n{script}")


@case
def views_on_a_changed_column_keep_owners_grants_comments_triggers_and_rules(t):
    reader, owner = t.role("reader"), t.role("owner")
    t.sql("create table stock (id int primary key, code varchar(10))",
          "create view shelf with (security_barrier) as select id, code from stock", "create view top as select code from shelf",
          "create materialized view kept with (fillfactor = 80) as select code, id from stock", "create unique index on kept (id)",
          "create function entered() returns trigger language plpgsql as 'begin return new; end'",
          "create trigger enters instead of insert on top for each row execute function entered()",
          "comment on trigger enters on top is 'by hand'", "create rule never as on delete to shelf do instead nothing",
          "comment on view shelf is 'what lies there'", "comment on column shelf.code is 'as printed'",
          f"grant select on shelf to {reader}", f"grant update (code) on shelf to {reader} with grant option",
          "grant select on top to public", f"alter view top owner to {owner}", f"alter materialized view kept owner to {owner}",
          f"grant select on kept to {reader}")
    there_and_back(t, {"code: string(10)": "code: text"})


@case
def a_type_that_is_replaced_keeps_its_owner_and_who_may_use_it(t):
    user, owner = t.role("uses"), t.role("owner")
    t.sql("create type state as enum ('new', 'old', 'gone')", "create table part (s state)",
          "revoke usage on type state from public", f"grant usage on type state to {user}", f"alter type state owner to {owner}")
    there_and_back(t, {"[new, old, gone]": "[gone, new]"})


@case
def a_routine_that_is_replaced_keeps_what_was_taken_from_everybody(t):
    user = t.role("calls")
    t.sql("create function sum_of(a int) returns int language sql as 'select a'",
          "revoke execute on function sum_of from public", f"grant execute on function sum_of to {user}")
    there_and_back(t, {"RETURNS integer": "RETURNS bigint", "$function$select a$": "$function$select a::bigint$"})


@case
def a_generated_column_that_is_made_anew_keeps_its_grants(t):
    user = t.role("reads")
    t.sql("create table word (a varchar(10), b text generated always as (a || '!') stored)", f"grant select (b) on word to {user}")
    there_and_back(t, {"a: string(10)": "a: text"})


@case
def a_table_that_becomes_partitioned_keeps_its_owner_and_grants(t):
    user, owner = t.role("reads"), t.role("owner")
    t.sql("create table log (id serial, at date not null)", f"grant select, insert on log to {user}",
          f"grant usage on sequence log_id_seq to {user}", f"alter table log owner to {owner}",
          f"grant create on schema public to {owner}", "insert into log (at) values ('2026-01-01')")
    before = t.sql(STATE)
    t.model({"  log:\n": "  log:\n    options: {postgresql: {partition_by: LIST (at)}}\n"})
    t.write("schema.yaml", t.read("schema.yaml") + "\n  log_rest:\n    options: {postgresql: {partition_of: log, partition_bound: DEFAULT}}\n")
    t.migrate()
    t.must("upgrade")
    after = "\n".join(l for l in t.sql(STATE).splitlines() if "log_rest" not in l)
    truth(before == after, f"before:\n{before}\nafter:\n{after}")


@case
def what_default_privileges_would_add_is_taken_back(t):
    other = t.role("other")
    t.sql("create table stock (code varchar(10))", "create view shelf as select code from stock",
          f"alter default privileges grant select on tables to {other}")
    there_and_back(t, {"code: string(10)": "code: text"})
    t.sql("alter default privileges revoke select on tables from " + other)


@case
def what_others_may_do_with_an_extension_is_its_own_affair(t):
    t.sql("create extension pgstattuple")  # takes EXECUTE from everybody
    t.model()
    t.write("schema.yaml", "tables: {}\n")
    script = t.migrate()
    truth("REVOKE" not in script, script)
    t.must("upgrade")
    t.must("downgrade")
    t.must("upgrade")


if __name__ == "__main__":
    sys.exit(main())
