DROP VIEW reader_snapshot;
CREATE VIEW reader_snapshot AS
SELECT pg_snapshot_xmin(now_seen)::text::bigint AS oldest,
       pg_snapshot_xmax(now_seen)::text::bigint AS next,
       ARRAY(SELECT running::text::bigint FROM pg_snapshot_xip(now_seen) AS running) AS running
FROM (SELECT pg_current_snapshot() AS now_seen) AS snapshot;
