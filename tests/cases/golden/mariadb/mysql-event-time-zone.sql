-- cmigrate: upgrade
DROP EVENT `moves`;
SET @cmigrate_time_zone = @@SESSION.time_zone;
SET SESSION time_zone = '+05:30';
CREATE EVENT `comes` ON SCHEDULE AT '2035-05-05 05:05:05' ON COMPLETION PRESERVE DISABLE DO SET @a = 1;
SET SESSION time_zone = @cmigrate_time_zone;
SET @cmigrate_time_zone = @@SESSION.time_zone;
SET SESSION time_zone = '-03:00';
CREATE EVENT `moves` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO SET @a = 1;
SET SESSION time_zone = @cmigrate_time_zone;
SET @cmigrate_time_zone = @@SESSION.time_zone;
SET SESSION time_zone = 'SYSTEM';
CREATE EVENT `plain` ON SCHEDULE AT '2035-05-05 05:05:05' ON COMPLETION PRESERVE DISABLE DO SET @a = 1;
SET SESSION time_zone = @cmigrate_time_zone;

-- cmigrate: downgrade
DROP EVENT `comes`;
DROP EVENT `moves`;
DROP EVENT `plain`;
SET @cmigrate_time_zone = @@SESSION.time_zone;
SET SESSION time_zone = '+05:00';
CREATE EVENT `moves` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION NOT PRESERVE DISABLE DO SET @a = 1;
SET SESSION time_zone = @cmigrate_time_zone;
