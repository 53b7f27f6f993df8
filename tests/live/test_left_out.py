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
def a_childs_check_that_is_validated_apart_from_its_parents(t):
    t.sql("create table day (d int) partition by range (d)", "create table monday partition of day for values from (1) to (2)",
          "alter table day add constraint early check (d < 9) not valid")
    truth("left out" not in t.must("inspect"), "a check that a partition has from its parent is told of")
    t.sql("alter table monday validate constraint early")
    t.must("inspect", says="check 'early' of 'monday' is validated, and that of its parent is not: this is left out")


if __name__ == "__main__":
    sys.exit(main())
