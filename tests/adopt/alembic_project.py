#!/usr/bin/env python3
"""A project of Alembic with branches, a merge, a second base and dependencies is taken over in place.

    alembic_project.py CMIGRATE sqlite|pg15|mariadb

Two databases go the same way: one by Alembic alone, one by cmigrate with `version_table: alembic_version`. After every
step both must say the same of where they are, and be equal. Then Alembic goes on with the one that cmigrate has moved.
"""
import os
import sys

from kit import Folder, edges, ids, lines, need, same, skip

LOADING = "what an env.py prints: it's no SQL"  # on standard output, where the SQL comes too

REVISIONS = {
    "a1": ("None", "None", "None", "accounts", """
    op.create_table('account', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(40), nullable=False,
        server_default="it's; -- 100%"))
    op.bulk_insert(sa.table('account', sa.column('id', sa.Integer), sa.column('name', sa.String(40))),
        [{'id': 1, 'name': "a'b; c"}, {'id': 2, 'name': '50% off'}])
""", "op.drop_table('account')"),
    "b1": ("'a1'", "('shop',)", "None", "carts", """
    op.create_table('cart', sa.Column('id', sa.Integer, primary_key=True), sa.Column('owner', sa.Integer,
        sa.ForeignKey('account.id')), sa.Column('note', sa.String(20)))
""", "op.drop_table('cart')"),
    "b2": ("'b1'", "None", "None", "an index on carts", """
    with op.get_context().autocommit_block():
        op.create_index('ix_cart_note', 'cart', ['note'])
    op.execute("INSERT INTO cart (id, owner) VALUES (7, 1)")
""", """op.execute("DELETE FROM cart")
    op.drop_index('ix_cart_note', 'cart')"""),
    "c1": ("'a1'", "None", "None", "mail", """
    op.add_column('account', sa.Column('mail', sa.String(80)))
""", "op.drop_column('account', 'mail')"),
    "m1": ("('b2', 'c1')", "None", "None", "merge carts and mail", "    pass\n", "pass"),
    "d1": ("None", "('audit',)", "('a1',)", "audit log\n\nThe second paragraph is no part of the title.", """
    op.create_table('log', sa.Column('id', sa.Integer, primary_key=True))
""", "op.drop_table('log')"),
    "d2": ("'d1'", "None", "('shop',)", "audit of carts", """
    op.create_table('cart_log', sa.Column('id', sa.Integer, sa.ForeignKey('log.id'), primary_key=True))
""", "op.drop_table('cart_log')"),
    "m2": ("'m1'", "None", "None", "behind the merge", """
    op.create_table('coupon', sa.Column('code', sa.String(12), primary_key=True))
""", "op.drop_table('coupon')"),
}


def write_project(folder, name, url):
    folder.run("alembic", "init", name)
    ini = os.path.join(folder.path, "alembic.ini")
    text = open(ini, encoding="utf-8").read()
    lines = [f"sqlalchemy.url = {url}" if line.startswith("sqlalchemy.url") else line for line in text.split("\n")]
    folder.write("alembic.ini", "\n".join(lines))
    env = os.path.join(folder.path, name, "env.py")
    folder.write(f"{name}/env.py", f'print("{LOADING}")\n' + open(env, encoding="utf-8").read())
    for rev, (down, labels, depends, doc, up, back) in REVISIONS.items():
        folder.write(f"{name}/versions/{rev}.py", f'''"""{doc}

Revision ID: {rev}
Create Date: 2026-01-02 03:04:05.678901

"""
from alembic import op
import sqlalchemy as sa

revision = '{rev}'
down_revision = {down}
branch_labels = {labels}
depends_on = {depends}


def upgrade():
{up}

def downgrade():
    {back}
''')


class Pair:
    """One project, two databases: `ours` is moved by cmigrate, `theirs` by Alembic."""

    def __init__(self, folder, ours, theirs, driver):
        self.folder, self.ours, self.theirs, self.driver = folder, ours, theirs, driver

    def python_url(self, url):
        return url.replace("://", f"+{self.driver}://", 1) if self.driver else url

    def alembic(self, url, *words, status=0):
        ini = os.path.join(self.folder.path, "alembic.ini")
        lines = [f"sqlalchemy.url = {self.python_url(url)}" if line.startswith("sqlalchemy.url") else line
                 for line in open(ini, encoding="utf-8").read().split("\n")]
        self.folder.write("alembic.ini", "\n".join(lines))
        said = self.folder.run("alembic", *words, status=status)
        return "\n".join(line for line in said.split("\n") if line != LOADING)

    def cmigrate(self, *words, status=0):
        return self.folder.run("cmigrate", *words, "--url", self.ours, status=status)

    def agree(self, step):
        by_theirs = self.alembic(self.theirs, "current")
        same(f"after {step}: current", lines(self.cmigrate("current")), lines(by_theirs))
        self.folder.run("cmigrate", "diff", self.theirs, self.ours, "--exit-code")

    def step(self, command, target):
        self.alembic(self.theirs, command, target)
        self.cmigrate(command, target)
        self.agree(f"{command} {target}")


