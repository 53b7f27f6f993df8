#!/usr/bin/env python3
"""A hundred mistakes that people make, and what the program says to each: the same on every engine.

    mistakes.py CMIGRATE sqlite|pg15|pg18|mariadb|mysql     UPDATE_CASES=1 writes tests/cli/mistakes/ENGINE.txt

One project on one database. A mistake is a change of the model, of the configuration, of rows or of a script, and a command. What
differs from run to run and from engine to engine (times, the URL, quotes around names) is put in one form. What must read the
same everywhere is compared with SQLite's file too; OWN lists the mistakes in which the engine itself has the word.
"""
import difflib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
import more_mistakes as more
import sqlclient

MODEL = """tables:
  person:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: string(80), nullable: false}
      nick: {type: string(20)}
      code: {type: text}
  note:
    columns:
      id: {type: integer, primary_key: true}
      person_id: {type: integer}
      body: {type: string(40)}
"""
ROWS = """INSERT INTO person (id, name, nick, code) VALUES (1, 'Ada', NULL, '12'), (2, 'Bob', 'b', 'x1'), (3, 'Cy', 'b', 'y2');
INSERT INTO note (id, person_id, body) VALUES (1, 1, 'short'), (2, 70000, 'longer than five'), (3, 8, '');
"""

# In these the engine has the word: what it refuses, and in which words.
OWN = {"a key of another type", "a value that is too long", "a syntax error in a script", "a key that is there twice", "a column that every row needs",
       "a default that is no SQL", "a view on a table that is not there",
       # SQLite takes these
       "more digits of a second than there are",
       "a text of no length", "more digits than there are", "a name that is too long", "a name that is empty", "a key that has a column twice",
       "a number out of range", "a default that is too long", "a reference to no key", "an index named as a key"} | more.OWN


def column(old, new):
    assert MODEL.count(old) == 1, old
    return MODEL.replace(old, new)


def models():
    """What validate says to a model."""
    nick = "nick: {type: string(20)}"
    yield "a tab", column("      nick:", "\tnick:")
    yield "a comma that ends a value", column(nick, "nick: {type: numeric(10,2)}")
    yield "null: false", column(nick, "nick: {type: string(20), null: false}")
    yield "an unknown type", column(nick, "nick: {type: strng(20)}")
    yield "no type", column(nick, "nick: {nullable: false}")
    yield "now() as a text", column(nick, "nick: {type: datetime, default: now()}")
    yield "a text as a number", column(nick, "nick: {type: integer, default: abc}")
    yield "maybe as a truth value", column(nick, "nick: {type: boolean, default: maybe}")
    yield "a key of another type", column("person_id: {type: integer}", "person_id: {type: text, references: person.id}")
    yield "a reference to no table", column("person_id: {type: integer}", "person_id: {type: integer, references: people.id}")
    yield "a reference to no column", column("person_id: {type: integer}", "person_id: {type: integer, references: person.ident}")
    yield "a column twice", column("      code:", "      nick: {type: text}\n      code:")
    yield "an index on no column", column("      code: {type: text}\n", "      code: {type: text}\n    indexes: {ix_code: [cod]}\n")
    yield "an unknown section", MODEL.replace("tables:", "table:")


