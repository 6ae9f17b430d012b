-- One author writes one comment at a time; the turns of many are taken at once. In PL/pgSQL it is planned once a connection.
CREATE FUNCTION take_turns(keys bigint[]) RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    key   bigint;
    taken boolean[] := '{}';
BEGIN
    FOREACH key IN ARRAY keys LOOP
        taken := taken || pg_try_advisory_xact_lock(key);
    END LOOP;
    RETURN taken;
END $$;
