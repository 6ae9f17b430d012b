-- What readers can see announces its own changes: whoever writes, even psql, cannot forget to. Every node reads the new
-- rows a few times a second and drops what carries their tags.

CREATE TABLE reader_changes (
    -- The transaction that made the change: it is looked for again until it has ended.
    xid bigint      NOT NULL,
    id  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    tag text        NOT NULL,
    at  timestamptz NOT NULL,
    CONSTRAINT reader_changes_pkey PRIMARY KEY (xid, id)
);

-- Which transactions have ended at this moment: those below `next` that are not among `running`. One row.
CREATE VIEW reader_snapshot AS
SELECT pg_snapshot_xmin(now_seen)::text::bigint AS oldest,
       pg_snapshot_xmax(now_seen)::text::bigint AS next,
       ARRAY(SELECT running::text::bigint FROM pg_snapshot_xip(now_seen) AS running) AS running
FROM (SELECT pg_current_snapshot() AS now_seen) AS snapshot;

-- More than 500 tags in one statement are one `*`: everything.
CREATE FUNCTION announce(tags text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reader_changes (xid, tag, at)
    SELECT pg_current_xact_id()::text::bigint, tag, clock_timestamp()
    FROM (
        SELECT DISTINCT tag FROM unnest(tags) AS tag WHERE cardinality(tags) <= 500 AND tag IS NOT NULL
        UNION ALL
        SELECT '*' WHERE cardinality(tags) > 500
    ) AS told
$$;

CREATE FUNCTION announce_everything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce('{*}');
    RETURN NULL;
END $$;

-- One function for each table that readers are served from. What was and what is are both told.

CREATE FUNCTION announce_published_articles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['articles', 'article:' || id, 'slug:' || slug]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['articles', 'article:' || id, 'slug:' || slug]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_article_sections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'section:' || section_id FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'section:' || section_id FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_article_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'tag:' || tag_id FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'tag:' || tag_id FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_article_authors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'author:' || author_id FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT DISTINCT 'author:' || author_id FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

-- Sections, tags and authors: `kinds` is their list, `names` whatever shows one of them by name.
CREATE FUNCTION announce_sections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['sections', 'names', 'section:' || id, 'slug:' || slug]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['sections', 'section:' || id, 'slug:' || slug]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['tags', 'names', 'tag:' || id, 'slug:' || slug]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['tags', 'tag:' || id, 'slug:' || slug]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_authors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['authors', 'names', 'author:' || id, 'slug:' || slug]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['authors', 'author:' || id, 'slug:' || slug]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

-- Their counts. A tag or an author that no published article names is not there for readers: its slug is told when that
-- changes.
CREATE FUNCTION announce_section_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(SELECT unnest(ARRAY['sections', 'section:' || section_id]) FROM new_rows LIMIT 501));
    RETURN NULL;
END $$;

CREATE FUNCTION announce_tag_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(
        SELECT unnest(ARRAY['tags', 'tag:' || tag_id, CASE WHEN counted.articles <= 1 THEN 'slug:' || slug END])
        FROM new_rows AS counted JOIN tags ON tags.id = tag_id LIMIT 501));
    RETURN NULL;
END $$;

CREATE FUNCTION announce_author_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(
        SELECT unnest(ARRAY['authors', 'author:' || author_id, CASE WHEN counted.articles <= 1 THEN 'slug:' || slug END])
        FROM new_rows AS counted JOIN authors ON authors.id = author_id LIMIT 501));
    RETURN NULL;
END $$;

CREATE FUNCTION announce_article_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(SELECT 'count:' || article_id FROM new_rows WHERE TG_OP = 'UPDATE' OR comments > 0 LIMIT 501));
    RETURN NULL;
END $$;

-- Comments that no reader sees, before or after, are no news.
CREATE FUNCTION announce_comments() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION announce_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['corrections', 'article:' || article_id]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['corrections', 'article:' || article_id]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

-- A killed article answers at every slug that it ever had.
CREATE FUNCTION announce_kills() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(
            SELECT unnest(ARRAY['article:' || kill.article_id, 'slug:' || slug])
            FROM old_rows AS kill LEFT JOIN public_slugs USING (article_id) LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(
            SELECT unnest(ARRAY['article:' || kill.article_id, 'slug:' || slug])
            FROM new_rows AS kill LEFT JOIN public_slugs USING (article_id) LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION announce_slugs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT 'slug:' || slug FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT 'slug:' || slug FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

-- A table's triggers: rows before and after can be named for one event at a time.
CREATE PROCEDURE watch(watched regclass, teller text, events text[]) LANGUAGE plpgsql AS $$
DECLARE
    event text;
    seen  text;
BEGIN
    FOREACH event IN ARRAY events LOOP
        seen := CASE event
            WHEN 'INSERT' THEN 'NEW TABLE AS new_rows'
            WHEN 'DELETE' THEN 'OLD TABLE AS old_rows'
            ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows'
        END;
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %I()',
            'announce_' || lower(event), event, watched, seen, teller);
    END LOOP;
    EXECUTE format('CREATE TRIGGER announce_truncate AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION announce_everything()', watched);
END $$;

CALL watch('published_articles', 'announce_published_articles', '{INSERT,UPDATE,DELETE}');
CALL watch('published_article_sections', 'announce_article_sections', '{INSERT,UPDATE,DELETE}');
CALL watch('published_article_tags', 'announce_article_tags', '{INSERT,UPDATE,DELETE}');
CALL watch('published_article_authors', 'announce_article_authors', '{INSERT,UPDATE,DELETE}');
CALL watch('sections', 'announce_sections', '{INSERT,UPDATE,DELETE}');
CALL watch('tags', 'announce_tags', '{INSERT,UPDATE,DELETE}');
CALL watch('authors', 'announce_authors', '{INSERT,UPDATE,DELETE}');
CALL watch('section_counts', 'announce_section_counts', '{INSERT,UPDATE}');
CALL watch('tag_counts', 'announce_tag_counts', '{INSERT,UPDATE}');
CALL watch('author_counts', 'announce_author_counts', '{INSERT,UPDATE}');
CALL watch('article_counts', 'announce_article_counts', '{INSERT,UPDATE}');
CALL watch('comments', 'announce_comments', '{INSERT,UPDATE,DELETE}');
CALL watch('corrections', 'announce_corrections', '{INSERT,UPDATE,DELETE}');
CALL watch('kills', 'announce_kills', '{INSERT,UPDATE,DELETE}');
CALL watch('public_slugs', 'announce_slugs', '{INSERT,DELETE}');
CALL watch('retired_slugs', 'announce_slugs', '{INSERT,UPDATE,DELETE}');
-- Whatever is shown depends on the site: its time zone, its name, its policy of comments.
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON site
    FOR EACH STATEMENT EXECUTE FUNCTION announce_everything();
DROP PROCEDURE watch(regclass, text, text[]);
