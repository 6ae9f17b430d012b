//! What cannot be corrected.

use reqwest::Method;
use serde_json::json;

use super::{WRONG, at, correct, note};
use crate::support::{TestApp, make};

#[tokio::test]
async fn what_cannot_be_corrected_is_refused_and_nothing_changes() {
    let app = TestApp::start().await;
    let (editor, reporter, reader) = (app.editor().await, app.reporter().await, app.anonymous());
    let draft = make::draft(&editor, "Draft", json!({})).await;
    let refused = correct(&editor, &draft, note()).await;
    refused.problem(409, "invalid_state_transition");
    assert_eq!(
        refused.at("/allowed_actions"),
        &json!(["edit", "submit", "schedule", "publish", "trash"])
    );
    let made = make::published(&editor, "Live", json!({"slug": "live"})).await;
    let other = make::published(&editor, "Other", json!({"slug": "other"})).await;
    let of_other = correct(&editor, &other, note()).await.expect(201);
    let before = editor.get(&at(&made)).await.expect(200);
    assert!(
        before
            .at("/allowed_actions")
            .as_array()
            .unwrap()
            .contains(&json!("correct"))
    );

    correct(&reporter, &made, note())
        .await
        .problem(403, "permission_denied");
    let path = format!("{}/corrections", at(&made));
    let bare = editor.request(Method::POST, &path).json(&note());
    editor.send(bare).await.problem(428, "precondition_required");
    let stale = editor
        .request(Method::POST, &path)
        .header("If-Match", "\"v1\"")
        .json(&note());
    editor.send(stale).await.problem(412, "version_conflict");
    for (new, pointers) in [
        (json!({"kind": "correction"}), vec!["/text"]),
        (json!({"kind": "error", "text": "x"}), vec!["/kind"]),
        (json!({"kind": "update", "text": " "}), vec!["/text"]),
        (json!({"kind": "update", "text": "x".repeat(2001)}), vec!["/text"]),
        (
            json!({"kind": "update", "text": "x", "patch": {"title": null}}),
            vec!["/patch/title"],
        ),
        (
            json!({"kind": "update", "text": "x", "patch": {"tags": ["nothing"], "slug": "-"}}),
            vec!["/patch/slug", "/patch/tags/0"],
        ),
        (
            json!({"kind": "update", "text": "x", "patch": {"featured": true, "embargo_until": null, "autosave": true}}),
            vec!["/patch/featured", "/patch/embargo_until", "/patch/autosave"],
        ),
    ] {
        let refused = correct(&editor, &made, new.clone()).await;
        assert_eq!(
            refused.problem(422, "validation_failed"),
            pointers,
            "{new}: {}",
            refused.text
        );
    }
    let taken = json!({"kind": "update", "text": "x", "patch": {"slug": "other"}});
    correct(&editor, &made, taken).await.problem(409, "slug_taken");
    let unready = json!({"kind": "update", "text": "x", "patch": {"section": null}});
    correct(&editor, &made, unready).await.problem(422, "validation_failed");
    for wrong in [of_other.id(), "00000000-0000-7000-8000-000000000000".to_owned()] {
        let one = format!("{path}/{wrong}");
        editor
            .patch(&one, json!({"text": "Mine."}))
            .await
            .problem(404, "not_found");
        editor.delete(&one).await.problem(404, "not_found");
    }
    let one = format!("{}/corrections/{}", at(&other), of_other.id());
    for (change, pointer) in [
        (json!({"text": null}), "/text"),
        (json!({"kind": null}), "/kind"),
        (json!({"date": 1}), "/date"),
    ] {
        let refused = editor.patch(&one, change).await;
        assert_eq!(refused.problem(422, "validation_failed"), [pointer], "{}", refused.text);
    }
    let stale = editor.request(Method::DELETE, &one).header("If-Match", "\"v1\"");
    editor.send(stale).await.problem(412, "version_conflict");
    assert_eq!(editor.get(&at(&made)).await.json, before.json);
    assert_eq!(reader.get("/api/v1/corrections").await.column("text"), [WRONG]);

    editor
        .act(&format!("{}/unpublish", at(&other)), json!({}))
        .await
        .expect(200);
    editor
        .patch(&one, json!({"text": "Late."}))
        .await
        .problem(409, "invalid_state_transition");
    editor.delete(&one).await.problem(409, "invalid_state_transition");
}

#[tokio::test]
async fn an_article_has_a_hundred_at_most() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::published(&editor, "Hopeless", json!({"slug": "hopeless"})).await;
    for _ in 0..100 {
        correct(&editor, &made, note()).await.expect(201);
    }
    let version = editor.get(&at(&made)).await.at("/version").clone();
    correct(&editor, &made, note()).await.problem(409, "conflict");
    assert_eq!(editor.get(&at(&made)).await.at("/version"), &version);
    let shown = app.anonymous().get("/api/v1/articles/hopeless").await.expect(200);
    assert_eq!(shown.at("/correction_count"), &json!(100));
}

/// Two editors correct at the same moment: one has read what the other wrote, or is told to.
#[tokio::test]
async fn of_two_at_once_one_is_told_to_read_again() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::published(&editor, "Contested", json!({"slug": "contested"})).await;
    let path = format!("{}/corrections", at(&made));
    let etag = made.header("etag");
    let corrections = (0..8).map(|number| {
        let request = editor.request(Method::POST, &path).header("If-Match", etag.clone());
        let patch = json!({"standfirst": format!("By number {number}.")});
        editor.send(request.json(&json!({"kind": "update", "text": format!("Number {number}."), "patch": patch})))
    });
    let answers = futures_util::future::join_all(corrections).await;
    let with = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(201), with(412)), (1, 7));
    let shown = app.anonymous().get("/api/v1/articles/contested").await.expect(200);
    assert_eq!(shown.at("/correction_count"), &json!(1));
}
