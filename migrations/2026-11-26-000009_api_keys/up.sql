-- Keys for programs: each with scopes of its own, maybe limited to sections, and ended without anybody's password.

CREATE TABLE api_keys (
    id            uuid        CONSTRAINT api_keys_pkey PRIMARY KEY,
    -- What a key is looked up by, and what people tell keys apart by: no secret.
    prefix        text        NOT NULL CONSTRAINT api_keys_prefix_key UNIQUE,
    -- SHA-256 of the secret, which is random: nobody tries out 32 bytes.
    secret_hash   bytea       NOT NULL CONSTRAINT api_keys_secret_hash_length CHECK (octet_length(secret_hash) = 32),
    name          text        NOT NULL,
    scopes        text[]      NOT NULL,
    -- NULL is everywhere. Ids of sections that are gone stay: a limit never becomes wider by itself.
    section_ids   uuid[],
    version       integer     NOT NULL,
    created_by_id uuid        CONSTRAINT api_keys_created_by_id_fkey REFERENCES users ON DELETE SET NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    expires_at    timestamptz,
    -- To the minute.
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE INDEX api_keys_created_by_id_idx ON api_keys (created_by_id);
CREATE INDEX api_keys_newest_idx ON api_keys (created_at DESC, id DESC);

-- The key that acted, where it was no account. (No foreign key, as for accounts.)
ALTER TABLE audit_log ADD COLUMN key_id uuid;
CREATE INDEX audit_log_key_id_idx ON audit_log (key_id, at DESC, id DESC) WHERE key_id IS NOT NULL;
