-- cmigrate: upgrade
ALTER TYPE "mood" RENAME VALUE 'ok' TO 'fine';

-- cmigrate: downgrade
ALTER TYPE "mood" RENAME VALUE 'fine' TO 'ok';
