#!/usr/bin/env python3
"""MySQL and MariaDB: the catalogue of one database is read, and nothing of the others on the server."""
import re
import sys

import mykit
from mykit import case, truth

MODEL = """tables:
  a: {columns: {id: {type: integer, primary_key: true}, n: {type: integer}}}
views:
  w: {query: select n from a}
triggers:
  g: {table: a, definition: CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 1}
"""
COMMANDS = (("migrate", "-m", "one"), ("upgrade",), ("check",), ("inspect",), ("status",), ("lint",), ("lint", "--database"), ("downgrade", "base"))


def selects(t):
    """What sessions of the test's database read from information_schema, one SELECT each."""
    log = t.admin(f"""select argument from mysql.general_log where command_type = 'Query' and argument like 'SELECT%information\\_schema%'
        and thread_id in (select thread_id from mysql.general_log where command_type = 'Connect' and argument like '% on {t.database} using%')""")
    return {text for line in log.split("\n") for text in re.split(r";(?=SELECT)", line) if "information_schema." in text}


@case
def no_table_of_another_database_is_opened(t):
    """MariaDB says in EXPLAIN when it opens the tables of all databases."""
    if "MariaDB" not in t.admin("select version()"):
        return
    t.write("schema.yaml", MODEL)
    before = t.admin("select @@global.log_output, @@global.general_log").split()
    t.admin("set global log_output = 'TABLE'", "set global general_log = 1")
    try:
        for command in COMMANDS:
            t.must(*command)
        texts = selects(t)
    finally:
        t.admin(f"set global general_log = {before[1]}", f"set global log_output = '{before[0]}'")
    for view in ("tables", "views", "triggers", "columns", "statistics"):  # the last two: what lint counts
        truth(any(f"information_schema.{view}" in text for text in texts), f"the log has nothing of {view}: {texts}")
    for text in texts:
        plan = t.sql("explain " + text.replace("\\n", "\n"))
        truth("Scanned all databases" not in plan, f"{text}\n{plan}")


if __name__ == "__main__":
    sys.exit(mykit.main())
