#!/usr/bin/env python3
"""Does `cmigrate prove` refute wrong revisions, and let right ones pass?

Each right revision below has mutations: one text of it put in another's place, as a tired person would. They are proved on
SQLite behind the same first revision.

    mutations.py [--sample N] [-k TEXT] [-v] CMIGRATE      0: of the wrong ones 98 in 100 are refuted, of the right ones none
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

BASE = """
CREATE TABLE author (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, email VARCHAR(80) UNIQUE, born DATE, rank SMALLINT NOT NULL DEFAULT 3);
CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE, title VARCHAR(60) NOT NULL,
    price NUMERIC(8,2) CHECK (price >= 0), state VARCHAR(10) NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'out', 'gone')), note TEXT);
CREATE TABLE shelf (code VARCHAR(8) PRIMARY KEY, place VARCHAR(30), width INTEGER NOT NULL DEFAULT 100);
CREATE TABLE placed (book_id INTEGER NOT NULL REFERENCES book (id), shelf_code VARCHAR(8) NOT NULL REFERENCES shelf (code),
    seen TIMESTAMP, PRIMARY KEY (book_id, shelf_code));
CREATE INDEX ix_book_title ON book (title);
CREATE UNIQUE INDEX ix_author_name ON author (name, born);
CREATE VIEW cheap AS SELECT id, title FROM book WHERE price < 10;
CREATE TRIGGER book_note AFTER UPDATE OF title ON book BEGIN UPDATE book SET note = 'renamed' WHERE id = new.id; END;
"""

BOOK = """CREATE TABLE {name} (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE, title {title} NOT NULL,
    price NUMERIC(8,2) CHECK (price >= 0), state VARCHAR(10) NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'out', 'gone')), note TEXT)"""
COLUMNS = "id, author_id, title, price, state, note"


def rebuild(title):
    """SQLite's own way to change a column, with all that hangs on the table."""
    return ["PRAGMA foreign_keys = OFF", "DROP VIEW cheap", BOOK.format(name="book_new", title=title),
            f"INSERT INTO book_new ({COLUMNS}) SELECT {COLUMNS} FROM book", "DROP TABLE book", "ALTER TABLE book_new RENAME TO book",
            "CREATE INDEX ix_book_title ON book (title)", "CREATE VIEW cheap AS SELECT id, title FROM book WHERE price < 10",
            "CREATE TRIGGER book_note AFTER UPDATE OF title ON book BEGIN UPDATE book SET note = 'renamed' WHERE id = new.id; END"]


