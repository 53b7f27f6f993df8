#!/usr/bin/env python3
"""What the comments of a script say of locks, rewrites and reads is what the server does: every statement is executed and measured.

A change is two texts of SQL: the table before and after. All of them are in one database, each with tables of its own ({t}), so that one
revision makes them all.
"""
import json
import re
import sys

from kit import case, main, truth

# name, before, after; {t} is the table
CHANGES = [
    ("longer varchar", "create table {t} (a varchar(10))", "create table {t} (a varchar(20))"),
    ("shorter varchar", "create table {t} (a varchar(20))", "create table {t} (a varchar(10))"),
    ("unlimited varchar", "create table {t} (a varchar(10))", "create table {t} (a varchar)"),
    ("varchar to text", "create table {t} (a varchar(10))", "create table {t} (a text)"),
    ("text to varchar", "create table {t} (a text)", "create table {t} (a varchar)"),
    ("text to varchar(n)", "create table {t} (a text)", "create table {t} (a varchar(9))"),
    ("indexed varchar to text", "create table {t} (a varchar(10)); create index on {t} (a)", "create table {t} (a text); create index on {t} (a)"),
    ("char to text", "create table {t} (a char(10))", "create table {t} (a text)"),
    ("longer varchar under a check", "create table {t} (a varchar(10), constraint {t}_c check (a <> 'x'))", "create table {t} (a varchar(20), constraint {t}_c check (a <> 'x'))"),
    ("longer varchar beside a check", "create table {t} (a varchar(10), b int, constraint {t}_c check (b > 0))", "create table {t} (a varchar(20), b int, constraint {t}_c check (b > 0))"),
    ("text array", "create table {t} (a varchar(10)[])", "create table {t} (a text[])"),
    ("wider numeric", "create table {t} (a numeric(10,2))", "create table {t} (a numeric(14,2))"),
    ("unlimited numeric", "create table {t} (a numeric(10,2))", "create table {t} (a numeric)"),
    ("numeric of another scale", "create table {t} (a numeric(10,2))", "create table {t} (a numeric(12,4))"),
    ("narrower numeric", "create table {t} (a numeric(10,2))", "create table {t} (a numeric(8,2))"),
    ("finer timestamp", "create table {t} (a timestamp(0))", "create table {t} (a timestamp(3))"),
    ("unlimited timestamp", "create table {t} (a timestamp(0))", "create table {t} (a timestamp)"),
    ("coarser timestamp", "create table {t} (a timestamp)", "create table {t} (a timestamp(0))"),
    ("finer time", "create table {t} (a time(0))", "create table {t} (a time(3))"),
    ("finer timestamptz", "create table {t} (a timestamptz(0))", "create table {t} (a timestamptz(3))"),
    ("finer interval", "create table {t} (a interval(0))", "create table {t} (a interval(3))"),
    ("timestamp to timestamptz", "create table {t} (a timestamp)", "create table {t} (a timestamptz)"),
    ("timestamp to date", "create table {t} (a timestamp)", "create table {t} (a date)"),
    ("date to timestamp", "create table {t} (a date)", "create table {t} (a timestamp)"),
    ("cidr to inet", "create table {t} (a cidr)", "create table {t} (a inet)"),
    ("inet to cidr", "create table {t} (a inet)", "create table {t} (a cidr)"),
    ("inet to text", "create table {t} (a inet)", "create table {t} (a text)"),
    ("xml to text", "create table {t} (a xml)", "create table {t} (a text)"),
    ("json to text", "create table {t} (a json)", "create table {t} (a text)"),
    ("json to jsonb", "create table {t} (a json)", "create table {t} (a jsonb)"),
    ("longer bit varying", "create table {t} (a varbit(4))", "create table {t} (a varbit(8))"),
    ("bit to bit varying", "create table {t} (a bit(4))", "create table {t} (a varbit)"),
    ("smallint to integer", "create table {t} (a smallint)", "create table {t} (a integer)"),
    ("integer to bigint", "create table {t} (a integer)", "create table {t} (a bigint)"),
    ("indexed integer to bigint", "create table {t} (a integer primary key)", "create table {t} (a bigint primary key)"),
    ("integer to numeric", "create table {t} (a integer)", "create table {t} (a numeric)"),
    ("integer to text", "create table {t} (a integer)", "create table {t} (a text)"),
    ("integer to oid", "create table {t} (a integer)", "create table {t} (a oid)"),
    ("indexed integer to oid", "create table {t} (a integer); create index on {t} (a)", "create table {t} (a oid); create index on {t} (a)"),
    ("real to double", "create table {t} (a real)", "create table {t} (a double precision)"),
    ("text to domain", "create domain {t}_d as text; create table {t} (a text)", "create domain {t}_d as text; create table {t} (a {t}_d)"),
    ("text to checked domain", "create domain {t}_d as text check (value <> ''); create table {t} (a text)", "create domain {t}_d as text check (value <> ''); create table {t} (a {t}_d)"),
    ("checked domain to text", "create domain {t}_d as text check (value <> ''); create table {t} (a {t}_d)", "create domain {t}_d as text check (value <> ''); create table {t} (a text)"),
    ("varchar domain to text", "create domain {t}_d as varchar(9); create table {t} (a {t}_d)", "create domain {t}_d as varchar(9); create table {t} (a text)"),
    ("varchar domain to varchar", "create domain {t}_d as varchar(9); create table {t} (a {t}_d)", "create domain {t}_d as varchar(9); create table {t} (a varchar(9))"),
    ("varchar domain to longer varchar", "create domain {t}_d as varchar(9); create table {t} (a {t}_d)", "create domain {t}_d as varchar(9); create table {t} (a varchar(20))"),
    ("numeric domain to wider numeric", "create domain {t}_d as numeric(8,2); create table {t} (a {t}_d)", "create domain {t}_d as numeric(8,2); create table {t} (a numeric(12,2))"),
    ("integer domain to integer", "create domain {t}_d as int; create table {t} (a {t}_d)", "create domain {t}_d as int; create table {t} (a int)"),
    ("collation", "create table {t} (a text)", 'create table {t} (a text collate "C")'),
    ("collation of an indexed column", "create table {t} (a text); create index on {t} (a)", 'create table {t} (a text collate "C"); create index on {t} (a)'),
    ("add column", "create table {t} (a int)", "create table {t} (a int, b int)"),
    ("add not null column with a default", "create table {t} (a int)", "create table {t} (a int, b int not null default 7)"),
    ("add column default now()", "create table {t} (a int)", "create table {t} (a int, b timestamptz default now())"),
    ("add column default current_timestamp", "create table {t} (a int)", "create table {t} (a int, b timestamptz default current_timestamp)"),
    ("add column default current_date", "create table {t} (a int)", "create table {t} (a int, b date default current_date)"),
    ("add column default cast", "create table {t} (a int)", "create table {t} (a int, b numeric(8,2) default '1.5'::numeric(8,2))"),
    ("add column default lower()", "create table {t} (a int)", "create table {t} (a int, b text default lower('A'))"),
    ("add column default array", "create table {t} (a int)", "create table {t} (a int, b int[] default array[1,2])"),
    ("add column default random()", "create table {t} (a int)", "create table {t} (a int, b float default random())"),
    ("add column default uuid", "create table {t} (a int)", "create table {t} (a int, b uuid default gen_random_uuid())"),
    ("add column default clock_timestamp()", "create table {t} (a int)", "create table {t} (a int, b timestamptz default clock_timestamp())"),
    ("add column default volatile function", "create function {t}_f() returns int language plpgsql volatile as 'begin return 1; end'; create table {t} (a int)",
     "create function {t}_f() returns int language plpgsql volatile as 'begin return 1; end'; create table {t} (a int, b int default {t}_f())"),
    ("add column default stable function", "create function {t}_f() returns int language plpgsql stable as 'begin return 1; end'; create table {t} (a int)",
     "create function {t}_f() returns int language plpgsql stable as 'begin return 1; end'; create table {t} (a int, b int default {t}_f())"),
    ("add serial", "create table {t} (a int)", "create table {t} (a int, b serial)"),
    ("add identity", "create table {t} (a int)", "create table {t} (a int, b int generated always as identity)"),
    ("add stored generated", "create table {t} (a int)", "create table {t} (a int, b int generated always as (a + 1) stored)"),
    ("add column with check", "create table {t} (a int)", "create table {t} (a int, b int constraint {t}_b check (b > 0))"),
    ("add column with reference", "create table {t}_p (a int primary key); create table {t} (a int)", "create table {t}_p (a int primary key); create table {t} (a int, b int constraint {t}_fk references {t}_p)"),
    ("add column of a domain", "create domain {t}_d as text; create table {t} (a int)", "create domain {t}_d as text; create table {t} (a int, b {t}_d)"),
    ("add column of a checked domain", "create domain {t}_d as text check (value <> ''); create table {t} (a int)", "create domain {t}_d as text check (value <> ''); create table {t} (a int, b {t}_d)"),
    ("add column of a not-null domain", "create domain {t}_d as int default 1 not null; create table {t} (a int)", "create domain {t}_d as int default 1 not null; create table {t} (a int, b {t}_d)"),
    ("drop column", "create table {t} (a int, b int)", "create table {t} (a int)"),
    ("drop indexed column", "create table {t} (a int, b int); create index {t}_b on {t} (b)", "create table {t} (a int)"),
    ("set default", "create table {t} (a int)", "create table {t} (a int default 1)"),
    ("drop default", "create table {t} (a int default 1)", "create table {t} (a int)"),
    ("set not null", "create table {t} (a int)", "create table {t} (a int not null)"),
    ("set not null under a valid check", "create table {t} (a int, constraint {t}_c check (a is not null))", "create table {t} (a int not null, constraint {t}_c check (a is not null))"),
    ("set not null under an and", "create table {t} (a int, b int, constraint {t}_c check (a is not null and b > 0))", "create table {t} (a int not null, b int, constraint {t}_c check (a is not null and b > 0))"),
    ("set not null under another check", "create table {t} (a int, constraint {t}_c check (a > 0))", "create table {t} (a int not null, constraint {t}_c check (a > 0))"),
    ("set not null under an unproved check", "create table {t} (a int); alter table {t} add constraint {t}_c check (a is not null) not valid", "create table {t} (a int not null); alter table {t} add constraint {t}_c check (a is not null) not valid"),
    ("drop not null", "create table {t} (a int not null)", "create table {t} (a int)"),
    ("add check", "create table {t} (a int)", "create table {t} (a int, constraint {t}_c check (a > 0))"),
    ("add check not valid", "create table {t} (a int)", "create table {t} (a int); alter table {t} add constraint {t}_c check (a > 0) not valid"),
    ("validate check", "create table {t} (a int); alter table {t} add constraint {t}_c check (a > 0) not valid", "create table {t} (a int, constraint {t}_c check (a > 0))"),
    ("drop check", "create table {t} (a int, constraint {t}_c check (a > 0))", "create table {t} (a int)"),
    ("add unique", "create table {t} (a int)", "create table {t} (a int, constraint {t}_u unique (a))"),
    ("drop unique", "create table {t} (a int, constraint {t}_u unique (a))", "create table {t} (a int)"),
    ("add primary key", "create table {t} (a int not null)", "create table {t} (a int not null, constraint {t}_k primary key (a))"),
    ("add primary key on a nullable column", "create table {t} (a int)", "create table {t} (a int, constraint {t}_k primary key (a))"),
    ("drop primary key", "create table {t} (a int, constraint {t}_k primary key (a))", "create table {t} (a int not null)"),
    ("add exclusion", "create table {t} (a int4range)", "create table {t} (a int4range, constraint {t}_x exclude using gist (a with &&))"),
    ("add foreign key", "create table {t}_p (a int primary key); create table {t} (a int)", "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p)"),
    ("validate foreign key", "create table {t}_p (a int primary key); create table {t} (a int); alter table {t} add constraint {t}_fk foreign key (a) references {t}_p not valid",
     "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p)"),
    ("drop foreign key", "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p)", "create table {t}_p (a int primary key); create table {t} (a int)"),
    ("defer foreign key", "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p)",
     "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p deferrable)"),
    ("drop table with a foreign key", "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p)", "create table {t}_p (a int primary key)"),
    ("drop table", "create table {t} (a int)", ""),
    ("create table with a foreign key", "create table {t}_p (a int primary key)", "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p)"),
    ("create index", "create table {t} (a int)", "create table {t} (a int); create index {t}_i on {t} (a)"),
    ("create unique index", "create table {t} (a int)", "create table {t} (a int); create unique index {t}_i on {t} (a)"),
    ("drop index", "create table {t} (a int); create index {t}_i on {t} (a)", "create table {t} (a int)"),
    ("create trigger", "create function {t}_f() returns trigger language plpgsql as 'begin return new; end'; create table {t} (a int)",
     "create function {t}_f() returns trigger language plpgsql as 'begin return new; end'; create table {t} (a int); create trigger {t}_t before insert on {t} for each row execute function {t}_f()"),
    ("drop trigger", "create function {t}_f() returns trigger language plpgsql as 'begin return new; end'; create table {t} (a int); create trigger {t}_t before insert on {t} for each row execute function {t}_f()",
     "create function {t}_f() returns trigger language plpgsql as 'begin return new; end'; create table {t} (a int)"),
    ("unlogged", "create table {t} (a int)", "create unlogged table {t} (a int)"),
    ("logged", "create unlogged table {t} (a int)", "create table {t} (a int)"),
    ("access method", "create access method {t}_am type table handler heap_tableam_handler; create table {t} (a int)",
     "create access method {t}_am type table handler heap_tableam_handler; create table {t} (a int) using {t}_am"),
    ("fillfactor", "create table {t} (a int)", "create table {t} (a int) with (fillfactor = 70)"),
    ("autovacuum off", "create table {t} (a int)", "create table {t} (a int) with (autovacuum_enabled = off)"),
    ("statistics target", "create table {t} (a int)", "create table {t} (a int); alter table {t} alter a set statistics 50"),
    ("storage", "create table {t} (a text)", "create table {t} (a text); alter table {t} alter a set storage external"),
    ("comment", "create table {t} (a int)", "create table {t} (a int); comment on table {t} is 'x'"),
    ("row security", "create table {t} (a int)", "create table {t} (a int); alter table {t} enable row level security"),
    ("policy", "create table {t} (a int)", "create table {t} (a int); create policy {t}_p on {t} using (a > 0)"),
    ("replica identity", "create table {t} (a int)", "create table {t} (a int); alter table {t} replica identity full"),
    ("create partition", "create table {t} (a int) partition by list (a)", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)"),
    ("create partition beside a default", "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default",
     "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default; create table {t}_1 partition of {t} for values in (1)"),
    ("drop partition beside a default", "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default; create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default"),
    ("drop partition", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)", "create table {t} (a int) partition by list (a)"),
    ("attach", "create table {t} (a int) partition by list (a); create table {t}_1 (a int)", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)"),
    ("attach beside a default", "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default; create table {t}_1 (a int)",
     "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default; create table {t}_1 partition of {t} for values in (1)"),
    ("detach", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)", "create table {t} (a int) partition by list (a); create table {t}_1 (a int)"),
    ("detach beside a default", "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default; create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int) partition by list (a); create table {t}_d partition of {t} default; create table {t}_1 (a int)"),
    ("domain gets a check", "create domain {t}_d as int; create table {t} (a {t}_d)", "create domain {t}_d as int constraint {t}_c check (value > 0); create table {t} (a {t}_d)"),
    ("domain becomes not null", "create domain {t}_d as int; create table {t} (a {t}_d)", "create domain {t}_d as int not null; create table {t} (a {t}_d)"),
    ("enum value", "create type {t}_e as enum ('a'); create table {t} (a {t}_e)", "create type {t}_e as enum ('a', 'b'); create table {t} (a {t}_e)"),
    ("two types", "create table {t} (a int, b int)", "create table {t} (a bigint, b bigint)"),
    ("three not nulls", "create table {t} (a int, b int, c int)", "create table {t} (a int not null, b int not null, c int not null)"),
    ("add column default inlined volatile function", "create function {t}_f() returns int language sql volatile as 'select 7'; create table {t} (a int)",
     "create function {t}_f() returns int language sql volatile as 'select 7'; create table {t} (a int, b int default {t}_f())"),
    ("add column default volatile function of a query", "create function {t}_f() returns float language sql volatile as 'select random()'; create table {t} (a int)",
     "create function {t}_f() returns float language sql volatile as 'select random()'; create table {t} (a int, b float default {t}_f())"),
    ("add column with reference and default", "create table {t}_p (a int primary key); create table {t} (a int)",
     "create table {t}_p (a int primary key); create table {t} (a int, b int default 1 constraint {t}_fk references {t}_p)"),
    ("add not null column with reference and default", "create table {t}_p (a int primary key); create table {t} (a int)",
     "create table {t}_p (a int primary key); create table {t} (a int, b int not null default 1 constraint {t}_fk references {t}_p)"),
    ("add column with check and default", "create table {t} (a int)", "create table {t} (a int, b int default 1 constraint {t}_b check (b > 0))"),
    ("add unique column", "create table {t} (a int)", "create table {t} (a int, b int constraint {t}_u unique)"),
    ("add primary key column", "create table {t} (a int)", "create table {t} (a int, b int generated always as identity constraint {t}_k primary key)"),
    ("add column with collation", "create table {t} (a int)", 'create table {t} (a int, b text collate "C" default \'x\')'),
    ("bit varying unlimited", "create table {t} (a varbit(4))", "create table {t} (a varbit)"),
    ("shorter bit varying", "create table {t} (a varbit(8))", "create table {t} (a varbit(4))"),
    ("longer bit", "create table {t} (a bit(4))", "create table {t} (a bit(8))"),
    ("finer timetz", "create table {t} (a timetz(0))", "create table {t} (a timetz(3))"),
    ("timestamptz to timestamp", "create table {t} (a timestamptz)", "create table {t} (a timestamp)"),
    ("longer varchar with a default", "create table {t} (a varchar(10) default 'x')", "create table {t} (a varchar(20) default 'x')"),
    ("longer varchar under a unique constraint", "create table {t} (a varchar(10), constraint {t}_u unique (a))", "create table {t} (a varchar(20), constraint {t}_u unique (a))"),
    ("longer varchar under an expression index", "create table {t} (a varchar(10)); create index {t}_i on {t} (lower(a))", "create table {t} (a varchar(20)); create index {t}_i on {t} (lower(a))"),
    ("longer varchar under a partial index", "create table {t} (a varchar(10), b int); create index {t}_i on {t} (b) where a <> 'x'", "create table {t} (a varchar(20), b int); create index {t}_i on {t} (b) where a <> 'x'"),
    ("longer varchar that a foreign key refers to", "create table {t}_p (a varchar(10) primary key); create table {t} (a varchar(10), constraint {t}_fk foreign key (a) references {t}_p)",
     "create table {t}_p (a varchar(20) primary key); create table {t} (a varchar(20), constraint {t}_fk foreign key (a) references {t}_p)"),
    ("drop column of a check", "create table {t} (a int, b int, constraint {t}_c check (b > 0))", "create table {t} (a int)"),
    ("drop column of a foreign key", "create table {t}_p (a int primary key); create table {t} (a int, b int, constraint {t}_fk foreign key (b) references {t}_p)", "create table {t}_p (a int primary key); create table {t} (a int)"),
    ("drop identity", "create table {t} (a int, b int generated always as identity)", "create table {t} (a int, b int not null)"),
    ("make identity", "create table {t} (a int, b int not null)", "create table {t} (a int, b int not null generated always as identity)"),
    ("identity of another kind", "create table {t} (a int, b int generated always as identity)", "create table {t} (a int, b int generated by default as identity)"),
    ("drop expression", "create table {t} (a int, b int generated always as (a + 1) stored)", "create table {t} (a int, b int)"),
    ("add foreign key not valid", "create table {t}_p (a int primary key); create table {t} (a int)", "create table {t}_p (a int primary key); create table {t} (a int); alter table {t} add constraint {t}_fk foreign key (a) references {t}_p not valid"),
    ("add deferrable unique", "create table {t} (a int)", "create table {t} (a int, constraint {t}_u unique (a) deferrable)"),
    ("add unique nulls not distinct", "create table {t} (a int)", "create table {t} (a int, constraint {t}_u unique nulls not distinct (a))"),
    ("drop exclusion", "create table {t} (a int4range, constraint {t}_x exclude using gist (a with &&))", "create table {t} (a int4range)"),
    ("add self reference", "create table {t} (a int primary key, b int)", "create table {t} (a int primary key, b int, constraint {t}_fk foreign key (b) references {t})"),
    ("domain gets an unproved check", "create domain {t}_d as int; create table {t} (a {t}_d)", "create domain {t}_d as int; create table {t} (a {t}_d); alter domain {t}_d add constraint {t}_c check (value > 0) not valid"),
    ("domain check is validated", "create domain {t}_d as int; create table {t} (a {t}_d); alter domain {t}_d add constraint {t}_c check (value > 0) not valid", "create domain {t}_d as int constraint {t}_c check (value > 0); create table {t} (a {t}_d)"),
    ("domain loses a check", "create domain {t}_d as int constraint {t}_c check (value > 0); create table {t} (a {t}_d)", "create domain {t}_d as int; create table {t} (a {t}_d)"),
    ("domain gets a default", "create domain {t}_d as int; create table {t} (a {t}_d)", "create domain {t}_d as int default 3; create table {t} (a {t}_d)"),
    ("domain is nullable", "create domain {t}_d as int not null; create table {t} (a {t}_d)", "create domain {t}_d as int; create table {t} (a {t}_d)"),
    ("enum value renamed away", "create type {t}_e as enum ('a', 'b'); create table {t} (a {t}_e)", "create type {t}_e as enum ('a'); create table {t} (a {t}_e)"),
    ("attach under a check", "create table {t} (a int) partition by list (a); create table {t}_1 (a int, constraint {t}_c check (a is not null and a = 1))",
     "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} (constraint {t}_c check (a is not null and a = 1)) for values in (1)"),
    ("create default partition", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1); create table {t}_d partition of {t} default"),
    ("column of a partitioned table", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int, b int) partition by list (a); create table {t}_1 partition of {t} for values in (1)"),
    ("index of a partitioned table", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1); create index {t}_i on {t} (a)"),
    ("not null of a partitioned table", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int not null) partition by list (a); create table {t}_1 partition of {t} for values in (1)"),
    ("check of a partitioned table", "create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int, constraint {t}_c check (a > 0)) partition by list (a); create table {t}_1 partition of {t} for values in (1)"),
    ("type of a partitioned table", "create table {t} (a int, b int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t} (a int, b bigint) partition by list (a); create table {t}_1 partition of {t} for values in (1)"),
    ("foreign key of a partitioned table", "create table {t}_p (a int primary key); create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p) partition by list (a); create table {t}_1 partition of {t} for values in (1)"),
    ("force row security", "create table {t} (a int)", "create table {t} (a int); alter table {t} force row level security"),
    ("compression", "create table {t} (a text)", "create table {t} (a text compression pglz)"),
    ("inherit", "create table {t}_p (a int); create table {t} (a int)", "create table {t}_p (a int); create table {t} (a int) inherits ({t}_p)"),
    ("no inherit", "create table {t}_p (a int); create table {t} (a int) inherits ({t}_p)", "create table {t}_p (a int); create table {t} (a int)"),
    ("materialized view", "create table {t} (a int)", "create table {t} (a int); create materialized view {t}_m as select a from {t}"),
    ("view", "create table {t} (a int)", "create table {t} (a int); create view {t}_v as select a from {t}"),
    ("statistics object", "create table {t} (a int, b int)", "create table {t} (a int, b int); create statistics {t}_s on a, b from {t}"),
    ("rule", "create table {t} (a int)", "create table {t} (a int); create rule {t}_r as on delete to {t} do instead nothing"),
    ("cluster on", "create table {t} (a int); create index {t}_i on {t} (a)", "create table {t} (a int); create index {t}_i on {t} (a); alter table {t} cluster on {t}_i"),
    ("replica identity index", "create table {t} (a int not null); create unique index {t}_i on {t} (a)", "create table {t} (a int not null); create unique index {t}_i on {t} (a); alter table {t} replica identity using index {t}_i"),
    ("index storage", "create table {t} (a int); create index {t}_i on {t} (a)", "create table {t} (a int); create index {t}_i on {t} (a) with (fillfactor = 50)"),
    ("trigger disabled", "create function {t}_f() returns trigger language plpgsql as 'begin return new; end'; create table {t} (a int); create trigger {t}_t before insert on {t} for each row execute function {t}_f()",
     "create function {t}_f() returns trigger language plpgsql as 'begin return new; end'; create table {t} (a int); create trigger {t}_t before insert on {t} for each row execute function {t}_f(); alter table {t} disable trigger {t}_t"),
]
# What PostgreSQL 18 has, and those before it do not.
OF_18 = [
    ("not null not valid", "create table {t} (a int)", "create table {t} (a int); alter table {t} add constraint {t}_n not null a not valid"),
    ("validate not null", "create table {t} (a int); alter table {t} add constraint {t}_n not null a not valid", "create table {t} (a int constraint {t}_n not null)"),
    ("add virtual generated", "create table {t} (a int)", "create table {t} (a int, b int generated always as (a + 1) virtual)"),
    ("check not enforced", "create table {t} (a int)", "create table {t} (a int, constraint {t}_c check (a > 0) not enforced)"),
    ("foreign key not enforced", "create table {t}_p (a int primary key); create table {t} (a int)", "create table {t}_p (a int primary key); create table {t} (a int, constraint {t}_fk foreign key (a) references {t}_p not enforced)"),
    ("unique without overlaps", "create extension if not exists btree_gist; create table {t} (a int, r daterange)", "create extension if not exists btree_gist; create table {t} (a int, r daterange, constraint {t}_u unique (a, r without overlaps))"),
    ("set expression of a virtual column", "create table {t} (a int, b int generated always as (a + 1) virtual)", "create table {t} (a int, b int generated always as (a + 2) virtual)"),
    ("foreign key not valid of a partitioned table", "create table {t}_p (a int primary key); create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1)",
     "create table {t}_p (a int primary key); create table {t} (a int) partition by list (a); create table {t}_1 partition of {t} for values in (1); alter table {t} add constraint {t}_fk foreign key (a) references {t}_p not valid"),
]
# Where there is an extension, no default is known by its name any more: in a database of their own.
OF_AN_EXTENSION = [
    ("citext to text", "create extension if not exists citext; create table {t} (a citext)", "create extension if not exists citext; create table {t} (a text)"),
    ("indexed text to citext", "create extension if not exists citext; create table {t} (a text); create index on {t} (a)", "create extension if not exists citext; create table {t} (a citext); create index on {t} (a)"),
    ("varchar(n) to citext", "create extension if not exists citext; create table {t} (a varchar(9))", "create extension if not exists citext; create table {t} (a citext)"),
    ("citext to varchar(n)", "create extension if not exists citext; create table {t} (a citext)", "create extension if not exists citext; create table {t} (a varchar(9))"),
]

