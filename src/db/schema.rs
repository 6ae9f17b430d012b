//! Every table as diesel knows it. A test reads each one through this file and compares it with the database's own catalogue.

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        role -> Text,
        password_hash -> Text,
        disabled_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        user_agent -> Nullable<Text>,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_log (id) {
        id -> Uuid,
        at -> Timestamptz,
        actor_id -> Nullable<Uuid>,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Uuid,
        details -> Jsonb,
        request_id -> Nullable<Text>,
        before_hash -> Nullable<Bytea>,
        after_hash -> Nullable<Bytea>,
        key_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    sign_in_failures (id) {
        id -> Uuid,
        at -> Timestamptz,
        account_hash -> Bytea,
        address_hash -> Bytea,
        familiar -> Bool,
    }
}

diesel::table! {
    sign_in_places (user_id, network_hash) {
        user_id -> Uuid,
        network_hash -> Bytea,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Uuid,
        prefix -> Text,
        secret_hash -> Bytea,
        name -> Text,
        scopes -> Array<Text>,
        section_ids -> Nullable<Array<Uuid>>,
        version -> Int4,
        created_by_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sections (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        description -> Nullable<Text>,
        parent_id -> Nullable<Uuid>,
        depth -> Int4,
        position -> Int4,
        path -> Text,
        image -> Nullable<Jsonb>,
        seo -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    tags (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        kind -> Text,
        description -> Nullable<Text>,
        merged_into_id -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    authors (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        kind -> Text,
        bio -> Nullable<Text>,
        avatar -> Nullable<Jsonb>,
        links -> Jsonb,
        user_id -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    retired_slugs (kind, slug) {
        kind -> Text,
        slug -> Text,
        was_id -> Uuid,
        target_id -> Uuid,
        retired_at -> Timestamptz,
    }
}

diesel::table! {
    articles (id) {
        id -> Uuid,
        slug -> Text,
        status -> Text,
        trashed_from -> Nullable<Text>,
        stage -> Nullable<Text>,
        version -> Int4,
        revision -> Int4,
        published_revision -> Nullable<Int4>,
        submitted_revision -> Nullable<Int4>,
        section_id -> Nullable<Uuid>,
        tag_ids -> Array<Uuid>,
        author_ids -> Array<Uuid>,
        title -> Text,
        breaking_until -> Nullable<Timestamptz>,
        featured -> Bool,
        comments_policy -> Text,
        assignee_id -> Nullable<Uuid>,
        publish_at -> Nullable<Timestamptz>,
        unpublish_at -> Nullable<Timestamptz>,
        embargo_until -> Nullable<Timestamptz>,
        published_at -> Nullable<Timestamptz>,
        first_published_at -> Nullable<Timestamptz>,
        content_updated_at -> Nullable<Timestamptz>,
        created_by_id -> Nullable<Uuid>,
        last_edited_by_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    revisions (article_id, number) {
        article_id -> Uuid,
        number -> Int4,
        slug -> Text,
        kicker -> Nullable<Text>,
        title -> Text,
        standfirst -> Nullable<Text>,
        dateline -> Nullable<Text>,
        language -> Text,
        body_source -> Text,
        body_format -> Text,
        body_html -> Text,
        outline -> Jsonb,
        word_count -> Int4,
        section -> Nullable<Jsonb>,
        tags -> Jsonb,
        authors -> Jsonb,
        sources -> Jsonb,
        related -> Array<Uuid>,
        seo -> Jsonb,
        hero -> Nullable<Jsonb>,
        note -> Nullable<Text>,
        autosave -> Bool,
        created_by_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    public_slugs (slug) {
        slug -> Text,
        article_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    published_articles (id) {
        id -> Uuid,
        revision -> Int4,
        slug -> Text,
        kicker -> Nullable<Text>,
        title -> Text,
        standfirst -> Nullable<Text>,
        language -> Text,
        dateline -> Nullable<Text>,
        section_id -> Nullable<Uuid>,
        hero -> Nullable<Jsonb>,
        published_at -> Timestamptz,
        first_published_at -> Timestamptz,
        content_updated_at -> Timestamptz,
        breaking_until -> Nullable<Timestamptz>,
        featured -> Bool,
        comments_policy -> Text,
        word_count -> Int4,
        reading_time_minutes -> Int4,
        body_html -> Text,
        outline -> Jsonb,
        parts -> Jsonb,
        blocks -> Jsonb,
        body_text -> Text,
        sources -> Jsonb,
        related -> Array<Uuid>,
        seo -> Jsonb,
        section_ids -> Array<Uuid>,
        tag_ids -> Array<Uuid>,
        author_ids -> Array<Uuid>,
    }
}

diesel::table! {
    published_article_sections (article_id, section_id) {
        article_id -> Uuid,
        section_id -> Uuid,
        published_at -> Timestamptz,
        content_updated_at -> Timestamptz,
    }
}

diesel::table! {
    published_article_tags (article_id, tag_id) {
        article_id -> Uuid,
        tag_id -> Uuid,
        published_at -> Timestamptz,
        content_updated_at -> Timestamptz,
    }
}

diesel::table! {
    published_article_authors (article_id, author_id) {
        article_id -> Uuid,
        author_id -> Uuid,
        published_at -> Timestamptz,
        content_updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::{Int4, Text, Timestamptz, Uuid};
    use crate::db::text_search::Tsvector;

    published_article_search (article_id) {
        article_id -> Uuid,
        configuration -> Text,
        published_at -> Timestamptz,
        week -> Int4,
        words -> Tsvector,
    }
}

diesel::table! {
    search_languages (language) {
        language -> Text,
        configuration -> Text,
    }
}

diesel::table! {
    search_words (word) {
        word -> Text,
        articles -> Int4,
    }
}

diesel::table! {
    search_uncounted (article_id) {
        article_id -> Uuid,
    }
}

diesel::table! {
    comments (id) {
        id -> Uuid,
        article_id -> Uuid,
        parent_id -> Nullable<Uuid>,
        depth -> Int4,
        author_kind -> Text,
        author_name -> Text,
        author_email_hash -> Nullable<Bytea>,
        avatar_key -> Text,
        user_id -> Nullable<Uuid>,
        body -> Text,
        body_html -> Text,
        status -> Text,
        edit_token_hash -> Nullable<Bytea>,
        moderated_by_id -> Nullable<Uuid>,
        moderated_at -> Nullable<Timestamptz>,
        reply_count -> Int4,
        visible -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        edited_at -> Nullable<Timestamptz>,
        address_hash -> Nullable<Bytea>,
        range_hash -> Nullable<Bytea>,
        text_hash -> Nullable<Bytea>,
        queue -> Nullable<Text>,
        report_count -> Int4,
        appealed_at -> Nullable<Timestamptz>,
        erased_at -> Nullable<Timestamptz>,
        moderated_by_key_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    comment_decisions (comment_id, version) {
        comment_id -> Uuid,
        version -> Int4,
        at -> Timestamptz,
        user_id -> Nullable<Uuid>,
        rule_set_version -> Nullable<Int4>,
        facts -> Nullable<Jsonb>,
        decisions -> Jsonb,
        key_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    comment_edits (comment_id, version) {
        comment_id -> Uuid,
        version -> Int4,
        body -> Text,
        edited_at -> Timestamptz,
        user_id -> Nullable<Uuid>,
        key_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    comment_rule_sets (version) {
        version -> Int4,
        rules -> Jsonb,
        note -> Nullable<Text>,
        created_at -> Timestamptz,
        created_by_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    comment_bans (id) {
        id -> Uuid,
        kind -> Text,
        hash -> Bytea,
        note -> Nullable<Text>,
        created_at -> Timestamptz,
        created_by_id -> Nullable<Uuid>,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    comment_reports (id) {
        id -> Uuid,
        comment_id -> Uuid,
        reporter -> Nullable<Bytea>,
        reason -> Text,
        note -> Nullable<Text>,
        created_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
        counted -> Bool,
    }
}

diesel::table! {
    article_counts (article_id) {
        article_id -> Uuid,
        comments -> Int4,
        corrections -> Int4,
    }
}

diesel::table! {
    section_counts (section_id) {
        section_id -> Uuid,
        articles -> Int4,
    }
}

diesel::table! {
    tag_counts (tag_id) {
        tag_id -> Uuid,
        articles -> Int4,
    }
}

diesel::table! {
    author_counts (author_id) {
        author_id -> Uuid,
        articles -> Int4,
    }
}

diesel::table! {
    site (id) {
        id -> Int4,
        name -> Nullable<Text>,
        tagline -> Nullable<Text>,
        logo -> Nullable<Jsonb>,
        languages -> Array<Text>,
        default_language -> Text,
        timezone -> Nullable<Text>,
        call_to_action -> Nullable<Jsonb>,
        publisher -> Nullable<Jsonb>,
        social -> Jsonb,
        comments_policy -> Text,
        comments_close_after_days -> Nullable<Int4>,
        version -> Int4,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    markers (name) {
        name -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    publications (article_id, version) {
        article_id -> Uuid,
        version -> Int4,
        at -> Timestamptz,
        action -> Text,
        revision -> Nullable<Int4>,
        published_at -> Nullable<Timestamptz>,
        content_updated_at -> Nullable<Timestamptz>,
        section -> Nullable<Jsonb>,
        tags -> Jsonb,
        authors -> Jsonb,
        corrections -> Nullable<Jsonb>,
    }
}

diesel::table! {
    schedule (article_id, action) {
        article_id -> Uuid,
        action -> Text,
        revision -> Nullable<Int4>,
        due_at -> Timestamptz,
        try_at -> Timestamptz,
        attempts -> Int4,
        last_error -> Nullable<Text>,
        scheduled_by_id -> Nullable<Uuid>,
        scheduled_at -> Timestamptz,
    }
}

diesel::table! {
    corrections (id) {
        id -> Uuid,
        article_id -> Uuid,
        kind -> Text,
        text -> Text,
        published_at -> Timestamptz,
        created_by_id -> Nullable<Uuid>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    kills (article_id) {
        article_id -> Uuid,
        reason -> Text,
        notice -> Text,
        killed_by_id -> Nullable<Uuid>,
        killed_at -> Timestamptz,
    }
}

diesel::table! {
    edit_locks (article_id) {
        article_id -> Uuid,
        user_id -> Uuid,
        acquired_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    preview_tokens (id) {
        id -> Uuid,
        article_id -> Uuid,
        revision -> Nullable<Int4>,
        created_by_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    preview_uses (id) {
        id -> Uuid,
        token_id -> Uuid,
        at -> Timestamptz,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    idempotency_keys (owner, route, key) {
        owner -> Text,
        route -> Text,
        key -> Text,
        request_hash -> Bytea,
        status -> Int4,
        headers -> Jsonb,
        body -> Bytea,
        created_at -> Timestamptz,
        comment_ids -> Array<Uuid>,
    }
}

diesel::table! {
    purge_positions (endpoint) {
        endpoint -> Text,
        next -> Int8,
        running -> Array<Int8>,
        at -> Timestamptz,
    }
}

diesel::table! {
    reader_changes (xid, id) {
        xid -> Int8,
        id -> Int8,
        tag -> Text,
        at -> Timestamptz,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(audit_log -> users (actor_id));
diesel::joinable!(audit_log -> api_keys (key_id));
diesel::joinable!(sign_in_places -> users (user_id));
diesel::joinable!(api_keys -> users (created_by_id));
diesel::joinable!(authors -> users (user_id));
diesel::joinable!(articles -> sections (section_id));
diesel::joinable!(revisions -> articles (article_id));
diesel::joinable!(revisions -> users (created_by_id));
diesel::joinable!(public_slugs -> articles (article_id));
diesel::joinable!(published_articles -> articles (id));
diesel::joinable!(published_articles -> sections (section_id));
diesel::joinable!(published_article_sections -> published_articles (article_id));
diesel::joinable!(published_article_sections -> sections (section_id));
diesel::joinable!(published_article_tags -> published_articles (article_id));
diesel::joinable!(published_article_tags -> tags (tag_id));
diesel::joinable!(published_article_authors -> published_articles (article_id));
diesel::joinable!(published_article_authors -> authors (author_id));
diesel::joinable!(comments -> articles (article_id));
diesel::joinable!(comment_decisions -> comments (comment_id));
diesel::joinable!(comment_decisions -> users (user_id));
diesel::joinable!(comment_decisions -> api_keys (key_id));
diesel::joinable!(comment_edits -> comments (comment_id));
diesel::joinable!(comment_edits -> users (user_id));
diesel::joinable!(comment_edits -> api_keys (key_id));
diesel::joinable!(comment_rule_sets -> users (created_by_id));
diesel::joinable!(comment_bans -> users (created_by_id));
diesel::joinable!(comment_reports -> comments (comment_id));
diesel::joinable!(article_counts -> articles (article_id));
diesel::joinable!(section_counts -> sections (section_id));
diesel::joinable!(tag_counts -> tags (tag_id));
diesel::joinable!(author_counts -> authors (author_id));
diesel::joinable!(publications -> articles (article_id));
diesel::joinable!(schedule -> articles (article_id));
diesel::joinable!(schedule -> users (scheduled_by_id));
diesel::joinable!(corrections -> articles (article_id));
diesel::joinable!(corrections -> users (created_by_id));
diesel::joinable!(kills -> articles (article_id));
diesel::joinable!(kills -> users (killed_by_id));
diesel::joinable!(edit_locks -> articles (article_id));
diesel::joinable!(edit_locks -> users (user_id));
diesel::joinable!(preview_tokens -> articles (article_id));
diesel::joinable!(preview_tokens -> users (created_by_id));
diesel::joinable!(preview_uses -> preview_tokens (token_id));

diesel::allow_tables_to_appear_in_same_query!(
    users,
    sessions,
    refresh_tokens,
    audit_log,
    api_keys,
    sign_in_failures,
    sign_in_places,
    sections,
    tags,
    authors,
    retired_slugs,
    articles,
    revisions,
    public_slugs,
    published_articles,
    published_article_sections,
    published_article_tags,
    published_article_authors,
    published_article_search,
    search_languages,
    search_words,
    search_uncounted,
    comments,
    comment_decisions,
    comment_edits,
    comment_rule_sets,
    comment_bans,
    comment_reports,
    article_counts,
    section_counts,
    tag_counts,
    author_counts,
    site,
    markers,
    publications,
    schedule,
    corrections,
    kills,
    edit_locks,
    preview_tokens,
    preview_uses,
    idempotency_keys,
);