def run(folder, ours, theirs, fresh, driver):
    pair = Pair(folder, ours, theirs, driver)
    write_project(folder, "alembic", pair.python_url(ours))
    folder.write("cmigrate.yaml", f"url: {ours}\nversion_table: alembic_version\n")
    folder.write("schema.yaml", "tables: {}\n")

    # Alembic has brought both to the middle; then the one is adopted
    for url in (ours, theirs):
        pair.alembic(url, "upgrade", "b1")
    told = pair.alembic(ours, "history")
    print(pair.cmigrate("import", "alembic", "alembic"), folder.errors)
    pair.cmigrate("validate")
    pair.agree("import")
    same("history", edges(pair.cmigrate("history")), edges(told))
    for command in ("heads", "branches"):
        same(command, lines(pair.cmigrate(command)), lines(pair.alembic(ours, command)))
    shown = pair.cmigrate("show", "audit")
    assert "Rev: d1" in shown and "audit log" in shown and "Also depends on: a1" in shown, shown

    for command, target in (("upgrade", "+1"), ("upgrade", "m1"), ("downgrade", "b2"), ("upgrade", "audit@head"),
                            ("upgrade", "heads"), ("downgrade", "b1"), ("downgrade", "base"), ("upgrade", "heads")):
        pair.step(command, target)

    # Alembic goes on with what cmigrate has moved
    same("Alembic's current", ids(pair.alembic(ours, "current")), ["d2", "m2"])
    pair.alembic(ours, "downgrade", "m1")
    same("after Alembic's downgrade", ids(pair.cmigrate("current")), ["d2", "m1"])
    pair.alembic(ours, "upgrade", "heads")
    same("after Alembic's upgrade", ids(pair.cmigrate("current")), ["d2", "m2"])
    pair.cmigrate("upgrade", "heads")
    assert "Running" not in folder.errors, folder.errors
    folder.run("cmigrate", "diff", theirs, ours, "--exit-code")

    # An empty database, and a version table of its own: the same schema, and a stamp by what Alembic's table says
    folder.run("cmigrate", "upgrade", "heads", "--url", fresh)
    folder.run("cmigrate", "diff", theirs, fresh, "--exit-code")
    folder.run("sh", "-c", "rm -r migrations")
    folder.write("cmigrate.yaml", f"url: {ours}\nexclude: [alembic_version]\n")
    out = pair.cmigrate("import", "alembic", "alembic.ini")
    assert "d2 (head), m2 (head), as alembic_version says" in out, out
    same("stamped", ids(pair.cmigrate("current")), ["d2", "m2"])

    # An id that Alembic's column does not hold is refused before anything runs
    if driver:
        folder.write("cmigrate.yaml", f"url: {ours}\nversion_table: alembic_version\n")
        pair.cmigrate("revision", "-m", "long", "--rev-id", "x" * 40, "--head", "m2")
        pair.cmigrate("upgrade", "heads", status=2)
        assert "alembic_version" in folder.errors and "32" in folder.errors, folder.errors
        same("unmoved", ids(pair.cmigrate("current")), ["d2", "m2"])


def databases(engine):
    if engine == "sqlite":
        return ["sqlite:///ours.db", "sqlite:///theirs.db", "sqlite:///fresh.db"], None, None
    server = os.environ.get("CMIGRATE_TEST_" + engine.upper())
    if not server:
        skip(f"no server {engine}")
    driver = "psycopg2" if server.startswith("postgres") else "pymysql"
    names = [f"adopt_{os.getpid()}_{i}" for i in range(3)]
    return [f"{server}/{name}" for name in names], driver, (server, names)


def sql(folder, server, statement):
    if server.startswith("postgres"):
        folder.run("psql", "-q", server + "/postgres", "-c", statement)
    else:
        from urllib.parse import urlsplit
        u = urlsplit(server)
        folder.run("mariadb", "-h", u.hostname, "-P", str(u.port), "-u", u.username, f"-p{u.password}", "-e", statement)


def hostile(folder):
    """What Alembic ends in a traceback or goes on with is one error here, and nothing is written."""
    def revision(name, rev, down, up="SELECT 1"):
        folder.write(f"alembic/versions/{name}.py", f"from alembic import op\nrevision = '{rev}'\ndown_revision = {down}\n"
                     f"def upgrade():\n    op.execute({up!r})\ndef downgrade():\n    pass\n")

    def refused(what, status=2):
        folder.run("cmigrate", "import", "alembic", "alembic", status=status)
        assert what in folder.errors and "Traceback" not in folder.errors, folder.errors
        folder.run("test", "-e", "migrations", status=1)

    write_project(folder, "alembic", "sqlite:///ours.db")
    folder.write("cmigrate.yaml", "url: sqlite:///ours.db\n")
    revision("z", "z1", "'nowhere'")
    refused("no file has")
    revision("z", "z1", "'z1'")
    refused("Self-loop is detected in revisions (z1)")
    revision("z", "a1", "None")
    refused("alembic cannot list its revisions")
    revision("z", "z1", "'m2'", "SELECT '${x.name}'")
    refused("alembic/versions/z.py")
    revision("z", "z1", "'m2'", "CREATE TABLE z (a int) -- a comment")
    refused("the end of the last statement of z1 cannot be told")
    folder.write("cmigrate.yaml", "url: postgresql://127.0.0.1/x\n")
    revision("z", "z1", "'m2'")
    refused("Alembic writes for sqlite, and the project's database is of postgresql")


def main():
    program, engine = sys.argv[1:3]
    need("alembic")
    urls, driver, made = databases(engine)
    folder = Folder(program)
    if driver and folder.run("python3", "-c", f"import importlib.util as u; print(u.find_spec('{driver}') is None)").strip() == "True":
        skip(f"Python has no {driver}: ./bootstrap --tests installs it")
    try:
        for name in made[1] if made else []:
            sql(folder, made[0], f"CREATE DATABASE {name}")
        run(folder, *urls, driver)
        if not driver:
            folder.remove()
            folder = Folder(program)
            hostile(folder)
        print(f"{engine}: Alembic and cmigrate agree")
    finally:
        for name in made[1] if made else []:
            sql(folder, made[0], f"DROP DATABASE IF EXISTS {name}")
        folder.remove()


if __name__ == "__main__":
    main()
