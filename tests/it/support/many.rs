//! Many articles, for tests of what a long list costs.

use diesel_async::SimpleAsyncConnection;

use super::TestApp;

impl TestApp {
    /// Publishes a story so many times more, each time with a date line a minute later and a last change a minute
    /// earlier, in the same lists. (Kept counts stay.)
    pub async fn multiply(&self, slug: &str, times: i32) {
        let copies = format!(
            "CREATE TEMP TABLE copies AS
                SELECT gen_random_uuid() AS copy, p.id AS original, n, '{slug}-' || n AS slug,
                    p.published_at + n * interval '1 minute' AS published,
                    p.content_updated_at - n * interval '1 minute' AS updated
                FROM published_articles p, generate_series(1, {times}) n WHERE p.slug = '{slug}';
            INSERT INTO articles (id, slug, status, version, revision, published_revision, tag_ids, author_ids, title,
                    featured, comments_policy, created_at, updated_at)
                SELECT copy, c.slug, status, version, revision, published_revision, tag_ids, author_ids, title,
                    featured, comments_policy, created_at, updated_at
                FROM copies c JOIN articles ON id = original;
            INSERT INTO published_articles
                SELECT copy, revision, c.slug, kicker, title, standfirst, language, dateline, section_id, hero,
                    published, first_published_at, updated, breaking_until, featured, comments_policy, word_count,
                    reading_time_minutes, body_html, outline, parts, blocks, body_text, sources, related, seo,
                    section_ids, tag_ids, author_ids
                FROM copies c JOIN published_articles ON id = original;
            DROP TABLE copies;
            ANALYZE;"
        );
        self.conn().await.batch_execute(&copies).await.unwrap();
        self.told().await;
    }
}
