//! The filters of lists narrow a search as they narrow a list.

use serde_json::json;

use super::{about, search, slugs};
use crate::support::TestApp;
use crate::support::make::published;
use crate::support::store::hours;

#[tokio::test]
async fn a_search_takes_the_filters_of_lists() {
    let app = TestApp::start().await;
    app.section("world", None).await;
    app.section("asia", Some("world")).await;
    app.section("sport", None).await;
    let tide = |slug| about(slug, "The tide.");
    let one = tide("one").section("asia").tags(&["a", "b"]).authors(&["ana"]);
    let one = one.hours(-1, 0).with(|row| row.breaking_until = Some(hours(1)));
    let one = app
        .publish(one.with(|row| row.kicker = Some("Analysis".to_owned())))
        .await;
    let two = tide("two").section("sport").tags(&["b"]).authors(&["jo"]).hours(-2, 0);
    app.publish(two.with(|row| row.featured = true)).await;
    app.publish(tide("three").hours(-3, 0).with(|row| row.language = "fr".to_owned()))
        .await;
    app.publish(about("four", "Another word.").section("world").tags(&["a"]))
        .await;
    let reader = app.anonymous();
    let all = ["one", "two", "three"];
    for (filter, expected) in [
        ("", &all[..]),
        ("&section=world", &["one"]),
        ("&section=asia,sport", &["one", "two"]),
        ("&tag=a", &["one"]),
        ("&tag=a,b", &["one", "two"]),
        ("&tag_all=a,b", &["one"]),
        ("&author=jo", &["two"]),
        ("&kicker=Analysis", &["one"]),
        ("&breaking=true", &["one"]),
        ("&breaking=false", &["two", "three"]),
        ("&featured=true", &["two"]),
        ("&language=fr", &["three"]),
        ("&published_after=2026-06-01T07:00:00Z", &["one", "two"]),
        ("&published_before=2026-06-01T07:00:00Z", &["three"]),
        (&format!("&exclude_ids={one}"), &["two", "three"]),
        ("&tag=nobody", &[]),
        ("&section=world&tag=b&author=ana&language=en&featured=false", &["one"]),
    ] {
        let answer = search(&reader, "tide", &format!("{filter}&with_total=true"))
            .await
            .expect(200);
        assert_eq!(slugs(&answer), expected, "{filter}");
        assert_eq!(
            answer.at("/page/total").as_u64(),
            Some(expected.len() as u64),
            "{filter}"
        );
        assert!(answer.at("/page/next_cursor").is_null());
    }
}

#[tokio::test]
async fn an_empty_search_fills_once_somebody_is_called_as_it_asks() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let tag = editor
        .post("/api/v1/desk/tags", json!({"name": "Harbour"}))
        .await
        .expect(201)
        .id();
    let with = json!({"tags": ["harbour"], "body": {"source": "The tide."}});
    published(&editor, "Story", with).await;
    assert_eq!(
        slugs(&search(&reader, "tide", "&tag=harbour").await.expect(200)),
        ["story"]
    );
    assert!(slugs(&search(&reader, "tide", "&tag=port").await.expect(200)).is_empty());
    let at = format!("/api/v1/desk/tags/{tag}");
    editor.patch(&at, json!({"slug": "port"})).await.expect(200);
    assert_eq!(
        slugs(&search(&reader, "tide", "&tag=port").await.expect(200)),
        ["story"]
    );
}
