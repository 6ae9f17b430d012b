ALTER TABLE audit_log DROP COLUMN before_hash, DROP COLUMN after_hash;
ALTER TABLE corrections ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE corrections ALTER COLUMN version DROP DEFAULT;
ALTER TABLE publications DROP COLUMN corrections;
