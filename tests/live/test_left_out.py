#!/usr/bin/env python3
"""What a database holds and a model cannot say is told by inspect, never passed over."""
import sys

from kit import case, main, truth


@case
def a_partitions_trigger_that_is_disabled_apart_from_its_parents(t):
    t.sql("create table day (d int) partition by range (d)", "create table monday partition of day for values from (1) to (2)",
          "create function no() returns trigger language plpgsql as 'begin return null; end'",
          "create trigger stop before insert on day for each row execute function no()")
    truth("apart" not in t.must("inspect"), "a trigger that a partition has from its parent is told of")
    t.sql("alter table monday disable trigger stop")
    t.must("inspect", says="trigger 'stop' of partition 'monday' is enabled or disabled apart from that of its parent: this is left out")


@case
def a_childs_check_is_validated_apart_from_its_parents_where_the_model_says_so(t):
    t.sql("create table day (d int) partition by range (d)", "create table monday partition of day for values from (1) to (2)",
          "alter table day add constraint early check (d < 9) not valid")
    truth("validated_checks" not in t.must("inspect"), "inspect tells of what is not so")
    t.model({"partition_of: day": "partition_of: day, validated_checks: [early]"})
    t.must("migrate", "-m", "validate")
    t.must("upgrade")
    truth(t.sql("select convalidated from pg_constraint where conrelid = 'monday'::regclass") == "t", "it is not validated")
    t.must("check")
    truth("validated_checks: early" in t.must("inspect"), "inspect does not tell of it")
    t.must("downgrade", "base")  # which cannot be taken back, and need not be
    t.must("upgrade")
    t.must("check")


@case
def parents_in_a_circle_are_refused_at_their_place(t):
    t.write("schema.yaml", "tables:\n"
            "  a: {columns: {x: integer}, options: {postgresql: {inherits: b, validated_checks: [few]}}}\n"
            "  b: {columns: {y: integer}, options: {postgresql: {inherits: a, validated_checks: ['odd\"', 'a, b']}}}\n")
    said = t.must("migrate", "-m", "circle", status=2, says="table 'a' is its own ancestor")
    truth("schema.yaml:2:3" in said and "schema.yaml:3:3" in said, "it does not say where")
    t.write("schema.yaml", "tables:\n  a: {columns: {x: integer}, options: {postgresql: {inherits: a}}}\n")
    t.must("check", status=2, says="table 'a' is its own ancestor")


if __name__ == "__main__":
    sys.exit(main())
