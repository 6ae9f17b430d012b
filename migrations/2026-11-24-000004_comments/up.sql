-- Comments that rules judge and moderators sort: what was decided and why, what was there before an edit, who may not
-- write, and what readers reported.

ALTER TABLE comments
    -- Keyed hashes of where it was sent from, erased after a while.
    ADD COLUMN address_hash bytea,
    ADD COLUMN range_hash   bytea,
    -- Of its words, however they are spelt: finds copies.
    ADD COLUMN text_hash    bytea,
    -- The pile that it lies in until a moderator looks at it.
    ADD COLUMN queue        text CONSTRAINT comments_queue_known CHECK (queue IN ('pending', 'reported', 'held', 'spam')),
    -- Reports since the last decision.
    ADD COLUMN report_count integer NOT NULL DEFAULT 0 CONSTRAINT comments_report_count_natural CHECK (report_count >= 0),
    ADD COLUMN appealed_at  timestamptz,
    ADD COLUMN erased_at    timestamptz;
ALTER TABLE comments ALTER COLUMN report_count DROP DEFAULT;
UPDATE comments SET queue = 'pending' WHERE status = 'pending';

CREATE INDEX comments_queue_idx ON comments (queue, created_at, id) WHERE queue IS NOT NULL;
CREATE INDEX comments_most_replied_idx ON comments (article_id, reply_count DESC, created_at DESC, id DESC) WHERE visible AND parent_id IS NULL;
CREATE INDEX comments_address_hash_idx ON comments (address_hash, created_at, status) WHERE address_hash IS NOT NULL;
CREATE INDEX comments_addressed_idx ON comments (created_at) WHERE address_hash IS NOT NULL;
CREATE INDEX comments_text_hash_idx ON comments (text_hash, created_at DESC) WHERE text_hash IS NOT NULL;
DROP INDEX comments_author_email_hash_idx;
CREATE INDEX comments_author_email_hash_idx ON comments (author_email_hash, created_at, status) WHERE author_email_hash IS NOT NULL;
DROP INDEX comments_user_id_idx;
CREATE INDEX comments_user_id_idx ON comments (user_id, created_at, status);

-- The decision trail: one row for each time that rules or a person judged.
CREATE TABLE comment_decisions (
    comment_id       uuid        NOT NULL CONSTRAINT comment_decisions_comment_id_fkey REFERENCES comments ON DELETE CASCADE,
    -- The comment's version that it made.
    version          integer     NOT NULL,
    at               timestamptz NOT NULL,
    -- The person; NULL for rules and readers.
    user_id          uuid        CONSTRAINT comment_decisions_user_id_fkey REFERENCES users ON DELETE SET NULL,
    rule_set_version integer,
    -- What the rules knew beside the text.
    facts            jsonb,
    -- [{rule, outcome, reason, detail}]
    decisions        jsonb       NOT NULL,
    CONSTRAINT comment_decisions_pkey PRIMARY KEY (comment_id, version)
);
CREATE INDEX comment_decisions_user_id_idx ON comment_decisions (user_id);

-- What a comment said before it was changed.
CREATE TABLE comment_edits (
    comment_id uuid        NOT NULL CONSTRAINT comment_edits_comment_id_fkey REFERENCES comments ON DELETE CASCADE,
    -- The comment's version that has another text.
    version    integer     NOT NULL,
    body       text        NOT NULL,
    -- When it was replaced, and by whom of the newsroom; NULL is its author.
    edited_at  timestamptz NOT NULL,
    user_id    uuid        CONSTRAINT comment_edits_user_id_fkey REFERENCES users ON DELETE SET NULL,
    CONSTRAINT comment_edits_pkey PRIMARY KEY (comment_id, version)
);
CREATE INDEX comment_edits_user_id_idx ON comment_edits (user_id);

-- The rules, every edition of them; the newest holds.
CREATE TABLE comment_rule_sets (
    version       integer     CONSTRAINT comment_rule_sets_pkey PRIMARY KEY CONSTRAINT comment_rule_sets_version_positive CHECK (version > 0),
    rules         jsonb       NOT NULL,
    note          text,
    created_at    timestamptz NOT NULL,
    created_by_id uuid        CONSTRAINT comment_rule_sets_created_by_id_fkey REFERENCES users ON DELETE SET NULL
);
CREATE INDEX comment_rule_sets_created_by_id_idx ON comment_rule_sets (created_by_id);
INSERT INTO comment_rule_sets (version, rules, note, created_at) VALUES (1, '{
    "length": {"min": 2, "max": 5000},
    "blocked_words": [],
    "held_words": ["viagra", "cialis", "online casino*", "porn*", "escort service*"],
    "links": {"held_above": 2, "rejected_above": 10, "blocked_hosts": [], "trusted_hosts": []},
    "repeat": {"same_author_seconds": 60, "copies_a_day": 3},
    "flood": {"address_a_minute": 5, "email_a_minute": 5, "article_a_minute": 120},
    "new_commenter": {"approved_before": 1},
    "history": {"rejected_percent": 50, "at_least": 4},
    "reports": {"held_at": 3}
}', 'What Masthead begins with.', '2026-01-01T00:00:00Z');

-- Who may not write, as keyed hashes.
CREATE TABLE comment_bans (
    id            uuid        CONSTRAINT comment_bans_pkey PRIMARY KEY,
    kind          text        NOT NULL CONSTRAINT comment_bans_kind_known CHECK (kind IN ('email', 'address', 'range')),
    hash          bytea       NOT NULL CONSTRAINT comment_bans_hash_key UNIQUE,
    note          text,
    created_at    timestamptz NOT NULL,
    created_by_id uuid        CONSTRAINT comment_bans_created_by_id_fkey REFERENCES users ON DELETE SET NULL,
    expires_at    timestamptz,
    -- Addresses change hands.
    CONSTRAINT comment_bans_addresses_expire CHECK (kind = 'email' OR expires_at IS NOT NULL)
);
CREATE INDEX comment_bans_created_at_idx ON comment_bans (created_at DESC, id DESC);
CREATE INDEX comment_bans_created_by_id_idx ON comment_bans (created_by_id);

-- What readers reported.
CREATE TABLE comment_reports (
    id         uuid        CONSTRAINT comment_reports_pkey PRIMARY KEY,
    comment_id uuid        NOT NULL CONSTRAINT comment_reports_comment_id_fkey REFERENCES comments ON DELETE CASCADE,
    -- A keyed hash of the account or the address, erased after a while.
    reporter   bytea,
    reason     text        NOT NULL,
    note       text,
    created_at timestamptz NOT NULL,
    -- When a moderator decided with it in view.
    settled_at timestamptz
);
CREATE UNIQUE INDEX comment_reports_reporter_idx ON comment_reports (comment_id, reporter) WHERE reporter IS NOT NULL;
CREATE INDEX comment_reports_comment_id_idx ON comment_reports (comment_id, created_at, id);
CREATE INDEX comment_reports_kept_idx ON comment_reports (created_at) WHERE reporter IS NOT NULL;
