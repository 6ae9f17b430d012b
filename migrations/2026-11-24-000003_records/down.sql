DROP INDEX preview_tokens_expires_at_idx, revisions_autosave_idx, articles_long_idx;
ALTER TABLE audit_log DROP COLUMN before_hash, DROP COLUMN after_hash;
ALTER TABLE corrections ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE corrections ALTER COLUMN version DROP DEFAULT;
ALTER TABLE publications DROP COLUMN corrections;
