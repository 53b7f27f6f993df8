#!/usr/bin/env python3
"""Statements in pieces on MySQL and MariaDB: the client killed inside one; each row is met once."""
import signal
import subprocess
import sys
import time

from mykit import case, main, truth

HEAD = "-- cmigrate: revision {}\n-- cmigrate: parents {}\n-- cmigrate: message m\n-- cmigrate: dialect mysql\n\n-- cmigrate: upgrade\n"
TABLES = """create table u (id int primary key, n int not null default 0);
insert into u with recursive c(i) as (select 1 union all select i + 1 from c where i < 50) select i, 0 from c;
create table t (a varchar(20) character set latin1 collate latin1_swedish_ci, `B c` varbinary(9), d decimal(10, 3), n int not null default 0,
                m enum('z', 'a') not null default 'z', primary key (a, `B c`), unique (d), unique (d, m));
insert into t (a, `B c`, d) select concat('O''x', id div 9), concat(char(255 - id), '\\\\'), id / 7 from u;
create table gone (id int primary key, n int not null default 0) engine = MyISAM;
"""


def project(t, script):
    t.write("schema.yaml", "tables: {}\n")
    t.write("migrations/a.sql", HEAD.format("aaa1", "") + TABLES + "\n-- cmigrate: downgrade\n")
    t.write("migrations/b.sql", HEAD.format("bbb2", "aaa1") + script + "\n-- cmigrate: downgrade\n")
    t.must("upgrade", "aaa1")


@case
def keys_of_many_types(t):
    project(t, "-- cmigrate: batch 7 by a, `B c`\nUPDATE LOW_PRIORITY t SET n = n + 1 # each\n;\n"
               "-- cmigrate: batch 6 by d\nUPDATE t AS x JOIN u ON u.id = 1 SET x.n = x.n + 1 WHERE x.n = 1 OR x.n = 2;\n"
               "-- cmigrate: batch 9 by x.id\nINSERT INTO u (id, n) SELECT 1000, x.id FROM u AS x ON DUPLICATE KEY UPDATE u.n = u.n + 1;\n"
               "-- cmigrate: batch 8 by v.id\nDELETE v FROM u AS v JOIN t ON t.n > 100 OR v.id = 1000;\n")
    t.must("upgrade")
    truth(t.sql("select n, count(*) from t group by n") == "2\t50", t.sql("select n, count(*) from t group by n"))
    truth(t.sql("select count(*) from u") == "50", "rows of u")


@case
def what_cannot_be_divided_is_said(t):
    project(t, "-- cmigrate: batch 7 by d, m\nUPDATE t SET n = n + 1;\n")
    t.must("upgrade", status=4, says="the values of column m are in no order that makes ranges")
    t.fresh()
    project(t, "-- cmigrate: batch 7 by id\nUPDATE gone SET n = n + 1;\n")
    t.must("upgrade", status=4, says="a piece of the batch could stay half done")


@case
def killed_inside_a_piece(t):
    project(t, "-- cmigrate: batch 10 by id\nUPDATE u SET n = n + 1;\n")
    holder = subprocess.Popen(t.client + ["--unbuffered", t.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=t.environment)
    holder.stdin.write("begin;\nupdate u set n = n where id = 25;\nselect 'held';\n")
    holder.stdin.flush()
    truth("held" in holder.stdout.readline(), "the row is not held")
    run = subprocess.Popen([t.program, "upgrade"], cwd=t.path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while "pieces 2" not in t.client_force(["select batch from cmigrate_history"]):
        truth(time.monotonic() < end and run.poll() is None, "it does not come to its third piece")
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.wait()
    truth(t.sql("select n, count(*) from u group by n order by n") == "0\t30\n1\t20", t.sql("select n, count(*) from u group by n"))
    holder.stdin.close()
    holder.wait()
    t.must("upgrade")
    truth(t.sql("select n, count(*) from u group by n") == "1\t50", t.sql("select n, count(*) from u group by n"))


if __name__ == "__main__":
    sys.exit(main())
