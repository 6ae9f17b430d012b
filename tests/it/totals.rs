//! Totals: counted when they are asked for, to 10,000 and no further.

use diesel_async::SimpleAsyncConnection;
use masthead::db;
use masthead::db::articles::ArticleFilter;
use masthead::db::authors::AuthorFilter;
use masthead::db::tags::TagFilter;
use serde_json::json;

use crate::support::TestApp;
use crate::support::store::story;

#[tokio::test]
async fn a_total_stops_at_ten_thousand() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    app.publish(story("one").tags(&["topic"]).authors(&["ana"])).await;
    app.multiply("one", 9_999).await;
    let copies = "
        INSERT INTO tags SELECT gen_random_uuid(), slug || n, name || n, kind, description, NULL, 1, created_at, updated_at
            FROM tags, generate_series(1, 9999) n;
        INSERT INTO tag_counts SELECT id, 1 FROM tags ON CONFLICT DO NOTHING;
        INSERT INTO authors SELECT gen_random_uuid(), slug || n, name || n, kind, bio, avatar, links, NULL, 1, created_at,
            updated_at FROM authors, generate_series(1, 9999) n;
        INSERT INTO author_counts SELECT id, 1 FROM authors ON CONFLICT DO NOTHING;";
    app.conn().await.batch_execute(copies).await.unwrap();
    let total = async |path: &str| {
        let client = if path.starts_with("desk") { &editor } else { &reader };
        let answer = client
            .get(&format!("/api/v1/{path}?with_total=true&limit=1"))
            .await
            .expect(200);
        (
            answer.at("/page/total").clone(),
            answer.at("/page/total_capped").clone(),
        )
    };
    let lists = [
        "articles",
        "tags",
        "authors",
        "desk/articles",
        "desk/tags",
        "desk/authors",
    ];
    for list in lists {
        assert_eq!(total(list).await, (json!(10_000), json!(false)), "{list}");
    }
    app.publish(story("two").tags(&["another"]).authors(&["jo"])).await;
    for list in lists {
        assert_eq!(total(list).await, (json!(10_000), json!(true)), "{list}");
    }
}

#[tokio::test]
async fn counting_goes_no_further_than_asked() {
    let app = TestApp::start().await;
    app.publish(story("one").tags(&["a", "b", "c"]).authors(&["ana", "jo", "ek"]))
        .await;
    app.multiply("one", 20).await;
    let mut conn = app.conn().await;
    let (every, most) = (ArticleFilter::default(), 7);
    assert_eq!(db::articles::count(&mut conn, &every, most).await.unwrap(), most);
    let (every, most) = (TagFilter::default(), 2);
    assert_eq!(db::tags::count(&mut conn, &every, most).await.unwrap(), most);
    let (every, most) = (AuthorFilter::default(), 2);
    assert_eq!(db::authors::count(&mut conn, &every, most).await.unwrap(), most);
}
