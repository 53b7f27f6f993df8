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


sys.exit(main())
