#!/usr/bin/env python3
"""What a revision leaves in its session does not reach the next: every variable that the server has is set in one revision, and
read in the next of the same run.

    test_session_kept.py CMIGRATE [--only sqlite,pg15,...]     0 all hold, 1 some do not, 77 no engine
"""
import argparse
import os
import re
import sqlite3
import subprocess
import sys

from test_two_projects import Failed, Place, engines, truth

# What the server counts or measures by itself, or what says nothing of a session that was given back.
OF_THE_SERVER = {"timestamp", "insert_id", "last_insert_id", "identity", "rand_seed1", "rand_seed2", "error_count", "warning_count",
                 "gtid_seq_no", "last_gtid", "pseudo_thread_id", "external_user", "proxy_user", "in_transaction", "statement_id",
                 "transaction_allow_batching", "gtid_next", "gtid_owned", "use_secondary_engine", "resultset_metadata"}
READ = {"mysql": "SELECT LOWER(variable_name), variable_value FROM {}.session_variables",
        "postgresql": "SELECT name, setting FROM pg_settings UNION ALL SELECT 'role', current_user::text UNION ALL"
                      " SELECT 'temp', count(*)::text FROM pg_class WHERE relpersistence = 't'",
        "sqlite": None}


def other_values(value):
    """Values to try instead: the first that the server takes is set."""
    if value in ("ON", "OFF", "on", "off"):
        return ["OFF" if value.upper() == "ON" else "ON"]
    if value.lstrip("-").isdigit():
        return [str(int(value) + 1), str(int(value) // 2), "1", "0", "1024", "2"]
    return ["'utf8mb4_bin'", "'latin1'", "'ANSI'", "'MyISAM'", "'+05:00'", "'x'", "''", "'1'", "'C'", "'serializable'", "'SERIALIZABLE'", "'hex'",
            "'escape'", "'error'", "'ERROR'", "'local'", "'german'", "'off'", "'none'", "'content'", "'base'"]


def settable(place):
    """Statements that each set one variable to something else, tried by themselves first."""
    if place.kind == "sqlite":
        con = sqlite3.connect(":memory:")
        names = [row[0] for row in con.execute("SELECT name FROM pragma_pragma_list")]
        of_file = {"journal_mode", "user_version", "application_id", "encoding", "page_size", "auto_vacuum", "schema_version", "wal_checkpoint",
                   "incremental_vacuum", "optimize", "shrink_memory", "integrity_check", "quick_check", "max_page_count", "data_version", "page_count",
                   "data_store_directory", "temp_store_directory", "default_cache_size", "hard_heap_limit", "soft_heap_limit", "locking_mode", "query_only",
                   "busy_timeout", "foreign_key_check", "freelist_count", "lock_status"}
        found = []
        for name in names:
            try:
                row = None if name in of_file else con.execute(f"SELECT * FROM pragma_{name}").fetchone()
            except sqlite3.OperationalError:  # it has no such function
                row = None
            if not row or len(row) != 1 or not str(row[0]).lstrip("-").isdigit():
                continue
            for value in (str(1 - row[0]) if row[0] in (0, 1) else str(row[0] + 1), "7"):
                con.execute(f"PRAGMA {name} = {value}")
                now = con.execute(f"PRAGMA {name}").fetchone()
                if now != row:
                    found.append((name, f"PRAGMA {name} = {value}"))
                    con.execute(f"PRAGMA {name} = {row[0]}")
                    break
        return found
    if place.kind == "postgresql":  # it says itself what each may be
        return [(name, f"SET {name} = '{value}'") for name, value in place.rows(
            "SELECT name, CASE vartype WHEN 'bool' THEN CASE setting WHEN 'on' THEN 'off' ELSE 'on' END"
            " WHEN 'enum' THEN CASE WHEN enumvals[1] = setting THEN enumvals[2] ELSE enumvals[1] END"
            " ELSE CASE WHEN setting <> min_val THEN min_val ELSE max_val END END FROM pg_settings"
            " WHERE context IN ('user', 'superuser') AND vartype <> 'string'") if name not in HARMFUL] + [
                ("DateStyle", "SET DateStyle = German"), ("TimeZone", "SET TimeZone = 5"), ("application_name", "SET application_name = x")]
    found = []
    rows = place.rows(READ["mysql"].format(schema_of(place)))
    tried = []
    for row in rows:
        name, value = row[0], row[1] if len(row) > 1 else ""
        if name not in OF_THE_SERVER | HARMFUL:
            tried += [(name, f"SET SESSION {name} = {other}") for other in other_values(value) if other.strip("'") != value]
    # all of them in one session that goes on after errors, a line each: what it does not complain of was taken
    done = subprocess.run([*place.engine.client(place.engine.base), "--force", place.url.rsplit("/", 1)[1]],
                          input="\n".join(sql + ";" for _, sql in tried), capture_output=True, text=True, check=False)
    refused = {int(number) for number in re.findall(r"at line (\d+)", done.stderr)}
    names = set()
    for i, (name, sql) in enumerate(tried, 1):
        if i not in refused and name not in names:
            names.add(name)
            found.append((name, sql))
    return found


def schema_of(place):
    return "information_schema" if "MariaDB" in place.engine.name else "performance_schema"


# What would stop the tool or the test itself in the middle of the revision, and is no value that a script would leave.
HARMFUL = {"log_statement_stats", "require_row_format", "exit_on_error", "max_allowed_packet", "net_buffer_length", "max_join_size", "sql_select_limit", "autocommit", "sql_safe_updates", "read_only",
           "transaction_read_only", "tx_read_only", "max_statement_time", "max_execution_time", "sql_auto_is_null", "wait_timeout",
           "interactive_timeout", "net_read_timeout", "net_write_timeout", "pseudo_replica_mode", "pseudo_slave_mode", "default_transaction_read_only",
           "statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout", "character_set_client", "character_set_results", "client_encoding",
           "character_set_connection", "collation_connection", "sql_mode", "max_session_mem_used", "session_track_transaction_info", "wsrep_on",
           "zero_damaged_pages", "ignore_system_indexes", "session_track_schema", "session_track_system_variables", "session_track_state_change",
           "session_track_gtids", "in_predicate_conversion_threshold", "max_recursive_iterations", "thread_stack", "max_user_connections", "debug",
           "sql_log_off", "secure_timestamp", "gtid_domain_id", "server_id", "max_error_count", "transaction_timeout", "default_tablespace", "default_table_access_method",
           "session_preload_libraries", "local_preload_libraries", "jit_provider", "temp_tablespaces", "search_path", "lo_compat_privileges", "max_stack_depth"}


def read_into(place, table):
    if place.kind == "sqlite":
        return ";\n".join(f"INSERT INTO {table} SELECT '{name}', * FROM pragma_{name}" for name, _ in place.settings if name not in ("case_sensitive_like",))
    return f"INSERT INTO {table} " + READ[place.kind].format(schema_of(place))


def every_variable_is_put_back(place):
    a, _ = place.two()
    place.settings = [pair for pair in settable(place) if pair[0] not in HARMFUL]
    truth(len(place.settings) > (10 if place.kind == "sqlite" else 50), f"only {len(place.settings)} variables can be set")
    words = "VARCHAR(255), v VARCHAR(9000)" if place.kind == "mysql" else "TEXT, v TEXT"
    place.sql(f"CREATE TABLE before_it (n {words})")
    place.sql(f"CREATE TABLE after_it (n {words})")
    more = {"postgresql": "SET search_path = pg_catalog;\nSET ROLE pg_monitor;\nRESET ROLE;\nSET SESSION sql.x = 'y';\nCREATE TEMP TABLE kept (x int)",
            "mysql": "SET @kept = 1;\nSET sql_mode = 'ANSI';\nUSE mysql", "sqlite": "CREATE TEMP TABLE kept (x)"}[place.kind]
    a.script("r1", "", read_into(place, "before_it"), "SELECT 1")
    a.script("r2", "r1", ";\n".join(sql for _, sql in place.settings) + ";\n" + more, "SELECT 1",
             "upgrade no-transaction" if place.kind == "sqlite" else "upgrade")
    a.script("r3", "r2", read_into(place, "after_it"), "SELECT 1")
    a.must("upgrade")
    # Of one run, and so with one connection: what differs was left behind
    before, after = (dict((row + ("",))[:2] for row in place.rows(f"SELECT n, v FROM {table} ORDER BY n")) for table in ("before_it", "after_it"))
    differs = sorted(f"{name}: {value} is {after.get(name)}" for name, value in before.items()
                     if after.get(name) != value and name not in OF_THE_SERVER)
    truth(len(before) > 10 and not differs, f"of {len(before)} variables, {len(place.settings)} of them set, these stay:\n" + "\n".join(differs))
    print(f"{place.engine.name}: {len(place.settings)} variables set, {len(before)} compared")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("--only", default="sqlite,pg15,pg18,mariadb,mysql")
    args = ap.parse_args()
    engines.Client.mark = f"{os.getpid()}_s_"
    ran = failed = 0
    for engine in engines.engines(args.only.split(",")):
        place = Place(os.path.abspath(args.program), engine)
        ran += 1
        try:
            every_variable_is_put_back(place)
        except Failed as e:
            failed += 1
            print(f"FAIL on {engine.name}: {e}")
        finally:
            place.close()
            if hasattr(engine, "recreate"):
                engine.call(engine.maintenance, engine.recreate(place.url.rsplit("/", 1)[1])[0].split(";")[0])
            engine.close()
    print(f"{ran - failed} of {ran} hold")
    return 77 if not ran else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
