#!/usr/bin/env python3
"""A server full of what belongs to others: two projects run every command over it, and a dump of all that is foreign is byte for
byte the same afterwards."""
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

ID = os.getpid()
PG_DB, TABLES = f"cmforeign_{ID}", ("alembic_version", "flyway_schema_history", "schema_migrations", "databasechangelog",
                                    "_prisma_migrations", "goose_db_version")

PG_FOREIGN = f"""
create role cmforeign_{ID}_owner; create role cmforeign_{ID}_reader;
create schema other authorization cmforeign_{ID}_owner; create schema tenant_b; create schema ops; create schema "Odd.Name";
create extension pg_trgm schema other;
create type other.mood as enum ('sad', 'ok'); create domain tenant_b.code as text check (value <> '');
create sequence other.numbers start 7; create table other.person (id serial primary key, name text not null default 'x', m other.mood);
insert into other.person (name, m) values ('Ada', 'ok'), ('Bob', 'sad');
create index ix_person_name on other.person using gin (name other.gin_trgm_ops);
create view other.people as select name from other.person; create materialized view tenant_b.counted as select count(*) from other.person;
create table tenant_b.log (id int primary key, at int) partition by range (id); create table tenant_b.log_1 partition of tenant_b.log for values from (0) to (10);
create table "Odd.Name"."T.t" (id int); insert into "Odd.Name"."T.t" values (1);
create function other.f() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before insert on other.person for each row execute function other.f();
alter table other.person enable row level security; create policy p on other.person using (true);
create publication theirs for table tenant_b.log; create foreign data wrapper theirs; create server theirs foreign data wrapper theirs;
create event trigger theirs on ddl_command_start when tag in ('SECURITY LABEL') execute function other.g();
grant select on other.person to cmforeign_{ID}_reader; comment on table other.person is 'theirs';
""".replace("create event trigger", "create function other.g() returns event_trigger language plpgsql as 'begin end';\ncreate event trigger")
OTHERS = "".join(f"create table {t} (id int primary key, v varchar(20)); insert into {t} values (1, 'kept');\n" for t in TABLES)
MODEL = """
tables:
  person: {columns: {id: {type: integer, primary_key: true}, name: {type: string(20), index: true}%s}}
  note: {columns: {id: {type: integer, primary_key: true}, person_id: {type: integer, references: person.id}}}
%s"""


def fail(text):
    print("FAIL " + text)
    sys.exit(1)


class Project:
    def __init__(self, program, url, more="", tables=""):
        self.program, self.path, self.tables = program, tempfile.mkdtemp(prefix="cmforeign-"), tables
        os.mkdir(self.path + "/migrations")
        self.write("cmigrate.yaml", f"url: \"{url}\"\n{more}")
        self.model("")

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as f:
            f.write(text)

    def model(self, column):
        self.write("schema.yaml", MODEL % (column, self.tables))

    def run(self, *words, status=0):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "PG", "DATABASE_URL"))}
        p = subprocess.run([self.program, *words], cwd=self.path, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=env)
        if p.returncode != status:
            fail(f"cmigrate {' '.join(words)}: exit {p.returncode}, not {status}\n{p.stdout}{p.stderr}")
        return p.stdout + p.stderr

    def every_command(self):
        self.run("validate")
        self.run("migrate", "-m", "first", "--sql")
        self.run("migrate", "-m", "first")
        self.run("upgrade", "--dry-run")
        self.run("upgrade")
        self.run("check")
        self.model(", nick: text")
        self.run("check", status=1)
        self.run("migrate", "-m", "second", "--online")
        self.run("upgrade")
        self.run("check")
        self.run("check", "--history")
        self.run("diff", "--exit-code")
        self.run("diff", "migrations", "schema.yaml", "--exit-code")
        self.run("inspect", "-o", os.path.join(self.path, "seen.yaml"))
        self.run("migrate", "-m", "nothing", "--from-history")
        for words in (["current"], ["history"], ["heads"], ["branches"], ["show", "head"], ["upgrade", "--sql"]):
            self.run(*words)
        self.run("downgrade", "-1")
        self.run("upgrade")
        self.run("downgrade", "base")
        self.run("stamp", "head")
        self.run("stamp", "base")
        self.run("upgrade")
        self.model("")
        self.run("migrate", "-m", "third")
        self.run("upgrade")
        self.run("check")
        # a later model names nothing of the first: all that is left over is its own
        self.write("schema.yaml", "tables: {}\n")
        self.run("migrate", "-m", "last")
        scripts = [open(os.path.join(self.path, "migrations", f), encoding="utf-8").read() for f in os.listdir(self.path + "/migrations")]
        for word in ("theirs", "tenant_b", "other.", '"other"', "Odd", *TABLES):
            if any(word in s for s in scripts):
                fail(f"a script has '{word}':\n" + "\n".join(s for s in scripts if word in s))
        self.run("upgrade")
        self.run("check")

    def close(self):
        shutil.rmtree(self.path)


def same(before, after, what):
    if before != after:
        import difflib
        fail(f"{what}: what is foreign was changed\n" + "\n".join(difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="")))


def call(words, text="", env=None):
    p = subprocess.run(words, input=text, capture_output=True, text=True, env=env)
    if p.returncode:
        fail(f"{words[0]}: {p.stderr}")
    return p.stdout


