#!/usr/bin/env python3
"""apply where each change of the schema commits by itself: what is done stays, is said, and the next call goes on from there."""
import sys

from mykit import case, main, truth


@case
def what_is_done_stays_and_the_next_plan_begins_there(t):
    t.write("schema.yaml", "tables: {person: {columns: {id: {type: integer, primary_key: true}, nick: string(40)}}}\n")
    t.must("apply", "--yes", says="Applied 1 statement")
    t.must("check")
    t.write("schema.yaml", "tables: {another: {columns: {id: integer}},\n"
            "  person: {columns: {id: {type: integer, primary_key: true}, nick: {type: string(40), unique: true}}}}\n")
    t.must("apply", "--plan", f"{t.path}/plan.sql", says="Wrote")
    with open(f"{t.path}/plan.sql", encoding="utf-8") as f:
        plan = f.read()
    t.write("plan.sql", plan.replace("CREATE TABLE", "INSERT INTO nowhere VALUES (1);\nCREATE TABLE") if plan.index("ALTER") < plan.index("CREATE TABLE")
            else plan.replace("ALTER TABLE", "INSERT INTO nowhere VALUES (1);\nALTER TABLE"))
    t.must("apply", f"{t.path}/plan.sql", "--yes", status=4, says=("Done and committed: statement", "make a new plan", "plan.sql:"))
    t.must("apply", f"{t.path}/plan.sql", "--yes", status=1, says="is not in the state that")
    t.must("apply", "--yes", says="Applied")
    t.must("check")
    truth(t.sql("show tables like 'cmigrate%'") == "", "it made tables of its own")


sys.exit(main())
