-- The desk's workflow: what readers had when, what is due, corrections, kills, previews, locks, and a log that only grows.

-- The publication log: what readers had from then on. A row without a revision says that they had nothing.
CREATE TABLE publications (
    article_id         uuid        NOT NULL CONSTRAINT publications_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    -- The article's version that it made.
    version            integer     NOT NULL,
    at                 timestamptz NOT NULL,
    action             text        NOT NULL,
    revision           integer,
    published_at       timestamptz,
    content_updated_at timestamptz,
    -- Called as they were called then: {id, slug, name}.
    section            jsonb,
    tags               jsonb       NOT NULL,
    authors            jsonb       NOT NULL,
    CONSTRAINT publications_pkey PRIMARY KEY (article_id, version),
    CONSTRAINT publications_shown_has_dates CHECK ((revision IS NULL) = (published_at IS NULL) AND (revision IS NULL) = (content_updated_at IS NULL))
);
CREATE INDEX publications_at_idx ON publications (article_id, at DESC, version DESC);
INSERT INTO publications (article_id, version, at, action, revision, published_at, content_updated_at, section, tags, authors)
SELECT p.id, a.version, p.content_updated_at, 'publish_article', p.revision, p.published_at, p.content_updated_at, r.section, r.tags, r.authors
FROM published_articles p
JOIN articles a ON a.id = p.id
JOIN revisions r ON r.article_id = p.id AND r.number = p.revision;

-- What will be done by itself, each thing once.
CREATE TABLE schedule (
    article_id      uuid        NOT NULL CONSTRAINT schedule_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    action          text        NOT NULL CONSTRAINT schedule_action_known CHECK (action IN ('publish', 'unpublish')),
    -- The revision that was approved; none to unpublish.
    revision        integer,
    due_at          timestamptz NOT NULL,
    -- When it is tried next: when it is due, later after it failed.
    try_at          timestamptz NOT NULL,
    attempts        integer     NOT NULL,
    last_error      text,
    scheduled_by_id uuid        CONSTRAINT schedule_scheduled_by_id_fkey REFERENCES users ON DELETE SET NULL,
    scheduled_at    timestamptz NOT NULL,
    CONSTRAINT schedule_pkey PRIMARY KEY (article_id, action),
    CONSTRAINT schedule_publish_has_revision CHECK ((action = 'publish') = (revision IS NOT NULL))
);
CREATE INDEX schedule_try_at_idx ON schedule (try_at);
CREATE INDEX schedule_due_at_idx ON schedule (due_at, article_id, action);
CREATE INDEX schedule_scheduled_by_id_idx ON schedule (scheduled_by_id);

-- Public notes that say what was wrong.
CREATE TABLE corrections (
    id            uuid        CONSTRAINT corrections_pkey PRIMARY KEY,
    article_id    uuid        NOT NULL CONSTRAINT corrections_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    kind          text        NOT NULL CONSTRAINT corrections_kind_known CHECK (kind IN ('correction', 'clarification', 'update', 'retraction')),
    text          text        NOT NULL,
    published_at  timestamptz NOT NULL,
    created_by_id uuid        CONSTRAINT corrections_created_by_id_fkey REFERENCES users ON DELETE SET NULL,
    version       integer     NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX corrections_article_id_idx ON corrections (article_id, published_at, id);
CREATE INDEX corrections_newest_idx ON corrections (published_at DESC, id DESC);
CREATE INDEX corrections_created_by_id_idx ON corrections (created_by_id);
ALTER TABLE article_counts ADD COLUMN corrections integer NOT NULL DEFAULT 0 CONSTRAINT article_counts_corrections_natural CHECK (corrections >= 0);

-- Why an article was killed, and what readers are told. Reinstating it removes the row.
CREATE TABLE kills (
    article_id   uuid        CONSTRAINT kills_pkey PRIMARY KEY CONSTRAINT kills_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    reason       text        NOT NULL,
    notice       text        NOT NULL,
    killed_by_id uuid        CONSTRAINT kills_killed_by_id_fkey REFERENCES users ON DELETE SET NULL,
    killed_at    timestamptz NOT NULL
);
CREATE INDEX kills_killed_by_id_idx ON kills (killed_by_id);

-- Who asks others not to edit an article, and until when.
CREATE TABLE edit_locks (
    article_id  uuid        CONSTRAINT edit_locks_pkey PRIMARY KEY CONSTRAINT edit_locks_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    user_id     uuid        NOT NULL CONSTRAINT edit_locks_user_id_fkey REFERENCES users ON DELETE CASCADE,
    acquired_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX edit_locks_user_id_idx ON edit_locks (user_id);

-- Links to what is not published. The token itself is signed, not kept.
CREATE TABLE preview_tokens (
    id            uuid        CONSTRAINT preview_tokens_pkey PRIMARY KEY,
    article_id    uuid        NOT NULL CONSTRAINT preview_tokens_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    -- The newest one when none is named.
    revision      integer,
    created_by_id uuid        CONSTRAINT preview_tokens_created_by_id_fkey REFERENCES users ON DELETE SET NULL,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz
);
CREATE INDEX preview_tokens_article_id_idx ON preview_tokens (article_id, created_at);
CREATE INDEX preview_tokens_created_by_id_idx ON preview_tokens (created_by_id);
CREATE TABLE preview_uses (
    id         uuid        CONSTRAINT preview_uses_pkey PRIMARY KEY,
    token_id   uuid        NOT NULL CONSTRAINT preview_uses_token_id_fkey REFERENCES preview_tokens ON DELETE CASCADE,
    at         timestamptz NOT NULL,
    request_id text
);
CREATE INDEX preview_uses_token_id_idx ON preview_uses (token_id, at);

-- Answers that are given again when the same request comes twice. Written with the change itself.
CREATE TABLE idempotency_keys (
    -- Who asked: an account, or a keyed hash of an address.
    owner        text        NOT NULL,
    route        text        NOT NULL,
    key          text        NOT NULL,
    request_hash bytea       NOT NULL,
    status       integer     NOT NULL,
    headers      jsonb       NOT NULL,
    body         bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (owner, route, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- The audit log only grows. Who acted is no foreign key any more: what it would do to a row, the table refuses.
ALTER TABLE audit_log DROP CONSTRAINT audit_log_actor_id_fkey;
CREATE INDEX audit_log_newest_idx ON audit_log (at DESC, id DESC);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
