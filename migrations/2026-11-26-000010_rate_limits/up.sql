-- What guesses passwords is counted by all nodes together.

-- A wrong password. Both hashes are keyed: the table tells neither who was tried nor from where.
CREATE TABLE sign_in_failures (
    id           uuid        CONSTRAINT sign_in_failures_pkey PRIMARY KEY,
    at           timestamptz NOT NULL,
    -- Of the e-mail address, whether there is such an account or not.
    account_hash bytea       NOT NULL,
    address_hash bytea       NOT NULL,
    -- Whether that account had been signed in to from there before.
    familiar     boolean     NOT NULL
);
CREATE INDEX sign_in_failures_address_idx ON sign_in_failures (address_hash, at DESC);
CREATE INDEX sign_in_failures_account_idx ON sign_in_failures (account_hash, at DESC) WHERE NOT familiar;
CREATE INDEX sign_in_failures_at_idx ON sign_in_failures (at);

-- From where an account was signed in to.
CREATE TABLE sign_in_places (
    user_id      uuid        NOT NULL CONSTRAINT sign_in_places_user_id_fkey REFERENCES users ON DELETE CASCADE,
    network_hash bytea       NOT NULL,
    last_at      timestamptz NOT NULL,
    CONSTRAINT sign_in_places_pkey PRIMARY KEY (user_id, network_hash)
);
CREATE INDEX sign_in_places_last_at_idx ON sign_in_places (last_at);
