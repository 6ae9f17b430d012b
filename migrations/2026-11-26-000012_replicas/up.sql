-- How far the write-ahead log reaches, here: on a replica how far it was replayed. Taken after the snapshot, so that whatever
-- the snapshot shows as ended lies before it. Reading the position alone takes no snapshot.
CREATE OR REPLACE VIEW reader_snapshot AS
SELECT pg_snapshot_xmin(now_seen)::text::bigint AS oldest,
       pg_snapshot_xmax(now_seen)::text::bigint AS next,
       ARRAY(SELECT running::text::bigint FROM pg_snapshot_xip(now_seen) AS running) AS running,
       (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END
           - '0/0'::pg_lsn)::bigint AS position
FROM (SELECT pg_current_snapshot() AS now_seen) AS snapshot;
