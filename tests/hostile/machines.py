#!/usr/bin/env python3
"""Odd machines: no hard links, standard streams that are closed, a database file whose schema is hostile.

    machines.py CMIGRATE sqlite|pg15|pg18 NO_LINKS.so
"""
import os
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

MODEL = "tables:\n  note: {columns: {id: {type: integer, primary_key: true}, text: {type: string(20), nullable: true}}}\n"


def no_hard_links(program, engine):
    project = kit.Project(program, engine.fresh("links"))
    env = {"LD_PRELOAD": os.path.abspath(sys.argv[3])}
    project.write("schema.yaml", MODEL)
    project.call("migrate", "-m", "first", env=env, status=0)
    if len(project.scripts()) != 1 or b"note" not in open(project.scripts()[0], "rb").read():
        raise AssertionError(project.scripts())
    project.call("upgrade", env=env, status=0)
    project.call("check", env=env, status=0)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([project.program, "init", "--url", project.url], cwd=folder, env=dict(os.environ, **env), capture_output=True)
        if done.returncode or not os.path.getsize(os.path.join(folder, "cmigrate.yaml")):
            raise AssertionError(done.stderr)
        again = subprocess.run([project.program, "init", "--url", project.url], cwd=folder, env=dict(os.environ, **env), capture_output=True)
        if again.returncode == 0 or [name for name in os.listdir(folder) if "-0" in name]:
            raise AssertionError((again.stderr, os.listdir(folder)))
    project.close()
    engine.drop()


def closed_streams(program, engine):
    """What is printed goes nowhere: not into the file or the socket that took the stream's number."""
    project = kit.Project(program, engine.fresh("streams"))
    project.write("schema.yaml", MODEL)
    for closed in ("0<&-", "1>&-", "2>&-", "0<&- 1>&-", "0<&- 1>&- 2>&-"):
        for words in ("migrate -m x", "upgrade -v", "current", "inspect", "downgrade base", "upgrade", "check"):
            done = subprocess.run(["sh", "-c", f"exec '{project.program}' {words} {closed}"], cwd=project.folder, capture_output=True, timeout=60)
            if done.returncode < 0:
                raise AssertionError(f"{words} {closed}: {done.returncode}")
        project.call("upgrade", status=0)
        project.call("check", status=0)
        project.call("downgrade", "base", status=0)
    project.close()
    engine.drop()


def a_hostile_schema_is_not_trusted(program, engine):
    if engine.key != "sqlite":
        return
    project = kit.Project(program, engine.fresh("schema"), "exclude: [evil, seen]\n")
    project.write("schema.yaml", MODEL)
    project.call("migrate", "-m", "first", status=0)
    project.call("upgrade", status=0)
    with sqlite3.connect(engine.file) as db:
        # what is not innocuous, where the program itself writes
        db.executescript("CREATE TRIGGER evil AFTER INSERT ON cmigrate_history BEGIN SELECT fts3_tokenizer('simple'); END;")
    project.write("migrations/zz.sql", "-- cmigrate: revision zz\n-- cmigrate: parents " + os.path.basename(project.scripts()[0]).split("_")[1] +
                  "\n-- cmigrate: upgrade\nCREATE TABLE more (id int);\nPRAGMA writable_schema = ON;\nUPDATE sqlite_master SET sql = 'CREATE TABLE more (id text)'"
                  " WHERE name = 'more';\nPRAGMA writable_schema = RESET;\n-- cmigrate: downgrade\nDROP TABLE more;\n")
    refused = project.call("upgrade")
    if refused.status == 0 or b"fts3_tokenizer" not in refused.said:
        raise AssertionError(refused.text())
    engine.script("DROP TRIGGER evil")
    project.call("upgrade", status=0)
    if engine.rows("SELECT type FROM pragma_table_info('more')") != [("TEXT",)] and engine.rows("SELECT type FROM pragma_table_info('more')") != [("text",)]:
        raise AssertionError("a script may write to sqlite_master where SQLite lets it")
    project.close()
    engine.drop()


if __name__ == "__main__":
    sys.exit(kit.run(no_hard_links, closed_streams, a_hostile_schema_is_not_trusted))
