#!/usr/bin/env python3
"""Secrets and values of rows are in no model, no script, no message and no history."""
import sys

from kit import case, main, truth

SECRETS = ("s3cret-a", "s3cret-b", "s3cret-c", "s3cret-d")


def holds_none(text, where):
    for secret in SECRETS:
        truth(secret not in text, f"{where} shows {secret}: {text}")


@case
def options_of_servers_wrappers_and_foreign_tables_are_read_without_secrets(t):
    t.sql("create foreign data wrapper w options (password 's3cret-a')",
          "create server s foreign data wrapper w options (host 'h', passcode 's3cret-b')",
          "create foreign table f (a int options (token 's3cret-c')) server s options (passfile 's3cret-d', kind 'k')")
    holds_none(t.must("inspect", "-o", "schema.yaml"), "inspect")
    said = t.read("schema.yaml")
    holds_none(said, "the model")
    truth("kind" in said and "host" in said, "the other options stay")
    t.must("check")
    t.write("schema.yaml", said.replace("server_options: kind=k", "server_options: \"kind=k, password=new\""))
    t.must("check")  # what is not read back makes no difference


@case
def a_failed_assertion_shows_the_key_alone(t):
    t.sql("create table person (id int primary key, mail text, hash text)",
          "insert into person values (7, null, 's3cret-a')")
    t.write("schema.yaml", "tables: {person: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, "
            "mail: {type: text, nullable: false}, hash: text}, primary_key: {columns: [id], name: person_pkey}}}\n")
    t.must("migrate", "-m", "x")
    said = t.must("upgrade", status=4, says="(first row: 7)")
    holds_none(said, "upgrade")
    holds_none(t.sql("select * from cmigrate_history"), "the history")


@case
def the_server_s_words_are_kept_without_the_values_in_them(t):
    t.sql("create table person (id int primary key, mail text)", "insert into person values (1, 's3cret-a'), (2, 's3cret-a')")
    t.write("migrations/one.sql", "-- cmigrate: revision one\n-- cmigrate: parents\n-- cmigrate: upgrade\n"
            "ALTER TABLE person ALTER mail TYPE int USING mail::int;\n")
    t.must("upgrade", status=4)
    kept = t.sql("select error from cmigrate_history")
    holds_none(kept, "the history")
    truth("invalid input syntax for type integer" in kept, kept)


@case
def a_row_that_a_check_refuses_is_not_printed(t):
    t.sql("create table person (id int primary key, mail text)", "insert into person values (1, 's3cret-a')")
    t.write("migrations/one.sql", "-- cmigrate: revision one\n-- cmigrate: parents\n-- cmigrate: upgrade\n"
            "ALTER TABLE person ADD CHECK (id > 1);\nUPDATE person SET id = NULL;\n")
    said = t.must("upgrade", status=4)
    holds_none(said, "upgrade")


# What the server quotes of rows where a statement fails at them: (a statement, what is still said)
AT_ROWS = (
    ("CREATE UNIQUE INDEX uq ON person (mail)", 'could not create unique index "uq"', "Key (mail)=(...) is duplicated."),
    ("ALTER TABLE person ALTER mail TYPE int USING mail::int", 'invalid input syntax for type integer: "..."', "LEFT OUT: values of rows; psql"),
    ("ALTER TABLE person ALTER mail TYPE date USING mail::date", 'invalid input syntax for type date: "..."', "LEFT OUT"),
    ("ALTER TABLE person ALTER mail TYPE json USING mail::json", "invalid input syntax for type json", "LEFT OUT"),
    ("ALTER TABLE person ADD FOREIGN KEY (mail) REFERENCES other", 'violates foreign key constraint "person_mail_fkey"', 'Key (mail)=(...) is not present'),
    ("ALTER TABLE person ADD EXCLUDE (mail WITH =)", "could not create exclusion constraint", "Key (mail)=(...)."),
    ("UPDATE person SET id = 1 WHERE id = 2", 'unique constraint "person_pkey"', "Key (id)=(...) already exists."),
    ("DO $$ DECLARE x text; BEGIN SELECT mail INTO x FROM person LIMIT 1; PERFORM x::int; END $$", 'for type integer: "..."', "PL/pgSQL function inline_code_block line 1"),
    ("DO $x$ BEGIN EXECUTE (SELECT format('SELECT %L::int', mail) FROM person LIMIT 1); END $x$", 'for type integer: "..."', "LEFT OUT"),
    ("ALTER TABLE person ALTER id TYPE smallint USING id * 1000000", "smallint out of range", ""),
)