def more_models():
    """The same, of what an engine would refuse only when the revision runs."""
    nick, person = "nick: {type: string(20)}", "person_id: {type: integer}"
    yield "a number out of range", column(nick, "nick: {type: smallint, default: 40000}")
    yield "a default that is too long", column(nick, "nick: {type: string(3), default: abcd}")
    yield "a day that is none", column(nick, "nick: {type: date, default: 2026-02-30}")
    yield "a reference to no key", column(person, "person_id: {type: string(20), references: person.nick}")
    yield "set null of what cannot be null", column(person, "person_id: {type: integer, references: person.id, on_delete: set null, nullable: false}")
    yield "an action that is none", column(person, "person_id: {type: integer, references: person.id, on_delete: cascde}")
    yield "two columns that refer to one", MODEL + "    foreign_keys: {fk: {columns: [id, person_id], references: person(id)}}\n"
    yield "an index named as a key", MODEL + "    indexes: {one: [body]}\n    unique: {one: [body]}\n"
    yield "an identity that is a text", column(nick, "nick: {type: text, identity: always}")
    yield "a check without an expression", MODEL + "    checks: {nothing: ''}\n"
    yield "two renames of one column", column(nick, "nick: {type: string(20), renamed_from: alias}\n      call: {type: text, renamed_from: alias}")
    yield "a list of tables", "tables:\n  - person\n"
    yield "an enum without the default", column(nick, "nick: {enum: [red, green], default: gren}")
    yield "a mixin that is not there", MODEL.replace("  note:\n", "  note:\n    mixins: [stamps]\n")
    yield "an option of another engine's name", MODEL.replace("  note:\n", "  note:\n    options: {mysqll: {engine: InnoDB}}\n")
    yield "a blank that is missing", column(nick, "nick:{type: string(20)}")
    yield "a blank that is missing before a text", column("id: {type: integer, primary_key: true}\n      person_id", "id:integer\n      person_id")
    yield "a blank that is missing in braces", column(nick, "nick: {type:string(20)}")
    yield "a text of no length", column(nick, "nick: {type: string(0)}")
    yield "more digits than there are", column(nick, 'nick: {type: "numeric(2000,2)"}')
    yield "more digits of a second than there are", column(nick, "nick: {type: timestamp(7)}")
    yield "a name that is too long", column(nick, "n" * 70 + ": {type: string(20)}")
    yield "a name that is empty", column(nick, '"": {type: string(20)}')
    yield "a key that has a column twice", MODEL + "    unique: {twice: [body, body]}\n"
    yield "an identity that begins below its minimum", column("id: {type: integer, primary_key: true}\n      name", "id: {type: integer, primary_key: true, identity: {start: 5, minimum: 10}}\n      name")
    yield "a row that does not fit its column", MODEL + "data: {note: {key: id, rows: [{id: one, body: x}]}}\n"


def asked():
    """What check hears from the engine, which has no statement to run yet."""
    yield "a default that is no SQL", column("nick: {type: string(20)}", 'nick: {type: string(20), default: {sql: "(("}}')
    yield "a view on a table that is not there", MODEL + "views: {lost: SELECT id FROM nowhere}\n"


SCRIPTS = {
    "a script without a section": "SELECT 1;\n",
    "a misspelled section": "-- cmigrate: upgrde\nSELECT 1;\n",
    "a misspelled word after it": "-- cmigrate: upgrade no-transction\nSELECT 1;\n",
    "a date that is none": "-- cmigrate: created yesterday\n-- cmigrate: upgrade\nSELECT 1;\n",
    "a quote without its end": "-- cmigrate: upgrade\nINSERT INTO note VALUES (1, 'x);\n",
    "a variable that is not set": "-- cmigrate: upgrade\nSELECT '${x.region}';\n",
}

CALLS = {
    "steps the wrong way": ("upgrade", "-1"), "no step at all": ("upgrade", "+0"), "two ways to look": ("upgrade", "--dry-run", "--sql"),
    "a variable without a name": ("upgrade", "-x", "=1"), "an option that is not there": ("check", "--nonsense"),
    "a form that is not there": ("current", "--format", "xml"), "a file that is not there": ("diff", "nothing.yaml"),
    "an unknown database": ("current", "--url", "oracle://localhost/x"), "a URL that is a path": ("current", "--url", "app.db"),
}


def rows():
    """What migrate says where rows are in the way."""
    yield "NULL before NOT NULL", column("nick: {type: string(20)}", "nick: {type: string(20), nullable: false}")
    yield "duplicates before UNIQUE", column("nick: {type: string(20)}", "nick: {type: string(20), unique: true}")
    yield "orphans before a foreign key", column("person_id: {type: integer}", "person_id: {type: integer, references: person.id}")
    yield "rows before a check", column("      body: {type: string(40)}\n", "      body: {type: string(40)}\n    checks: {body_not_empty: \"body <> ''\"}\n")
    yield "a text that is no number", column("code: {type: text}", "code: {type: integer}")
    yield "a value that is too long", column("body: {type: string(40)}", "body: {type: string(5)}")
    yield "a column that every row needs", column("      code:", "      born: {type: integer, nullable: false}\n      code:")


