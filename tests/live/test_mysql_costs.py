#!/usr/bin/env python3
"""What scripts say of MySQL's and MariaDB's ALTER TABLE is what the server does, and `--online` asks for what it accepts.

A change is two texts of SQL: the table before and after. Each ALTER TABLE of the script is tried on the empty table with each ALGORITHM, cheapest
first; the first that is accepted is what it costs.
"""
import re
import sys

from mykit import case, main, truth

BASE = "id int primary key, a int, s varchar(20), n int not null"
BOTH = [
    ("add column", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int)"),
    ("add column first", f"create table {{t}} ({BASE})", f"create table {{t}} (x int, {BASE})"),
    ("add column after", f"create table {{t}} ({BASE})", f"create table {{t}} (id int primary key, x int, a int, s varchar(20), n int not null)"),
    ("add column with default", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int not null default 3)"),
    ("add column with expression default", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int default (3 + 1))"),
    ("add text column with default", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x text default ('y'))"),
    ("add timestamp now", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x timestamp null default current_timestamp)"),
    ("add column with check", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int, constraint {{t}}_x check (x > 0))"),
    ("add stored", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int generated always as (a + 1) stored)"),
    ("add virtual", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int generated always as (a + 1) virtual)"),
    ("add virtual and plain", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, y int, x int generated always as (a + 1) virtual)"),
    ("add auto_increment", "create table {t} (a int)", "create table {t} (a int, id int auto_increment primary key)"),
    ("add column beside generated ones", f"create table {{t}} ({BASE}, v int generated always as (a + 1) virtual, w int generated always as (a + 2) stored)",
     f"create table {{t}} ({BASE}, v int generated always as (a + 1) virtual, w int generated always as (a + 2) stored, x int)"),
    ("add column before generated ones", f"create table {{t}} ({BASE}, v int generated always as (a + 1) virtual, w int generated always as (a + 2) stored)",
     f"create table {{t}} ({BASE}, x int, v int generated always as (a + 1) virtual, w int generated always as (a + 2) stored)"),
    ("drop column", f"create table {{t}} ({BASE}, x int)", f"create table {{t}} ({BASE})"),
    ("drop indexed column", f"create table {{t}} ({BASE}, x int, key k (x))", f"create table {{t}} ({BASE})"),
    ("drop virtual", f"create table {{t}} ({BASE}, x int generated always as (a + 1) virtual)", f"create table {{t}} ({BASE})"),
    ("drop stored", f"create table {{t}} ({BASE}, x int generated always as (a + 1) stored)", f"create table {{t}} ({BASE})"),
    ("not null", f"create table {{t}} ({BASE})", f"create table {{t}} (id int primary key, a int not null, s varchar(20), n int not null)"),
    ("not null beside virtual", f"create table {{t}} ({BASE}, v int generated always as (n + 1) virtual)",
     "create table {t} (id int primary key, a int not null, s varchar(20), n int not null, v int generated always as (n + 1) virtual)"),
    ("nullable", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s varchar(20), n int)"),
    ("set default", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int default 4, s varchar(20), n int not null)"),
    ("column comment", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int comment 'x', s varchar(20), n int not null)"),
    ("bigint", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a bigint, s varchar(20), n int not null)"),
    ("unsigned", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int unsigned, s varchar(20), n int not null)"),
    ("varchar 20 to 60", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s varchar(60), n int not null)"),
    ("varchar 20 to 100 utf8mb4", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s varchar(100), n int not null)"),
    ("varchar 100 to 200 utf8mb4", "create table {t} (id int, s varchar(100))", "create table {t} (id int, s varchar(200))"),
    ("varchar 60 to 250 latin1", "create table {t} (id int, s varchar(60)) charset latin1", "create table {t} (id int, s varchar(250)) charset latin1"),
    ("varchar 200 to 300 latin1", "create table {t} (id int, s varchar(200)) charset latin1", "create table {t} (id int, s varchar(300)) charset latin1"),
    ("varchar 60 to 80 utf8mb3", "create table {t} (id int, s varchar(60) character set utf8mb3)", "create table {t} (id int, s varchar(80) character set utf8mb3)"),
    ("varchar 80 to 90 utf8mb3", "create table {t} (id int, s varchar(80) character set utf8mb3)", "create table {t} (id int, s varchar(90) character set utf8mb3)"),
    ("varchar 80 to 200 ascii", "create table {t} (id int, s varchar(80) character set ascii)", "create table {t} (id int, s varchar(200) character set ascii)"),
    ("shorter varchar", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s varchar(10), n int not null)"),
    ("varchar to text", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s text, n int not null)"),
    ("longer varbinary", "create table {t} (id int, s varbinary(80))", "create table {t} (id int, s varbinary(200))"),
    ("varbinary beyond 255", "create table {t} (id int, s varbinary(80))", "create table {t} (id int, s varbinary(300))"),
    ("longer decimal", "create table {t} (id int, s decimal(8,2))", "create table {t} (id int, s decimal(12,2))"),
    ("finer datetime", "create table {t} (id int, s datetime)", "create table {t} (id int, s datetime(3))"),
    ("enum append", "create table {t} (id int, e enum('a','b'))", "create table {t} (id int, e enum('a','b','c'))"),
    ("enum middle", "create table {t} (id int, e enum('a','b'))", "create table {t} (id int, e enum('a','x','b'))"),
    ("set append", "create table {t} (id int, e set('a','b'))", "create table {t} (id int, e set('a','b','c'))"),
    ("set append beyond eight", "create table {t} (id int, e set('a','b','c','d','e','f','g','h'))", "create table {t} (id int, e set('a','b','c','d','e','f','g','h','i'))"),
    ("collation", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s varchar(20) collate utf8mb4_bin, n int not null)"),
    ("collation of an indexed column", "create table {t} (id int, s varchar(20), key k (s))", "create table {t} (id int, s varchar(20) collate utf8mb4_bin, key k (s))"),
    ("charset of a column", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s varchar(20) character set latin1, n int not null)"),
    ("charset of the table", f"create table {{t}} (id int, s varchar(20), u text)", "create table {t} (id int, s varchar(20), u text) charset latin1"),
    ("collation of a table without texts", "create table {t} (id int)", "create table {t} (id int) collate utf8mb4_bin"),
    ("virtual expression", f"create table {{t}} ({BASE}, x int generated always as (a + 1) virtual)", f"create table {{t}} ({BASE}, x int generated always as (a + 2) virtual)"),
    ("stored expression", f"create table {{t}} ({BASE}, x int generated always as (a + 1) stored)", f"create table {{t}} ({BASE}, x int generated always as (a + 2) stored)"),
    ("index", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k (a))"),
    ("unique", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, unique key k (a))"),
    ("fulltext", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, fulltext key k (s))"),
    ("drop index", f"create table {{t}} ({BASE}, key k (a))", f"create table {{t}} ({BASE})"),
    ("rename index", f"create table {{t}} ({BASE}, key k (a))", f"create table {{t}} ({BASE}, key k2 (a))"),
    ("add primary key", "create table {t} (id int not null)", "create table {t} (id int not null primary key)"),
    ("drop primary key", "create table {t} (id int not null primary key)", "create table {t} (id int not null)"),
    ("foreign key", f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a))",
     f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}}_p (id))"),
    ("drop foreign key", f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}}_p (id))",
     f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a))"),
    ("foreign key of another rule", f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}}_p (id))",
     f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}}_p (id) on delete cascade)"),
    ("foreign key whose name moves", f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a)); create table {{t}}_z ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}}_p (id))",
     f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}}_p (id)); create table {{t}}_z ({BASE}, key k (a))"),
    ("check", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0))"),
    ("drop check", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0))", f"create table {{t}} ({BASE})"),
    ("table comment", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}) comment 'x'"),
    ("row format", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}) row_format = redundant"),
    ("rename column", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE})"),
    ("several types", "create table {t} (a int, b int, c varchar(9))", "create table {t} (a bigint, b bigint, c varchar(5))"),
    ("move column", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, s varchar(20), a int, n int not null)"),
    ("move column first", f"create table {{t}} ({BASE})", "create table {t} (a int, id int primary key, s varchar(20), n int not null)"),
    ("move column beside virtual", f"create table {{t}} ({BASE}, v int generated always as (n + 1) virtual)",
     "create table {t} (id int primary key, s varchar(20), a int, n int not null, v int generated always as (n + 1) virtual)"),
    ("move and change column", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, s varchar(20), a bigint, n int not null)"),
    ("add and drop column", f"create table {{t}} ({BASE}, x int)", f"create table {{t}} ({BASE}, y int)"),
    ("add column and index", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int, key k (x))"),
    ("add column and unique", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int, unique key k (x))"),
    ("drop check and add column", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0))", f"create table {{t}} ({BASE}, x int)"),
    ("drop column and add index", f"create table {{t}} ({BASE}, x int)", f"create table {{t}} ({BASE}, key k (a))"),
    ("two indexes", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k (a), key l (n))"),
    ("index of another order", f"create table {{t}} ({BASE}, key k (a, n))", f"create table {{t}} ({BASE}, key k (n, a))"),
    ("prefix index", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k (s(5)))"),
    ("index on virtual", f"create table {{t}} ({BASE}, v int generated always as (n + 1) virtual)", f"create table {{t}} ({BASE}, v int generated always as (n + 1) virtual, key k (v))"),
    ("spatial", "create table {t} (id int primary key, g point not null)", "create table {t} (id int primary key, g point not null, spatial key k (g))"),
    ("second fulltext", f"create table {{t}} ({BASE}, u text, fulltext key k (s))", f"create table {{t}} ({BASE}, u text, fulltext key k (s), fulltext key l (u))"),
    ("drop fulltext", f"create table {{t}} ({BASE}, fulltext key k (s))", f"create table {{t}} ({BASE})"),
    ("drop unique", f"create table {{t}} ({BASE}, unique key k (a))", f"create table {{t}} ({BASE})"),
    ("other primary key", "create table {t} (id int not null, a int not null, primary key (id))", "create table {t} (id int not null, a int not null, primary key (a))"),
    ("column gets auto_increment", "create table {t} (id int primary key)", "create table {t} (id int auto_increment primary key)"),
    ("column loses auto_increment", "create table {t} (id int auto_increment primary key)", "create table {t} (id int primary key)"),
    ("drop default", "create table {t} (id int primary key, a int default 4)", "create table {t} (id int primary key, a int)"),
    ("default becomes an expression", "create table {t} (id int primary key, a int default 4)", "create table {t} (id int primary key, a int default (4 + 1))"),
    ("on update", "create table {t} (id int primary key, a timestamp null default current_timestamp)", "create table {t} (id int primary key, a timestamp null default current_timestamp on update current_timestamp)"),
    ("smaller int", "create table {t} (id int primary key, a bigint)", "create table {t} (id int primary key, a int)"),
    ("char longer", "create table {t} (id int primary key, a char(5))", "create table {t} (id int primary key, a char(9))"),
    ("text to longtext", "create table {t} (id int primary key, a text)", "create table {t} (id int primary key, a longtext)"),
    ("timestamp to datetime", "create table {t} (id int primary key, a timestamp null)", "create table {t} (id int primary key, a datetime)"),
    ("int to varchar", "create table {t} (id int primary key, a int)", "create table {t} (id int primary key, a varchar(20))"),
    ("longer indexed varchar", "create table {t} (id int primary key, a varchar(20), key k (a))", "create table {t} (id int primary key, a varchar(60), key k (a))"),
    ("longer varchar under a foreign key", "create table {t}_p (a varchar(20) primary key); create table {t} (id int primary key, a varchar(20), key k (a), constraint {t}_f foreign key (a) references {t}_p (a))",
     "create table {t}_p (a varchar(40) primary key); create table {t} (id int primary key, a varchar(40), key k (a), constraint {t}_f foreign key (a) references {t}_p (a))"),
    ("longer varchar that a virtual column reads", "create table {t} (id int primary key, a varchar(20), v varchar(99) generated always as (concat(a, 'x')) virtual)",
     "create table {t} (id int primary key, a varchar(40), v varchar(99) generated always as (concat(a, 'x')) virtual)"),
    ("longer varchar under a check", "create table {t} (id int primary key, a varchar(20), constraint {t}_c check (a <> 'x'))", "create table {t} (id int primary key, a varchar(40), constraint {t}_c check (a <> 'x'))"),
    ("enum beyond 255", "create table {t} (id int primary key, e enum(" + ",".join(f"'v{i}'" for i in range(255)) + "))", "create table {t} (id int primary key, e enum(" + ",".join(f"'v{i}'" for i in range(256)) + "))"),
    ("enum remove", "create table {t} (id int, e enum('a','b','c'))", "create table {t} (id int, e enum('a','b'))"),
    ("enum reorder", "create table {t} (id int, e enum('a','b','c'))", "create table {t} (id int, e enum('a','c','b'))"),
    ("add stored column that becomes plain", f"create table {{t}} ({BASE}, x int generated always as (a + 1) stored)", f"create table {{t}} ({BASE}, x int)"),
    ("virtual becomes stored", f"create table {{t}} ({BASE}, x int generated always as (a + 1) virtual)", f"create table {{t}} ({BASE}, x int generated always as (a + 1) stored)"),
    ("default charset of the table alone", "create table {t} (id int primary key, s varchar(20) character set latin1) charset latin1", "create table {t} (id int primary key, s varchar(20) character set latin1) charset utf8mb4"),
    ("check changed", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0))", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 1))"),
    ("two foreign keys", f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), key l (n))",
     f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), key l (n), constraint {{t}}_f foreign key (a) references {{t}}_p (id), constraint {{t}}_g foreign key (n) references {{t}}_p (id))"),
    ("foreign key with its index", f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE})",
     f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}}_p (id))"),
    ("add column with a foreign key", f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE})",
     f"create table {{t}}_p (id int primary key); create table {{t}} ({BASE}, x int, key k (x), constraint {{t}}_f foreign key (x) references {{t}}_p (id))"),
    ("self reference", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k (a), constraint {{t}}_f foreign key (a) references {{t}} (id))"),
    ("key block size", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}) row_format = compressed key_block_size = 4"),
    ("engine", "create table {t} (id int primary key) engine = myisam", "create table {t} (id int primary key) engine = innodb"),
    ("stats persistent", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}) stats_persistent = 1"),
    ("partition by", "create table {t} (id int primary key)", "create table {t} (id int primary key) partition by hash (id) partitions 3"),
    ("remove partitioning", "create table {t} (id int primary key) partition by hash (id) partitions 3", "create table {t} (id int primary key)"),
    ("more hash partitions", "create table {t} (id int primary key) partition by hash (id) partitions 3", "create table {t} (id int primary key) partition by hash (id) partitions 5"),
    ("fewer hash partitions", "create table {t} (id int primary key) partition by hash (id) partitions 5", "create table {t} (id int primary key) partition by hash (id) partitions 3"),
    ("more key partitions", "create table {t} (id int primary key) partition by key (id) partitions 3", "create table {t} (id int primary key) partition by key (id) partitions 5"),
    ("add range partition", "create table {t} (id int primary key) partition by range (id) (partition p0 values less than (10))",
     "create table {t} (id int primary key) partition by range (id) (partition p0 values less than (10), partition p1 values less than (20))"),
    ("split range partition", "create table {t} (id int primary key) partition by range (id) (partition p0 values less than (10), partition pm values less than maxvalue)",
     "create table {t} (id int primary key) partition by range (id) (partition p0 values less than (10), partition p1 values less than (20), partition pm values less than maxvalue)"),
    ("merge range partitions", "create table {t} (id int primary key) partition by range (id) (partition p0 values less than (10), partition p1 values less than (20), partition pm values less than maxvalue)",
     "create table {t} (id int primary key) partition by range (id) (partition p0 values less than (20), partition pm values less than maxvalue)"),
    ("add list partition", "create table {t} (id int primary key) partition by list (id) (partition p0 values in (1, 2))",
     "create table {t} (id int primary key) partition by list (id) (partition p0 values in (1, 2), partition p1 values in (3))"),
    ("add list value", "create table {t} (id int primary key) partition by list (id) (partition p0 values in (1, 2))", "create table {t} (id int primary key) partition by list (id) (partition p0 values in (1, 2, 3))"),
    ("add column to a partitioned table", "create table {t} (id int primary key, a int) partition by hash (id) partitions 3", "create table {t} (id int primary key, a int, x int) partition by hash (id) partitions 3"),
    ("add index to a partitioned table", "create table {t} (id int primary key, a int) partition by hash (id) partitions 3", "create table {t} (id int primary key, a int, key k (a)) partition by hash (id) partitions 3"),
    ("bigint in a partitioned table", "create table {t} (id int primary key, a int) partition by hash (id) partitions 3", "create table {t} (id int primary key, a bigint) partition by hash (id) partitions 3"),
]
MYSQL = [
    ("functional index", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k ((a + 1)))"),
    ("check not enforced", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0) not enforced)"),
    ("enforcement off", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0))", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0) not enforced)"),
    ("enforcement on", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0) not enforced)", f"create table {{t}} ({BASE}, constraint {{t}}_c check (a > 0))"),
    ("invisible index", f"create table {{t}} ({BASE}, key k (a))", f"create table {{t}} ({BASE}, key k (a) invisible)"),
    ("visible index", f"create table {{t}} ({BASE}, key k (a) invisible)", f"create table {{t}} ({BASE}, key k (a))"),
    ("add unenforced check column", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int, constraint {{t}}_c check (x > 0) not enforced)"),
    ("unique functional index", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, unique key k ((a + 1)))"),
    ("functional index and column", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int, key k ((a + 1)))"),
    ("functional index and another", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k ((a + 1)), key l (n))"),
    ("two functional indexes", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k ((a + 1)), key l ((n + 1)))"),
    ("functional index and unique", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k ((a + 1)), unique key l (n))"),
    ("functional index beside a dropped one", f"create table {{t}} ({BASE}, key l (n))", f"create table {{t}} ({BASE}, key k ((a + 1)))"),
    ("drop functional index and add another", f"create table {{t}} ({BASE}, key k ((a + 1)))", f"create table {{t}} ({BASE}, key l (n))"),
    ("drop functional index and add unique", f"create table {{t}} ({BASE}, key k ((a + 1)))", f"create table {{t}} ({BASE}, unique key l (n))"),
    ("drop functional index and column", f"create table {{t}} ({BASE}, x int, key k ((a + 1)))", f"create table {{t}} ({BASE})"),
    ("functional index and a dropped unique", f"create table {{t}} ({BASE}, unique key u (n))", f"create table {{t}} ({BASE}, key k ((a + 1)))"),
    ("drop unique functional index", f"create table {{t}} ({BASE}, unique key k ((a + 1)))", f"create table {{t}} ({BASE})"),
    ("functional and fulltext index", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k ((a + 1)), fulltext key l (s))"),
    ("functional index on another expression", f"create table {{t}} ({BASE}, key k ((a + 1)))", f"create table {{t}} ({BASE}, key k ((a + 2)))"),
    ("drop functional index", f"create table {{t}} ({BASE}, key k ((a + 1)))", f"create table {{t}} ({BASE})"),
    ("descending index", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, key k (a desc))"),
    ("invisible column", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x int invisible)"),
]
MARIADB = [
    ("system versioning", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}) with system versioning"),
    ("compressed column", f"create table {{t}} ({BASE})", "create table {t} (id int primary key, a int, s varchar(20) compressed, n int not null)"),
    ("uuid column", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x uuid)"),
    ("uncompressed index", f"create table {{t}} ({BASE}, key k (a) ignored)", f"create table {{t}} ({BASE}, key k (a))"),
    ("add column default uuid", f"create table {{t}} ({BASE})", f"create table {{t}} ({BASE}, x varchar(36) default (uuid()))"),
    ("ignored index", f"create table {{t}} ({BASE}, key k (a))", f"create table {{t}} ({BASE}, key k (a) ignored)"),
]
WAYS = ["INSTANT", "NOCOPY", "INPLACE, LOCK=NONE", "INPLACE, LOCK=SHARED", "COPY"]
PROBE = """create procedure probe_it(number int, statement longtext, partitions longtext)
begin
  declare i int default 1;
  declare bad int default 0;
  declare why text;
  ways: while i <= 6 do
    set bad = 0;
    begin
      declare continue handler for sqlexception begin get diagnostics condition 1 why = message_text; set bad = 1; end;
      set @way = elt(i, 'ALGORITHM=INSTANT', 'ALGORITHM=NOCOPY', 'ALGORITHM=INPLACE, LOCK=NONE', 'ALGORITHM=INPLACE, LOCK=SHARED', 'ALGORITHM=COPY', '');
      set @s = case when partitions = '' then concat_ws(', ', statement, nullif(@way, ''))
                    else concat(statement, ' ', concat_ws(', ', nullif(@way, ''), partitions)) end;
      prepare p from @s;
      if bad = 0 then execute p; end if;
    end;
    if bad = 0 then
      select concat('way ', number, ' ', i);
      leave ways;
    end if;
    set i = i + 1;
  end while;
  if i > 6 then select concat('refused ', number, ' ', why); end if;
end"""


