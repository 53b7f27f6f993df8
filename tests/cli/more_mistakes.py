"""More mistakes for mistakes.py, of the same kinds and some others."""

# In these the engine has the word.
OWN = {"a key that may be null", "a type of one engine", "more places than digits", "a key of two columns to one", "names that differ in case",
       "columns that differ in case", "a length that is a word", "a check on no column", "a generated column of no column", "a function that is not there", "a view of no column",
       "a number that is too large", "a text that is no date", "a text that is no uuid", "a text that is no truth value", "a text that is no json", "NULL before a primary key",
       "a table that is not there", "a column that is not there", "a table that is there", "a column that is there", "an index that is not there",
       "a drop of a missing table", "a transaction in a script", "a comma too many", "a semicolon that is missing", "too few values",
       "NULL where a value must be", "a value left out that must be", "an update to NULL where a value must be", "a command of a client", "a folder as the database", "a file that is no database", "a column that counts and is no key", "values beside an enum"}


def models(model, column):
    """What validate says to a model."""
    nick, person, ident = "nick: {type: string(20)}", "person_id: {type: integer}", "id: {type: integer, primary_key: true}\n      person_id"
    yield "a key that may be null", column(ident, "id: {type: integer, primary_key: true, nullable: true}\n      person_id")
    yield "two primary keys", model + "    primary_key: [person_id]\n"
    yield "a key of no column", column(ident, "id: {type: integer}\n      person_id") + "    primary_key: [ident]\n"
    yield "maybe as nullable", column(nick, "nick: {type: string(20), nullable: maybe}")
    yield "a length that is a word", column(nick, "nick: {type: string(abc)}")
    yield "a type of one engine", column(nick, "nick: {type: int(11)}")
    yield "more places than digits", column(nick, 'nick: {type: "numeric(2,5)"}')
    yield "columns as a list", "tables:\n  person:\n    columns: [id, name]\n"
    yield "a table without columns", model + "  empty: {}\n"
    yield "a misspelled key of an index", model + "    indexes: {ix_body: {columns: [body], unqiue: true}}\n"
    yield "a key of two columns to one", model + "    foreign_keys: {fk: {columns: [person_id], references: 'person(id, name)'}}\n"
    yield "a view without a query", model + "views: {v: ''}\n"
    yield "a foreign key to a view", model.replace(person, "person_id: {type: integer, references: v.id}") + "views: {v: SELECT 1 AS id}\n"
    yield "a fraction as a whole number", column(nick, "nick: {type: integer, default: 1.5}")
    yield "a value of an enum twice", column(nick, "nick: {enum: [red, green, red]}")
    yield "an alias of nothing", column(nick, "nick: *short")
    yield "a brace that is not closed", column(nick, "nick: {type: string(20)")
    yield "a bracket that is not closed", model + "    indexes: {ix: [body}\n"
    yield "a quote that is not closed", column(nick, "nick: {type: text, default: 'x}")
    yield "indented by one more", column("      nick:", "       nick:")
    yield "a colon in a text", column(nick, "nick: {type: text, comment: note: short}")
    yield "a colon in a text of its own line", column(nick, "nick:\n        type: text\n        comment: note: short")
    yield "names that differ in case", model + "  Person:\n    columns:\n      id: {type: integer, primary_key: true}\n"
    yield "columns that differ in case", column("      code:", "      Nick: {type: text}\n      code:")
    yield "a table twice", model + "  person:\n    columns:\n      id: {type: integer, primary_key: true}\n"
    yield "on_delete without references", column(person, "person_id: {type: integer, on_delete: cascade}")
    yield "a list of references", column(person, "person_id: {type: integer, references: [person.id]}")
    yield "a text as the model", "person\n"
    yield "SQL instead of YAML", "CREATE TABLE person (id integer);\n"
    yield "an index without columns", model + "    indexes: {ix: []}\n"
    yield "a trigger under its table", model + "    triggers: {t: {on: insert, body: SELECT 1}}\n"
    yield "an hour that no clock has", column(nick, "nick: {type: datetime, default: '2026-01-01 25:61'}")
    yield "the first line of a conflict", column("      code:", "<<<<<<< HEAD\n      code:")
    yield "the middle line of a conflict", model.replace("  note:\n", "=======\n  note:\n")
    yield "the last line of a conflict", model.replace("  note:\n", ">>>>>>> topic\n  note:\n")
    yield "a length beside the type", column(nick, "nick: {type: string, length: 20}")
    yield "not_null as in SQL", column(nick, "nick: {type: text, not_null: true}")
    yield "ondelete in one word", column(person, "person_id: {type: integer, references: person.id, ondelete: cascade}")
    yield "a key in capitals", column(nick, "nick: {Type: text}")
    yield "a type of Python", column(nick, "nick: {type: str}")
    yield "columns without 'columns'", "tables:\n  person:\n    id: {type: integer, primary_key: true}\n"
    yield "tables without 'tables'", "person:\n  columns:\n    id: {type: integer, primary_key: true}\n"
    yield "NOT NULL after a type", column(nick, "nick: text not null")
    yield "UNIQUE after a type", column(nick, "nick: varchar(20) unique")
    yield "NOT NULL after digits", column(nick, 'nick: {type: "numeric(10,2) not null"}')
    yield "a foreign key after a type", column(person, "person_id: integer references person(id)")
    yield "a moment as a default", column(nick, "nick: {type: datetime, default: CURRENT_TIMESTAMP}")
    yield "a number without a value", column(nick, "nick: {type: integer, default: ''}")
    yield "a day first", column(nick, "nick: {type: date, default: 28.02.2026}")
    yield "a function as a uuid", column(nick, "nick: {type: uuid, default: uuid()}")
    yield "JSON as a default", column(nick, "nick: {type: json, default: {}}")
    yield "an action after a reference", column(person, "person_id: {type: integer, references: person.id on delete cascade}")
    yield "a foreign key as a list", model + "    foreign_keys: [person_id]\n"
    yield "an association as a list", model + "many_to_many: {person_note: [person, note]}\n"
    yield "an enum of one word", column(nick, "nick: {enum: red}")
    yield "an enum as in MySQL", column(nick, "nick: {type: enum(red, green)}")
    yield "values beside an enum", column(nick, "nick: {type: enum, values: [red, green]}")
    yield "required as in other tools", column(nick, "nick: {type: text, required: true}")
    yield "a text that counts", column(nick, "nick: {type: text, autoincrement: true}")
    yield "a column that counts and is no key", column(person, "person_id: {type: integer, autoincrement: true}")
    yield "a view as a mapping of SQL", model + "views: {v: {sql: SELECT id FROM person}}\n"
    yield "a trigger without its statement", model + "triggers: {t: {table: person}}\n"
    yield "a text that begins with a percent sign", column(nick, "nick: {type: text, default: %x}")
    yield "a hash in a text", column(nick, "nick: {type: text, comment: #1 of all}")
    yield "an array in braces", column(nick, "nick: {type: text[], nullable: false}")
    yield "a no-break space", column(nick, "nick:\u00a0{type: text}")
    yield "an equals sign", column(nick, "nick = text")
    yield "two models in one file", model + "---\n" + model
    yield "a row as a mapping", model + "data: {note: {key: id, rows: {id: 1}}}\n"
    yield "a row without its key", model + "data: {note: {rows: [{body: x}]}}\n"
    yield "rows by a column that is no key", model + "data: {note: {key: body, rows: [{body: x}]}}\n"
    yield "a row of no column", model + "data: {note: {key: id, rows: [{id: 1, bodyy: x}]}}\n"
    yield "rows of no table", model + "data: {notes: {key: id, rows: [{id: 1}]}}\n"
    yield "a row that cannot be inserted", model + "data: {person: {key: id, rows: [{id: 1}]}}\n"
    yield "rows of a file that is missing", model + "data: {note: {file: notes.csv}}\n"
    yield "rows of a file of another kind", model + "data: {note: {file: schema.xlsx}}\n"
    yield "a generated column with a default", column(nick, "nick: {type: text, default: x, generated: \"name || 'x'\"}")


