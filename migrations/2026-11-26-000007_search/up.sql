-- Finding published articles by their words. What is searched stands in a table of its own, which only publishing writes.
-- `unaccent` and `pg_trgm` and `btree_gin` come with PostgreSQL and are trusted: the owner of a database may create them.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- How words are read: one configuration for each language that this PostgreSQL has a dictionary of, without accents ---

CREATE TABLE search_languages (
    -- The first part of a language tag.
    language      text CONSTRAINT search_languages_pkey PRIMARY KEY,
    configuration text NOT NULL
);

-- Every other language.
INSERT INTO search_languages VALUES ('und', 'masthead_simple');
CREATE TEXT SEARCH CONFIGURATION masthead_simple (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION masthead_simple
    ALTER MAPPING FOR hword, hword_part, word, numword, numhword, hword_numpart WITH unaccent, simple;

DO $$
DECLARE
    known record;
BEGIN
    FOR known IN
        SELECT tag, name
        FROM (VALUES ('ar', 'arabic'), ('hy', 'armenian'), ('eu', 'basque'), ('ca', 'catalan'), ('da', 'danish'),
                     ('nl', 'dutch'), ('en', 'english'), ('et', 'estonian'), ('fi', 'finnish'), ('fr', 'french'),
                     ('de', 'german'), ('el', 'greek'), ('hi', 'hindi'), ('hu', 'hungarian'), ('id', 'indonesian'),
                     ('ga', 'irish'), ('it', 'italian'), ('lt', 'lithuanian'), ('ne', 'nepali'), ('no', 'norwegian'),
                     ('nb', 'norwegian'), ('nn', 'norwegian'), ('pt', 'portuguese'), ('ro', 'romanian'),
                     ('ru', 'russian'), ('sr', 'serbian'), ('es', 'spanish'), ('sv', 'swedish'), ('ta', 'tamil'),
                     ('tr', 'turkish'), ('yi', 'yiddish')) AS languages (tag, name)
        JOIN pg_catalog.pg_ts_config shipped ON shipped.cfgname = name AND shipped.cfgnamespace = 'pg_catalog'::regnamespace
    LOOP
        IF NOT EXISTS (SELECT FROM search_languages WHERE configuration = 'masthead_' || known.name) THEN
            EXECUTE format('CREATE TEXT SEARCH CONFIGURATION masthead_%s (COPY = pg_catalog.%I)', known.name, known.name);
            EXECUTE format(
                'ALTER TEXT SEARCH CONFIGURATION masthead_%s ALTER MAPPING FOR hword, hword_part, word WITH unaccent, %I',
                known.name, known.name || '_stem');
        END IF;
        INSERT INTO search_languages VALUES (known.tag, 'masthead_' || known.name);
    END LOOP;
END $$;

-- The configuration for a language tag.
CREATE FUNCTION search_configuration(tag text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT configuration FROM search_languages WHERE language = lower(split_part(tag, '-', 1))),
        'masthead_simple')
$$;

