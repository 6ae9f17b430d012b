//! Names that things had before: kept answers about them are dropped when they lead somewhere again.

use serde_json::json;

use super::{keep, paper};
use crate::support::client::Client;
use crate::support::make::published;

/// Asks for what nobody finds until that is kept.
async fn keep_missing(reader: &Client, path: &str) {
    keep(reader, path).await.expect(404);
}

#[tokio::test]
async fn an_old_slug_leads_again_to_an_article_that_is_published_again() {
    let (app, editor, reader, story) = paper().await;
    let at = format!("/api/v1/desk/articles/{}", story.id());
    editor.patch(&at, json!({"slug": "renamed"})).await.expect(200);
    editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
    let former = ["", "/comments", "/related", "/corrections"].map(|below| format!("/api/v1/articles/story{below}"));
    for (gone, back) in [("unpublish", "publish"), ("kill", "reinstate")] {
        let with = match gone {
            "kill" => json!({"reason": "Untrue.", "notice": "We took this down."}),
            _ => json!({}),
        };
        editor.act(&format!("{at}/{gone}"), with).await.expect(200);
        if back == "reinstate" {
            editor.act(&format!("{at}/reinstate"), json!({})).await.expect(200);
        }
        for path in &former {
            keep_missing(&reader, path).await;
        }
        editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
        for path in &former {
            assert_eq!(reader.get(path).await.status, 301, "{path} after {gone}");
        }
    }
    drop(app);
}

#[tokio::test]
async fn old_slugs_of_tags_and_authors_lead_to_them_once_an_article_names_them() {
    let (app, editor, reader, story) = paper().await;
    let at = format!("/api/v1/desk/articles/{}", story.id());
    for (kind, names) in [("tags", ["Fog", "Rain", "Mist"]), ("authors", ["Bo", "Cy", "Di"])] {
        let mut made = Vec::new();
        for name in names {
            made.push(
                editor
                    .post(&format!("/api/v1/desk/{kind}"), json!({"name": name}))
                    .await
                    .expect(201),
            );
        }
        let path = format!("/api/v1/desk/{kind}/{}", made[0].id());
        editor
            .patch(&path, json!({"slug": format!("new-{kind}")}))
            .await
            .expect(200);
        let mut former = vec![made[0].text_at("/slug").clone()];
        if kind == "tags" {
            let merge = format!("/api/v1/desk/tags/{}/merge", made[1].id());
            editor.post(&merge, json!({"into": made[0].id()})).await.expect(200);
            former.push("rain".to_owned());
        }
        for slug in &former {
            keep_missing(&reader, &format!("/api/v1/{kind}/{slug}")).await;
        }
        keep_missing(&reader, &format!("/api/v1/{kind}/new-{kind}")).await;
        let merged = format!("/api/v1/tags/{}", made[1].id());
        keep_missing(&reader, &merged).await;
        editor.patch(&at, json!({kind: [made[0].id()]})).await.expect(200);
        editor.act(&format!("{at}/publish"), json!({})).await.expect(200);
        for slug in &former {
            assert_eq!(
                reader.get(&format!("/api/v1/{kind}/{slug}")).await.status,
                301,
                "{slug}"
            );
        }
        reader.get(&format!("/api/v1/{kind}/new-{kind}")).await.expect(200);
        if kind == "tags" {
            assert_eq!(reader.get(&merged).await.status, 301);
        }
    }
    drop(app);
}

#[tokio::test]
async fn what_is_named_by_many_articles_at_once_is_found_under_every_name() {
    let (app, editor, reader, _) = paper().await;
    let with = json!({"tags": ["harbour"], "authors": ["ana"]});
    published(&editor, "Second", with).await;
    for (kind, old) in [("tags", "harbour"), ("authors", "ana")] {
        let new = json!({"name": "Quay", "slug": "quay"});
        let quay = editor.post(&format!("/api/v1/desk/{kind}"), new).await.expect(201);
        let by_slug = format!("/api/v1/{kind}/quay");
        keep_missing(&reader, &by_slug).await;
        let found = editor.get(&format!("/api/v1/desk/{kind}?q={old}")).await.expect(200);
        let from = format!("/api/v1/desk/{kind}/{}", found.text_at("/data/0/id"));
        if kind == "tags" {
            let into = json!({"into": quay.id()});
            editor.post(&format!("{from}/merge"), into).await.expect(200);
        } else {
            editor
                .delete(&format!("{from}?reassign_to={}", quay.id()))
                .await
                .expect(204);
        }
        assert_eq!(
            *reader.get(&by_slug).await.expect(200).at("/article_count"),
            2,
            "{kind}"
        );
    }
    drop(app);
}
