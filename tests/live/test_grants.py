#!/usr/bin/env python3
"""Grants that the model states: they hold, or a revision makes them hold; others are left alone."""
import sys
import threading

from kit import case, main, truth


def state(t, *grants):
    t.model()
    t.write("schema.yaml", t.read("schema.yaml") + "\ngrants:\n" + "".join(f"  - {g}\n" for g in grants))


@case
def a_stated_grant_is_made_once_and_taken_back_on_the_way_down(t):
    reader, other = t.role("reader"), t.role("other")
    t.sql("create table stock (id int, code text)", f"grant insert on stock to {other}")
    state(t, f"GRANT SELECT ON stock TO {reader}", f"GRANT UPDATE (code) ON stock TO {reader}", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC")
    t.must("check", status=1, says="+ grant")
    t.migrate()
    t.must("upgrade")
    t.must("check")
    t.must("migrate", "-m", "again")
    truth(len(t.scripts()) == 1, "the grants that hold gave a revision")
    rights = f"select has_table_privilege('{reader}', 'stock', 'select'), has_column_privilege('{reader}', 'stock', 'code', 'update'), " \
             f"has_table_privilege('{other}', 'stock', 'insert')"
    truth(t.sql(rights) == "t|t|t", t.sql(rights))
    t.must("downgrade")
    truth(t.sql(rights) == "f|f|t", t.sql(rights))


@case
def one_that_was_revoked_by_hand_is_a_difference_again_and_alone(t):
    reader = t.role("reader")
    t.sql("create table stock (id int)", "create table shelf (id int)", f"grant select on stock, shelf to {reader}")
    state(t, f"GRANT SELECT ON stock TO {reader}", f"GRANT SELECT ON shelf TO {reader}")
    t.must("check")
    t.sql(f"revoke select on shelf from {reader}")
    script = t.migrate()
    up = script.split("-- cmigrate: downgrade")[0]
    truth("ON shelf" in up and "ON stock" not in up, script)


@case
def default_privileges_and_revokes_hold_too(t):
    reader = t.role("reader")
    t.sql("create function f() returns int language sql as 'select 1'")
    t.model()
    t.write("schema.yaml", t.read("schema.yaml") + f"\ndefault_privileges:\n  - ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {reader}\n"
            "grants:\n  - REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC\n")
    t.migrate()
    t.must("upgrade")
    t.must("check")
    t.must("downgrade")
    truth(t.sql("select count(*) from pg_default_acl") == "0", "default privileges stay after the downgrade")


@case
def a_check_leaves_nothing_behind(t):
    reader = t.role("reader")
    t.sql("create table stock (id int)")
    state(t, f"GRANT SELECT ON stock TO {reader}")
    t.must("check", status=1)
    truth(t.sql("select relacl is null from pg_class where relname = 'stock'") == "t", "check granted something")


@case
def what_other_sessions_change_meanwhile_is_no_difference(t):
    reader, member = t.role("reader"), t.role("member")
    t.sql("create table stock (id int)")
    state(t, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
    t.migrate()
    t.must("upgrade")
    others = threading.Thread(target=t.admin, args=(
        f"do $$ declare ends timestamptz := clock_timestamp() + '4 s'; begin while clock_timestamp() < ends loop grant {reader} to {member}; commit;"
        f" revoke {reader} from {member}; commit; end loop; end $$",))
    others.start()
    try:
        for _ in range(20):
            t.must("check")
    finally:
        others.join()


if __name__ == "__main__":
    sys.exit(main())