def changes_of(t):
    return BOTH + (MYSQL if t.name == "mysql" else MARIADB)


def prepare(t, changes):
    for number, text in ((1, "before"), (2, "after")):
        t.fresh() if number == 1 else None
        if number == 1:  # the model of what is after, read from a database that has it
            t.sql(*(after.format(t=f"t{i:03}") for i, (_, _, after) in enumerate(changes)))
            model = t.inspect()
            t.fresh()
        else:
            t.sql(*(before.format(t=f"t{i:03}") for i, (_, before, _) in enumerate(changes)))
            t.write("schema.yaml", model)


def statements(script):
    """(comment, statement) of the upgrade, without what only checks."""
    out, comment, text, checks = [], [], [], False
    for line in script.split("-- cmigrate: downgrade")[0].splitlines():
        if not text and line.startswith("-- cmigrate:"):
            checks |= line.startswith("-- cmigrate: assert")
        elif not text and line.startswith("--"):
            comment.append(line[3:])
        elif line.strip():
            text.append(line)
            if line.endswith(";"):
                sql = "\n".join(text)[:-1]
                if not checks and not sql.startswith("SELECT"):
                    out.append(("; ".join(comment), sql))
                comment, text, checks = [], [], False
    return out


def call_of(number, sql):
    """The clause of the ALGORITHM stands before that of partitions, and after all others."""
    if not sql.startswith("ALTER TABLE"):
        return sql
    head, partitions = re.match(r"(ALTER TABLE `\w+`)\s+((?:ADD|DROP|REORGANIZE) PARTITION.*)|", sql, re.S).groups()
    return f"call probe_it({number}, {literal(head or sql)}, {literal(partitions or '')})"


