ALTER TABLE comment_reports DROP COLUMN counted;
ALTER TABLE comment_edits DROP COLUMN key_id;
ALTER TABLE comment_decisions DROP COLUMN key_id;
ALTER TABLE comments DROP COLUMN moderated_by_key_id;
ALTER TABLE idempotency_keys DROP COLUMN comment_ids;
