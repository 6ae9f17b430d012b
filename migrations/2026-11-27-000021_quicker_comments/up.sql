-- Announcing was two fifths of what a comment cost PostgreSQL: a function in SQL is planned anew each time that it is called,
-- one in PL/pgSQL once a connection.
CREATE OR REPLACE FUNCTION announce(tags text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(tags) > 500 THEN
        tags := '{*}';
    END IF;
    IF cardinality(tags) > 0 THEN
        INSERT INTO reader_changes (xid, tag, at)
        SELECT pg_current_xact_id()::text::bigint, tag, clock_timestamp()
        FROM unnest(tags) AS tag WHERE tag IS NOT NULL GROUP BY tag;
    END IF;
END $$;

-- What each comment announces it writes itself. More than 500 tags are everything, whatever else was told.
CREATE OR REPLACE FUNCTION announce_article_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told integer;
BEGIN
    INSERT INTO reader_changes (xid, tag, at)
    SELECT pg_current_xact_id()::text::bigint, 'count:' || article_id, clock_timestamp()
    FROM new_rows WHERE TG_OP = 'UPDATE' OR comments > 0 LIMIT 501;
    GET DIAGNOSTICS told = ROW_COUNT;
    IF told > 500 THEN
        PERFORM announce('{*}');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce_comments() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO reader_changes (xid, tag, at)
        SELECT pg_current_xact_id()::text::bigint, 'comments:' || article_id, clock_timestamp()
        FROM new_rows WHERE visible GROUP BY article_id LIMIT 501;
        GET DIAGNOSTICS told = ROW_COUNT;
        IF told > 500 THEN
            PERFORM announce('{*}');
        END IF;
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

-- What most comments do not have need not stand in an index.
DROP INDEX comments_parent_id_idx, comments_replies_idx, comments_user_id_idx, comments_moderated_by_id_idx,
    comments_moderated_by_key_id_idx, comment_decisions_user_id_idx, comment_decisions_key_id_idx;
CREATE INDEX comments_parent_id_idx ON comments (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX comments_replies_idx ON comments (parent_id, created_at, id) WHERE visible AND parent_id IS NOT NULL;
CREATE INDEX comments_user_id_idx ON comments (user_id, created_at, status) WHERE user_id IS NOT NULL;
CREATE INDEX comments_moderated_by_id_idx ON comments (moderated_by_id) WHERE moderated_by_id IS NOT NULL;
CREATE INDEX comments_moderated_by_key_id_idx ON comments (moderated_by_key_id) WHERE moderated_by_key_id IS NOT NULL;
CREATE INDEX comment_decisions_user_id_idx ON comment_decisions (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX comment_decisions_key_id_idx ON comment_decisions (key_id) WHERE key_id IS NOT NULL;
