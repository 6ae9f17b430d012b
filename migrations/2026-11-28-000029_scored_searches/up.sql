-- What a result is worth: how well the words fit, of which two fifths last, and the rest is halved every 60 days.
CREATE FUNCTION search_score(rank real, published_at timestamptz, as_of timestamptz) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- No further back than there is a number for.
    SELECT rank * (0.4 + 0.6 * power(0.5::float8,
        least(greatest(extract(epoch FROM as_of - published_at)::float8 / 86400, 0), 60000) / 60))
$$;

-- How many characters of each body are looked through for a snippet, when there are so many results: 400,000 of all.
CREATE FUNCTION search_share(results bigint) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(400000 / greatest(results, 1), 20000)::integer
$$;
