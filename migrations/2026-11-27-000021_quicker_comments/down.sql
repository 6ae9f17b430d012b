DROP INDEX comments_parent_id_idx, comments_replies_idx, comments_user_id_idx, comments_moderated_by_id_idx,
    comments_moderated_by_key_id_idx, comment_decisions_user_id_idx, comment_decisions_key_id_idx;
CREATE INDEX comments_parent_id_idx ON comments (parent_id);
CREATE INDEX comments_replies_idx ON comments (parent_id, created_at, id) WHERE visible;
CREATE INDEX comments_user_id_idx ON comments (user_id, created_at, status);
CREATE INDEX comments_moderated_by_id_idx ON comments (moderated_by_id);
CREATE INDEX comments_moderated_by_key_id_idx ON comments (moderated_by_key_id);
CREATE INDEX comment_decisions_user_id_idx ON comment_decisions (user_id);
CREATE INDEX comment_decisions_key_id_idx ON comment_decisions (key_id);

CREATE OR REPLACE FUNCTION announce_article_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(SELECT 'count:' || article_id FROM new_rows WHERE TG_OP = 'UPDATE' OR comments > 0 LIMIT 501));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'comments:' || article_id FROM new_rows WHERE visible LIMIT 501));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'comments:' || article_id FROM old_rows WHERE visible LIMIT 501));
    ELSE
        PERFORM announce(ARRAY(
            SELECT DISTINCT 'comments:' || became.article_id
            FROM old_rows AS was JOIN new_rows AS became USING (id)
            WHERE (was.visible OR became.visible)
                AND (was.status, was.author_name, was.avatar_key, was.body_html, was.reply_count, was.edited_at)
                    IS DISTINCT FROM (became.status, became.author_name, became.avatar_key, became.body_html, became.reply_count, became.edited_at)
            LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce(tags text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reader_changes (xid, tag, at)
    SELECT pg_current_xact_id()::text::bigint, tag, clock_timestamp()
    FROM (
        SELECT DISTINCT tag FROM unnest(tags) AS tag WHERE cardinality(tags) <= 500 AND tag IS NOT NULL
        UNION ALL
        SELECT '*' WHERE cardinality(tags) > 500
    ) AS told
$$;
