-- What is erased is erased everywhere, and an API key that moderates is on record as one.

-- The comments that a kept answer tells of: the answer goes with each of them.
ALTER TABLE idempotency_keys ADD COLUMN comment_ids uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE idempotency_keys ALTER COLUMN comment_ids DROP DEFAULT;
CREATE INDEX idempotency_keys_comment_ids_idx ON idempotency_keys USING gin (comment_ids);

-- The API key that decided, where it was no person.
ALTER TABLE comments ADD COLUMN moderated_by_key_id uuid
    CONSTRAINT comments_moderated_by_key_id_fkey REFERENCES api_keys ON DELETE SET NULL;
CREATE INDEX comments_moderated_by_key_id_idx ON comments (moderated_by_key_id);
ALTER TABLE comment_decisions ADD COLUMN key_id uuid
    CONSTRAINT comment_decisions_key_id_fkey REFERENCES api_keys ON DELETE SET NULL;
CREATE INDEX comment_decisions_key_id_idx ON comment_decisions (key_id);
ALTER TABLE comment_edits ADD COLUMN key_id uuid
    CONSTRAINT comment_edits_key_id_fkey REFERENCES api_keys ON DELETE SET NULL;
CREATE INDEX comment_edits_key_id_idx ON comment_edits (key_id);

-- Who is banned may report, but is not counted.
ALTER TABLE comment_reports ADD COLUMN counted boolean NOT NULL DEFAULT true;
ALTER TABLE comment_reports ALTER COLUMN counted DROP DEFAULT;
