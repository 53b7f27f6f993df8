-- cmigrate: upgrade
ALTER SUBSCRIPTION "gone" DISABLE;
ALTER SUBSCRIPTION "gone" SET (slot_name = NONE);
DROP SUBSCRIPTION "gone";
CREATE SUBSCRIPTION came CONNECTION 'postgresql://u:secret@localhost/d' PUBLICATION p WITH (slot_name = NONE, connect = off);

-- a password stays only where the model states it
ALTER SUBSCRIPTION "s" CONNECTION 'host=localhost dbname=d';

-- ALTER SUBSCRIPTION … REFRESH PUBLICATION then fetches the tables
ALTER SUBSCRIPTION "s" SET PUBLICATION "q", "p" WITH (refresh = false);
ALTER SUBSCRIPTION "s" SET (slot_name = 'far', binary = 'true', synchronous_commit = 'local');

-- cmigrate: downgrade
ALTER SUBSCRIPTION "came" DISABLE;
ALTER SUBSCRIPTION "came" SET (slot_name = NONE);
DROP SUBSCRIPTION "came";
CREATE SUBSCRIPTION gone
    CONNECTION 'host=localhost'
    PUBLICATION p
    WITH (connect = false, slot_name = NONE, streaming = parallel);

-- a password stays only where the model states it
ALTER SUBSCRIPTION "s" CONNECTION 'host=localhost';

-- ALTER SUBSCRIPTION … REFRESH PUBLICATION then fetches the tables
ALTER SUBSCRIPTION "s" SET PUBLICATION "p" WITH (refresh = false);
ALTER SUBSCRIPTION "s" SET (slot_name = NONE, binary = 'false', synchronous_commit = 'off');
