-- A search reads what holds a word that is sought. What nothing need hold, every article does: it is no query. (`querytree`
-- says what the index can look for.)

-- A text as any of these configurations reads it; those that read it alike once.
CREATE FUNCTION search_reading(configurations text[], given text) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    configuration text;
    reads tsquery;
    known tsquery[] := '{}';
    any_of tsquery := '';
BEGIN
    IF given <> '' THEN
        FOREACH configuration IN ARRAY configurations LOOP
            reads := websearch_to_tsquery(configuration::regconfig, search_text(given));
            CONTINUE WHEN reads = ANY (known);
            known := known || reads;
            any_of := any_of || reads;
        END LOOP;
    END IF;
    RETURN any_of;
END $$;

-- What is searched for, as each of these configurations reads it: all of `wanted`, and nothing of `excluded`.
CREATE OR REPLACE FUNCTION search_query(configurations text[], wanted text, excluded text) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found tsquery := search_reading(configurations, wanted);
    without tsquery := search_reading(configurations, excluded);
BEGIN
    IF querytree(found) IN ('', 'T') THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN numnode(without) > 0 THEN found && !! without ELSE found END;
END $$;

-- The same for ranking: by each word, and not by how near it stands to each of the others, which takes a second for an article
-- in a script without blanks.
CREATE FUNCTION search_ranking(configurations text[], wanted text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sought || sought FROM search_query(configurations, wanted, '') AS sought
$$;

-- All that has to be known before searching. Words are counted as they are sought: an address is one.
CREATE OR REPLACE FUNCTION search_read(question jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
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
    frequency := search_frequency(configurations, question ->> 'counted', (question -> 'either')::boolean);
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
