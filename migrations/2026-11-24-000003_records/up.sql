-- What readers were told of corrections is part of what they had; the audit log says what a thing was before and after;
-- and what nobody needs is found quickly.

-- The notes as they stood from then on; NULL where they did not change.
ALTER TABLE publications ADD COLUMN corrections jsonb;

-- The version that counts is the article's.
ALTER TABLE corrections DROP COLUMN version;

-- SHA-256 of the thing's row, as it was and as it became. NULL where there was none, or is none any more.
ALTER TABLE audit_log ADD COLUMN before_hash bytea, ADD COLUMN after_hash bytea;

-- Where retention has something to look at.
CREATE INDEX articles_long_idx ON articles (id) WHERE revision > 50;
CREATE INDEX revisions_autosave_idx ON revisions (article_id, created_at) WHERE autosave;
CREATE INDEX preview_tokens_expires_at_idx ON preview_tokens (expires_at);