def asked(model, column):
    """What check hears from the engine."""
    nick = "nick: {type: string(20)}"
    yield "a check on no column", model + "    checks: {c: \"bodyy <> ''\"}\n"
    yield "a view of no column", model + "views: {v: SELECT nam FROM person}\n"
    yield "a generated column of no column", column(nick, 'nick: {type: text, generated: "upper(nam)"}')
    yield "a function that is not there", column(nick, "nick: {type: text, default: {sql: nofunction()}}")


def rows(model, column):
    """What migrate says where rows are in the way."""
    nick, code = "nick: {type: string(20)}", "code: {type: text}"
    yield "a number that is too large", column("person_id: {type: integer}", "person_id: {type: smallint}")
    yield "a value that the enum does not have", column(nick, "nick: {enum: [a, c]}")
    yield "duplicates before a unique index", column("      code: {type: text}\n", "      code: {type: text}\n    indexes: {ix_nick: {columns: [nick], unique: true}}\n")
    yield "NULL before a primary key", column("id: {type: integer, primary_key: true}\n      name", "id: {type: integer}\n      name").replace(nick, "nick: {type: string(20), primary_key: true}")
    yield "a text that is no date", column(code, "code: {type: date}")
    yield "a text that is no truth value", column(code, "code: {type: boolean}")
    yield "a text that is no uuid", column(code, "code: {type: uuid}")
    yield "a text that is no json", column(code, "code: {type: json}")


