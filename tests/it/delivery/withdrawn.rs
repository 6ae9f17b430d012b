//! What readers no longer see once an article is withdrawn.

use serde_json::json;

use super::lists::{FILTERS, paper};

#[tokio::test]
async fn a_withdrawn_article_is_on_no_list() {
    let app = paper().await;
    let reader = app.anonymous();
    let id = reader.get("/api/v1/articles/four").await.expect(200).id();
    app.withdraw(id.parse().unwrap()).await;
    for (filter, _) in FILTERS {
        let path = format!("/api/v1/articles?{filter}");
        let shown = reader.get(&path).await.expect(200).column("slug");
        assert!(!shown.contains(&"four".to_owned()), "{path}");
    }
    for path in [
        format!("/api/v1/articles?ids={id}"),
        "/api/v1/articles?slugs=four".to_owned(),
    ] {
        assert!(reader.get(&path).await.expect(200).column("slug").is_empty(), "{path}");
    }
    reader.get("/api/v1/articles/four").await.problem(404, "not_found");
    reader
        .get("/api/v1/articles/four/related")
        .await
        .problem(404, "not_found");
    let world = reader.get("/api/v1/sections/world").await.expect(200);
    assert_eq!(*world.at("/article_count"), json!(4));
}
