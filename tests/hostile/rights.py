#!/usr/bin/env python3
"""The rights that docs/reliability.md lists are all that is needed.

    rights.py CMIGRATE pg15|pg18|mariadb|mysql

A role that has just these does all of the work: migrate, upgrade, check, downgrade, history, inspect, --from-history. Then one
that may only read asks all that is asked of it, and changes nothing. The lists below are those of the page.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

MODEL = """
tables:
  author: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), comment: who}}}
  book:
    columns:
      id: {type: integer, primary_key: true}
      author_id: {type: integer, references: author.id}
      kind: {enum: [a, b], default: a}
      price: {type: "numeric(10,2)", check: "price > 0"}
    indexes: {ix_book_price: {columns: [price]}}
views: {cheap: "SELECT id FROM book WHERE price < 10"}
"""
# of a role that migrates, and of one that only reads; {db} and {role} are filled in
RIGHTS = {
    "pg": (["GRANT CONNECT, TEMPORARY, CREATE ON DATABASE {db} TO {role}", "GRANT USAGE, CREATE ON SCHEMA public TO {role}"],
           ["GRANT CONNECT ON DATABASE {db} TO {role}", "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT ON cmigrate_version, cmigrate_history TO {role}"]),
    "mariadb": (["GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER, "
                 "CREATE ROUTINE, ALTER ROUTINE, EVENT ON {db}.* TO {role}",
                 "GRANT ALL ON `cmigrate\\_scratch\\_%`.* TO {role}"],
                ["GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON {db}.* TO {role}", "GRANT SELECT ON mysql.proc TO {role}"]),
}
RIGHTS["mysql"] = (RIGHTS["mariadb"][0], ["GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON {db}.* TO {role}", "GRANT SHOW_ROUTINE ON *.* TO {role}"])


def make(engine, role):
    if isinstance(engine, kit.Postgres):
        engine.script(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN PASSWORD 'pw'; REVOKE ALL ON DATABASE {engine.database} FROM PUBLIC;"
                      "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    else:
        engine.script(f"DROP USER IF EXISTS {role}@'127.0.0.1'; CREATE USER {role}@'127.0.0.1' IDENTIFIED BY 'pw'")


def grant(engine, role, statements):
    named = role if isinstance(engine, kit.Postgres) else f"{role}@'127.0.0.1'"
    for statement in statements:
        engine.script(statement.replace("{db}", engine.database).replace("{role}", named))


def forget(engine, role):
    if isinstance(engine, kit.Postgres):
        engine.script(f"REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}")
    else:
        engine.script(f"DROP USER {role}@'127.0.0.1'")


def url_of(engine, role):
    return f"{engine.base.split('://')[0]}://{role}:pw@{engine.host}:{engine.port}/{engine.database}"


def without_scratch(engine, project, role):
    """MySQL: who may not make databases replays in the one that scratch_url names, and leaves it empty."""
    spare = engine.database + "_spare"
    engine.script(f"REVOKE ALL ON `cmigrate\\_scratch\\_%`.* FROM {role}@'127.0.0.1'; DROP DATABASE IF EXISTS {spare}; CREATE DATABASE {spare};"
                  f"GRANT ALL ON {spare}.* TO {role}@'127.0.0.1'")
    with open(project.path("cmigrate.yaml"), "rb") as file:
        config = file.read().decode()
    for place, status in ((spare, 0), (spare, 0), (engine.database, 2)):
        project.write("cmigrate.yaml", config + f"\nscratch_url: '{url_of(engine, role).replace(engine.database, place)}'\n")
        project.call("check", "--history", status=status)
    engine.script(f"CREATE TABLE {spare}.precious (a int)")
    project.write("cmigrate.yaml", config + f"\nscratch_url: '{url_of(engine, role).replace(engine.database, spare)}'\n")
    project.call("check", "--history", status=2)
    engine.script(f"DROP DATABASE {spare}; GRANT ALL ON `cmigrate\\_scratch\\_%`.* TO {role}@'127.0.0.1'")
    project.write("cmigrate.yaml", config)


def main():
    program, word = sys.argv[1:3]
    engine = kit.engines(word)
    if engine is None:
        print(f"no {word}")
        return 77
    engine.fresh("rights")
    writes, reads = RIGHTS["pg" if isinstance(engine, kit.Postgres) else word]
    role, reader = f"hostile_w{os.getpid()}", f"hostile_r{os.getpid()}"
    make(engine, role)
    grant(engine, role, writes)
    project = kit.Project(program, url_of(engine, role))
    project.write("schema.yaml", MODEL)
    project.call("current", status=0)
    project.call("migrate", "-m", "first", status=0)
    project.call("upgrade", status=0)
    project.call("check", status=0)
    project.write("schema.yaml", MODEL.replace("string(40)", "string(80)").replace("price < 10", "price < 20"))
    project.call("migrate", "-m", "second", status=0)
    project.call("migrate", "-m", "again", "--from-history", "--sql")
    project.call("upgrade", status=0)
    project.call("check", status=0)
    if word != "pg15" and word != "pg18":
        without_scratch(engine, project, role)
    make(engine, reader)
    grant(engine, reader, reads)
    seen = kit.Project(program, url_of(engine, reader))
    for name in project.scripts():
        with open(name, "rb") as file:
            seen.write("migrations/" + os.path.basename(name), file.read())
    with open(project.path("schema.yaml"), "rb") as file:
        seen.write("schema.yaml", file.read())
    for words in (["current"], ["history", "-v"], ["inspect"], ["upgrade", "--dry-run"]):
        seen.call(*words, status=0)
    refused = seen.call("downgrade", "base")
    if refused.status not in (3, 4) or not refused.err:
        raise AssertionError(f"who may only read: exit {refused.status}: {refused.text()}")
    project.call("check", status=0)
    project.call("downgrade", "base", status=0)
    project.call("history", "-v", status=0)
    seen.close()
    project.close()
    forget(engine, reader)
    forget(engine, role)
    engine.drop()
    print(f"ok {engine.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
