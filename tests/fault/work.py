"""The revisions that are run under fault: three of them, schema and rows between each other."""
import os

SCRIPTS = {
    "aaaaaaaaaaaa": (None, """
-- cmigrate: upgrade
CREATE TABLE author (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);
INSERT INTO author (id, name) VALUES (1, 'Ada');
INSERT INTO author (id, name) VALUES (2, 'Grace');
CREATE TABLE book (id INTEGER NOT NULL PRIMARY KEY, author_id INTEGER NOT NULL, title VARCHAR(80) NOT NULL);

-- cmigrate: downgrade
DROP TABLE book;
DROP TABLE author;
"""),
    "bbbbbbbbbbbb": ("aaaaaaaaaaaa", """
-- cmigrate: upgrade
INSERT INTO book (id, author_id, title) VALUES (1, 1, 'Notes');
CREATE INDEX ix_book_title ON book (title);
ALTER TABLE book ADD COLUMN pages INTEGER;
UPDATE book SET pages = 40 WHERE id = 1;
INSERT INTO book (id, author_id, title, pages) VALUES (2, 2, 'Compilers', 300);
CREATE VIEW long_book AS SELECT id, title FROM book WHERE pages > 100;
ALTER TABLE author ADD COLUMN born INTEGER;
UPDATE author SET born = 1815 WHERE id = 1;
CREATE TABLE shelf (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(20));
INSERT INTO shelf (id, label) VALUES (1, 'a');
INSERT INTO shelf (id, label) VALUES (2, 'b');
CREATE UNIQUE INDEX ux_shelf_label ON shelf (label);

-- cmigrate: downgrade
DROP TABLE shelf;
ALTER TABLE author DROP COLUMN born;
DROP VIEW long_book;
DELETE FROM book WHERE id = 2;
ALTER TABLE book DROP COLUMN pages;
{drop_index}
DELETE FROM book WHERE id = 1;
"""),
    "cccccccccccc": ("bbbbbbbbbbbb", """
-- cmigrate: upgrade
CREATE TABLE loan (id INTEGER NOT NULL PRIMARY KEY, book_id INTEGER NOT NULL);
INSERT INTO loan (id, book_id) VALUES (1, 2);

-- cmigrate: downgrade
DROP TABLE loan;
"""),
}

MIDDLE_STATEMENTS = 12  # of bbbbbbbbbbbb's upgrade

TABLES = {"author": "id", "book": "id", "shelf": "id", "loan": "id"}


def write_project(folder, url):
    """A project with the three scripts and no model: what is tested is applying."""
    os.makedirs(os.path.join(folder, "migrations"), exist_ok=True)
    with open(os.path.join(folder, "cmigrate.yaml"), "w", encoding="utf-8") as file:
        file.write(f'url: "{url}"\nlock_timeout: 30s\n')
    os.chmod(os.path.join(folder, "cmigrate.yaml"), 0o600)
    drop_index = "DROP INDEX ix_book_title ON book;" if url.startswith(("mysql", "mariadb")) else "DROP INDEX ix_book_title;"
    for revision, (parent, body) in SCRIPTS.items():
        with open(os.path.join(folder, "migrations", revision + ".sql"), "w", encoding="utf-8") as file:
            file.write(f"-- cmigrate: revision {revision}\n-- cmigrate: parents {parent or ''}\n"
                       f"-- cmigrate: message step {revision[0]}\n{body.replace('{drop_index}', drop_index)}")