# name; upgrade; downgrade; head lines; mutations: (side, what is replaced, by what)
UP, DOWN, HEAD = "up", "down", "head"
RIGHT = [
    ("add column", ["ALTER TABLE author ADD COLUMN bio TEXT DEFAULT 'none'"], ["ALTER TABLE author DROP COLUMN bio"], [], [
        (DOWN, "ALTER TABLE author DROP COLUMN bio", "SELECT 1"),
        (DOWN, "DROP COLUMN bio", "DROP COLUMN rank"),
        (DOWN, "DROP COLUMN bio", "RENAME COLUMN bio TO old_bio"),
        (DOWN, "author DROP COLUMN bio", "shelf DROP COLUMN width"),
        (UP, "DEFAULT 'none'", "DEFAULT 'none'; DELETE FROM placed"),
        (UP, "DEFAULT 'none'", "DEFAULT 'none'; UPDATE author SET rank = 1"),
        (UP, "DEFAULT 'none'", "DEFAULT 'none'; UPDATE book SET price = 0 WHERE id = 3"),
        (UP, "TEXT DEFAULT 'none'", "TEXT NOT NULL"),
        (UP, "ALTER TABLE author ADD COLUMN bio", "ALTER TABLE writer ADD COLUMN bio")]),
    ("drop column", ["ALTER TABLE shelf DROP COLUMN place"], ["ALTER TABLE shelf ADD COLUMN place VARCHAR(30)"], ["loses shelf.place moved out"], [
        (HEAD, "loses shelf.place moved out", "message x"),
        (HEAD, "loses shelf.place", "loses shelf.width"),
        (HEAD, "loses shelf.place", "loses book.place"),
        (DOWN, "VARCHAR(30)", "VARCHAR(20)"),
        (DOWN, "VARCHAR(30)", "VARCHAR(30) DEFAULT ''"),
        (DOWN, "VARCHAR(30)", "VARCHAR(30) NOT NULL DEFAULT ''"),
        (DOWN, "VARCHAR(30)", "VARCHAR(30) COLLATE NOCASE"),
        (DOWN, "place VARCHAR", "location VARCHAR"),
        (DOWN, "ALTER TABLE shelf", "ALTER TABLE book"),
        (DOWN, "VARCHAR(30)", "TEXT"),
        (DOWN, "ALTER TABLE shelf ADD COLUMN place VARCHAR(30)", "SELECT 1"),
        (UP, "DROP COLUMN place", "DROP COLUMN place; DELETE FROM placed WHERE book_id > 4")]),
    ("drop column with default", ["ALTER TABLE author DROP COLUMN rank"], ["ALTER TABLE author ADD COLUMN rank SMALLINT NOT NULL DEFAULT 3"],
     ["loses author.rank"], [
        (HEAD, "loses author.rank", "message x"),
        (DOWN, " DEFAULT 3", " DEFAULT 0"),
        (DOWN, " NOT NULL DEFAULT 3", " DEFAULT 3"),
        (DOWN, " NOT NULL DEFAULT 3", ""),
        (DOWN, "SMALLINT", "INTEGER"),
        (DOWN, "DEFAULT 3", "DEFAULT 3 CHECK (rank > 0)")]),
    ("index", ["CREATE INDEX ix_book_state ON book (state)"], ["DROP INDEX ix_book_state"], [], [
        (DOWN, "DROP INDEX ix_book_state", "SELECT 1"),
        (DOWN, "ix_book_state", "ix_book_title"),
        (DOWN, "DROP INDEX ix_book_state", "DROP INDEX ix_book_state; DROP INDEX ix_book_title"),
        (UP, "CREATE INDEX", "CREATE UNIQUE INDEX"),
        (UP, "(state)", "(status)"),
        (UP, "CREATE INDEX ix_book_state ON book (state)", "DROP INDEX ix_book_title; CREATE INDEX ix_book_state ON book (state)")]),
    ("drop index", ["DROP INDEX ix_author_name"], ["CREATE UNIQUE INDEX ix_author_name ON author (name, born)"], [], [
        (DOWN, "UNIQUE ", ""),
        (DOWN, "(name, born)", "(born, name)"),
        (DOWN, "(name, born)", "(name)"),
        (DOWN, "(name, born)", "(name, born) WHERE rank > 1"),
        (DOWN, "(name, born)", "(name, born DESC)"),
        (DOWN, "(name, born)", "(name COLLATE NOCASE, born)"),
        (DOWN, "ix_author_name ON", "ix_author ON"),
        (DOWN, "ON author (name, born)", "ON author (name, born, id)"),
        (DOWN, "CREATE UNIQUE INDEX ix_author_name ON author (name, born)", "SELECT 1")]),
    ("rename column", ["ALTER TABLE shelf RENAME COLUMN width TO cm"], ["ALTER TABLE shelf RENAME COLUMN cm TO width"], [], [
        (DOWN, "TO width", "TO breadth"),
        (DOWN, "ALTER TABLE shelf RENAME COLUMN cm TO width", "SELECT 1"),
        (DOWN, "RENAME COLUMN cm", "RENAME COLUMN place"),
        (UP, "TO cm", "TO cm; UPDATE shelf SET cm = cm * 10"),
        (DOWN, "TO width", "TO width; UPDATE shelf SET width = 100")]),
    ("rename table", ["ALTER TABLE shelf RENAME TO rack"], ["ALTER TABLE rack RENAME TO shelf"], [], [
        (DOWN, "TO shelf", "TO shelves"),
        (DOWN, "ALTER TABLE rack RENAME TO shelf", "SELECT 1"),
        (DOWN, "ALTER TABLE rack RENAME TO shelf", "CREATE TABLE shelf AS SELECT * FROM rack; DROP TABLE rack"),
        (UP, "TO rack", "TO rack; DELETE FROM placed")]),
    ("create table", ["CREATE TABLE tag (id INTEGER PRIMARY KEY, word TEXT UNIQUE, book_id INTEGER REFERENCES book (id))", "CREATE INDEX ix_tag ON tag (book_id)"],
     ["DROP TABLE tag"], [], [
        (DOWN, "DROP TABLE tag", "DROP INDEX ix_tag"),
        (DOWN, "DROP TABLE tag", "DROP TABLE placed"),
        (DOWN, "DROP TABLE tag", "DROP TABLE tag; DELETE FROM placed WHERE seen IS NULL"),
        (DOWN, "DROP TABLE tag", "ALTER TABLE tag RENAME TO tag_old"),
        (UP, "CREATE TABLE tag", "DROP VIEW cheap; CREATE TABLE tag"),
        (UP, "CREATE TABLE tag", "DROP TRIGGER book_note; CREATE TABLE tag")]),
    ("drop table", ["DROP TABLE placed"],
     ["CREATE TABLE placed (book_id INTEGER NOT NULL REFERENCES book (id), shelf_code VARCHAR(8) NOT NULL REFERENCES shelf (code), "
      "seen TIMESTAMP, PRIMARY KEY (book_id, shelf_code))"], ["loses placed nobody reads it"], [
        (HEAD, "loses placed nobody reads it", "message x"),
        (HEAD, "loses placed", "loses placed.seen"),
        (HEAD, "loses placed", "loses book"),
        (DOWN, " REFERENCES shelf (code)", ""),
        (DOWN, ", PRIMARY KEY (book_id, shelf_code)", ""),
        (DOWN, "PRIMARY KEY (book_id, shelf_code)", "PRIMARY KEY (book_id)"),
        (DOWN, "seen TIMESTAMP, ", ""),
        (DOWN, "shelf_code VARCHAR(8) NOT NULL", "shelf_code VARCHAR(8)"),
        (DOWN, "REFERENCES book (id)", "REFERENCES book (id) ON DELETE CASCADE"),
        (DOWN, "seen TIMESTAMP", "seen DATE"),
        (DOWN, "CREATE TABLE placed", "CREATE TABLE place")]),
    ("wider column by a rebuild", rebuild("VARCHAR(200)"), rebuild("VARCHAR(60)"), [], [
        (UP, f"SELECT {COLUMNS}", "SELECT id, author_id, note, price, state, title"),
        (UP, f"SELECT {COLUMNS}", "SELECT id, author_id, substr(title, 1, 20), price, state, note"),
        (UP, f"SELECT {COLUMNS}", "SELECT id, author_id, upper(title), price, state, note"),
        (UP, f"SELECT {COLUMNS}", "SELECT id, author_id, trim(title), price, state, note"),
        (UP, f"SELECT {COLUMNS}", "SELECT id, author_id, title, round(price), state, note"),
        (UP, f"SELECT {COLUMNS}", "SELECT id, author_id, title, price, state, NULL"),
        (UP, f"SELECT {COLUMNS}", "SELECT id, author_id, title, price, 'draft', note"),
        (UP, f"SELECT {COLUMNS}", "SELECT id, (SELECT min(id) FROM author), title, price, state, note"),
        (UP, "FROM book", "FROM book WHERE price IS NOT NULL"),
        (UP, "FROM book", "FROM book WHERE id > 2"),
        (UP, "FROM book", "FROM book LIMIT 10"),
        (UP, "FROM book", "FROM book JOIN author ON author.id = book.author_id AND author.rank > 0 WHERE 0"),
        (DOWN, f"SELECT {COLUMNS}", "SELECT id, author_id, note, price, state, title"),
        (DOWN, f"SELECT {COLUMNS}", "SELECT id, author_id, substr(title, 1, 40), price, state, note"),
        (DOWN, "FROM book", "FROM book WHERE note IS NOT NULL"),
        (DOWN, f"{COLUMNS}) SELECT {COLUMNS}", "id, author_id, title, price, state) SELECT id, author_id, title, price, state"),
        (DOWN, f"{COLUMNS}) SELECT {COLUMNS}", "id, author_id, title, price, note) SELECT id, author_id, title, price, note"),
        (DOWN, "CREATE INDEX ix_book_title ON book (title)", "SELECT 1"),
        (DOWN, "CREATE INDEX ix_book_title", "CREATE INDEX ix_title"),
        (DOWN, "WHERE price < 10", "WHERE price < 100"),
        (DOWN, "CREATE VIEW cheap AS SELECT id, title FROM book WHERE price < 10", "SELECT 1"),
        (DOWN, "AFTER UPDATE OF title", "AFTER UPDATE"),
        (DOWN, " ON DELETE CASCADE", ""),
        (DOWN, " REFERENCES author (id) ON DELETE CASCADE", ""),
        (DOWN, " CHECK (price >= 0)", ""),
        (DOWN, "price >= 0", "price > 0"),
        (DOWN, " DEFAULT 'draft'", ""),
        (DOWN, "DEFAULT 'draft'", "DEFAULT 'out'"),
        (DOWN, "'out', 'gone'", "'out'"),
        (DOWN, "VARCHAR(60) NOT NULL", "VARCHAR(60)"),
        (DOWN, "VARCHAR(60)", "VARCHAR(50)"),
        (DOWN, "author_id INTEGER NOT NULL", "author_id INTEGER"),
        (DOWN, "NUMERIC(8,2)", "NUMERIC(6,2)"),
        (DOWN, "INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"),
        (DOWN, "note TEXT", "note TEXT, extra TEXT")]),
    ("backfill", ["ALTER TABLE author ADD COLUMN alias VARCHAR(80)", "UPDATE author SET alias = email", "ALTER TABLE author ADD COLUMN checked INTEGER"],
     ["UPDATE author SET email = alias", "ALTER TABLE author DROP COLUMN checked", "ALTER TABLE author DROP COLUMN alias"], [], [
        (UP, "SET alias = email", "SET alias = name"),
        (UP, "SET alias = email", "SET alias = email WHERE id > 7"),
        (UP, "SET alias = email", "SET alias = lower(email)"),
        (UP, "SET alias = email", "SET email = alias"),
        (UP, "UPDATE author SET alias = email", "SELECT 1"),
        (DOWN, "SET email = alias", "SET email = name"),
        (DOWN, "SET email = alias", "SET email = NULL"),
        (DOWN, "SET email = alias", "SET name = alias WHERE alias IS NOT NULL"),
        (DOWN, "ALTER TABLE author DROP COLUMN checked", "SELECT 1")]),
    ("rows", ["INSERT INTO shelf (code, place) VALUES ('zz-new', 'cellar')"], ["DELETE FROM shelf WHERE code = 'zz-new'"], [], [
        (DOWN, " WHERE code = 'zz-new'", ""),
        (DOWN, "DELETE FROM shelf WHERE code = 'zz-new'", "SELECT 1"),
        (DOWN, "code = 'zz-new'", "code = 'zz'"),
        (DOWN, "code = 'zz-new'", "width = 100"),
        (UP, "INSERT INTO shelf (code, place) VALUES ('zz-new', 'cellar')", "UPDATE shelf SET place = 'cellar'")]),
    ("numbers in another unit", ["UPDATE shelf SET width = width + 1000 WHERE width < 1000000"], ["UPDATE shelf SET width = width - 1000 WHERE width < 1001000"], [], [
        (DOWN, "- 1000", "- 100"),
        (DOWN, "width - 1000", "width"),
        (UP, "width + 1000", "abs(width)"),
        (UP, "width + 1000", "coalesce(NULL, 5)")]),
]


