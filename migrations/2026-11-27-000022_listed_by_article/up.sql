-- The lists that an article stands in are named in its own row, where a card is read. The rows that lists walk along follow
-- from it, whoever writes it.
ALTER TABLE published_articles
    -- Its section and every one above it.
    ADD COLUMN section_ids uuid[] NOT NULL DEFAULT '{}',
    -- In the order an editor gave them.
    ADD COLUMN tag_ids     uuid[] NOT NULL DEFAULT '{}',
    -- In the order of the byline.
    ADD COLUMN author_ids  uuid[] NOT NULL DEFAULT '{}';
UPDATE published_articles SET
    section_ids = ARRAY(SELECT section_id FROM published_article_sections WHERE article_id = id ORDER BY section_id),
    tag_ids = ARRAY(SELECT tag_id FROM published_article_tags WHERE article_id = id ORDER BY position),
    author_ids = ARRAY(SELECT author_id FROM published_article_authors WHERE article_id = id ORDER BY position);
ALTER TABLE published_articles
    ALTER COLUMN section_ids DROP DEFAULT,
    ALTER COLUMN tag_ids DROP DEFAULT,
    ALTER COLUMN author_ids DROP DEFAULT;
ALTER TABLE published_article_tags DROP COLUMN position;
ALTER TABLE published_article_authors DROP COLUMN position;

CREATE FUNCTION list_articles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO published_article_sections (article_id, section_id, published_at, content_updated_at)
    SELECT id, section, published_at, content_updated_at FROM new_rows, unnest(section_ids) AS section;
    INSERT INTO published_article_tags (article_id, tag_id, published_at, content_updated_at)
    SELECT id, tag, published_at, content_updated_at FROM new_rows, unnest(tag_ids) AS tag;
    INSERT INTO published_article_authors (article_id, author_id, published_at, content_updated_at)
    SELECT id, author, published_at, content_updated_at FROM new_rows, unnest(author_ids) AS author;
    RETURN NULL;
END $$;

-- Takes away what is no longer, adds what is new, and dates the rest.
CREATE FUNCTION relist_articles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM old_rows AS was JOIN new_rows AS became USING (id)
    WHERE (was.section_ids, was.tag_ids, was.author_ids, was.published_at, was.content_updated_at)
        IS DISTINCT FROM (became.section_ids, became.tag_ids, became.author_ids, became.published_at, became.content_updated_at);
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    DELETE FROM published_article_sections AS listed USING new_rows AS article
    WHERE article_id = id AND listed.section_id <> ALL (section_ids);
    INSERT INTO published_article_sections AS listed (article_id, section_id, published_at, content_updated_at)
    SELECT id, section, published_at, content_updated_at FROM new_rows, unnest(section_ids) AS section
    ON CONFLICT (article_id, section_id) DO UPDATE
    SET published_at = excluded.published_at, content_updated_at = excluded.content_updated_at
    WHERE (listed.published_at, listed.content_updated_at) <> (excluded.published_at, excluded.content_updated_at);
    DELETE FROM published_article_tags AS listed USING new_rows AS article
    WHERE article_id = id AND tag_id <> ALL (tag_ids);
    INSERT INTO published_article_tags AS listed (article_id, tag_id, published_at, content_updated_at)
    SELECT id, tag, published_at, content_updated_at FROM new_rows, unnest(tag_ids) AS tag
    ON CONFLICT (article_id, tag_id) DO UPDATE
    SET published_at = excluded.published_at, content_updated_at = excluded.content_updated_at
    WHERE (listed.published_at, listed.content_updated_at) <> (excluded.published_at, excluded.content_updated_at);
    DELETE FROM published_article_authors AS listed USING new_rows AS article
    WHERE article_id = id AND author_id <> ALL (author_ids);
    INSERT INTO published_article_authors AS listed (article_id, author_id, published_at, content_updated_at)
    SELECT id, author, published_at, content_updated_at FROM new_rows, unnest(author_ids) AS author
    ON CONFLICT (article_id, author_id) DO UPDATE
    SET published_at = excluded.published_at, content_updated_at = excluded.content_updated_at
    WHERE (listed.published_at, listed.content_updated_at) <> (excluded.published_at, excluded.content_updated_at);
    RETURN NULL;
END $$;

CREATE TRIGGER list_insert AFTER INSERT ON published_articles
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION list_articles();
CREATE TRIGGER list_update AFTER UPDATE ON published_articles
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION relist_articles();
