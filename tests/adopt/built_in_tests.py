#!/usr/bin/env python3
"""The four tests that pytest-alembic brings, beside those of `cmigrate test`, on one project: right, and with each fault in turn.

    built_in_tests.py CMIGRATE

What pytest-alembic does in each of its tests is done here with Alembic's own functions, so that it need not be installed.
"""
import json
import os
import shutil
import sys

from kit import Folder, need, same

NAMES = {
    "test_single_head_revision": "single-head",
    "test_upgrade": "upgrade",
    "test_model_definitions_match_ddl": "model-equals-history",
    "test_up_down_consistency": "up-down-up",
}
THEIRS = """
import json, os, sys
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

metadata = sa.MetaData()
sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80)), sa.Column("born", sa.Integer))
config = Config("alembic.ini")
scripts = ScriptDirectory.from_config(config)


def database():
    if os.path.exists("theirs.db"):
        os.remove("theirs.db")


def test_single_head_revision():
    assert len(scripts.get_heads()) == 1


def test_upgrade():
    database()
    command.upgrade(config, "heads")


def test_model_definitions_match_ddl():
    database()
    command.upgrade(config, "heads")
    with sa.create_engine("sqlite:///theirs.db").connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), metadata)


def test_up_down_consistency():
    database()
    revisions = [r.revision for r in scripts.walk_revisions()]
    for revision in reversed(revisions):
        command.upgrade(config, revision)
    for revision in revisions:
        command.downgrade(config, scripts.get_revision(revision).down_revision or "base")


answer = {}
for test in (test_single_head_revision, test_upgrade, test_model_definitions_match_ddl, test_up_down_consistency):
    try:
        test()
        answer[test.__name__] = "passed"
    except Exception:
        answer[test.__name__] = "failed"
print(json.dumps(answer))
"""
REVISION = '''"""{rev}

Revision ID: {rev}
Create Date: 2026-01-02 03:04:05.678901

"""
from alembic import op
import sqlalchemy as sa

revision = '{rev}'
down_revision = {down}


def upgrade():
    {up}


def downgrade():
    {back}
'''
ENV = """from alembic import context
from sqlalchemy import create_engine

if context.is_offline_mode():
    context.configure(url="sqlite:///theirs.db", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine("sqlite:///theirs.db").connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""
MODEL = "tables: {person: {columns: {id: {type: integer, primary_key: true}, name: string(80), born: integer}}}\n"
TABLE = "op.create_table('person', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(80)))"
RIGHT = {
    "a1": ("None", TABLE, "op.drop_table('person')"),
    "b1": ("'a1'", "op.add_column('person', sa.Column('born', sa.Integer))", "op.drop_column('person', 'born')"),
}
FAULTS = {
    "nothing": {},
    "test_single_head_revision": {"c1": ("'a1'", "pass", "pass")},
    "test_upgrade": {"b1": ("'a1'", "op.add_column('persons', sa.Column('born', sa.Integer))", "pass")},
    "test_model_definitions_match_ddl": {"b1": ("'a1'", "op.add_column('person', sa.Column('born2', sa.Integer))", "op.drop_column('person', 'born2')")},
    "test_up_down_consistency": {"b1": ("'a1'", RIGHT["b1"][1], "op.drop_column('person', 'birthday')")},
}


def write(folder, revisions):
    shutil.rmtree(folder.path, ignore_errors=True)
    folder.write("alembic.ini", "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///theirs.db\n")
    folder.write("migrations/env.py", ENV)
    folder.write("migrations/script.py.mako", "")
    for rev, (down, up, back) in revisions.items():
        folder.write(f"migrations/versions/{rev}.py", REVISION.format(rev=rev, down=down, up=up, back=back))
    folder.write("theirs.py", THEIRS)
    folder.write("ours/schema.yaml", MODEL)
    folder.write("ours/cmigrate.yaml", "url: sqlite:///ours.db\n")


def main():
    need("alembic")
    folder = Folder(sys.argv[1])
    try:
        for fault, changed in FAULTS.items():
            write(folder, {**RIGHT, **changed})
            theirs = json.loads(folder.run("/usr/bin/python3" if os.path.exists("/usr/bin/alembic") else "python3", "theirs.py").splitlines()[-1])
            folder.run("cmigrate", "import", "alembic", folder.path, "--no-stamp", cwd="ours")
            asked = [word for name in NAMES.values() for word in ("--run", name)]
            ours = json.loads(folder.run("cmigrate", "test", "--format", "json", *asked, cwd="ours", status=0 if fault == "nothing" else 1))
            ours = {test["name"]: test["status"] for test in ours["tests"]}
            print(f"{fault:34}" + "  ".join(f"{name} {theirs[name]}, {own} {ours[own]}" for name, own in NAMES.items()))
            for name, own in NAMES.items():
                same(f"with the fault of {fault}: {name}, {own}", ours[own], theirs[name])
            if fault != "nothing":
                same(f"the fault of {fault} is found", theirs[fault], "failed")
    finally:
        folder.remove()


if __name__ == "__main__":
    main()