-- Each letter of the scripts that write no blanks as a word of its own, parted by a sign that no text holds.
CREATE FUNCTION search_split(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(given,
        '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])',
        E'\x1f\\1\x1f', 'g')
$$;

-- A text as it is cut into words, whatever the locale of the database: split, and signs that are no letters as blanks.
CREATE FUNCTION search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT search_split(regexp_replace(lower(given),
        '[\u00a0-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u200b\u200e-\u206f\u2190-\u2bff\u3000-\u3004\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\U0001f000-\U0001faff]',
        ' ', 'g'))
$$;

-- The week of an instant, counted from 1970.
CREATE FUNCTION search_week(at timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(((at AT TIME ZONE 'UTC')::date - date '1970-01-01') / 7.0)::integer
$$;

-- What is searched ------------------------------------------------------------------------------------------------------

CREATE TABLE published_article_search (
    article_id    uuid        CONSTRAINT published_article_search_pkey PRIMARY KEY
        CONSTRAINT published_article_search_article_id_fkey REFERENCES published_articles ON DELETE CASCADE,
    configuration text        NOT NULL,
    published_at  timestamptz NOT NULL,
    -- The date line's week since 1970: an index of words knows no order, so the newest are found week by week.
    week          integer     NOT NULL,
    words         tsvector    NOT NULL
);
-- Rows are narrow and the words beside them as they are: sorting reads the former alone, ranking no more than a thousand
-- of the latter, without unpacking. And enough of the commonest words are known to tell the common from the rare.
ALTER TABLE published_article_search ALTER COLUMN words SET STORAGE EXTERNAL, ALTER COLUMN words SET STATISTICS 500;
CREATE INDEX published_article_search_words_idx ON published_article_search USING gin (week, words) WITH (gin_pending_list_limit = 512);
CREATE INDEX published_article_search_configuration_idx ON published_article_search (configuration);

-- The start of a text that a tsvector (1 MB at most) surely holds, however many words it is made of: each byte of a text
-- becomes less than four of its words. Measured in bytes, cut between characters.
CREATE FUNCTION search_cut(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN octet_length(left(given, 240000)) <= 240000 THEN left(given, 240000)
        WHEN octet_length(left(given, 120000)) <= 240000 THEN left(given, 120000)
        WHEN octet_length(left(given, 80000)) <= 240000 THEN left(given, 80000)
        ELSE left(given, 60000)
    END
$$;

-- The words of an article: A the title, B what stands around it, C the headings, D the body.
CREATE FUNCTION search_words(configuration text, title text, above text, headings text, body text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector(configuration::regconfig, search_text(left(coalesce(title, ''), 1000))), 'A')
        || setweight(to_tsvector(configuration::regconfig, search_text(left(coalesce(above, ''), 4000))), 'B')
        || setweight(to_tsvector(configuration::regconfig, search_text(left(coalesce(headings, ''), 4000))), 'C')
        || setweight(to_tsvector(configuration::regconfig, search_text(search_cut(coalesce(body, '')))), 'D')
$$;

-- What is searched for, as each of these configurations reads it: all of `wanted`, and nothing of `excluded`.
CREATE FUNCTION search_query(configurations text[], wanted text, excluded text) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    configuration text;
    reads tsquery;
    found tsquery;
    without tsquery;
BEGIN
    FOREACH configuration IN ARRAY configurations LOOP
        reads := websearch_to_tsquery(configuration::regconfig, search_text(wanted));
        found := coalesce(found || reads, reads);
        IF excluded <> '' THEN
            reads := websearch_to_tsquery(configuration::regconfig, search_text(excluded));
            without := coalesce(without || reads, reads);
        END IF;
    END LOOP;
    IF numnode(found) = 0 OR coalesce(numnode(without), 0) = 0 THEN
        RETURN found;
    END IF;
    RETURN found && !! without;
END $$;

-- Those that published articles are read by.
CREATE FUNCTION search_configurations() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array(
        SELECT DISTINCT configuration FROM search_languages
        WHERE EXISTS (SELECT FROM published_article_search used WHERE used.configuration = search_languages.configuration)
    )
$$;

-- The same without the order of words, so that the index alone can answer: at least all that is sought. (No word holds these
-- signs. What must not stand in some order may well stand in another.)
CREATE FUNCTION search_loosely(configurations text[], wanted text, excluded text) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    signs CONSTANT text := '<(-|\d+)>';
BEGIN
    IF excluded <> '' AND search_query(configurations, excluded, '')::text ~ signs THEN
        excluded := '';
    END IF;
    RETURN regexp_replace(search_query(configurations, wanted, excluded)::text, signs, '&', 'g')::tsquery;
END $$;

-- About how many articles hold the rarest of these words, or with `either` the commonest: by what the planner knows of
-- the index's words. One that it has not noted is rare.
CREATE FUNCTION search_frequency(configurations text[], words text, either boolean) RETURNS float8
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    common text[];
    shares real[];
    configuration text;
    in_each real[];
    share float8 := 0;
BEGIN
    SELECT most_common_elems::text::text[], most_common_elem_freqs INTO common, shares
    FROM pg_catalog.pg_stats
    WHERE schemaname = current_schema() AND tablename = 'published_article_search' AND attname = 'words';
    FOREACH configuration IN ARRAY configurations LOOP
        in_each := array(
            SELECT coalesce(shares[array_position(common, lexeme)], 0)
            FROM unnest(tsvector_to_array(to_tsvector(configuration::regconfig, search_text(words)))) AS lexeme
        );
        share := share + coalesce((SELECT CASE WHEN either THEN max(one) ELSE min(one) END FROM unnest(in_each) AS one), 0);
    END LOOP;
    RETURN share * greatest((SELECT reltuples FROM pg_catalog.pg_class WHERE oid = 'published_article_search'::regclass), 0);
END $$;

-- A stretch of a text with the words that were found between two signs of private use, which the text itself is freed of.
CREATE FUNCTION search_snippet(configuration text, given text, sought tsquery) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ts_headline(configuration::regconfig, search_split(translate(given, U&'\E000\E001', '')), sought,
        U&'StartSel=\E000, StopSel=\E001, MaxWords=40, MinWords=20')
$$;

-- Words as they are written, for correcting slips: each with about as many articles as were ever published with it.
-- Counted after publishing, by one at a time, so that publishing waits for nobody.
CREATE TABLE search_words (
    word     text    CONSTRAINT search_words_pkey PRIMARY KEY,
    articles integer NOT NULL CONSTRAINT search_words_articles_natural CHECK (articles > 0)
);
CREATE INDEX search_words_trigrams_idx ON search_words USING gin (word gin_trgm_ops);

-- Published articles whose words have not been counted.
CREATE TABLE search_uncounted (
    article_id uuid CONSTRAINT search_uncounted_pkey PRIMARY KEY
        CONSTRAINT search_uncounted_article_id_fkey REFERENCES published_article_search ON DELETE CASCADE
);

CREATE FUNCTION search_note_uncounted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_uncounted VALUES (NEW.article_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER published_article_search_uncounted AFTER INSERT ON published_article_search
    FOR EACH ROW EXECUTE FUNCTION search_note_uncounted();

-- Counts the words of some articles that are waiting; answers of how many.
CREATE FUNCTION search_count_words(articles integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    batch uuid[];
BEGIN
    WITH taken AS (
        DELETE FROM search_uncounted
        WHERE article_id IN (SELECT article_id FROM search_uncounted ORDER BY article_id LIMIT articles FOR UPDATE SKIP LOCKED)
        RETURNING article_id
    )
    SELECT array_agg(article_id) INTO batch FROM taken;
    INSERT INTO search_words AS counted (word, articles)
    SELECT word, count(*)
    FROM published_articles,
         unnest(tsvector_to_array(to_tsvector('masthead_simple',
             search_text(concat_ws(' ', kicker, title, standfirst, search_cut(body_text)))))) AS word
    -- Words of letters only: numbers are not misspelt, and there is no end of them.
    WHERE id = ANY (batch) AND word ~ '^[[:alpha:]]{3,40}$'
    GROUP BY word
    -- In one order, for should two ever count at once.
    ORDER BY word
    ON CONFLICT (word) DO UPDATE SET articles = counted.articles + excluded.articles;
    RETURN coalesce(cardinality(batch), 0);
END $$;

-- Of each of these words: how it is written in the list, in how many articles it stands, and which others look like it.
-- What is common enough is no slip.
CREATE FUNCTION search_near(given text[], common integer) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'given', sought, 'written', written, 'articles', coalesce(known.articles, 0), 'near', coalesce(near, '[]'))), '[]')
    FROM unnest(given) AS sought
    CROSS JOIN LATERAL (SELECT lower(unaccent(sought)) AS written) AS spelt
    LEFT JOIN search_words known ON known.word = written
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('word', like_it.word, 'articles', like_it.articles)) AS near
        FROM (
            (
                SELECT other.word, other.articles
                FROM search_words other
                WHERE other.word % written AND other.word <> written
                ORDER BY similarity(other.word, written) DESC, other.articles DESC
                LIMIT 30
            )
            -- Two letters changed places: of a short word no three letters are left as they were.
            UNION
            SELECT other.word, other.articles
            FROM generate_series(1, length(written) - 1) AS at
            JOIN search_words other ON other.word = overlay(written placing reverse(substr(written, at, 2)) FROM at FOR 2)
            WHERE other.word <> written
        ) AS like_it
        WHERE coalesce(known.articles, 0) < common
    ) AS likely ON true
