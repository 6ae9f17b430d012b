//! Lists that are kept hear of what comes to belong on them.

use serde_json::json;

use super::{keep, paper};
use crate::support::make;

#[tokio::test]
async fn a_list_hears_of_what_comes_to_be_as_it_asks() {
    let (_app, editor, reader, story) = paper().await;
    let at = format!("/api/v1/desk/articles/{}", story.id());
    let lists = [
        "section=world&featured=true",
        "tag=harbour&featured=true",
        "author=ana&featured=true",
    ];
    for list in lists.map(|asked| format!("/api/v1/articles?{asked}")) {
        assert!(keep(&reader, &list).await.column("slug").is_empty(), "{list}");
        editor.patch(&at, json!({"featured": true})).await.expect(200);
        assert_eq!(reader.get(&list).await.column("slug"), ["story"], "{list}");
        editor.patch(&at, json!({"featured": false})).await.expect(200);
        assert!(reader.get(&list).await.column("slug").is_empty(), "{list}");
    }
}

#[tokio::test]
async fn an_empty_list_fills_once_somebody_is_called_as_it_asks() {
    let (app, editor, reader, _) = paper().await;
    let tag = editor.post("/api/v1/desk/tags", json!({"name": "Known"})).await;
    tag.expect(201);
    let lists = ["tag=unheard", "tag=known,unheard", "section=unheard"];
    let lists = lists.map(|asked| format!("/api/v1/articles?{asked}"));
    for list in &lists {
        let kept = keep(&reader, list).await.expect(200);
        assert!(kept.column("slug").is_empty(), "{list}");
    }
    editor
        .post("/api/v1/desk/sections", json!({"name": "Unheard"}))
        .await
        .expect(201);
    editor
        .post("/api/v1/desk/tags", json!({"name": "Unheard"}))
        .await
        .expect(201);
    let with = json!({"slug": "named", "section": "unheard", "tags": ["unheard"]});
    make::published(&editor, "Named", with).await;
    for list in &lists {
        assert_eq!(reader.get(list).await.expect(200).column("slug"), ["named"], "{list}");
    }
    drop(app);
}
