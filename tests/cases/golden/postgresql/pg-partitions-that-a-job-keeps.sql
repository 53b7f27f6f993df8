-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "event"
  ADD COLUMN "note" text,
  ALTER COLUMN "v" TYPE character varying(20);

-- locks: SHARE; builds an index
CREATE INDEX "ix_event_at" ON "event" ("at");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and event
DROP INDEX "ix_event_at";

-- cmigrate: assert column event.v has values that character varying(10) cannot hold
SELECT ctid FROM "event" WHERE rtrim(substr("v"::text, 11)) <> '' LIMIT 1;

-- cmigrate: assert column v of event becomes character varying(10), which would change values: change them first, or accept it with migrate --allow-loss
SELECT ctid FROM "event" WHERE "v"::text IS DISTINCT FROM "v"::character varying(10)::text LIMIT 1;

-- loses data: column note of table event; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of note are gone
ALTER TABLE "event"
  ALTER COLUMN "v" TYPE character varying(10),
  DROP COLUMN "note";