def with_postgresql(program, name, url):
    server = url.rstrip("/")
    psql = lambda db, sql: call(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", f"{server}/{db}"], "set client_min_messages = error;\n" + sql)

    def dump():
        text = call(["pg_dump", "--exclude-schema=mine",
                     *(f"--exclude-table=public.{t}" for t in ("person*", "note*", "cmigrate_*")), f"{server}/{PG_DB}"])
        roles = psql("postgres", "select rolname, rolsuper, rolinherit, rolcanlogin, rolconfig, rolvaliduntil from pg_roles "
                                 "where rolname !~ '^pg_' order by 1")
        return re.sub(r"^\\(un)?restrict .*$", "", text, flags=re.M) + "".join(r for r in roles.splitlines(True) if f"cmforeign_{ID}" in r)

    if subprocess.run(["pg_dump", "--schema-only", f"{server}/postgres"], capture_output=True).returncode:
        return False  # this pg_dump is older than the server
    psql("postgres", f"create database {PG_DB} template template0")
    projects = []
    try:
        psql(PG_DB, PG_FOREIGN + OTHERS)
        psql(PG_DB, "create schema mine")
        projects.append(Project(program, f"{server}/{PG_DB}"))
        projects.append(Project(program, f"{server}/{PG_DB}?options=-csearch_path%3Dmine", "version_table: ops.mine_version\n"))
        before = dump()
        for project in projects:
            project.every_command()
        for t in ("mine_version", "cmigrate_history", "mine_history"):
            psql(PG_DB, f"drop table if exists ops.{t}")
        same(before, dump(), name)
    finally:
        for project in projects:
            project.close()
        psql("postgres", f"drop database if exists {PG_DB} with (force)")
        psql("postgres", f"drop role if exists cmforeign_{ID}_owner")
        psql("postgres", f"drop role if exists cmforeign_{ID}_reader")


def with_mysql(program, name, url):
    where, mine, theirs = urllib.parse.urlparse(url), f"cmforeign_{ID}_a", f"cmforeign_{ID}_b"
    client = ["mariadb", "-h", where.hostname, "-P", str(where.port or 3306), "-u", where.username or "root", "--batch", "--raw", "--skip-column-names"]
    env = dict(os.environ, MYSQL_PWD=where.password or "")
    ask = lambda sql, db="": call([*client, *([db] if db else [])], sql, env)

    def dump():
        out = [ask(f"select user, host from mysql.user where user like 'cmforeign_{ID}%' order by 1, 2")]
        for db in (theirs, mine):
            for kind, table in (r.split("\t") for r in ask(f"select table_type, table_name from information_schema.tables where table_schema = '{db}' order by 2").splitlines()):
                if db == theirs or table in TABLES:
                    out.append(ask(f"show create table `{table}`; select * from `{table}`", db))
        out.append(ask(f"select routine_name, routine_definition, created, last_altered from information_schema.routines where routine_schema = '{theirs}';"
                       f"select trigger_name, action_statement from information_schema.triggers where trigger_schema = '{theirs}'"))
        return "\n".join(out)

    second = f"cmforeign_{ID}_c"
    projects = []
    try:
        ask(f"create database {mine}; create database {theirs}; create database {second}; create user 'cmforeign_{ID}_u'")
        ask(OTHERS, mine)
        ask(OTHERS + "create table person (id int primary key, name varchar(9)); insert into person values (1, 'Ada');"
                     "create view v as select name from person; create trigger t before insert on person for each row set new.name = 'x';"
                     "create procedure p() select 1;", theirs)
        before = dump()
        for db in (mine, second):
            projects.append(Project(program, f"{url.rstrip('/')}/{db}"))
            projects[-1].every_command()
        same(before, dump(), name)
    finally:
        for project in projects:
            project.close()
        for db in (mine, theirs, second):
            ask(f"drop database if exists {db}")
        ask(f"drop user if exists 'cmforeign_{ID}_u'")


def with_sqlite(program):
    folder = tempfile.mkdtemp(prefix="cmforeign-")
    path = os.path.join(folder, "app.db")

    def dump():
        con = sqlite3.connect(path)
        lines = [f"{sql} {con.execute(f'select * from {name}').fetchall() if kind == 'table' else ''}" for kind, name, sql in con.execute(
            "select type, name, sql from sqlite_master order by name").fetchall() if name in TABLES or name == "ix_tmp"]
        con.close()
        return "\n".join(lines)

    con = sqlite3.connect(path)
    con.executescript(OTHERS + "create index ix_tmp on alembic_version (v);")
    con.close()
    before = dump()
    for more in ("", "version_table: cmigrate_other\n"):
        project = Project(program, f"sqlite:///{path}", more)
        project.every_command()
        project.close()
        same(before, dump(), "sqlite")
    shutil.rmtree(folder)


def main():
    program = os.path.abspath(sys.argv[1])
    with_sqlite(program)
    ran = ["sqlite"]
    for name, run in (("pg15", with_postgresql), ("pg18", with_postgresql), ("mariadb", with_mysql), ("mysql", with_mysql)):
        url = os.environ.get("CMIGRATE_TEST_" + name.upper())
        if url:
            if run(program, name, url) is not False:
                ran.append(name)
    print("nothing foreign was touched on " + ", ".join(ran))
    return 0


if __name__ == "__main__":
    sys.exit(main())
