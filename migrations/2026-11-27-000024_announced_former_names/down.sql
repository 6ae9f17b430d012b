CREATE OR REPLACE FUNCTION announce_published_articles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['articles', 'article:' || id, 'slug:' || slug]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['articles', 'article:' || id, 'slug:' || slug]) FROM new_rows LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce_tag_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(
        SELECT unnest(ARRAY['tags', 'tag:' || tag_id, CASE WHEN counted.articles <= 1 THEN 'slug:' || slug END])
        FROM new_rows AS counted JOIN tags ON tags.id = tag_id LIMIT 501));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION announce_author_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(ARRAY(
        SELECT unnest(ARRAY['authors', 'author:' || author_id, CASE WHEN counted.articles <= 1 THEN 'slug:' || slug END])
        FROM new_rows AS counted JOIN authors ON authors.id = author_id LIMIT 501));
    RETURN NULL;
END $$;
