-- What readers find again they find under every name: an article also by the slugs that it had before.
CREATE OR REPLACE FUNCTION announce_published_articles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['articles', 'article:' || id, 'slug:' || slug]) FROM old_rows LIMIT 501));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM announce(ARRAY(SELECT unnest(ARRAY['articles', 'article:' || id, 'slug:' || slug]) FROM new_rows LIMIT 501));
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM announce(ARRAY(
            SELECT 'slug:' || former.slug FROM new_rows JOIN public_slugs AS former ON article_id = id
            WHERE former.slug <> new_rows.slug LIMIT 501));
    END IF;
    RETURN NULL;
END $$;

-- A tag or an author that a first article names is there for readers under every name: also those that it had before, and
-- those of tags that were merged into it.
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
