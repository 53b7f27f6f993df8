-- cmigrate: upgrade
ALTER TABLE `t`
  TABLESPACE = innodb_system;

-- cmigrate: downgrade
ALTER TABLE `t`
  TABLESPACE = innodb_file_per_table;