class Project:
    def __init__(self, program, engine):
        self.program, self.engine, self.said = program, engine, []
        self.path = os.path.realpath(tempfile.mkdtemp(prefix="cmmistakes-"))
        self.database = f"cmmistakes_{os.getpid()}"
        self.client = None
        self.url = "sqlite:///app.db"
        if engine != "sqlite":
            server = os.environ[f"CMIGRATE_TEST_{engine.upper()}"].rstrip("/")
            self.client = sqlclient.of(server)
            self.url = f"{server}/{self.database}"
            self.admin(f"create database {self.database};")
        self.config()
        self.write("schema.yaml", MODEL)

    def close(self):
        if self.client:
            self.admin(f"drop database {self.database};")
        shutil.rmtree(self.path, ignore_errors=True)

    def admin(self, text):
        done = self.client.run(text, "postgres" if self.engine.startswith("pg") else "mysql")
        assert done.returncode == 0, done.stderr

    def sql(self, text):
        if self.client:
            done = self.client.run(text, self.database)
            assert done.returncode == 0, done.stderr
            return
        con = sqlite3.connect(os.path.join(self.path, "app.db"))
        con.executescript(text)
        con.close()

    def config(self, more=""):
        self.write("cmigrate.yaml", f'url: "${{TEST_URL}}"\ndrift: ignore\n{more}')

    def write(self, name, text):
        name = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write(text)

    def scripts(self):
        folder = os.path.join(self.path, "migrations")
        return {os.path.join(folder, n) for n in os.listdir(folder)} if os.path.isdir(folder) else set()

    def call(self, *words):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "PG", "NO_COLOR"))}
        env.update(LC_ALL="C.UTF-8", HOME=self.path, TEST_URL=self.url)
        return subprocess.run([self.program, *words], cwd=self.path, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120)

    def must(self, *words):
        done = self.call(*words)
        assert done.returncode == 0, f"cmigrate {' '.join(words)}: {done.returncode}\n{done.stdout.decode()}"

    def mistake(self, name, *words):
        done = self.call(*words)
        self.said.append((name, self.settled(f"$ cmigrate {' '.join(words)}\n{done.stdout.decode()}") + f"exit {done.returncode}\n"))

    def settled(self, text):
        shown = re.sub(r"//([^:/@]+):[^@/]+@", r"//\1:***@", self.url)
        for url in (self.url, shown):
            text = text.replace(url, "<database>")
        text = text.replace("`", '"').replace('"public".', "").replace('"main".', "").replace(f'"{self.database}".', "")
        text = re.sub(r"\b\d+(\.\d+)? (ms|s)\b", "<ms>", text)
        return re.sub(r"\d{14}_", "<time>_", text.replace(self.database, "<name>"))


def make_mistakes(p):
    for name, model in (*models(), *more_models(), *more.models(MODEL, column)):
        p.write("schema.yaml", model)
        p.mistake(name, "validate")
    p.write("schema.yaml", MODEL)

    p.config("lock_timout: 5s\n")
    p.mistake("an unknown key of cmigrate.yaml", "check")
    p.config('environments: {production: {url: "sqlite:///p.db"}}\n')
    p.mistake("the beginning of an environment's name", "-n", "prod", "check")
    for name, text in more.CONFIGS.items():
        p.config(text)
        p.mistake(name, "check")
    for name, url in more.URLS.items():
        p.write("cmigrate.yaml", f"url: {url}\n")
        p.mistake(name, "check")
    p.config("schema: shema.yaml\n")
    p.mistake("a model that is not there", "validate")
    p.config()
    p.mistake("a command of another tool", "rollback")

    p.must("migrate", "-m", "first", "--rev-id", "aaaa1111", "--no-lint")
    p.mistake("migrate again before upgrade", "migrate", "-m", "second")
    p.must("upgrade")
    p.sql(ROWS)
    first = p.scripts()
    for name, model in (*rows(), *more.rows(MODEL, column)):
        p.write("schema.yaml", model)
        p.mistake(name, "migrate", "-m", "x", "--rev-id", "bbbb2222", "--no-lint")
        for written_now in p.scripts() - first:
            os.remove(written_now)
    p.write("schema.yaml", MODEL)

    for name, model in (*asked(), *more.asked(MODEL, column)):
        p.write("schema.yaml", model)
        p.mistake(name, "check")
    p.write("schema.yaml", MODEL)

    p.mistake("an unknown revision", "upgrade", "bbbb")
    p.mistake("create in a database that is in use", "create")
    p.mistake("replace what is applied", "migrate", "--replace")
    p.write("migrations/b.sql", script("bbbb2222", "CREATE TABLE extra (\n  id integer,\n  name varchar(9) NOT NULLL\n);"))
    p.mistake("a syntax error in a script", "upgrade")
    for name, text in (*SCRIPTS.items(), *more.SCRIPTS.items()):
        p.write("migrations/b.sql", f"-- cmigrate: revision bbbb2222\n-- cmigrate: parents aaaa1111\n{text}")
        p.mistake(name, "upgrade")
    p.write("migrations/b.sql", script("bbbb2222", "INSERT INTO note (id, person_id, body) VALUES (1, 1, 'x');"))
    p.mistake("a key that is there twice", "upgrade")
    for name, text in more.HEADS.items():
        p.write("migrations/b.sql", text)
        p.mistake(name, "upgrade")
    os.remove(os.path.join(p.path, "migrations/b.sql"))
    for name, words in (*CALLS.items(), *more.CALLS.items()):
        p.mistake(name, *words)
    away(p)
    stopped_by_rows(p, first)
    p.must("downgrade", "base")
    p.mistake("downgrade at the base", "downgrade")