MEASURE = """select json_object_agg(t.oid, json_build_array(t.relname, c.file, c.scans, l.modes))
 from pg_class t, lateral (select coalesce(pg_relation_filenode(t.oid), 0) as file, pg_stat_get_xact_numscans(t.oid) as scans) c,
 lateral (select array_agg(mode) as modes from pg_locks where locktype = 'relation' and granted and relation = t.oid and pid = pg_backend_pid()) l
 where t.relkind in ('r', 'p') and t.relnamespace = 'public'::regnamespace"""
MODES = ["ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"]
WORDS = ["SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]


def rank(modes):
    return max((MODES.index(m) for m in modes or () if m in MODES), default=-1)


def statements(script):
    """(comment, statement) of the upgrade."""
    out, comment, text, checked = [], [], [], False
    for line in script.split("-- cmigrate: downgrade")[0].splitlines():
        if not text and line.startswith("-- cmigrate:"):
            checked |= line.startswith("-- cmigrate: assert")
        elif not text and line.startswith("--"):
            comment.append(line[3:])
        elif line.strip():
            text.append(line)
            if line.endswith(";") and all(len(re.findall(re.escape(tag), "\n".join(text))) % 2 == 0 for tag in re.findall(r"\$\w*\$", line)) \
                    and "\n".join(text).count("$") % 4 == 0:
                sql = "\n".join(text)[:-1]
                out.append((" ".join(comment), sql, checked or sql.startswith("SELECT")))
                comment, text, checked = [], [], False
    return out


def measure(t, list_of):
    """What each statement does to tables that were there before: {name: (strongest lock, rewritten, scanned)}."""
    sql = ["set timezone = 'Europe/Berlin'", "begin"]
    for _, text, _ in list_of:
        sql += [MEASURE, text, MEASURE, "commit", "begin"]
    rows = [json.loads(line) if line else {} for line in t.sql(*sql, "commit").splitlines() if line.startswith("{") or not line]
    out = []
    for before, after in zip(rows[::2], rows[1::2]):
        found = {}
        for oid, (name, file, scans, modes) in before.items():
            now = after.get(oid, [name, file, scans, ["AccessExclusiveLock"]])
            lock = rank(set(now[3] or ()) - set(modes or ()))
            if lock >= 0 or now[1] != file or now[2] > scans:
                found[name] = (lock, now[1] != file, now[2] > scans)
        out.append(found)
    return out


def said(comment, sql, found):
    """What is wrong with a comment, in words."""
    wrong = []
    own = re.search(r'(?:ALTER|DROP|COMMENT ON) TABLE (?:ONLY )?"?(\w+)"?|CREATE RULE [^;]*? TO "?(\w+)"?|(?:ON|REFRESH) (?:ONLY )?"?(\w+)"?', sql)
    own = next(filter(None, own.groups())) if own and not sql.startswith("CREATE TABLE") else None
    part = re.search(r'ATTACH PARTITION "(\w+)"', sql)
    scans = part.group(1) if part else own
    if not part and f"{own}_1" in found and "DETACH" not in sql:  # a partition, which has the rows of its table
        found = {**found, own: tuple(map(max, found[f"{own}_1"], found.get(own, (-1, False, False))))}
        del found[f"{own}_1"]
    unsure = "where the default is volatile" in comment
    locks, _, notes = comment.partition("locks:")[2].partition(";")
    for name, (lock, rewritten, scanned) in found.items():
        if lock < 0:
            pass
        elif name == own:
            if not re.search(rf"(?<![A-Z] ){WORDS[lock]}(?! [A-Z])", locks) and not (sql.startswith(("DROP TABLE", "COMMENT", "DROP TRIGGER", "DROP INDEX")) and not locks):
                wrong.append(f"{WORDS[lock]} on {name}, said is '{locks}'")
        elif not re.search(rf"{WORDS[lock]} on (both|the (parent|partition|referred)|[\w, ]*default partition|[\w, ]*{name}|[\w, ]*tables)", locks + notes) and f"{WORDS[lock]} on {name}" not in comment:
            wrong.append(f"{WORDS[lock]} on {name}, said is '{comment}'")
        if name == scans or sql.startswith("ALTER DOMAIN"):
            if rewritten != bool(re.search("rewrites|copies", notes)) and not unsure:
                wrong.append(f"{'rewrites' if rewritten else 'does not rewrite'} {name}, said is '{comment}'")
            if not rewritten and scanned != bool(re.search("reads|builds", notes)):
                wrong.append(f"{'reads' if scanned else 'does not read'} {name}, said is '{comment}'")
    if re.search("rewrites|copies|reads|builds", notes) and not unsure and not any(r or s for _, r, s in found.values()):
        wrong.append(f"reads and rewrites nothing, said is '{comment}'")
    return wrong


def prepare(t, changes):
    """A database with all that is before, and the model of all that is after."""
    for i, (_, before, _) in enumerate(changes):
        t.sql(before.format(t=f"t{i:03}"))
    t.databases.append(t.database + "_after")
    t.admin(f"create database {t.database}_after template template0")
    t.psql(t.url + "_after", *(after.format(t=f"t{i:03}") for i, (_, _, after) in enumerate(changes) if after))
    t.must("inspect", "--url", t.url + "_after", "-o", t.path + "/schema.yaml")


def compare(t, changes):
    prepare(t, changes)
    script = t.migrate()
    wrong = []
    todo = [s for s in statements(script) if not s[2]]
    for (comment, sql, _), found in zip(todo, measure(t, todo)):
        which = re.search(r"\bt(\d\d\d)", sql)
        wrong += [f"{changes[int(which.group(1))][0] if which else ''}: {w}\n    in {sql}" for w in said(comment, sql, found)]
    truth(not wrong, f"{len(wrong)} of {len(todo)}:\n" + "\n".join(wrong))


@case
def comments_say_what_the_server_does(t):
    compare(t, CHANGES)


@case
def comments_say_it_of_what_18_has(t):
    if t.name == "pg18":
        compare(t, OF_18)


@case
def comments_on_types_of_an_extension_say_it_too(t):
    compare(t, OF_AN_EXTENSION)


sys.exit(main())
