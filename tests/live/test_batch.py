#!/usr/bin/env python3
"""Statements in pieces on PostgreSQL: the client killed inside one, and between two; each row is met once."""
import signal
import sys

from kit import case, main, truth

HEAD = "-- cmigrate: revision {}\n-- cmigrate: parents {}\n-- cmigrate: message m\n-- cmigrate: dialect postgresql\n\n-- cmigrate: upgrade{}\n"
TABLES = """create schema s;
create type mood as enum ('sad', 'ok', 'happy');
create table "T" (k uuid primary key default gen_random_uuid(), n int not null default 0);
insert into "T" select from generate_series(1, 40);
create table s.t (a timestamptz, "B c" mood, n int not null default 0, primary key (a, "B c"));
insert into s.t select now() + i * interval '1 hour', m from generate_series(1, 15) i, unnest(enum_range(null::mood)) m;
create table u (id int primary key, n int not null default 0);
insert into u select i from generate_series(1, 50) i;
"""


def project(t, script):
    t.write("schema.yaml", "tables: {}\n")
    t.write("migrations/a.sql", HEAD.format("aaa1", "", "") + TABLES + "\n-- cmigrate: downgrade\n")
    t.write("migrations/b.sql", HEAD.format("bbb2", "aaa1", " no-transaction") + script + "\n-- cmigrate: downgrade\n")
    t.must("upgrade", "aaa1")


@case
def keys_of_many_types(t):
    project(t, '-- cmigrate: batch 7 by k\nUPDATE "T" SET n = n + 1;\n'
               '-- cmigrate: batch 4 by a, "B c"\nUPDATE ONLY s.t AS x SET n = x.n + 1 FROM u WHERE u.id = 1 OR u.id IS NULL RETURNING x.n;\n'
               "-- cmigrate: batch 6 by y.id\nINSERT INTO u (id, n) SELECT y.id + 1000, 1 FROM (SELECT 7 AS r) row JOIN u y ON y.n < row.r "
               "ON CONFLICT (id) DO UPDATE SET n = 99;\n"
               "-- cmigrate: batch 9 by id\nDELETE FROM u USING s.t WHERE u.id <= 50 AND u.id = s.t.n * 3;\n")
    t.must("upgrade")
    truth(t.sql('select n, count(*) from "T" group by n') == "1|40", t.sql('select n, count(*) from "T" group by n'))
    truth(t.sql("select n, count(*) from s.t group by n") == "1|45", t.sql("select n, count(*) from s.t group by n"))
    truth(t.sql("select n, count(*) from u group by n order by n") == "0|49\n1|50", t.sql("select n, count(*) from u group by n"))


@case
def killed_inside_a_piece(t):
    project(t, "-- cmigrate: batch 10 by id\nUPDATE u SET n = n + 1;\n")
    holder = t.session()
    holder.run("begin")
    holder.run("update u set n = n where id = 25")
    run = t.start("upgrade")
    t.wait("select 1 from information_schema.columns where table_name = 'cmigrate_history' and column_name = 'batch'")
    t.wait("select 1 from cmigrate_history where batch like '%pieces 2%'")
    t.wait(f"select 1 from pg_stat_activity where datname = '{t.database}' and wait_event_type = 'Lock'")
    run.send_signal(signal.SIGKILL)
    run.communicate()
    truth(t.sql("select n, count(*) from u group by n order by n") == "0|30\n1|20", t.sql("select n, count(*) from u group by n"))
    holder.run("rollback")
    holder.close()
    t.must("upgrade")
    truth(t.sql("select n, count(*) from u group by n") == "1|50", t.sql("select n, count(*) from u group by n"))


@case
def a_connection_that_ends_between_pieces(t):
    project(t, "-- cmigrate: batch 10 by id\nUPDATE u SET n = n + 1 WHERE id <> 25 OR (SELECT pg_terminate_backend(pg_backend_pid()) "
               "FROM u AS first WHERE id = 1 AND n < 10);\n")
    t.must("upgrade", status=4, says=("2 pieces of statement 1 are committed", "The connection was lost"))
    truth(t.sql("select n, count(*) from u group by n order by n") == "0|30\n1|20", t.sql("select n, count(*) from u group by n"))
    t.sql("update u set n = 11 where id = 1")
    t.must("upgrade")
    truth(t.sql("select n, count(*) from u group by n order by n") == "0|1\n1|48\n11|1", t.sql("select n, count(*) from u group by n order by n"))


@case
def a_revision_that_is_sent_in_one_go_says_when_it_ended(t):
    t.write("schema.yaml", "tables: {}\n")
    t.write("migrations/a.sql", HEAD.format("aaa1", "", "") + "create table z as select 1 as a from pg_sleep(0.3);\n")
    t.must("upgrade")
    took = t.sql("select cast(finished as timestamptz) - cast(started as timestamptz) >= interval '300 ms', length(finished), "
                 "right(finished, 1) from cmigrate_history")
    truth(took == "t|24|Z", took)


if __name__ == "__main__":
    sys.exit(main())
