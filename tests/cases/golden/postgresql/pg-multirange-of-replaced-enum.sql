-- cmigrate: upgrade
-- drops values of enum e: c
ALTER TYPE "e" RENAME TO "e_old";
CREATE TYPE "e" AS ENUM ('b', 'a');
ALTER TYPE "er" RENAME TO "er_old";
ALTER FUNCTION "er"("e_old", "e_old") RENAME TO "er_old";
ALTER FUNCTION "er"("e_old", "e_old", text) RENAME TO "er_old";
ALTER TYPE "er_multirange" RENAME TO "er_multirange_old";
ALTER FUNCTION "er_multirange"() RENAME TO "er_multirange_old";
ALTER FUNCTION "er_multirange"("er_old") RENAME TO "er_multirange_old";
ALTER FUNCTION "er_multirange"("er_old"[]) RENAME TO "er_multirange_old";
CREATE TYPE er AS RANGE (
    subtype = e,
    multirange_type_name = er_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "u"
  ALTER COLUMN "mr" TYPE er_multirange USING "mr"::text::er_multirange,
  ALTER COLUMN "r" TYPE er USING "r"::text::er;
DROP TYPE "er_old";
DROP TYPE "e_old";

-- cmigrate: downgrade
ALTER TYPE "e" RENAME TO "e_old";
CREATE TYPE "e" AS ENUM ('a', 'b', 'c');
ALTER TYPE "er" RENAME TO "er_old";
ALTER FUNCTION "er"("e_old", "e_old") RENAME TO "er_old";
ALTER FUNCTION "er"("e_old", "e_old", text) RENAME TO "er_old";
ALTER TYPE "er_multirange" RENAME TO "er_multirange_old";
ALTER FUNCTION "er_multirange"() RENAME TO "er_multirange_old";
ALTER FUNCTION "er_multirange"("er_old") RENAME TO "er_multirange_old";
ALTER FUNCTION "er_multirange"("er_old"[]) RENAME TO "er_multirange_old";
CREATE TYPE er AS RANGE (
    subtype = e,
    multirange_type_name = er_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "u"
  ALTER COLUMN "mr" TYPE er_multirange USING "mr"::text::er_multirange,
  ALTER COLUMN "r" TYPE er USING "r"::text::er;
DROP TYPE "er_old";
DROP TYPE "e_old";
