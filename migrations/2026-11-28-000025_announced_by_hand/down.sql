DROP TRIGGER announce_update ON public_slugs;
DROP TRIGGER announce_delete ON public_slugs;
DROP TRIGGER announce_insert ON retired_slugs;
DROP TRIGGER announce_update ON retired_slugs;
DROP TRIGGER announce_delete ON retired_slugs;
DROP TRIGGER announce_delete ON article_counts;
DROP TRIGGER announce_delete ON section_counts;
DROP TRIGGER announce_delete ON tag_counts;
DROP TRIGGER announce_delete ON author_counts;
DROP FUNCTION announce_public_slugs();
DROP FUNCTION announce_retired_slugs();
CREATE TRIGGER announce_delete AFTER DELETE ON public_slugs REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_slugs();
CREATE TRIGGER announce_insert AFTER INSERT ON retired_slugs REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_slugs();
CREATE TRIGGER announce_update AFTER UPDATE ON retired_slugs REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_slugs();
CREATE TRIGGER announce_delete AFTER DELETE ON retired_slugs REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION announce_slugs();

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

CREATE OR REPLACE FUNCTION announce_section_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(SELECT unnest(ARRAY['sections', 'section:' || section_id]) FROM new_rows LIMIT 501));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce_tag_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(SELECT unnest(ARRAY['tags', 'tag:' || tag_id]) FROM new_rows LIMIT 501));
    PERFORM FROM new_rows WHERE articles <= 1;
    IF FOUND THEN
        PERFORM announce(ARRAY(
            WITH named AS (
                SELECT id, slug FROM new_rows JOIN tags ON tags.id = tag_id WHERE articles <= 1
                UNION
                SELECT id, slug FROM new_rows JOIN tags ON merged_into_id = tag_id WHERE articles <= 1
            )
            SELECT 'slug:' || slug FROM named
            UNION
            SELECT 'slug:' || retired.slug FROM named JOIN retired_slugs AS retired ON target_id = id
            LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce_author_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(SELECT unnest(ARRAY['authors', 'author:' || author_id]) FROM new_rows LIMIT 501));
    PERFORM FROM new_rows WHERE articles <= 1;
    IF FOUND THEN
        PERFORM announce(ARRAY(
            WITH named AS (SELECT id, slug FROM new_rows JOIN authors ON authors.id = author_id WHERE articles <= 1)
            SELECT 'slug:' || slug FROM named
            UNION
            SELECT 'slug:' || retired.slug FROM named JOIN retired_slugs AS retired ON target_id = id
            LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

DROP FUNCTION announce_named_tags(uuid[]);
DROP FUNCTION announce_named_authors(uuid[]);
