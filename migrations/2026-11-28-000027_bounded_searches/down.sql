CREATE OR REPLACE FUNCTION search_query(configurations text[], wanted text, excluded text) RETURNS tsquery
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

DROP FUNCTION search_ranking, search_reading;