CONFIGS = {
    "a conflict in cmigrate.yaml": "<<<<<<< HEAD\n", "a folder that is a file": "directory: schema.yaml\n", "a rule that is none": "lint: {rules: {L9999: off}}\n",
    "a time in words": "lock_timeout: 5 minutes\n", "an environment as a word": "environments: production\n", "a policy that is none": "destructive: never\n",
    "maybe in cmigrate.yaml": "linear: maybe\n", "a tab in cmigrate.yaml": "environments:\n\tdev: {}\n", "a key twice": "drift: warn\n",
    "a second document": "---\nlinear: true\n", "the folder of the project as the model": "schema: .\n",
    "a setting of Alembic": "script_location: alembic\n", "a word for unmanaged": "unmanaged: ignore\n", "a negative time": "lock_timeout: -5\n",
    "databases as a word": "databases: app\n",
    "a variable that is not there": 'schema: "${NOTHING}"\n', "a hook that is none": "hooks: {after_migrat: [true]}\n",
}

URLS = {
    "a variable without braces": '"$DATABASE_URL"', "a command of the shell": '"$(cat url)"', "a brace of a variable that is not closed": '"${DATABASE_URL"',
    "the form of Java in cmigrate.yaml": "jdbc:postgresql://h/x", "a URL as a mapping": "{host: h}", "a place of an ini file": "sqlite:///%(here)s/app.db",
}

SCRIPTS = {
    "a table that is not there": "-- cmigrate: upgrade\nINSERT INTO persn (id) VALUES (1);\n",
    "a column that is not there": "-- cmigrate: upgrade\nUPDATE person SET nam = 'x';\n",
    "a table that is there": "-- cmigrate: upgrade\nCREATE TABLE person (id integer);\n",
    "a column that is there": "-- cmigrate: upgrade\nALTER TABLE person ADD COLUMN nick text;\n",
    "a drop of a missing table": "-- cmigrate: upgrade\nDROP TABLE missing_one;\n",
    "a comma too many": "-- cmigrate: upgrade\nCREATE TABLE extra (\n  id integer,\n  name text,\n);\n",
    "a semicolon that is missing": "-- cmigrate: upgrade\nUPDATE person SET nick = 'x'\nUPDATE person SET nick = 'y';\n",
    "a comment without its end": "-- cmigrate: upgrade\nSELECT 1; /* later\n",
    "too few values": "-- cmigrate: upgrade\nINSERT INTO note (id, body) VALUES (9);\n",
    "NULL where a value must be": "-- cmigrate: upgrade\nINSERT INTO person (id, name) VALUES (9, NULL);\n",
    "a value left out that must be": "-- cmigrate: upgrade\nINSERT INTO person (id) VALUES (9);\n",
    "an update to NULL where a value must be": "-- cmigrate: upgrade\nUPDATE person SET name = NULL;\n",
    "a command of a client": "-- cmigrate: upgrade\n\\d person\n",
    "the first line of a conflict in a script": "-- cmigrate: upgrade\nSELECT 1;\n<<<<<<< HEAD\nSELECT 2;\n",
    "the middle line of a conflict in a script": "-- cmigrate: upgrade\nCREATE TABLE extra (\n  id integer,\n=======\n  name text\n);\n",
    "the last line of a conflict in a script": "-- cmigrate: upgrade\nSELECT 1;\n>>>>>>> topic\n",
    "a misspelled engine": "-- cmigrate: upgrade (sqlight)\nSELECT 1;\n",
    "a section of another name": "-- cmigrate: up\nSELECT 1;\n",
    "a section of goose": "-- +goose Up\nSELECT 1;\n",
    "a section in capitals": "-- cmigrate: Upgrade\nSELECT 1;\n",
    "a file in Latin-1": "-- cmigrate: upgrade\nUPDATE person SET nick = 'J\udcfcrgen';\n",
}

