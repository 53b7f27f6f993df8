#!/usr/bin/env python3
"""Partitions that a job makes and drops between the runs of cmigrate, at a table that says `partitions: ignored`."""
import json
import sys

from kit import case, main, truth

EVENT = {"columns": {"id": {"type": "integer", "nullable": False}, "at": {"type": "date", "nullable": False}}, "primary_key": ["id", "at"],
         "partition_by": "RANGE (at)", "partitions": "ignored"}


def year(number):
    return f"FOR VALUES FROM ('{number}-01-01') TO ('{number + 1}-01-01')"


def event(t, **columns):
    table = {**EVENT, "columns": {**EVENT["columns"], **columns}}
    t.write("schema.yaml", json.dumps({"tables": {"event": table, "event_2023": {"partition_of": "event", "partition_bound": year(2023)}}}))


def prepare(t):
    event(t)
    t.migrate()
    t.must("upgrade")
    t.sql("drop table event_2023", f"create table event_2024 partition of event {year(2024)}", f"create table event_2025 partition of event {year(2025)}")


@case
def what_the_job_did_is_no_difference_and_no_drift(t):
    prepare(t)
    t.must("check")
    t.must("check", "--history")
    t.must("diff", "database", "schema.yaml", says="No changes")
    t.must("diff", "schema.yaml", "database", says="No changes")
    truth(not t.migrate(), "migrate writes a revision")
    event(t, note="text")
    script = t.migrate()
    truth("event_20" not in script, f"the script names partitions:\n{script}")
    truth("is not what its revisions make" not in t.must("migrate", "--replace", "-m", "change"), "the partitions are drift")


@case
def a_downgrade_goes_on_where_the_job_dropped_a_partition(t):
    prepare(t)
    t.must("downgrade", "base")
    truth(not t.sql("select relname from pg_class where relname like 'event%'"), "tables are left")


@case
def an_index_is_built_on_whatever_partitions_there_are_online_too(t):
    prepare(t)
    event(t, note={"type": "text", "index": True})
    truth("event_20" not in t.migrate("--online"), "the script names partitions")
    t.sql(f"create table event_2026 partition of event {year(2026)}")
    t.must("upgrade")
    t.must("check")
    truth(t.sql("select count(*) from pg_inherits where inhparent = 'ix_event_note'::regclass") == "3", "a partition has no index")
    t.must("downgrade")
    t.must("upgrade")


@case
def partitions_are_ignored_or_compared_and_nothing_else(t):
    event(t)
    text = t.read("schema.yaml")
    t.write("schema.yaml", text.replace('"ignored"', '"kept"'))
    t.must("validate", status=2, says=("'partitions' of table 'event' cannot be 'kept'", "Its only word is 'ignored'"))
    t.write("schema.yaml", text.replace('"partition_by": "RANGE (at)", ', ""))
    t.must("validate", status=2, says="says 'partitions: ignored' and is not partitioned")


if __name__ == "__main__":
    sys.exit(main())
