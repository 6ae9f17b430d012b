//! The facts of the site: read by everybody, changed by admins.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

const SITE: &str = "/api/v1/site";
const DESK: &str = "/api/v1/desk/site";

#[tokio::test]
async fn what_nobody_set_comes_from_the_settings() {
    let app = TestApp::with(|config| {
        config.site.name = "The Courier".to_owned();
        config.site.timezone = "Europe/Lisbon".parse().unwrap();
        config.site.article_path = "/{yyyy}/{slug}".to_owned();
    })
    .await;
    let read = app.anonymous().get(SITE).await.expect(200);
    let expected = json!({
        "name": "The Courier",
        "tagline": null,
        "url": "http://127.0.0.1:8080",
        "logo": null,
        "languages": ["en"],
        "default_language": "en",
        "timezone": "Europe/Lisbon",
        "call_to_action": null,
        "publisher": null,
        "social": [],
        "comments": {"policy": "moderated", "closes_after_days": null},
        "article_path": "/{yyyy}/{slug}",
    });
    assert_eq!(read.json, expected);
    assert_eq!(read.header("cache-tag"), "site");
    let desk = app.admin().await.get(DESK).await.expect(200);
    assert_eq!(desk.json, expected);
    assert_eq!(desk.header("etag"), "\"v1\"");
}

#[tokio::test]
async fn an_admin_changes_it_piece_by_piece() {
    let app = TestApp::start().await;
    let (admin, reader) = (app.admin().await, app.anonymous());
    let before = reader.get(SITE).await.header("etag");
    let change = json!({
        "name": "The Courier",
        "tagline": "News from the harbour",
        "logo": {"url": "https://images.example/logo.png"},
        "languages": ["EN", "pt-br", "en", "zh-hant"],
        "default_language": "PT-BR",
        "timezone": "Asia/Karachi",
        "call_to_action": {"text": "Stay with us.", "label": "Subscribe", "url": "https://courier.example/letter"},
        "publisher": {"name": "Courier Press"},
        "social": [{"label": "Video", "url": "https://video.example/courier"}],
        "comments": {"policy": "closed", "closes_after_days": 14},
    });
    let changed = admin.patch(DESK, change).await.expect(200);
    assert_eq!(changed.header("etag"), "\"v2\"");
    for (pointer, value) in [
        ("/languages", json!(["en", "pt-BR", "zh-Hant"])),
        ("/default_language", json!("pt-BR")),
        ("/timezone", json!("Asia/Karachi")),
        ("/logo/url", json!("https://images.example/logo.png")),
        (
            "/publisher",
            json!({"name": "Courier Press", "url": null, "logo": null}),
        ),
        ("/comments", json!({"policy": "closed", "closes_after_days": 14})),
        ("/call_to_action/label", json!("Subscribe")),
    ] {
        assert_eq!(changed.at(pointer), &value, "{pointer}");
    }
    let read = reader.get(SITE).await.expect(200);
    assert_eq!(read.json, changed.json);
    assert_ne!(read.header("etag"), before);

    let clear =
        json!({"name": null, "timezone": null, "call_to_action": null, "comments": {"closes_after_days": null}});
    let cleared = admin.patch(DESK, clear).await.expect(200);
    for (pointer, value) in [
        ("/name", json!("Masthead")),
        ("/timezone", json!("UTC")),
        ("/call_to_action", json!(null)),
        ("/comments", json!({"policy": "closed", "closes_after_days": null})),
        ("/tagline", json!("News from the harbour")),
    ] {
        assert_eq!(cleared.at(pointer), &value, "{pointer}");
    }
    let stale = admin.request(Method::PATCH, DESK).header("if-match", "\"v2\"");
    let stale = admin.send(stale.json(&json!({"name": "Old"}))).await;
    stale.problem(412, "version_conflict");
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_changes() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = admin.get(DESK).await.expect(200);
    for (body, fields) in [
        (json!({"name": ""}), vec!["/name"]),
        (
            json!({"name": "a\u{202E}b", "tagline": "nul\0"}),
            vec!["/name", "/tagline"],
        ),
        (json!({"url": "https://x.example"}), vec!["/url"]),
        (json!({"article_path": "/{slug}"}), vec!["/article_path"]),
        (json!({"languages": []}), vec!["/languages"]),
        (json!({"languages": null}), vec!["/languages"]),
        (
            json!({"languages": ["en", "english", "e\0"]}),
            vec!["/languages/1", "/languages/2"],
        ),
        (json!({"languages": vec!["en"; 51]}), vec!["/languages"]),
        (json!({"languages": ["pt"]}), vec!["/default_language"]),
        (json!({"default_language": "fr"}), vec!["/default_language"]),
        (json!({"default_language": "x".repeat(36)}), vec!["/default_language"]),
        (json!({"timezone": "Europe/Lisboa"}), vec!["/timezone"]),
        (json!({"timezone": "nul\0"}), vec!["/timezone"]),
        (json!({"call_to_action": {"label": "Go"}}), vec!["/call_to_action/text"]),
        (
            json!({"call_to_action": {"text": " ", "url": "javascript:alert(1)"}}),
            vec!["/call_to_action/text", "/call_to_action/url"],
        ),
        (
            json!({"publisher": {"name": "P", "logo": {"url": "http://x.example"}}}),
            vec!["/publisher/logo/url"],
        ),
        (json!({"comments": {"policy": "site"}}), vec!["/comments/policy"]),
        (
            json!({"comments": {"closes_after_days": 0}}),
            vec!["/comments/closes_after_days"],
        ),
        (
            json!({"comments": {"closes_after_days": 3651}}),
            vec!["/comments/closes_after_days"],
        ),
        (
            json!({"comments": {"closes_after_days": 1e20}}),
            vec!["/comments/closes_after_days"],
        ),
        (json!({"comments": {"open": true}}), vec!["/comments/open"]),
        (
            json!({"social": [{"label": "A", "url": "a.example"}]}),
            vec!["/social/0/url"],
        ),
    ] {
        let refused = admin.patch(DESK, body.clone()).await;
        assert_eq!(refused.problem(422, "validation_failed"), fields, "{body}");
    }
    let refused = admin.patch(DESK, json!({"timezone": "Europe/Lisbo"})).await;
    assert_eq!(refused.at("/errors/0/allowed/0"), "Europe/Lisbon");
    let refused = admin.patch(DESK, json!({"default_language": "fr"})).await;
    assert_eq!(refused.at("/errors/0/allowed"), &json!(["en"]));
    let after = admin.get(DESK).await.expect(200);
    assert_eq!(after.header("etag"), "\"v1\"");
    assert_eq!(after.json, before.json);
}

#[tokio::test]
async fn only_admins_may() {
    let app = TestApp::start().await;
    for refused in [
        app.editor().await,
        app.reporter().await,
        app.moderator().await,
        app.reader().await,
    ] {
        refused.get(DESK).await.problem(403, "permission_denied");
        let changed = refused.patch(DESK, json!({"name": "Mine"})).await;
        changed.problem(403, "permission_denied");
    }
    app.anonymous().get(DESK).await.problem(401, "not_authenticated");
    let delivery = app.admin().await.patch(SITE, json!({"name": "Mine"})).await;
    delivery.problem(405, "method_not_allowed");
    assert!(delivery.text_at("/detail").contains(DESK), "{}", delivery.text);
}
