-- cmigrate: upgrade
CREATE TABLE "action" (
    "id" integer NOT NULL,
    "title" text CONSTRAINT "event_title_not_null" NOT NULL,
    "note" text CONSTRAINT "shelf_note_not_null" NOT NULL,
    CONSTRAINT "action_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "shelf" (
    "id" integer NOT NULL,
    "note" text CONSTRAINT "shelf_note_not_null" NOT NULL,
    CONSTRAINT "shelf_pkey" PRIMARY KEY ("id")
);

-- loses data: the rows of table event; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "event";

-- cmigrate: downgrade
CREATE TABLE "event" (
    "id" integer NOT NULL,
    "title" text CONSTRAINT "event_title_not_null" NOT NULL,
    "note" text,
    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- loses data: the rows of table action; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "action";

-- loses data: the rows of table shelf; locks: ACCESS EXCLUSIVE; the table and its rows are gone
DROP TABLE "shelf";
