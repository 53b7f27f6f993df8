#!/usr/bin/env python3
"""As test_prove.py, on MySQL and MariaDB."""
import json
import sys

from mykit import case, main, truth

TABLES = """CREATE TABLE a (id int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, m enum('sad', 'ok', 'happy') NOT NULL,
  s set('x', 'y'), n decimal(8,2), ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, d datetime(3), b blob, bi bit(8), j json,
  f float, g point NOT NULL, y year, c char(2) NOT NULL, CONSTRAINT n_range CHECK (n > 10 AND n < 20), CONSTRAINT c_form CHECK (c REGEXP '^[a-z]{2}$'));
CREATE TABLE b (id bigint PRIMARY KEY, a_id int unsigned NOT NULL, boss bigint, twice bigint GENERATED ALWAYS AS (a_id * 2) VIRTUAL,
  FOREIGN KEY (a_id) REFERENCES a (id), FOREIGN KEY (boss) REFERENCES b (id));
CREATE TABLE c (a_id int unsigned, b_id bigint, PRIMARY KEY (a_id, b_id), FOREIGN KEY (a_id) REFERENCES a (id), FOREIGN KEY (b_id) REFERENCES b (id));
CREATE TABLE p (id int NOT NULL, k int NOT NULL, PRIMARY KEY (id, k)) PARTITION BY LIST (k) (PARTITION p0 VALUES IN (7, 9), PARTITION p1 VALUES IN (11));
CREATE TABLE staff (id tinyint unsigned PRIMARY KEY, store_id tinyint unsigned NOT NULL);
CREATE TABLE store (id tinyint unsigned PRIMARY KEY, chief_id tinyint unsigned NOT NULL, FOREIGN KEY (chief_id) REFERENCES staff (id));
ALTER TABLE staff ADD CONSTRAINT staff_store FOREIGN KEY (store_id) REFERENCES store (id);"""


def revision(t, number, up, down):
    parents = f"-- cmigrate: parents {number - 1:012}\n" if number > 1 else ""
    t.write(f"migrations/{number}.sql", f"-- cmigrate: revision {number:012}\n{parents}-- cmigrate: dialect mysql\n\n"
            f"-- cmigrate: upgrade\n{up}\n\n-- cmigrate: downgrade\n{down}\n")


def prove(t, *args, status=0):
    said = t.must("prove", "--format", "json", *args, status=status)
    return json.loads(next(line for line in said.splitlines() if line.startswith("{")))


@case
def every_table_gets_rows_and_what_is_wrong_is_refuted(t):
    revision(t, 1, TABLES, "ALTER TABLE staff DROP FOREIGN KEY staff_store;\nDROP TABLE store;\nDROP TABLE staff;\nDROP TABLE p;\nDROP TABLE c;\nDROP TABLE b;\nDROP TABLE a;")
    revision(t, 2, "ALTER TABLE a MODIFY name varchar(40) NOT NULL;", "ALTER TABLE a MODIFY name varchar(20) NOT NULL;")
    answer = prove(t, "head")["revisions"][0]
    truth(not answer["not_covered"] and answer["tables_with_rows"] == answer["tables"] == 6, f"tables are left out: {answer}")
    revision(t, 2, "ALTER TABLE a MODIFY d datetime;", "ALTER TABLE a MODIFY d datetime(3) NOT NULL DEFAULT '2000-01-01';")
    truth(prove(t, "head", status=1)["revisions"][0]["findings"], "a column that becomes NOT NULL is not found")


@case
def a_row_of_a_trial_that_stays_is_not_in_the_way_of_the_downgrade(t):
    revision(t, 1, "CREATE TABLE a (id int PRIMARY KEY, gene int NOT NULL, UNIQUE KEY gene_ix (gene)) ENGINE=MyISAM;", "DROP TABLE a;")
    revision(t, 2, "ALTER TABLE a DROP INDEX gene_ix;", "ALTER TABLE a ADD UNIQUE KEY gene_ix (gene);")
    answer = prove(t)["revisions"]
    truth(answer[1]["proved"] and "writes" in [s["step"] for s in answer[1]["steps"]], f"refuted: {answer}")


@case
def rows_that_a_trigger_looks_up_are_made_and_what_it_refuses_is_its_own(t):
    revision(t, 1, "CREATE TABLE visit (id int AUTO_INCREMENT PRIMARY KEY, at datetime NOT NULL);\n"
             "CREATE TABLE kind (id tinyint PRIMARY KEY, name varchar(32) NOT NULL);\n"
             "CREATE TABLE trail (id int AUTO_INCREMENT PRIMARY KEY, kind_id tinyint NOT NULL);\n"
             "CREATE TABLE walk (id int AUTO_INCREMENT PRIMARY KEY, steps int);\n"
             "CREATE TABLE stop (id int AUTO_INCREMENT PRIMARY KEY, who varchar(40) NOT NULL);\n"
             "CREATE PROCEDURE note_kind(IN word varchar(32)) INSERT INTO trail (kind_id) VALUES ((SELECT id FROM kind WHERE name = word));\n"
             "CREATE TRIGGER visit_new AFTER INSERT ON visit FOR EACH ROW CALL note_kind('create');\n"
             "CREATE TRIGGER visit_set AFTER UPDATE ON visit FOR EACH ROW CALL note_kind('update');\n"
             "CREATE TRIGGER walk_new AFTER INSERT ON walk FOR EACH ROW INSERT INTO stop (who) VALUES (@walker);",
             "DROP TABLE walk;\nDROP TABLE visit;\nDROP PROCEDURE note_kind;\nDROP TABLE stop;\nDROP TABLE trail;\nDROP TABLE kind;")
    revision(t, 2, "CREATE TABLE q (i int);", "DROP TABLE q;")
    answer = prove(t, "head")["revisions"][0]
    gaps = {gap["table"]: gap["why"] for gap in answer["not_covered"]}
    truth(answer["proved"] and list(gaps) == ["walk"] and gaps["walk"].startswith("walk_new refuses: "), f"not as it should be: {answer}")


if __name__ == "__main__":
    sys.exit(main())