@case
def a_statement_that_fails_at_a_row_does_not_print_it(t):
    t.sql("create table person (id int primary key, mail text)", "create table other (k text primary key)",
          "insert into person values (1, 's3cret-a'), (2, 's3cret-a')")
    for statement, message, detail in AT_ROWS:
        t.write("migrations/one.sql", f"-- cmigrate: revision one\n-- cmigrate: parents\n-- cmigrate: upgrade\n{statement};\n")
        said = t.must("upgrade", status=4)
        holds_none(said, statement)
        truth(message in said and detail in said, f"{statement}\n{said}")
    holds_none(t.sql("select * from cmigrate_history"), "the history")


# A function puts a statement together of rows, and it fails for another reason: (a statement, what is still said, what is not)
PUT_TOGETHER = (
    ("EXECUTE (SELECT format('SELECT %L::nothing', mail) FROM person)", 'type "..." does not exist', "PL/pgSQL function inline_code_block line 1 at EXECUTE"),
    ("EXECUTE (SELECT format('SELECT %I', mail) FROM person)", 'column "..." does not exist', "LEFT OUT: a statement that a function ran"),
    ("EXECUTE (SELECT format('DROP TABLE %I', mail) FROM person)", 'table "..." does not exist', "LEFT OUT"),
    ("EXECUTE (SELECT format('SELECT %s', mail) FROM person)", 'column "..." does not exist', "LEFT OUT"),
    ("EXECUTE (SELECT format(E'SELECT 1;\n\nSELECT 1 %L', mail) FROM person)", "syntax error at or near", "LEFT OUT"),
    ("DECLARE r record; BEGIN FOR r IN EXECUTE (SELECT format('SELECT %L FROM nothing', mail) FROM person) LOOP END LOOP; END",
     'relation "..." does not exist', "FOR over EXECUTE statement"),
    ("PERFORM * FROM nothing", 'relation "nothing" does not exist', "QUERY: SELECT * FROM nothing"),
    ("EXECUTE 'DROP TABLE nothing'", 'table "nothing" does not exist', 'CONTEXT: SQL statement "DROP TABLE nothing"'),
)


@case
def a_statement_that_a_function_puts_together_is_not_printed(t):
    t.sql("create table person (id int primary key, mail text)", "insert into person values (1, 's3cret-a')",
          "create function static() returns void language plpgsql as $$ begin\n perform a from nothing;\nend $$")
    for body, message, detail in PUT_TOGETHER + (("PERFORM static()", 'relation "nothing" does not exist', "QUERY: SELECT a from nothing"),):
        block = body if " BEGIN " in body else f"BEGIN {body}; END"
        t.write("migrations/one.sql", f"-- cmigrate: revision one\n-- cmigrate: parents\n-- cmigrate: upgrade\nDO $x$ {block} $x$;\n")
        code, said = t.call("upgrade")
        truth(code, said)
        holds_none(said, body)
        truth(message in said and detail in said, f"{body}\n{said}")
    holds_none(t.sql("select * from cmigrate_history"), "the history")


@case
def a_literal_of_the_script_is_printed(t):
    t.write("migrations/one.sql", "-- cmigrate: revision one\n-- cmigrate: parents\n-- cmigrate: upgrade\nSELECT 'twelve'::int;\n")
    t.must("upgrade", status=4, says='invalid input syntax for type integer: "twelve"')


sys.exit(main())
