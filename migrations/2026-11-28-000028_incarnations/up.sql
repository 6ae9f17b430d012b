-- Which database this is: a copy of it, or itself from a copy, has another timeline from the moment on at which they part, though
-- the numbers of transactions go on as if nothing had been lost.
CREATE FUNCTION reader_incarnation() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT system_identifier || CASE
        WHEN pg_is_in_recovery() THEN ''
        ELSE '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
    END
    FROM pg_control_system()
$$;
