//! Whether a database holds what writers were told that it holds, and each thing whole.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use masthead::db::pool::connect;
use masthead::db::schema::{articles, published_articles};
use uuid::Uuid;

use crate::support::db::pool_options;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What must never be: each of these counts what is there in part.
const IN_PART: [(&str, &str); 6] = [
    (
        "an article without its revision",
        "SELECT count(*) FROM articles a WHERE NOT EXISTS (SELECT 1 FROM revisions r WHERE r.article_id = a.id AND r.number = a.revision)",
    ),
    (
        "an article that nobody made",
        "SELECT count(*) FROM articles a WHERE NOT EXISTS (SELECT 1 FROM audit_log l WHERE l.subject_id = a.id AND l.action = 'create_article')",
    ),
    (
        "published, and readers have nothing",
        "SELECT count(*) FROM articles a WHERE status = 'published' AND NOT EXISTS (SELECT 1 FROM published_articles p WHERE p.id = a.id AND p.revision = a.published_revision)",
    ),
    (
        "readers have what is not published",
        "SELECT count(*) FROM published_articles p WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = p.id AND a.status = 'published')",
    ),
    (
        "published, and not on record",
        "SELECT count(*) FROM published_articles p WHERE NOT EXISTS (SELECT 1 FROM publications l WHERE l.article_id = p.id)",
    ),
    (
        "a count that is wrong",
        "SELECT count(*) FROM section_counts c WHERE articles <> (SELECT count(*) FROM published_article_sections s WHERE s.section_id = c.section_id)",
    ),
];

/// Panics when one of these articles is not there, or something is there in part.
pub async fn check(url: &str, created: &[Uuid], published: &[Uuid]) {
    let mut conn = connect(url, &pool_options()).await.unwrap();
    let there: Vec<Uuid> = articles::table.select(articles::id).load(&mut conn).await.unwrap();
    let read: Vec<Uuid> = published_articles::table
        .select(published_articles::id)
        .load(&mut conn)
        .await
        .unwrap();
    let lost = created.iter().filter(|id| !there.contains(id)).count();
    let unread = published.iter().filter(|id| !read.contains(id)).count();
    assert_eq!((lost, unread), (0, 0), "of {} and {}", created.len(), published.len());
    for (what, query) in IN_PART {
        let found: Count = diesel::sql_query(query).get_result(&mut conn).await.unwrap();
        assert_eq!(found.count, 0, "{what}");
    }
}
