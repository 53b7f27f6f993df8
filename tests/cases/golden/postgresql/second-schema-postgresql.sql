-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "person" DROP CONSTRAINT "person_login";
CREATE SCHEMA "new";

-- locks: SHARE ROW EXCLUSIVE on stays.account, person
CREATE TABLE "new"."login" (
    "id" integer NOT NULL,
    "account_id" integer,
    "person_id" integer,
    CONSTRAINT "login_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "login_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "stays"."account" ("id") ON DELETE CASCADE,
    CONSTRAINT "login_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person" ("id")
);

-- locks: SHARE ROW EXCLUSIVE on person
CREATE TABLE "stays"."person" (
    "id" integer NOT NULL,
    CONSTRAINT "person_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "person_id_fkey" FOREIGN KEY ("id") REFERENCES "person" ("id")
);

-- loses data: column login_id of table person; locks: ACCESS EXCLUSIVE; the values of login_id are gone
ALTER TABLE "person"
  ADD COLUMN "account_id" integer,
  DROP COLUMN "login_id";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "person" ADD CONSTRAINT "person_account" FOREIGN KEY ("account_id") REFERENCES "stays"."account" ("id");

-- loses data: the rows of table login; locks: ACCESS EXCLUSIVE on old.login, stays.account; the table and its rows are gone
DROP TABLE "old"."login";
DROP SCHEMA "old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "person" DROP CONSTRAINT "person_account";
CREATE SCHEMA "old";

-- locks: SHARE ROW EXCLUSIVE on stays.account
CREATE TABLE "old"."login" (
    "id" integer NOT NULL,
    "account_id" integer,
    CONSTRAINT "login_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "login_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "stays"."account" ("id") ON DELETE CASCADE
);

-- loses data: column account_id of table person; locks: ACCESS EXCLUSIVE; the values of account_id are gone
ALTER TABLE "person"
  ADD COLUMN "login_id" integer,
  DROP COLUMN "account_id";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "person" ADD CONSTRAINT "person_login" FOREIGN KEY ("login_id") REFERENCES "old"."login" ("id");

-- loses data: the rows of table login; locks: ACCESS EXCLUSIVE on new.login, stays.account, person; the table and its rows are gone
DROP TABLE "new"."login";

-- loses data: the rows of table person; locks: ACCESS EXCLUSIVE on stays.person, person; the table and its rows are gone
DROP TABLE "stays"."person";
DROP SCHEMA "new";
