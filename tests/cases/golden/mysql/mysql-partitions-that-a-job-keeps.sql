-- cmigrate: upgrade
ALTER TABLE `counted`
  ADD COLUMN `note` varchar(20);
ALTER TABLE `event`
  ADD COLUMN `note` varchar(20);
ALTER TABLE `kept`
  ADD COLUMN `note` varchar(20);

-- cmigrate: downgrade
-- loses data: column note of table counted
ALTER TABLE `counted`
  DROP COLUMN `note`;

-- loses data: column note of table event
ALTER TABLE `event`
  DROP COLUMN `note`;

-- loses data: column note of table kept
ALTER TABLE `kept`
  DROP COLUMN `note`;
