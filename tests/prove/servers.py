#!/usr/bin/env python3
"""The laws of mutations.py on servers: wrong revisions, made from right ones, are refuted, and right ones are not.

    servers.py --engine pg18 [--sample N] [-k TEXT] [-v] CMIGRATE      on the server of CMIGRATE_TEST_PG18
"""
import argparse
import os
import sys

from mutations import DOWN, HEAD, UP, judge

# What {…} stands for: PostgreSQL, then MySQL and MariaDB.
WORDS = {"on:author": ("", " ON author"), "on:book": ("", " ON book"), "fk": ("CONSTRAINT", "FOREIGN KEY"), "ts": ("timestamp", "datetime"),
         "after": ("", " AFTER code")}
BASE = """
CREATE TABLE author (id integer PRIMARY KEY, name varchar(40) NOT NULL, email varchar(80) UNIQUE, born date, code smallint NOT NULL DEFAULT 3);
CREATE TABLE book (id integer PRIMARY KEY, author_id integer NOT NULL, title varchar(60) NOT NULL, price numeric(8,2), state varchar(10) NOT NULL DEFAULT 'draft',
    note varchar(200), CONSTRAINT book_author FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE, CONSTRAINT price_is CHECK (price >= 0));
CREATE TABLE shelf (code varchar(8) PRIMARY KEY, place varchar(30), width integer NOT NULL DEFAULT 100);
CREATE TABLE placed (book_id integer NOT NULL, shelf_code varchar(8) NOT NULL, seen {ts}, PRIMARY KEY (book_id, shelf_code),
    CONSTRAINT placed_book FOREIGN KEY (book_id) REFERENCES book (id), CONSTRAINT placed_shelf FOREIGN KEY (shelf_code) REFERENCES shelf (code));
CREATE INDEX ix_book_title ON book (title);
CREATE UNIQUE INDEX ix_author_name ON author (name, born);
"""
CHEAP = "CREATE VIEW cheap AS SELECT id, title FROM book WHERE price < 10"
PLACED = ("CREATE TABLE placed (book_id integer NOT NULL, shelf_code varchar(8) NOT NULL, seen {ts}, PRIMARY KEY (book_id, shelf_code), "
          "CONSTRAINT placed_book FOREIGN KEY (book_id) REFERENCES book (id), CONSTRAINT placed_shelf FOREIGN KEY (shelf_code) REFERENCES shelf (code))")

