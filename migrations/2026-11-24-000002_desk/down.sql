DROP TRIGGER audit_log_append_only ON audit_log;
DROP FUNCTION refuse_change();
DROP INDEX audit_log_newest_idx;
UPDATE audit_log SET actor_id = NULL WHERE actor_id NOT IN (SELECT id FROM users);
ALTER TABLE audit_log ADD CONSTRAINT audit_log_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users ON DELETE SET NULL;
ALTER TABLE article_counts DROP COLUMN corrections;
DROP TABLE idempotency_keys, preview_uses, preview_tokens, edit_locks, kills, corrections, schedule, publications;
