#!/usr/bin/env python3
"""The models of SQLAlchemy, Django, Drizzle and Prisma, where they are installed: the model equals what the tool itself makes.

    models_project.py CMIGRATE       exit 77: none is installed

The first two are Debian's packages. The others are looked for in CMIGRATE_TEST_NPM, a folder in which
`npm install drizzle-kit drizzle-orm prisma` was run.
"""
import os
import sqlite3
import subprocess
import sys
import tempfile

PYTHON = "/usr/bin/python3"
MODELS = """from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, func
from sqlalchemy.orm import declarative_base
Base = declarative_base()
class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    name = Column(String(80), nullable=False, unique=True)
    at = Column(DateTime, server_default=func.now())
class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True)
"""
DJANGO = {
    "manage.py": "import os, sys\nos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\nfrom django.core.management import execute_from_command_line\n"
                 "execute_from_command_line(sys.argv)\n",
    "settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = ['app']\nDEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n"
                   "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'app.db'}}\n",
    "app/__init__.py": "",
    "app/models.py": "from django.db import models\nclass Tag(models.Model):\n    name = models.CharField(max_length=40, unique=True)\n"
                     "class Post(models.Model):\n    title = models.CharField(max_length=80, db_index=True)\n    tags = models.ManyToManyField(Tag)\n",
}
NPM = os.environ.get("CMIGRATE_TEST_NPM", "")
DRIZZLE = {
    "drizzle.config.ts": "import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: 'sqlite', schema: './schema.ts' });\n",
    "schema.ts": """import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  email: text('email').unique(),
  at: integer('at', { mode: 'timestamp' }).default(sql`(unixepoch())`),
});
export const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  userId: integer('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  title: text('title').notNull().default('none'),
}, (t) => [index('posts_title').on(t.title)]);
""",
}
PRISMA = {"prisma/schema.prisma": """datasource db {
  provider = "sqlite"
  url = "file:./app.db"
}
model User {
  id Int @id @default(autoincrement())
  email String @unique
  posts Post[]
}
model Post {
  id Int @id @default(autoincrement())
  title String @default("none")
  author User @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int
  @@index([authorId])
}
"""}
SAYS_PRISMA = ["migrate", "diff", "--from-empty", "--to-schema-datamodel", "prisma/schema.prisma", "--script"]


def has_npm(tool):
    """Prisma's engine is a file of its own, which npm fetches where it may: `prisma --version` fails without it."""
    return NPM and subprocess.run(["npx", "--no-install", tool, "--version"], cwd=NPM, capture_output=True).returncode == 0


def has(module):
    return subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode == 0


def call(folder, *words, status=0):
    p = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if p.returncode != status:
        sys.exit(f"{' '.join(words)}: exit {p.returncode}\n{p.stdout}{p.stderr}")
    return p.stdout


def write(folder, files):
    for name, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)


def take_over(program, folder, *words):
    """The tool has made its database; the model is taken over, is equal to it, and one more migration goes through."""
    model = call(folder, program, "import", *words, "--url", "sqlite:///app.db")
    write(folder, {"schema.yaml": model, "cmigrate.yaml": "url: sqlite:///app.db\nexclude: [django_*]\n"})
    os.makedirs(os.path.join(folder, "migrations"))
    call(folder, program, "check")
    write(folder, {"schema.yaml": model.rstrip("\n") + "\n  one_more:\n    columns:\n      id: {type: integer, primary_key: true}\n"})
    call(folder, program, "migrate", "-m", "one more")
    call(folder, program, "upgrade")
    call(folder, program, "check")


def main():
    program, ran = os.path.abspath(sys.argv[1]), 0
    if has("sqlalchemy"):
        with tempfile.TemporaryDirectory() as folder:
            write(folder, {"models.py": MODELS})
            call(folder, PYTHON, "-c", "import models, sqlalchemy; models.Base.metadata.create_all(sqlalchemy.create_engine('sqlite:///app.db'))")
            take_over(program, folder, "sqlalchemy", "models:Base.metadata", "--program", PYTHON)
            ran += 1
    if has("django"):
        with tempfile.TemporaryDirectory() as folder:
            write(folder, DJANGO)
            call(folder, PYTHON, "manage.py", "migrate", "--run-syncdb")
            take_over(program, folder, "django", ".", "--program", PYTHON)
            ran += 1
    for tool, files, says in (("drizzle-kit", DRIZZLE, ["export"]), ("prisma", PRISMA, SAYS_PRISMA)):
        if has_npm(tool):
            with tempfile.TemporaryDirectory() as folder:
                write(folder, files)
                os.symlink(os.path.join(NPM, "node_modules"), os.path.join(folder, "node_modules"))
                sql = call(folder, "npx", "--no-install", tool, *says)
                sqlite3.connect(os.path.join(folder, "app.db")).executescript(sql)
                take_over(program, folder, tool.split("-")[0])
                ran += 1
    print(f"{ran} of 4 tools")
    return 0 if ran else 77


sys.exit(main())
