//! Questions that are refused: loudly, by name, and with nothing read.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn wrong_parameters_are_refused_by_name() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    let many = vec!["x"; 101].join(",");
    let many_ids = vec!["00000000-0000-7000-8000-000000000000"; 101].join(",");
    for (query, code, parameter) in [
        ("limit=-1".to_owned(), "invalid_parameter", "limit"),
        ("limit=0".to_owned(), "invalid_parameter", "limit"),
        ("limit=101".to_owned(), "invalid_parameter", "limit"),
        ("limit=1e9".to_owned(), "invalid_parameter", "limit"),
        ("limit=".to_owned(), "invalid_parameter", "limit"),
        ("limit=5&limit=5".to_owned(), "invalid_parameter", "limit"),
        ("offset=20".to_owned(), "unknown_parameter", "offset"),
        ("tags=a".to_owned(), "unknown_parameter", "tags"),
        ("status=draft".to_owned(), "unknown_parameter", "status"),
        ("sort=title".to_owned(), "invalid_parameter", "sort"),
        (
            "sort=-published_at&sort=published_at".to_owned(),
            "invalid_parameter",
            "sort",
        ),
        ("breaking=1".to_owned(), "invalid_parameter", "breaking"),
        ("featured=".to_owned(), "invalid_parameter", "featured"),
        ("with_total=yes".to_owned(), "invalid_parameter", "with_total"),
        ("tag=%00".to_owned(), "invalid_parameter", "tag"),
        ("tag=a%00b".to_owned(), "invalid_parameter", "tag"),
        ("section=%ff".to_owned(), "invalid_parameter", "section"),
        ("tag=".to_owned(), "invalid_parameter", "tag"),
        ("ids=".to_owned(), "invalid_parameter", "ids"),
        ("ids=world".to_owned(), "invalid_parameter", "ids"),
        (format!("slugs={many}"), "invalid_parameter", "slugs"),
        (format!("tag_all={many}"), "invalid_parameter", "tag_all"),
        (format!("ids={many_ids}"), "invalid_parameter", "ids"),
        (format!("exclude_ids={many_ids}"), "invalid_parameter", "exclude_ids"),
        ("slugs=a&limit=5".to_owned(), "invalid_parameter", "limit"),
        ("slugs=a&tag=b".to_owned(), "invalid_parameter", "tag"),
        (
            "published_after=2026-01-01".to_owned(),
            "invalid_parameter",
            "published_after",
        ),
        (
            "published_after=2026-01-01T00:00:00".to_owned(),
            "invalid_parameter",
            "published_after",
        ),
        (
            "published_after=10000-01-01T00:00:00Z".to_owned(),
            "invalid_parameter",
            "published_after",
        ),
        (
            "published_after=%2B10000-01-01T00:00:00Z".to_owned(),
            "invalid_parameter",
            "published_after",
        ),
        (
            "published_before=0000-01-01T00:00:00Z".to_owned(),
            "invalid_parameter",
            "published_before",
        ),
        (
            "published_before=9999-12-31T23:59:59-01:00".to_owned(),
            "invalid_parameter",
            "published_before",
        ),
    ] {
        let refused = reader.get(&format!("/api/v1/articles?{query}")).await;
        assert_eq!(refused.problem(400, code), [parameter], "{query}");
        assert_eq!(refused.header("cache-control"), "no-store", "{query}");
    }
    for (path, parameter) in [
        ("/api/v1/articles/any?formats=pdf", "formats"),
        ("/api/v1/articles/any?formats=parts,", ""),
        ("/api/v1/articles/any?limit=1", "limit"),
        ("/api/v1/sections?latest=21", "latest"),
        ("/api/v1/sections?latest=-1", "latest"),
        ("/api/v1/sections/any?latest=1e9", "latest"),
    ] {
        let refused = reader.get(path).await;
        if parameter.is_empty() {
            refused.problem(404, "not_found");
        } else {
            assert_eq!(refused.status, 400, "{path}");
            assert_eq!(refused.text_at("/errors/0/parameter"), parameter, "{path}");
        }
    }
}

#[tokio::test]
async fn the_ends_of_time_can_be_asked_for() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    for query in [
        "published_after=0001-01-01T00:00:00Z",
        "published_before=9999-12-31T23:59:59.999999999Z",
        "published_after=9999-12-31T00:00:00Z&published_before=0001-01-01T00:00:00Z",
    ] {
        let answer = reader.get(&format!("/api/v1/articles?{query}")).await.expect(200);
        assert_eq!(*answer.at("/data"), json!([]), "{query}");
    }
}

#[tokio::test]
async fn names_that_nobody_has_are_not_found() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    for name in [
        "nothing",
        "00000000-0000-7000-8000-000000000000",
        "%00",
        "%E2%80%AE",
        "a'%22;--",
        &"x".repeat(3000),
    ] {
        for below in ["", "/related"] {
            let missing = reader.get(&format!("/api/v1/articles/{name}{below}")).await;
            missing.problem(404, "not_found");
            assert!(missing.header("cache-control").starts_with("public"), "{name}");
        }
    }
}

#[tokio::test]
async fn writing_is_the_desks() {
    let app = TestApp::start().await;
    let refused = app.anonymous().post("/api/v1/articles", json!({"title": "Mine"})).await;
    refused.problem(405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "GET, HEAD");
    let detail = refused.text_at("/detail");
    assert!(
        detail.contains("call POST /api/v1/desk/articles with a bearer token"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_list_about_what_is_no_name_is_empty() {
    let app = TestApp::start().await;
    let reader = app.anonymous();
    for name in ["a%0Ab", "a%0D%0AX-Y:1", "a%01b", "a%7Fb", "%F0%9F%98%80", "%27%3B--"] {
        for filter in ["tag", "tag_all", "section", "author"] {
            let list = reader
                .get(&format!("/api/v1/articles?{filter}={name}"))
                .await
                .expect(200);
            assert!(list.column("id").is_empty(), "{filter}={name}");
            assert_eq!(list.header("cache-tag"), "articles", "{filter}={name}");
        }
    }
}
