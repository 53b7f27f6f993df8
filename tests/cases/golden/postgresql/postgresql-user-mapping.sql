-- cmigrate: upgrade
ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (SET "user" 'new');

-- cmigrate: downgrade
ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (SET "user" 'old');
