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


if __name__ == "__main__":
    sys.exit(main())
