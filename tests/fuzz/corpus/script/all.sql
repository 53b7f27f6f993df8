-- cmigrate: revision 3f2a9c1b8e07
-- cmigrate: parents 9d1e0c55ab12, aaaaaaaaaaaa
-- cmigrate: message add posts
-- cmigrate: created 2026-11-21T10:20:30Z
-- cmigrate: labels billing
-- cmigrate: depends_on bbbbbbbbbbbb

-- cmigrate: upgrade (postgresql)
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
DO $a$ BEGIN PERFORM ';'; END $a$;

-- cmigrate: upgrade no-transaction (mysql)
DELIMITER //
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF 1 THEN SET @x = '\';'; END IF; END//
DELIMITER ;

-- cmigrate: downgrade
DROP TABLE post;