$$;

-- The weeks that hold the newest `most` articles up to an instant; 60 at most, because each is looked up by itself.
CREATE FUNCTION search_weeks(up_to timestamptz, most integer) RETURNS integer[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    newest timestamptz := (
        SELECT published_at FROM published_articles WHERE published_at <= up_to ORDER BY published_at DESC LIMIT 1);
    oldest timestamptz := (
        SELECT published_at FROM published_articles WHERE published_at <= up_to ORDER BY published_at DESC OFFSET most LIMIT 1);
BEGIN
    IF oldest IS NULL THEN
        oldest := (SELECT published_at FROM published_articles ORDER BY published_at LIMIT 1);
    END IF;
    RETURN array(
        SELECT week FROM generate_series(search_week(newest), search_week(oldest), -1) AS week
        WHERE EXISTS (
            SELECT FROM published_articles
            WHERE published_at >= timestamptz '1970-01-01T00:00:00Z' + week * interval '7 days'
                AND published_at < timestamptz '1970-01-01T00:00:00Z' + (week + 1) * interval '7 days')
        LIMIT 60
    );
END $$;

-- All that has to be known before searching, in one journey: how the words are read and how common they are; what they may
-- have been meant to be, if `spelling` is asked; and the newest weeks, if they are asked or when something of this is in more
-- than `rare` articles.
CREATE FUNCTION search_read(question jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    configurations text[] := search_configurations();
    sought tsquery := search_query(configurations, question ->> 'wanted', question ->> 'excluded');
    words text[] := array(SELECT jsonb_array_elements_text(question -> 'words'));
    rare integer := question -> 'rare';
    frequency float8;
    near jsonb := '[]';
    weeks integer[];
BEGIN
    IF coalesce(numnode(sought), 0) = 0 THEN
        RETURN NULL;
    END IF;
    frequency := search_frequency(configurations, array_to_string(words, ' '), (question -> 'either')::boolean);
    IF (question -> 'spelling')::boolean AND frequency <= rare THEN
        -- Each costs a look through the list: the first few are enough.
        near := search_near(words[1:4], (question -> 'common')::integer);
    END IF;
    IF (question -> 'newest')::boolean OR frequency > rare
        OR jsonb_path_exists(near, '$[*].near[*].articles ? (@ > $some)', jsonb_build_object('some', rare / 3))
    THEN
        weeks := search_weeks((question ->> 'up_to')::timestamptz, rare);
    END IF;
    RETURN jsonb_build_object('configurations', configurations, 'frequency', frequency, 'near', near, 'weeks', weeks,
        'ordered', search_loosely(configurations, question ->> 'wanted', question ->> 'excluded') <> sought);
END $$;

-- What is published already.
INSERT INTO published_article_search (article_id, configuration, published_at, week, words)
SELECT id, configuration, published_at, search_week(published_at),
    search_words(configuration, title, concat_ws(' ', kicker, standfirst),
        (SELECT string_agg(heading ->> 'text', ' ') FROM jsonb_array_elements(outline) AS heading), body_text)
FROM published_articles, search_configuration(language) AS configuration;
SELECT search_count_words(2147483647);

-- The newest words are looked at most: let it be known soon that all can see them.
ALTER TABLE published_articles SET (autovacuum_vacuum_insert_scale_factor = 0.02);
ALTER TABLE published_article_search SET (autovacuum_vacuum_insert_scale_factor = 0.02);
