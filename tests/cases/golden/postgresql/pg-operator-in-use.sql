-- cmigrate: upgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "t_check";
DROP OPERATOR ===(integer, text);
CREATE OPERATOR === (
    FUNCTION = alike,
    LEFTARG = integer,
    RIGHTARG = text,
    RESTRICT = eqsel,
    JOIN = eqjoinsel
);

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "t_check" CHECK (a === b);
CREATE VIEW "v" AS
SELECT (a === b) AS x
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" DROP CONSTRAINT "t_check";
DROP OPERATOR ===(integer, text);
CREATE OPERATOR === (
    FUNCTION = alike,
    LEFTARG = integer,
    RIGHTARG = text
);

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "t_check" CHECK (a === b);
CREATE VIEW "v" AS
SELECT (a === b) AS x
   FROM t;
