-- Up to where each shared cache has been told of the changes in reader_changes. Whoever tells one holds its row.
CREATE TABLE purge_positions (
    endpoint text        CONSTRAINT purge_positions_pkey PRIMARY KEY,
    -- The changes of transactions below this one are told, but for those that were running.
    next     bigint      NOT NULL,
    running  bigint[]    NOT NULL,
    -- When that was.
    at       timestamptz NOT NULL
);
