DROP TABLE comment_reports, comment_bans, comment_rule_sets, comment_edits, comment_decisions;
DROP INDEX comments_author_email_hash_idx, comments_user_id_idx, comments_most_replied_idx;
ALTER TABLE comments
    DROP COLUMN address_hash, DROP COLUMN range_hash, DROP COLUMN text_hash, DROP COLUMN queue, DROP COLUMN report_count,
    DROP COLUMN appealed_at, DROP COLUMN erased_at;
CREATE INDEX comments_author_email_hash_idx ON comments (author_email_hash, status) WHERE author_email_hash IS NOT NULL;
CREATE INDEX comments_user_id_idx ON comments (user_id);
