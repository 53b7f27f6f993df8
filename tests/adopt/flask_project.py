#!/usr/bin/env python3
"""A project of Flask-Migrate is taken over: `flask db` is asked without being named, and the database goes on with cmigrate.

    flask_project.py CMIGRATE
"""
import sys

from kit import Folder, ids, need, same, skip

APP = """
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + app.root_path + "/shop.db"
db = SQLAlchemy(app)
Migrate(app, db, render_as_batch=RENDER_AS_BATCH)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False, server_default="100%")
"""


def main():
    need("alembic", "flask")
    folder = Folder(sys.argv[1])
    if folder.run("python3", "-c", "import importlib.util as u; print(u.find_spec('flask_migrate') is None)").strip() == "True":
        skip("Python has no flask_migrate: ./bootstrap --tests installs it")
    try:
        folder.write("app.py", APP.replace("RENDER_AS_BATCH", "False"))
        folder.run("flask", "db", "init")
        folder.run("flask", "db", "migrate", "-m", "initial", "--rev-id", "1111aaaa")
        folder.write("app.py", APP.replace("RENDER_AS_BATCH", "False") + "    mail = db.Column(db.String(40), index=True)\n")
        folder.run("flask", "db", "upgrade")
        folder.run("flask", "db", "migrate", "-m", "mail of users", "--rev-id", "2222bbbb")

        folder.write("cmigrate.yaml", "url: sqlite:///shop.db\ndirectory: revisions\nexclude: [alembic_version]\n")
        folder.write("schema.yaml", "tables: {}\n")
        out = folder.run("cmigrate", "import", "alembic", "migrations")
        assert "sqlite:///shop.db is at 1111aaaa, as alembic_version says" in out, out
        folder.run("cmigrate", "validate")
        folder.run("cmigrate", "upgrade")
        same("current", ids(folder.run("cmigrate", "current")), ["2222bbbb"])

        # what Flask-Migrate makes of an empty database and what cmigrate makes of one
        folder.run("cmigrate", "upgrade", "--url", "sqlite:///fresh.db")
        folder.run("sh", "-c", "mv shop.db ours.db && flask db upgrade")
        folder.run("cmigrate", "diff", "sqlite:///shop.db", "sqlite:///fresh.db", "--exit-code")
        folder.run("cmigrate", "diff", "sqlite:///shop.db", "sqlite:///ours.db", "--exit-code")
        folder.run("cmigrate", "downgrade", "base", "--url", "sqlite:///fresh.db")

        # batch mode asks the database: it is run on an empty one, and what it ran there is the script. The project's own stays
        folder.run("sh", "-c", "rm -r revisions; mv shop.db kept.db")
        folder.write("app.py", APP.replace("RENDER_AS_BATCH", "True"))
        folder.run("sh", "-c", "cp kept.db shop.db")
        folder.run("flask", "db", "migrate", "-m", "no mail", "--rev-id", "3333cccc")
        folder.run("cmigrate", "import", "alembic", "migrations", "--alembic", "/usr/bin/python3 -E -m flask db", status=2)
        assert "3333cccc_no_mail.py" in folder.errors and "--from-database" in folder.errors, folder.errors  # no trace: no run
        folder.run("test", "-e", "revisions", status=1)
        folder.run("cmigrate", "import", "alembic", "migrations", "--no-stamp")
        folder.run("cmp", "kept.db", "shop.db")
        assert "warning" not in folder.errors, folder.errors
        folder.run("sh", "-c", "rm fresh.db && flask db upgrade")
        folder.run("cmigrate", "upgrade", "--url", "sqlite:///fresh.db")
        folder.run("cmigrate", "diff", "sqlite:///shop.db", "sqlite:///fresh.db", "--exit-code")
        folder.run("cmigrate", "downgrade", "-1", "--url", "sqlite:///fresh.db")
        folder.run("cmigrate", "diff", "sqlite:///kept.db", "sqlite:///fresh.db", "--exit-code")
        # what reads rows while it runs is no script
        folder.run("sh", "-c", "rm -r revisions; sed -i 's/^def upgrade():/&\\n    op.get_bind().execute(\"SELECT id FROM user\").fetchall()/' "
                   "migrations/versions/3333cccc_no_mail.py")
        folder.run("cmigrate", "import", "alembic", "migrations", status=2)
        assert "reads rows while it runs" in folder.errors and "3333cccc_no_mail.py" in folder.errors, folder.errors
        print("Flask-Migrate and cmigrate agree")
    finally:
        folder.remove()


if __name__ == "__main__":
    main()