def literal(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


@case
def comments_say_what_the_server_does(t):
    changes = changes_of(t)
    prepare(t, changes)
    todo = statements(t.migrate())
    view = "information_schema.innodb_tables" if t.name == "mysql" else "information_schema.innodb_sys_tables"
    ids = f"select concat('ids ', group_concat(concat(substring_index(name, '/', -1), '=', table_id))) from {view} where name like concat(database(), '/t%')"
    run = ["set session group_concat_max_len = 1000000", "delimiter //\n" + PROBE + "//\ndelimiter ;\n" + ids]
    for i, (_, sql) in enumerate(todo):
        run += [call_of(i, sql), ids]
    lines = t.client_run([t.database], ";\n".join(run) + ";\n").splitlines()
    before, way, wrong, number = None, {}, [], -1
    for line in lines:
        if line.startswith("ids "):
            now = dict(x.split("=") for x in line[4:].split(","))
            comment, sql = todo[number] if number >= 0 else ("", "")
            table = re.match(r"ALTER TABLE `(\w+)`", sql)
            if before and table and number in way:
                rebuilt = any(now.get(k) != before[k] for k in before if k.split("#")[0] == table.group(1))
                if t.name == "mysql" or " PARTITION `" not in sql and "ADD PARTITION" not in sql:  # MariaDB takes no ALGORITHM there
                    wrong += judge(changes, comment, sql, way[number], rebuilt)
            before, number = now, number + 1
        elif line.startswith("way "):
            _, i, w = line.split()
            way[int(i)] = int(w)
        elif line.startswith("refused "):
            wrong.append(line)
    truth(len(way) > 50, "hardly any ALTER TABLE")
    truth(not wrong, f"{len(wrong)} of {len(way)}:\n" + "\n".join(wrong))


def judge(changes, comment, sql, way, rebuilt):
    name = changes[int(re.search(r"t(\d\d\d)", sql).group(1))][0]
    copies, writes = "copies table" in comment, "writes table" in comment or "writes the rows of these partitions" in comment
    if "ENGINE =" in sql and not "PARTITION" in sql:  # MariaDB takes any ALGORITHM, and copies
        way = 5
    done = f"{name}: the server does it {WAYS[way - 1] if way < 6 else 'its own way'}{', rebuilding' if rebuilt else ''}, said is '{comment}'\n    in {sql}"
    if copies != (way >= 5) or writes != (way in (3, 4) and rebuilt):
        return [done]
    if way == 4 and "not written" not in comment:
        return [done]
    return []


@case
def online_asks_for_what_the_server_accepts(t):
    changes = changes_of(t)
    prepare(t, changes)
    todo = statements(t.migrate("--online"))
    run = ["delimiter //\n" + PROBE.replace("i <= 6", "i <= 1").replace("elt(i,", "elt(6,").replace("i > 6", "i > 1") + "//\ndelimiter ;\nselect 1"]
    run += [call_of(i, sql) for i, (_, sql) in enumerate(todo)]
    lines = t.client_run([t.database], ";\n".join(run) + ";\n").splitlines()
    refused = [f"{line}\n    {todo[int(line.split()[1])][1]}" for line in lines if line.startswith("refused ")]
    truth(not refused, f"{len(refused)} of {len(todo)}:\n" + "\n".join(refused))
    truth(sum("ALGORITHM" in sql for _, sql in todo) > 30, "hardly any ALGORITHM")


sys.exit(main())