def script(name, dialect, up, down, head):
    lines = ["-- cmigrate: revision 000000000002", "-- cmigrate: parents 000000000001", f"-- cmigrate: message {name}", f"-- cmigrate: dialect {dialect}"]
    lines += ["-- cmigrate: " + line for line in head if not line.startswith("message")]
    for word, statements in (("upgrade", up), ("downgrade", down)):
        lines += ["", f"-- cmigrate: {word}"] + [s + ";" for s in statements]
    return "\n".join(lines) + "\n"


def mutate(right, mutation):
    name, up, down, head, _ = right
    side, old, new = mutation
    parts = {UP: list(up), DOWN: list(down), HEAD: list(head)}
    changed = [text.replace(old, new) for text in parts[side]]
    assert changed != parts[side], f"{name}: there is no '{old}' in its {side}"
    parts[side] = changed
    return parts[UP], parts[DOWN], parts[HEAD]


def prove(program, folder, text):
    with open(os.path.join(folder, "migrations", "2_x.sql"), "w", encoding="utf-8") as f:
        f.write(text)
    env = {k: v for k, v in os.environ.items() if not k.startswith("CMIGRATE_")}
    p = subprocess.run([program, "prove", "head", "--format", "json"], cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    try:
        answer = json.loads(p.stdout)
    except ValueError:
        return p.returncode, p.stdout + p.stderr
    found = [f"{f['step']}: {f['object']}: {f['message']}" for r in answer.get("revisions", []) for f in r["findings"]]
    return p.returncode, "\n".join(found) or p.stdout + p.stderr


def judge(args, dialect, url, base, rights):
    """Proves the right revisions, and the mutations of them: the status of the test."""
    program = os.path.abspath(args.program)
    folder = tempfile.mkdtemp(prefix="cmprove-")
    os.mkdir(os.path.join(folder, "migrations"))
    with open(os.path.join(folder, "cmigrate.yaml"), "w") as f:
        f.write(f"url: {json.dumps(url)}\n")
    with open(os.path.join(folder, "migrations", "1_base.sql"), "w") as f:
        f.write(f"-- cmigrate: revision 000000000001\n-- cmigrate: dialect {dialect}\n\n-- cmigrate: upgrade\n{base}\n-- cmigrate: downgrade\n")
    wrong = [(right, m) for right in rights for m in right[4] if args.k in right[0]]
    if args.sample and args.sample < len(wrong):
        wrong = [wrong[i * len(wrong) // args.sample] for i in range(args.sample)]
    bad = refuted = tried = 0
    for right in rights:
        if args.k not in right[0] or (args.sample and not any(r is right for r, _ in wrong)):
            continue
        tried += 1
        code, said = prove(program, folder, script(right[0], dialect, *right[1:4]))
        if code:
            bad += 1
            print(f"refuted although right: {right[0]}\n{said}")
    for right, mutation in wrong:
        code, said = prove(program, folder, script(right[0], dialect, *mutate(right, mutation)))
        refuted += code == 1
        if code != 1:
            print(f"not refuted ({code}): {right[0]}: {mutation[0]}: {mutation[1]!r} -> {mutation[2]!r}" + (f"\n{said}" if code else ""))
        elif args.v:
            print(f"{right[0]}: {mutation[0]}: {mutation[1]!r} -> {mutation[2]!r}\n    {said.splitlines()[0]}")
    shutil.rmtree(folder)
    print(f"{refuted} of {len(wrong)} wrong revisions refuted, {bad} of {tried} right ones")
    return bad > 0 or refuted < len(wrong) * 0.98


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("--sample", type=int, default=0, help="so many of the wrong ones, taken evenly")
    ap.add_argument("-k", default="")
    ap.add_argument("-v", action="store_true")
    return judge(ap.parse_args(), "sqlite", "sqlite:///none.db", BASE, RIGHT)


if __name__ == "__main__":
    sys.exit(main())