# As in mutations.py: name, upgrade, downgrade, head, mutations.
BOTH = [
    ("add column", ["ALTER TABLE author ADD COLUMN bio varchar(50) DEFAULT 'none'"], ["ALTER TABLE author DROP COLUMN bio"], [], [
        (DOWN, "ALTER TABLE author DROP COLUMN bio", "SELECT 1"),
        (DOWN, "DROP COLUMN bio", "DROP COLUMN code"),
        (DOWN, "DROP COLUMN bio", "RENAME COLUMN bio TO old_bio"),
        (UP, "DEFAULT 'none'", "DEFAULT 'none'; DELETE FROM placed"),
        (UP, "DEFAULT 'none'", "DEFAULT 'none'; UPDATE author SET code = 1"),
        (UP, "DEFAULT 'none'", "DEFAULT 'none'; UPDATE book SET price = 0 WHERE id = 3"),
        (UP, "ALTER TABLE author", "ALTER TABLE writer")]),
    ("drop column", ["ALTER TABLE shelf DROP COLUMN place"], ["ALTER TABLE shelf ADD COLUMN place varchar(30){after}"], ["loses shelf.place moved out"], [
        (HEAD, "loses shelf.place moved out", "message x"),
        (HEAD, "loses shelf.place", "loses shelf.width"),
        (DOWN, "varchar(30)", "varchar(20)"),
        (DOWN, "varchar(30)", "varchar(30) DEFAULT ''"),
        (DOWN, "varchar(30)", "varchar(30) NOT NULL DEFAULT ''"),
        (DOWN, "place varchar", "location varchar"),
        (DOWN, "varchar(30)", "text"),
        (DOWN, "ALTER TABLE shelf ADD COLUMN place varchar(30){after}", "SELECT 1"),
        (UP, "DROP COLUMN place", "DROP COLUMN place; DELETE FROM placed WHERE book_id > 4")]),
    ("drop column with default", ["ALTER TABLE author DROP COLUMN code"], ["ALTER TABLE author ADD COLUMN code smallint NOT NULL DEFAULT 3"], ["loses author.code"], [
        (HEAD, "loses author.code", "message x"),
        (DOWN, " DEFAULT 3", " DEFAULT 0"),
        (DOWN, " NOT NULL DEFAULT 3", " DEFAULT 3"),
        (DOWN, " NOT NULL DEFAULT 3", ""),
        (DOWN, "smallint", "integer"),
        (DOWN, "DEFAULT 3", "DEFAULT 3 CHECK (code > 0)")]),
    ("index", ["CREATE INDEX ix_book_state ON book (state)"], ["DROP INDEX ix_book_state{on:book}"], [], [
        (DOWN, "DROP INDEX ix_book_state{on:book}", "SELECT 1"),
        (DOWN, "ix_book_state", "ix_book_title"),
        (UP, "CREATE INDEX", "CREATE UNIQUE INDEX"),
        (UP, "(state)", "(status)"),
        (UP, "CREATE INDEX ix_book_state ON book (state)", "DROP INDEX ix_book_title{on:book}; CREATE INDEX ix_book_state ON book (state)")]),
    ("drop index", ["DROP INDEX ix_author_name{on:author}"], ["CREATE UNIQUE INDEX ix_author_name ON author (name, born)"], [], [
        (DOWN, "UNIQUE ", ""),
        (DOWN, "(name, born)", "(born, name)"),
        (DOWN, "(name, born)", "(name)"),
        (DOWN, "(name, born)", "(name, born DESC)"),
        (DOWN, "ix_author_name ON", "ix_author ON"),
        (DOWN, "(name, born)", "(name, born, id)"),
        (DOWN, "CREATE UNIQUE INDEX ix_author_name ON author (name, born)", "SELECT 1")]),
    ("rename column", ["ALTER TABLE shelf RENAME COLUMN width TO cm"], ["ALTER TABLE shelf RENAME COLUMN cm TO width"], [], [
        (DOWN, "TO width", "TO breadth"),
        (DOWN, "ALTER TABLE shelf RENAME COLUMN cm TO width", "SELECT 1"),
        (DOWN, "RENAME COLUMN cm", "RENAME COLUMN place"),
        (UP, "TO cm", "TO cm; UPDATE shelf SET cm = cm / 10"),
        (DOWN, "TO width", "TO width; UPDATE shelf SET width = 100")]),
    ("rename table", ["ALTER TABLE shelf RENAME TO rack"], ["ALTER TABLE rack RENAME TO shelf"], [], [
        (DOWN, "TO shelf", "TO shelves"),
        (DOWN, "ALTER TABLE rack RENAME TO shelf", "SELECT 1"),
        (UP, "TO rack", "TO rack; DELETE FROM placed")]),
    ("create table", ["CREATE TABLE tag (id integer PRIMARY KEY, word varchar(20) UNIQUE, book_id integer, CONSTRAINT tag_book FOREIGN KEY (book_id) REFERENCES book (id))"],
     ["DROP TABLE tag"], [], [
        (DOWN, "DROP TABLE tag", "SELECT 1"),
        (DOWN, "DROP TABLE tag", "DROP TABLE placed"),
        (DOWN, "DROP TABLE tag", "DROP TABLE tag; DELETE FROM placed WHERE seen IS NULL OR book_id > 2"),
        (DOWN, "DROP TABLE tag", "ALTER TABLE tag RENAME TO tag_old"),
        (UP, "CREATE TABLE tag", "DROP VIEW cheap; CREATE TABLE tag")]),
    ("drop table", ["DROP TABLE placed"], [PLACED], ["loses placed nobody reads it"], [
        (HEAD, "loses placed nobody reads it", "message x"),
        (HEAD, "loses placed", "loses placed.seen"),
        (HEAD, "loses placed", "loses book"),
        (DOWN, ", CONSTRAINT placed_shelf FOREIGN KEY (shelf_code) REFERENCES shelf (code)", ""),
        (DOWN, "PRIMARY KEY (book_id, shelf_code), ", ""),
        (DOWN, "PRIMARY KEY (book_id, shelf_code)", "PRIMARY KEY (shelf_code, book_id)"),
        (DOWN, "seen {ts}, ", ""),
        (DOWN, "REFERENCES book (id)", "REFERENCES book (id) ON DELETE CASCADE"),
        (DOWN, "seen {ts}", "seen date"),
        (DOWN, "seen {ts}", "seen {ts} NOT NULL"),
        (DOWN, "CREATE TABLE placed", "CREATE TABLE place")]),
    ("drop key", ["ALTER TABLE book DROP {fk} book_author"], ["ALTER TABLE book ADD CONSTRAINT book_author FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE"], [], [
        (DOWN, " ON DELETE CASCADE", ""),
        (DOWN, "CASCADE", "RESTRICT"),
        (DOWN, "book_author", "book_writer"),
        (DOWN, "ALTER TABLE book ADD CONSTRAINT book_author FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE", "SELECT 1")]),
    ("drop check", ["ALTER TABLE book DROP CONSTRAINT price_is"], ["ALTER TABLE book ADD CONSTRAINT price_is CHECK (price >= 0)"], [], [
        (DOWN, "price >= 0", "price > 0"),
        (DOWN, "price_is", "price_was"),
        (DOWN, "price >= 0", "price >= 0 AND price < 10"),
        (DOWN, "ALTER TABLE book ADD CONSTRAINT price_is CHECK (price >= 0)", "SELECT 1")]),
    ("add check", ["ALTER TABLE book ADD CONSTRAINT note_is CHECK (char_length(note) <= 200)"], ["ALTER TABLE book DROP CONSTRAINT note_is"], [], [
        (DOWN, "ALTER TABLE book DROP CONSTRAINT note_is", "SELECT 1"),
        (DOWN, "note_is", "price_is"),
        (UP, "<= 200", "<= 20")]),
    ("backfill", ["ALTER TABLE author ADD COLUMN alias varchar(80)", "UPDATE author SET alias = email", "ALTER TABLE author ADD COLUMN checked integer"],
     ["UPDATE author SET email = alias", "ALTER TABLE author DROP COLUMN checked", "ALTER TABLE author DROP COLUMN alias"], [], [
        (UP, "SET alias = email", "SET alias = name"),
        (UP, "SET alias = email", "SET alias = email WHERE id > 7"),
        (UP, "SET alias = email", "SET alias = lower(email)"),
        (UP, "SET alias = email", "SET email = alias"),
        (UP, "UPDATE author SET alias = email", "SELECT 1"),
        (DOWN, "SET email = alias", "SET email = NULL"),
        (DOWN, "SET email = alias", "SET name = left(alias, 40) WHERE alias IS NOT NULL"),
        (DOWN, "ALTER TABLE author DROP COLUMN checked", "SELECT 1")]),
    ("rows", ["INSERT INTO shelf (code, place) VALUES ('zz-new', 'cellar')"], ["DELETE FROM shelf WHERE code = 'zz-new'"], [], [
        (DOWN, "DELETE FROM shelf WHERE code = 'zz-new'", "SELECT 1"),
        (DOWN, "DELETE FROM shelf WHERE code = 'zz-new'", "DELETE FROM placed; DELETE FROM shelf"),
        (DOWN, "code = 'zz-new'", "code = 'zz'"),
        (UP, "INSERT INTO shelf (code, place) VALUES ('zz-new', 'cellar')", "UPDATE shelf SET place = 'cellar'")]),
    ("numbers in another unit", ["UPDATE shelf SET width = width + 1000 WHERE width < 1000000"], ["UPDATE shelf SET width = width - 1000 WHERE width < 1001000"], [], [
        (DOWN, "- 1000", "- 100"),
        (DOWN, "width - 1000", "width"),
        (UP, "width + 1000", "coalesce(NULL, 5)")]),
]
POSTGRESQL = [
    ("wider column", ["DROP VIEW cheap", "ALTER TABLE book ALTER title TYPE text", CHEAP], ["DROP VIEW cheap", "ALTER TABLE book ALTER title TYPE varchar(60)", CHEAP], [], [
        (UP, "TYPE text", "TYPE text USING left(title, 20)"),
        (UP, "TYPE text", "TYPE text USING upper(title)"),
        (UP, "TYPE text", "TYPE text USING note"),
        (UP, "TYPE text", "TYPE varchar(20) USING title::varchar(20)"),
        (DOWN, "varchar(60)", "varchar(50) USING left(title, 50)"),
        (DOWN, "varchar(60)", "varchar(60) USING trim(title)"),
        (DOWN, "ALTER TABLE book ALTER title TYPE varchar(60)", "SELECT 1"),
        (DOWN, "varchar(60)", "varchar(60), ALTER title SET DEFAULT ''"),
        (DOWN, "varchar(60)", "varchar(60), ALTER title DROP NOT NULL")]),
    ("numbers as texts", ["ALTER TABLE book ALTER price DROP DEFAULT", "DROP VIEW cheap", "ALTER TABLE book DROP CONSTRAINT price_is",
                          "ALTER TABLE book ALTER price TYPE text"],
     ["ALTER TABLE book ALTER price TYPE numeric(8,2) USING price::numeric", "ALTER TABLE book ADD CONSTRAINT price_is CHECK (price >= 0)",
      CHEAP], [], [
        (UP, "TYPE text", "TYPE text USING round(price)::text"),
        (DOWN, "numeric(8,2) USING price::numeric", "numeric(8,2) USING round(price::numeric)"),
        (DOWN, "numeric(8,2) USING price::numeric", "numeric(8,1) USING price::numeric(8,1)"),
        (DOWN, "price < 10", "price < 100"),
        (DOWN, CHEAP, "SELECT 1")]),
    ("default and null", ["ALTER TABLE shelf ALTER width DROP DEFAULT", "ALTER TABLE shelf ALTER width DROP NOT NULL"],
     ["ALTER TABLE shelf ALTER width SET NOT NULL", "ALTER TABLE shelf ALTER width SET DEFAULT 100"], [], [
        (DOWN, "SET DEFAULT 100", "SET DEFAULT 1000"),
        (DOWN, "ALTER TABLE shelf ALTER width SET DEFAULT 100", "SELECT 1"),
        (DOWN, "ALTER TABLE shelf ALTER width SET NOT NULL", "SELECT 1")]),
    ("type and function", ["CREATE TYPE mood AS ENUM ('sad', 'ok')", "ALTER TABLE author ADD m mood",
                           "CREATE FUNCTION two() RETURNS integer LANGUAGE sql AS 'SELECT 2'", "COMMENT ON TABLE book IS 'read'"],
     ["COMMENT ON TABLE book IS NULL", "DROP FUNCTION two()", "ALTER TABLE author DROP m", "DROP TYPE mood"], [], [
        (DOWN, "DROP TYPE mood", "SELECT 1"),
        (DOWN, "DROP FUNCTION two()", "SELECT 1"),
        (DOWN, "COMMENT ON TABLE book IS NULL", "SELECT 1"),
        (DOWN, "IS NULL", "IS 'was'")]),
]
MYSQL = [
    ("wider column", ["ALTER TABLE book MODIFY title varchar(200) NOT NULL"], ["ALTER TABLE book MODIFY title varchar(60) NOT NULL"], [], [
        (UP, "NOT NULL", "NOT NULL; UPDATE book SET title = left(title, 20)"),
        (UP, "varchar(200)", "varchar(20)"),
        (DOWN, "varchar(60)", "varchar(50)"),
        (DOWN, "varchar(60) NOT NULL", "varchar(60)"),
        (DOWN, "varchar(60) NOT NULL", "varchar(60) NOT NULL DEFAULT ''"),
        (DOWN, "varchar(60) NOT NULL", "varchar(60) NOT NULL COMMENT 'read'"),
        (DOWN, "varchar(60) NOT NULL", "varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL"),
        (DOWN, "varchar(60)", "text"),
        (DOWN, "MODIFY title", "MODIFY note"),
        (DOWN, "ALTER TABLE book MODIFY title varchar(60) NOT NULL", "SELECT 1")]),
    ("default and null", ["ALTER TABLE shelf MODIFY width bigint"], ["ALTER TABLE shelf MODIFY width integer NOT NULL DEFAULT 100"], [], [
        (DOWN, "DEFAULT 100", "DEFAULT 1000"),
        (DOWN, " NOT NULL", ""),
        (DOWN, " DEFAULT 100", ""),
        (DOWN, "width integer", "width integer unsigned"),
        (DOWN, "DEFAULT 100", "DEFAULT 100 AFTER code")]),
    ("view and trigger", ["DROP VIEW cheap", "CREATE TRIGGER book_note BEFORE INSERT ON book FOR EACH ROW SET NEW.note = coalesce(NEW.note, 'new')"],
     ["DROP TRIGGER book_note", CHEAP], [], [
        (DOWN, "price < 10", "price < 100"),
        (DOWN, "id, title", "title, id"),
        (DOWN, "DROP TRIGGER book_note", "SELECT 1"),
        (DOWN, CHEAP, "SELECT 1")]),
    ("table options", ["ALTER TABLE shelf COMMENT 'wood'"], ["ALTER TABLE shelf COMMENT ''"], [], [
        (DOWN, "''", "'was wood'"),
        (DOWN, "COMMENT ''", "COMMENT '', DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
        (DOWN, "ALTER TABLE shelf COMMENT ''", "SELECT 1")]),
]


def spelled(text, mysql):
    for word, forms in WORDS.items():
        text = text.replace("{" + word + "}", forms[mysql])
    return text


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("--engine", required=True, help="pg13 to pg18, mariadb, mysql")
    ap.add_argument("--sample", type=int, default=0, help="so many of the wrong ones, taken evenly")
    ap.add_argument("-k", default="")
    ap.add_argument("-v", action="store_true")
    args = ap.parse_args()
    variable = "CMIGRATE_TEST_" + args.engine.upper()
    url = os.environ.get(variable)
    if not url:
        print(f"no server: {variable} is not set")
        return 77
    mysql = not args.engine.startswith("pg")

    def say(texts):
        return [spelled(text, mysql) for text in texts]

    right = [(name, say(up), say(down), head, [(side, *say((old, new))) for side, old, new in wrong])
             for name, up, down, head, wrong in BOTH + (MYSQL if mysql else POSTGRESQL)]
    return judge(args, "mysql" if mysql else "postgresql", url.rstrip("/") + ("/mysql" if mysql else "/postgres"), spelled(BASE, mysql) + CHEAP + ";\n", right)


if __name__ == "__main__":
    sys.exit(main())
