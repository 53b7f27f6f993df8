-- cmigrate: upgrade
CREATE SEQUENCE "t_id_seq" AS integer;
CREATE UNLOGGED TABLE "t" (
    "id" integer DEFAULT nextval('t_id_seq'::regclass) NOT NULL
);
ALTER SEQUENCE "t_id_seq" OWNED BY "t"."id";
CREATE UNLOGGED TABLE "u" (
    "id" serial NOT NULL
);

-- cmigrate: downgrade
-- loses data: the rows of table t; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "t";

-- loses data: the rows of table u; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "u";