HEADS = {
    "a conflict above the head": "<<<<<<< HEAD\n-- cmigrate: revision bbbb2222\n-- cmigrate: parents aaaa1111\n-- cmigrate: upgrade\n-- cmigrate: downgrade\n",
    "a misspelled line of the head": "-- cmigrate: revison bbbb2222\n-- cmigrate: parents aaaa1111\n-- cmigrate: upgrade\n-- cmigrate: downgrade\n",
    "a parent that is not there": "-- cmigrate: revision bbbb2222\n-- cmigrate: parents aaab1111\n-- cmigrate: upgrade\n-- cmigrate: downgrade\n",
    "a revision twice": "-- cmigrate: revision aaaa1111\n-- cmigrate: upgrade\n-- cmigrate: downgrade\n",
    "a revision that is its own parent": "-- cmigrate: revision bbbb2222\n-- cmigrate: parents bbbb2222\n-- cmigrate: upgrade\n-- cmigrate: downgrade\n",
    "a script without a head": "CREATE TABLE x (id integer);\n",
    "an id with a blank": "-- cmigrate: revision bb bb\n-- cmigrate: upgrade\n-- cmigrate: downgrade\n",
}

CALLS = {
    "settings that are not there": ("-c", "nope.yaml", "check"), "a folder as the settings": ("-c", "migrations", "check"), "a URL of Java": ("current", "--url", "jdbc:postgresql://h/x"),
    "a port of 0": ("current", "--url", "postgresql://h:0/x"), "a port that is a word": ("current", "--url", "mysql://h:abc/x"), "one dash too few": ("check", "-url", "x"),
    "a folder of scripts that is not there": ("-d", "nowhere", "history"), "more steps down than there are": ("downgrade", "-7"),
    "an unknown revision to stamp": ("stamp", "bbbb"), "an id that is none": ("revision", "-m", "x", "--rev-id", "a b"), "too many arguments": ("upgrade", "head", "base"),
    "an inspect over a file": ("inspect", "-o", "schema.yaml"), "a lint since nothing": ("lint", "--since", "nothing"), "a lint of no file": ("lint", "nothing.sql"),
    "an option without its value": ("migrate", "-m"), "init again": ("init",), "a template that is not there": ("init", "-t", "x", "sub"),
    "a rename of nothing": ("migrate", "-m", "x", "--rename", "a.b=c"), "a rename without its new name": ("migrate", "-m", "x", "--rename", "person"),
    "an environment without any": ("-n", "prod", "check"), "targets that are not there": ("upgrade", "--targets", "nothing.txt"),
    "two slashes in a URL": ("current", "--url", "sqlite://app.db"), "a URL without its colon": ("current", "--url", "postgresql//h/x"),
    "a port that is too high": ("current", "--url", "postgresql://h:99999/x"), "a misspelled parameter of a URL": ("current", "--url", "postgresql://127.0.0.1:1/x?sslmod=require"),
    "a URL without a database": ("current", "--url", "mysql://root@127.0.0.1:1"), "a folder as the database": ("current", "--url", "sqlite:///migrations"),
    "a file that is no database": ("current", "--url", "sqlite:///schema.yaml"),
    "a message without -m": ("migrate", "add nick"), "a command of Flask": ("db", "upgrade"), "a command of Django": ("makemigrations",),
    "autogenerate as in Alembic": ("revision", "--autogenerate", "-m", "x"), "an option with an underscore": ("upgrade", "--dry_run"),
    "the message before the command": ("-m", "x", "migrate"), "a range without --sql": ("upgrade", "aaaa1111:"), "a step the wrong way down": ("downgrade", "+1"),
    "another tool's name": ("import", "alembik", "."), "a name of a shell": ("completion", "powershell"), "a variable without a value": ("upgrade", "-x", "region"),
    "the form of Java for SQLite": ("current", "--url", "jdbc:sqlite:app.db"),
}
