-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "box" ADD CONSTRAINT "box_pkey" PRIMARY KEY ("kind", "id");

-- loses data: the rows of table box_b; locks: ACCESS EXCLUSIVE on box_b, box; the table and its rows are gone
DROP TABLE "box_b";

-- locks: SHARE ROW EXCLUSIVE on both tables; reads the table
ALTER TABLE "item" ADD CONSTRAINT "item_box" FOREIGN KEY ("kind", "id") REFERENCES "box" ("kind", "id");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on both tables
ALTER TABLE "item" DROP CONSTRAINT "item_box";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "box" DROP CONSTRAINT "box_pkey";

-- locks: ACCESS EXCLUSIVE on box
CREATE TABLE "box_b" PARTITION OF "box" FOR VALUES IN ('b');
