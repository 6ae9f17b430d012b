-- Two stores, one door. The desk writes articles and revisions; readers are served from the published_* tables alone.
-- Every instant is a bind: no column has DEFAULT now(). Every foreign key is indexed and says what a delete does.

-- People and their sessions ---------------------------------------------------------------------------------------

CREATE TABLE users (
    id            uuid        CONSTRAINT users_pkey PRIMARY KEY,
    email         text        NOT NULL CONSTRAINT users_email_lower CHECK (email = lower(email)),
    name          text        NOT NULL,
    role          text        NOT NULL CONSTRAINT users_role_known CHECK (role IN ('admin', 'editor', 'reporter', 'moderator', 'reader')),
    password_hash text        NOT NULL,
    disabled_at   timestamptz,
    version       integer     NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT users_email_key UNIQUE (email)
);
CREATE INDEX users_name_idx ON users (name, id);
CREATE INDEX users_created_idx ON users (created_at DESC, id DESC);

CREATE TABLE sessions (
    id           uuid        CONSTRAINT sessions_pkey PRIMARY KEY,
    user_id      uuid        NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users ON DELETE CASCADE,
    user_agent   text,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id, created_at DESC);

-- Only hashes are kept. A token's successor is computed from the token itself, so it needs no column of its own.
CREATE TABLE refresh_tokens (
    token_hash bytea       CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
    session_id uuid        NOT NULL CONSTRAINT refresh_tokens_session_id_fkey REFERENCES sessions ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

-- Who did what. Rows outlive what they speak of, so the subject is no foreign key.
CREATE TABLE audit_log (
    id           uuid        CONSTRAINT audit_log_pkey PRIMARY KEY,
    at           timestamptz NOT NULL,
    actor_id     uuid        CONSTRAINT audit_log_actor_id_fkey REFERENCES users ON DELETE SET NULL,
    action       text        NOT NULL,
    subject_kind text        NOT NULL,
    subject_id   uuid        NOT NULL,
    details      jsonb       NOT NULL,
    request_id   text
);
CREATE INDEX audit_log_actor_id_idx ON audit_log (actor_id);
CREATE INDEX audit_log_subject_idx ON audit_log (subject_kind, subject_id, at DESC);

-- Taxonomy ----------------------------------------------------------------------------------------------------------

CREATE TABLE sections (
    id          uuid        CONSTRAINT sections_pkey PRIMARY KEY,
    slug        text        NOT NULL CONSTRAINT sections_slug_key UNIQUE,
    name        text        NOT NULL,
    description text,
    parent_id   uuid        CONSTRAINT sections_parent_id_fkey REFERENCES sections ON DELETE RESTRICT,
    depth       integer     NOT NULL CONSTRAINT sections_depth_range CHECK (depth BETWEEN 1 AND 4),
    position    integer     NOT NULL,
    -- The slugs from the root down, joined by slashes: kept, so that an article's address needs no walk up the tree.
    path        text        NOT NULL CONSTRAINT sections_path_key UNIQUE,
    image       jsonb,
    seo         jsonb       NOT NULL,
    version     integer     NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT sections_parent_not_self CHECK (parent_id <> id)
);
CREATE INDEX sections_parent_id_idx ON sections (parent_id);

CREATE TABLE tags (
    id             uuid        CONSTRAINT tags_pkey PRIMARY KEY,
    slug           text        NOT NULL CONSTRAINT tags_slug_key UNIQUE,
    name           text        NOT NULL,
    kind           text        NOT NULL CONSTRAINT tags_kind_known CHECK (kind IN ('topic', 'person', 'place', 'organisation')),
    description    text,
    merged_into_id uuid        CONSTRAINT tags_merged_into_id_fkey REFERENCES tags ON DELETE CASCADE,
    version        integer     NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT tags_merged_into_other CHECK (merged_into_id <> id)
);
CREATE INDEX tags_merged_into_id_idx ON tags (merged_into_id);
CREATE INDEX tags_name_idx ON tags (lower(name), id);

CREATE TABLE authors (
    id         uuid        CONSTRAINT authors_pkey PRIMARY KEY,
    slug       text        NOT NULL CONSTRAINT authors_slug_key UNIQUE,
    name       text        NOT NULL,
    kind       text        NOT NULL CONSTRAINT authors_kind_known CHECK (kind IN ('person', 'agency')),
    bio        text,
    avatar     jsonb,
    links      jsonb       NOT NULL,
    user_id    uuid        CONSTRAINT authors_user_id_fkey REFERENCES users ON DELETE SET NULL,
    version    integer     NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT authors_user_id_key UNIQUE (user_id)
);
CREATE INDEX authors_name_idx ON authors (lower(name), id);

-- Where the old slugs of sections, tags and authors lead, and what took the place of a deleted one.
CREATE TABLE retired_slugs (
    kind       text        NOT NULL CONSTRAINT retired_slugs_kind_known CHECK (kind IN ('section', 'tag', 'author')),
    slug       text        NOT NULL,
    was_id     uuid        NOT NULL,
    target_id  uuid        NOT NULL,
    retired_at timestamptz NOT NULL,
    CONSTRAINT retired_slugs_pkey PRIMARY KEY (kind, slug)
);
CREATE INDEX retired_slugs_was_id_idx ON retired_slugs (was_id);
CREATE INDEX retired_slugs_target_id_idx ON retired_slugs (target_id);

-- The desk ----------------------------------------------------------------------------------------------------------

CREATE TABLE articles (
    id                 uuid        CONSTRAINT articles_pkey PRIMARY KEY,
    slug               text        NOT NULL CONSTRAINT articles_slug_key UNIQUE,
    status             text        NOT NULL CONSTRAINT articles_status_known CHECK (status IN ('draft', 'published', 'unpublished', 'killed', 'trashed')),
    -- What a trashed article was, so that untrash can bring it back.
    trashed_from       text        CONSTRAINT articles_trashed_from_known CHECK (trashed_from IN ('draft', 'unpublished')),
    stage              text        CONSTRAINT articles_stage_known CHECK (stage IN ('in_review', 'scheduled')),
    version            integer     NOT NULL,
    revision           integer     NOT NULL,
    published_revision integer,
    submitted_revision integer,
    -- The head revision's relations by id, for the desk's filters and for knowing what is in use.
    section_id         uuid        CONSTRAINT articles_section_id_fkey REFERENCES sections ON DELETE RESTRICT,
    tag_ids            uuid[]      NOT NULL,
    author_ids         uuid[]      NOT NULL,
    title              text        NOT NULL,
    breaking_until     timestamptz,
    featured           boolean     NOT NULL,
    comments_policy    text        NOT NULL CONSTRAINT articles_comments_policy_known
        CHECK (comments_policy IN ('site', 'open', 'moderated', 'moderated_first', 'closed')),
    assignee_id        uuid        CONSTRAINT articles_assignee_id_fkey REFERENCES users ON DELETE SET NULL,
    publish_at         timestamptz,
    unpublish_at       timestamptz,
    embargo_until      timestamptz,
    published_at       timestamptz,
    first_published_at timestamptz,
    content_updated_at timestamptz,
    created_by_id      uuid        CONSTRAINT articles_created_by_id_fkey REFERENCES users ON DELETE SET NULL,
    last_edited_by_id  uuid        CONSTRAINT articles_last_edited_by_id_fkey REFERENCES users ON DELETE SET NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CONSTRAINT articles_trashed_has_origin CHECK ((status = 'trashed') = (trashed_from IS NOT NULL)),
    CONSTRAINT articles_published_has_revision CHECK ((status = 'published') = (published_revision IS NOT NULL))
);
CREATE INDEX articles_updated_idx ON articles (updated_at DESC, id DESC);
CREATE INDEX articles_status_updated_idx ON articles (status, updated_at DESC, id DESC);
CREATE INDEX articles_title_idx ON articles (title, id);
CREATE INDEX articles_section_id_idx ON articles (section_id);
CREATE INDEX articles_tag_ids_idx ON articles USING gin (tag_ids);
CREATE INDEX articles_author_ids_idx ON articles USING gin (author_ids);
CREATE INDEX articles_assignee_id_idx ON articles (assignee_id);
CREATE INDEX articles_created_by_id_idx ON articles (created_by_id);
CREATE INDEX articles_last_edited_by_id_idx ON articles (last_edited_by_id);

-- Immutable snapshots. Relations are {id, slug, name} in JSON without foreign keys: history is never touched by a rename.
CREATE TABLE revisions (
    article_id  uuid        NOT NULL CONSTRAINT revisions_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    number      integer     NOT NULL CONSTRAINT revisions_number_positive CHECK (number > 0),
    slug        text        NOT NULL,
    kicker      text,
    title       text        NOT NULL,
    standfirst  text,
    dateline    text,
    language    text        NOT NULL,
    body_source text        NOT NULL,
    body_format text        NOT NULL CONSTRAINT revisions_body_format_known CHECK (body_format IN ('markdown', 'html')),
    body_html   text        NOT NULL,
    outline     jsonb       NOT NULL,
    word_count  integer     NOT NULL,
    section     jsonb,
    tags        jsonb       NOT NULL,
    authors     jsonb       NOT NULL,
    sources     jsonb       NOT NULL,
    related     uuid[]      NOT NULL,
    seo         jsonb       NOT NULL,
    hero        jsonb,
    note        text,
    autosave    boolean     NOT NULL,
    created_by_id uuid      CONSTRAINT revisions_created_by_id_fkey REFERENCES users ON DELETE SET NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT revisions_pkey PRIMARY KEY (article_id, number)
);
CREATE INDEX revisions_created_by_id_idx ON revisions (created_by_id);

-- Every slug that readers ever saw, for good: a purged article leaves its slugs behind with nobody to lead to.
CREATE TABLE public_slugs (
    slug       text        CONSTRAINT public_slugs_pkey PRIMARY KEY,
    article_id uuid        CONSTRAINT public_slugs_article_id_fkey REFERENCES articles ON DELETE SET NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX public_slugs_article_id_idx ON public_slugs (article_id);

-- The readers' copy -------------------------------------------------------------------------------------------------

CREATE TABLE published_articles (
    id                   uuid        CONSTRAINT published_articles_pkey PRIMARY KEY
        CONSTRAINT published_articles_id_fkey REFERENCES articles ON DELETE CASCADE,
    revision             integer     NOT NULL,
    slug                 text        NOT NULL CONSTRAINT published_articles_slug_key UNIQUE,
    kicker               text,
    title                text        NOT NULL,
    standfirst           text,
    language             text        NOT NULL,
    dateline             text,
    section_id           uuid        CONSTRAINT published_articles_section_id_fkey REFERENCES sections ON DELETE RESTRICT,
    hero                 jsonb,
    published_at         timestamptz NOT NULL,
    first_published_at   timestamptz NOT NULL,
    content_updated_at   timestamptz NOT NULL,
    breaking_until       timestamptz,
    featured             boolean     NOT NULL,
    comments_policy      text        NOT NULL CONSTRAINT published_articles_comments_policy_known
        CHECK (comments_policy IN ('site', 'open', 'moderated', 'moderated_first', 'closed')),
    word_count           integer     NOT NULL,
    reading_time_minutes integer     NOT NULL,
    body_html            text        NOT NULL,
    outline              jsonb       NOT NULL,
    parts                jsonb       NOT NULL,
    blocks               jsonb       NOT NULL,
    body_text            text        NOT NULL,
    sources              jsonb       NOT NULL,
    related              uuid[]      NOT NULL,
    seo                  jsonb       NOT NULL
);
CREATE INDEX published_articles_newest_idx ON published_articles (published_at DESC, id DESC);
CREATE INDEX published_articles_updated_idx ON published_articles (content_updated_at DESC, id DESC);
CREATE INDEX published_articles_section_id_idx ON published_articles (section_id);
CREATE INDEX published_articles_kicker_idx ON published_articles (kicker, published_at DESC, id DESC);
CREATE INDEX published_articles_language_idx ON published_articles (language, published_at DESC, id DESC);
CREATE INDEX published_articles_featured_idx ON published_articles (published_at DESC, id DESC) WHERE featured;
CREATE INDEX published_articles_breaking_idx ON published_articles (breaking_until) WHERE breaking_until IS NOT NULL;

-- One row per article and ancestor section (its own included), tag and author, each with the dates lists sort by.
CREATE TABLE published_article_sections (
    article_id         uuid        NOT NULL CONSTRAINT published_article_sections_article_id_fkey REFERENCES published_articles ON DELETE CASCADE,
    section_id         uuid        NOT NULL CONSTRAINT published_article_sections_section_id_fkey REFERENCES sections ON DELETE RESTRICT,
    published_at       timestamptz NOT NULL,
    content_updated_at timestamptz NOT NULL,
    CONSTRAINT published_article_sections_pkey PRIMARY KEY (article_id, section_id)
);
CREATE INDEX published_article_sections_newest_idx ON published_article_sections (section_id, published_at DESC, article_id DESC);
CREATE INDEX published_article_sections_updated_idx ON published_article_sections (section_id, content_updated_at DESC, article_id DESC);

CREATE TABLE published_article_tags (
    article_id         uuid        NOT NULL CONSTRAINT published_article_tags_article_id_fkey REFERENCES published_articles ON DELETE CASCADE,
    tag_id             uuid        NOT NULL CONSTRAINT published_article_tags_tag_id_fkey REFERENCES tags ON DELETE RESTRICT,
    position           integer     NOT NULL,
    published_at       timestamptz NOT NULL,
    content_updated_at timestamptz NOT NULL,
    CONSTRAINT published_article_tags_pkey PRIMARY KEY (article_id, tag_id)
);
CREATE INDEX published_article_tags_newest_idx ON published_article_tags (tag_id, published_at DESC, article_id DESC);
CREATE INDEX published_article_tags_updated_idx ON published_article_tags (tag_id, content_updated_at DESC, article_id DESC);

CREATE TABLE published_article_authors (
    article_id         uuid        NOT NULL CONSTRAINT published_article_authors_article_id_fkey REFERENCES published_articles ON DELETE CASCADE,
    author_id          uuid        NOT NULL CONSTRAINT published_article_authors_author_id_fkey REFERENCES authors ON DELETE RESTRICT,
    position           integer     NOT NULL,
    published_at       timestamptz NOT NULL,
    content_updated_at timestamptz NOT NULL,
    CONSTRAINT published_article_authors_pkey PRIMARY KEY (article_id, author_id)
);
CREATE INDEX published_article_authors_newest_idx ON published_article_authors (author_id, published_at DESC, article_id DESC);
CREATE INDEX published_article_authors_updated_idx ON published_article_authors (author_id, content_updated_at DESC, article_id DESC);

-- Comments ----------------------------------------------------------------------------------------------------------

CREATE TABLE comments (
    id                uuid        CONSTRAINT comments_pkey PRIMARY KEY,
    article_id        uuid        NOT NULL CONSTRAINT comments_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    parent_id         uuid        CONSTRAINT comments_parent_id_fkey REFERENCES comments ON DELETE CASCADE,
    depth             integer     NOT NULL CONSTRAINT comments_depth_range CHECK (depth BETWEEN 1 AND 8),
    author_kind       text        NOT NULL CONSTRAINT comments_author_kind_known CHECK (author_kind IN ('reader', 'staff')),
    author_name       text        NOT NULL,
    author_email_hash bytea,
    avatar_key        text        NOT NULL,
    user_id           uuid        CONSTRAINT comments_user_id_fkey REFERENCES users ON DELETE SET NULL,
    body              text        NOT NULL,
    body_html         text        NOT NULL,
    status            text        NOT NULL CONSTRAINT comments_status_known CHECK (status IN ('approved', 'pending', 'rejected', 'removed')),
    edit_token_hash   bytea,
    moderated_by_id   uuid        CONSTRAINT comments_moderated_by_id_fkey REFERENCES users ON DELETE SET NULL,
    moderated_at      timestamptz,
    -- Replies right below it that readers see.
    reply_count       integer     NOT NULL CONSTRAINT comments_reply_count_natural CHECK (reply_count >= 0),
    -- Whether readers see it, or at least its place above replies that they see.
    visible           boolean     NOT NULL GENERATED ALWAYS AS (status = 'approved' OR reply_count > 0) STORED,
    version           integer     NOT NULL,
    created_at        timestamptz NOT NULL,
    edited_at         timestamptz
);
CREATE INDEX comments_parent_id_idx ON comments (parent_id);
CREATE INDEX comments_replies_idx ON comments (parent_id, created_at, id) WHERE visible;
CREATE INDEX comments_roots_idx ON comments (article_id, created_at DESC, id DESC) WHERE visible AND parent_id IS NULL;
CREATE INDEX comments_article_id_idx ON comments (article_id, created_at, id);
CREATE INDEX comments_status_idx ON comments (status, created_at, id);
CREATE INDEX comments_created_idx ON comments (created_at, id);
CREATE INDEX comments_user_id_idx ON comments (user_id);
CREATE INDEX comments_moderated_by_id_idx ON comments (moderated_by_id);
CREATE INDEX comments_author_email_hash_idx ON comments (author_email_hash, status) WHERE author_email_hash IS NOT NULL;

-- The first replies to each comment: three to show, a fourth to know of more. A view, because diesel's language has no
-- lateral join, and what is not in its language is planned anew each time.
CREATE VIEW comment_first_replies AS
SELECT parent.id AS of_id, reply.id AS reply_id
FROM comments parent
CROSS JOIN LATERAL (
    SELECT id FROM comments WHERE parent_id = parent.id AND visible ORDER BY created_at, id LIMIT 4
) reply;

-- Kept counts: narrow tables of their own, changed last in a transaction and always in one order ------------------

CREATE TABLE article_counts (
    article_id uuid    CONSTRAINT article_counts_pkey PRIMARY KEY CONSTRAINT article_counts_article_id_fkey REFERENCES articles ON DELETE CASCADE,
    comments   integer NOT NULL CONSTRAINT article_counts_comments_natural CHECK (comments >= 0)
);
CREATE TABLE section_counts (
    section_id uuid    CONSTRAINT section_counts_pkey PRIMARY KEY CONSTRAINT section_counts_section_id_fkey REFERENCES sections ON DELETE CASCADE,
    articles   integer NOT NULL CONSTRAINT section_counts_articles_natural CHECK (articles >= 0)
);
CREATE TABLE tag_counts (
    tag_id   uuid    CONSTRAINT tag_counts_pkey PRIMARY KEY CONSTRAINT tag_counts_tag_id_fkey REFERENCES tags ON DELETE CASCADE,
    articles integer NOT NULL CONSTRAINT tag_counts_articles_natural CHECK (articles >= 0)
);
CREATE TABLE author_counts (
    author_id uuid    CONSTRAINT author_counts_pkey PRIMARY KEY CONSTRAINT author_counts_author_id_fkey REFERENCES authors ON DELETE CASCADE,
    articles  integer NOT NULL CONSTRAINT author_counts_articles_natural CHECK (articles >= 0)
);

-- The site ----------------------------------------------------------------------------------------------------------

-- One row. What is NULL comes from the settings of the server.
CREATE TABLE site (
    id                        integer     CONSTRAINT site_pkey PRIMARY KEY CONSTRAINT site_single CHECK (id = 1),
    name                      text,
    tagline                   text,
    logo                      jsonb,
    languages                 text[]      NOT NULL,
    default_language          text        NOT NULL,
    timezone                  text,
    call_to_action            jsonb,
    publisher                 jsonb,
    social                    jsonb       NOT NULL,
    comments_policy           text        NOT NULL CONSTRAINT site_comments_policy_known
        CHECK (comments_policy IN ('open', 'moderated', 'moderated_first', 'closed')),
    comments_close_after_days integer     CONSTRAINT site_comments_close_after_days_range CHECK (comments_close_after_days BETWEEN 1 AND 3650),
    version                   integer     NOT NULL,
    updated_at                timestamptz NOT NULL
);
INSERT INTO site (id, languages, default_language, social, comments_policy, version, updated_at)
VALUES (1, '{en}', 'en', '[]', 'moderated', 1, '2026-01-01T00:00:00Z');

-- What has been done once and must not be done again by itself (the demo content).
CREATE TABLE markers (
    name text        CONSTRAINT markers_pkey PRIMARY KEY,
    at   timestamptz NOT NULL
);