def away(p):
    """Servers that do not answer, and a file that cannot be made: in the words of each engine, with the same advice."""
    if p.engine == "sqlite":
        p.mistake("a folder that is not there", "upgrade", "--url", "sqlite:///nowhere/app.db")
        return
    scheme, rest = p.url.split("://", 1)
    p.mistake("a server that is down", "current", "--url", f"{scheme}://127.0.0.1:1/x")
    p.mistake("a host that is not there", "current", "--url", f"{scheme}://nohost.invalid/x")
    p.mistake("a database that is not there", "current", "--url", p.url + "_not")


def stopped_by_rows(p, first):
    """What upgrade says of rows that came into the way after migrate."""
    for name, model in rows():
        p.write("schema.yaml", model)
        p.must("migrate", "-m", "x", "--rev-id", "bbbb2222", "--no-lint")
        p.mistake(name + ", met by upgrade", "upgrade")
        if p.said[-1][1].endswith("exit 0\n"):  # SQLite keeps a text of any length
            p.said.pop()
            p.must("downgrade")
        for written_now in p.scripts() - first:
            os.remove(written_now)
    p.write("schema.yaml", MODEL)


def script(revision, statement):
    return f"-- cmigrate: revision {revision}\n-- cmigrate: parents aaaa1111\n-- cmigrate: message rows\n\n-- cmigrate: upgrade\n{statement}\n-- cmigrate: downgrade\n"


def written(said):
    return "\n".join(f"== {name}\n{text}" for name, text in said)


def blocks(text):
    return dict((part.split("\n", 1) + [""])[:2] for part in ("\n" + text).split("\n== ")[1:])


def common(text):
    """Without what the engine spells: how a change is written, and the query that shows the rows."""
    kept = []
    for line in text.strip().split("\n"):
        _, verdict, reason = line.partition("upgrade will fail: ")
        if verdict or not re.match(r"  +([-+~] |SELECT )", line):
            kept.append(verdict + reason if reason else line)
    return "\n".join(kept)


def differences(what, want, got):
    return "\n".join(difflib.unified_diff(want.split("\n"), got.split("\n"), "expected" + what, "got", lineterm=""))


def main():
    program, engine = os.path.abspath(sys.argv[1]), sys.argv[2]
    if engine != "sqlite" and not os.environ.get(f"CMIGRATE_TEST_{engine.upper()}"):
        print(f"no server {engine}")
        return 1 if os.environ.get("CMIGRATE_TEST_REQUIRE") == "all" else 77
    project = Project(program, engine)
    try:
        make_mistakes(project)
    finally:
        project.close()
    got = written(project.said)
    file, reference = os.path.join(HERE, "mistakes", f"{engine}.txt"), os.path.join(HERE, "mistakes", "sqlite.txt")
    if os.environ.get("UPDATE_CASES"):
        with open(file, "w", encoding="utf-8") as f:
            f.write(got)
    want = open(file, encoding="utf-8").read()
    faults = [] if want == got else [differences("", want, got)]
    ours, theirs = blocks(got), blocks(open(reference, encoding="utf-8").read())
    for name in ours:
        if name not in OWN and not name.endswith((", met by upgrade", "is not there", "is down")) and common(ours[name]) != common(theirs.get(name, "")):
            faults.append(f"'{name}' does not read as on SQLite:\n" + differences(" (sqlite)", theirs.get(name, ""), ours[name]))
        if "exit 0" not in ours[name] and not any(word in ours[name] for word in ("hint:", "did you mean", "Next:", "write ", "is indented by", "here again", "the other is here", "first here", "must name a table: ", "must be a text", "which the value", "must be true or false", "a closing quote", "no closing")):
            faults.append(f"'{name}': nothing says what to do:\n{ours[name]}")
    print("\n".join(faults) or f"{len(ours)} mistakes")
    return 1 if faults or len(ours) < 30 else 0


if __name__ == "__main__":
    sys.exit(main())
