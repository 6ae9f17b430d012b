-- Whatever readers see is told when it changes, also by hand.

-- Of a comment also where it stands, and since when.
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
            SELECT DISTINCT 'comments:' || article
            FROM old_rows AS was FULL JOIN new_rows AS became USING (id)
            CROSS JOIN unnest(ARRAY[was.article_id, became.article_id]) AS article
            WHERE (was.visible OR became.visible)
                AND (was.article_id, was.parent_id, was.depth, was.author_kind, was.author_name, was.avatar_key, was.body_html,
                        was.status, was.reply_count, was.created_at, was.edited_at, was.moderated_at)
                    IS DISTINCT FROM
                    (became.article_id, became.parent_id, became.depth, became.author_kind, became.author_name, became.avatar_key, became.body_html,
                        became.status, became.reply_count, became.created_at, became.edited_at, became.moderated_at)
            LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

-- Counts also when they are taken away.
CREATE OR REPLACE FUNCTION announce_article_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT 'count:' || article_id FROM old_rows LIMIT 501));
        RETURN NULL;
    END IF;
    INSERT INTO reader_changes (xid, tag, at)
    SELECT pg_current_xact_id()::text::bigint, 'count:' || article_id, clock_timestamp()
    FROM new_rows WHERE TG_OP = 'UPDATE' OR comments > 0 OR corrections > 0 LIMIT 501;
    GET DIAGNOSTICS told = ROW_COUNT;
    IF told > 500 THEN
        PERFORM announce('{*}');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce_section_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['sections', 'section:' || section_id]) FROM old_rows LIMIT 501));
    ELSE
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['sections', 'section:' || section_id]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

-- A tag or an author is there for readers from its first article to its last, under every name: also those that it had before,
-- and those of tags that were merged into it. However many articles come or go at once.
CREATE FUNCTION announce_named_tags(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(ids) > 0 THEN
        PERFORM announce(ARRAY(
            WITH named AS (
                SELECT id, slug FROM tags WHERE id = ANY (ids)
                UNION
                SELECT id, slug FROM tags WHERE merged_into_id = ANY (ids)
            )
            SELECT unnest(ARRAY['slug:' || slug, 'tag:' || id]) FROM named
            UNION
            SELECT 'slug:' || retired.slug FROM named JOIN retired_slugs AS retired ON target_id = id
            LIMIT 501));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION announce_tag_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['tags', 'tag:' || tag_id]) FROM old_rows LIMIT 501));
        PERFORM announce_named_tags(ARRAY(SELECT tag_id FROM old_rows WHERE articles > 0));
        RETURN NULL;
    END IF;
    PERFORM announce(ARRAY(SELECT unnest(ARRAY['tags', 'tag:' || tag_id]) FROM new_rows LIMIT 501));
    IF TG_OP = 'INSERT' THEN
        PERFORM announce_named_tags(ARRAY(SELECT tag_id FROM new_rows WHERE articles > 0));
    ELSE
        PERFORM announce_named_tags(ARRAY(
            SELECT tag_id FROM old_rows AS was JOIN new_rows AS became USING (tag_id)
            WHERE (was.articles = 0) <> (became.articles = 0)));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_named_authors(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(ids) > 0 THEN
        PERFORM announce(ARRAY(
            SELECT 'slug:' || slug FROM authors WHERE id = ANY (ids)
            UNION
            SELECT 'slug:' || retired.slug FROM retired_slugs AS retired WHERE target_id = ANY (ids)
            LIMIT 501));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION announce_author_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['authors', 'author:' || author_id]) FROM old_rows LIMIT 501));
        PERFORM announce_named_authors(ARRAY(SELECT author_id FROM old_rows WHERE articles > 0));
        RETURN NULL;
    END IF;
    PERFORM announce(ARRAY(SELECT unnest(ARRAY['authors', 'author:' || author_id]) FROM new_rows LIMIT 501));
    IF TG_OP = 'INSERT' THEN
        PERFORM announce_named_authors(ARRAY(SELECT author_id FROM new_rows WHERE articles > 0));
    ELSE
        PERFORM announce_named_authors(ARRAY(
            SELECT author_id FROM old_rows AS was JOIN new_rows AS became USING (author_id)
            WHERE (was.articles = 0) <> (became.articles = 0)));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER announce_delete AFTER DELETE ON article_counts REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_article_counts();
CREATE TRIGGER announce_delete AFTER DELETE ON section_counts REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_section_counts();
CREATE TRIGGER announce_delete AFTER DELETE ON tag_counts REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_tag_counts();
CREATE TRIGGER announce_delete AFTER DELETE ON author_counts REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_author_counts();

-- A slug that readers know leads to its article, and says also by the article's id that it was there.
CREATE FUNCTION announce_public_slugs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['slug:' || slug, 'article:' || article_id]) FROM old_rows LIMIT 501));
    ELSE
        -- To claim one again changes nothing.
        PERFORM announce(ARRAY(
            SELECT unnest(ARRAY['slug:' || changed.slug, 'article:' || changed.article_id])
            FROM (
                (SELECT slug, article_id FROM old_rows EXCEPT SELECT slug, article_id FROM new_rows)
                UNION ALL
                (SELECT slug, article_id FROM new_rows EXCEPT SELECT slug, article_id FROM old_rows)
            ) AS changed
            LIMIT 501));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER announce_delete ON public_slugs;
CREATE TRIGGER announce_delete AFTER DELETE ON public_slugs REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_public_slugs();
CREATE TRIGGER announce_update AFTER UPDATE ON public_slugs REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_public_slugs();

-- Lists by an old slug say of what it leads to on what they depend.
CREATE FUNCTION announce_retired_slugs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['slug:' || slug, kind || ':' || target_id]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['slug:' || slug, kind || ':' || target_id]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER announce_insert ON retired_slugs;
DROP TRIGGER announce_update ON retired_slugs;
DROP TRIGGER announce_delete ON retired_slugs;
CREATE TRIGGER announce_insert AFTER INSERT ON retired_slugs REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_retired_slugs();
CREATE TRIGGER announce_update AFTER UPDATE ON retired_slugs REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_retired_slugs();
CREATE TRIGGER announce_delete AFTER DELETE ON retired_slugs REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_retired_slugs();
