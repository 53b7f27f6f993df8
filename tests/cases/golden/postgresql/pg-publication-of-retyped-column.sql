-- cmigrate: upgrade
DROP PUBLICATION "one";
DROP PUBLICATION "two";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "code" TYPE text,
  ALTER COLUMN "n" TYPE bigint;
CREATE PUBLICATION one FOR
    TABLE ONLY t (code, id) WHERE (code > 'q'::text);
CREATE PUBLICATION two FOR
    TABLE ONLY t (id, n) WHERE (n > 1);

-- cmigrate: downgrade
DROP PUBLICATION "one";
DROP PUBLICATION "two";

-- cmigrate: assert column t.code has values that character varying(5) cannot hold
SELECT "id" FROM "t" WHERE rtrim(substr("code"::text, 6)) <> '' LIMIT 1;

-- cmigrate: assert column code of t becomes character varying(5), which would change values: change them first, or accept it with migrate --allow-loss
SELECT "id" FROM "t" WHERE "code"::text IS DISTINCT FROM "code"::character varying(5)::text LIMIT 1;

-- cmigrate: assert column t.n has values that integer cannot hold
SELECT "id" FROM "t" WHERE "n" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "code" TYPE character varying(5),
  ALTER COLUMN "n" TYPE integer;
CREATE PUBLICATION one FOR
    TABLE ONLY t (code, id) WHERE ((code)::text > 'q'::text);
CREATE PUBLICATION two FOR
    TABLE ONLY t (id, n) WHERE (n > 1);
