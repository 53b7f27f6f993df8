-- cmigrate: upgrade
CREATE TABLE "base" (
    "name" text NOT NULL,
    "class" integer NOT NULL,
    "note" text
);
CREATE TABLE "part" (
    "own" integer NOT NULL,
    CONSTRAINT "part_class_check" CHECK (class = 7)
) INHERITS ("base");
ALTER TABLE "part" ADD CONSTRAINT "part_pkey" PRIMARY KEY ("class", "name", "own");

-- cmigrate: downgrade
-- loses data: the rows of table part; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "part";

-- loses data: the rows of table base; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "base";
