//! The history of an article: nothing is lost, and what readers had when can be told.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

fn at(article: &Answer) -> String {
    format!("/api/v1/desk/articles/{}", article.id())
}

async fn save(client: &Client, article: &Answer, change: Value) -> Answer {
    client.patch(&at(article), change).await.expect(200)
}

#[tokio::test]
async fn revisions_tell_who_saved_what_when_and_why() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = make::draft(&editor, "First", json!({"kicker": "News"})).await;
    editor
        .act(&format!("{}/publish", at(&made)), json!({}))
        .await
        .expect(200);
    save(&editor, &made, json!({"title": "Second", "note": "Sharper."})).await;
    save(&editor, &made, json!({"body": {"source": "Typing"}, "autosave": true})).await;
    save(&editor, &made, json!({"standfirst": "At last."})).await;
    let revisions = format!("{}/revisions", at(&made));
    let listed = reporter.get(&revisions).await.expect(200);
    assert_eq!(listed.column("title"), ["Second", "Second", "First"]);
    for (pointer, value) in [
        ("/data/0/number", json!(4)),
        // What a hidden revision changed is told by the next one.
        ("/data/0/changed", json!(["standfirst", "body"])),
        ("/data/1/changed", json!(["title"])),
        ("/data/1/note", json!("Sharper.")),
        ("/data/1/created_by/name", json!(editor.account().name)),
        (
            "/data/2/changed",
            json!(["slug", "kicker", "title", "language", "body", "section"]),
        ),
        ("/data/2/is_published", json!(true)),
        ("/data/0/is_published", json!(false)),
    ] {
        assert_eq!(listed.at(pointer), &value, "{pointer}");
    }
    let every = reporter.get(&format!("{revisions}?autosaves=true")).await.expect(200);
    assert_eq!(every.at("/data/1/autosave"), &json!(true));
    assert_eq!(every.at("/data/1/changed"), &json!(["body"]));
    let mut numbers = Vec::new();
    let mut address = format!("{revisions}?autosaves=true&limit=3");
    loop {
        let page = reporter.get(&address).await.expect(200);
        numbers.extend(
            page.at("/data")
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["number"].clone()),
        );
        match page.at("/page/next_cursor").as_str() {
            Some(cursor) => address = format!("{revisions}?autosaves=true&limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(numbers, [4, 3, 2, 1]);

    let head = reporter.get(&format!("{revisions}/head")).await.expect(200);
    assert_eq!(
        (head.at("/number"), head.text_at("/content/body/source")),
        (&json!(4), "Typing".to_owned())
    );
    let live = reporter.get(&format!("{revisions}/published")).await.expect(200);
    assert_eq!(live.text_at("/content/title"), "First");
    assert_eq!(live.json, reporter.get(&format!("{revisions}/1")).await.json);
    for wrong in ["5", "0", "-1", "latest", "99999999999"] {
        reporter
            .get(&format!("{revisions}/{wrong}"))
            .await
            .problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_revision_is_restored_under_todays_relations() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    for name in ["Kept", "Gone"] {
        editor
            .post("/api/v1/desk/tags", json!({"name": name}))
            .await
            .expect(201);
    }
    let made = make::draft(&editor, "First", json!({"tags": ["kept", "gone"], "slug": "first"})).await;
    save(&editor, &made, json!({"title": "Second", "tags": [], "slug": "second"})).await;
    let gone = editor.get("/api/v1/desk/tags?q=gone").await.text_at("/data/0/id");
    editor.delete(&format!("/api/v1/desk/tags/{gone}")).await.expect(204);
    make::draft(&editor, "Taker", json!({"slug": "first"})).await;
    let restore = format!("{}/revisions/1/restore", at(&made));
    let bare = editor.request(Method::POST, &restore).json(&json!({}));
    editor.send(bare).await.problem(428, "precondition_required");
    let stale = editor
        .request(Method::POST, &restore)
        .header("If-Match", "\"v1\"")
        .json(&json!({}));
    editor.send(stale).await.problem(412, "version_conflict");
    reporter
        .act(&restore, json!({}))
        .await
        .problem(403, "permission_denied");
    let missing = format!("{}/revisions/3/restore", at(&made));
    editor.act(&missing, json!({})).await.problem(404, "not_found");
    assert_eq!(editor.get(&at(&made)).await.at("/version"), &json!(2));

    let back = editor.act(&restore, json!({})).await.expect(200);
    assert_eq!(
        (back.at("/revision"), back.text_at("/title")),
        (&json!(3), "First".to_owned())
    );
    assert_eq!(back.text_at("/slug"), "second", "the old slug is another's by now");
    assert_eq!(back.at("/tags").as_array().map(Vec::len), Some(1));
    let listed = editor.get(&format!("{}/revisions", at(&made))).await;
    assert_eq!(listed.text_at("/data/0/note"), "Restored revision 1");
    let head = format!("{}/revisions/head/restore", at(&made));
    let same = editor.act(&head, json!({"note": "Again"})).await.expect(200);
    assert_eq!(same.json, back.json, "the newest one is there already");
}

#[tokio::test]
async fn a_diff_tells_words_and_names() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    for name in ["Old", "New", "Both"] {
        editor
            .post("/api/v1/desk/tags", json!({"name": name}))
            .await
            .expect(201);
    }
    editor
        .post("/api/v1/desk/sections", json!({"name": "Sport"}))
        .await
        .expect(201);
    let made = make::draft(&editor, "The bridge is open", json!({"tags": ["old", "both"]})).await;
    let change = json!({
        "title": "The bridge is closed", "tags": ["both", "new"], "section": "sport",
        "seo": {"description": "No way over."}, "featured": false,
    });
    save(&editor, &made, change).await;
    let diff = format!("{}/diff", at(&made));
    let compared = reporter.get(&format!("{diff}?from=1&to=head")).await.expect(200);
    let hunk = |op: &str, text: &str| json!({"op": op, "text": text});
    let title = [
        hunk("equal", "The bridge is "),
        hunk("delete", "open"),
        hunk("insert", "closed"),
    ];
    for (pointer, value) in [
        ("/from", json!(1)),
        ("/to", json!(2)),
        ("/changed", json!(["title", "section", "tags", "seo"])),
        ("/texts/0", json!({"field": "title", "hunks": title})),
        (
            "/texts/1",
            json!({"field": "seo/description", "hunks": [hunk("insert", "No way over.")]}),
        ),
        ("/section/from/slug", json!("world")),
        ("/section/to/slug", json!("sport")),
        ("/tags/added/0/slug", json!("new")),
        ("/tags/removed/0/slug", json!("old")),
        ("/authors", json!({"added": [], "removed": []})),
    ] {
        assert_eq!(compared.at(pointer), &value, "{pointer}");
    }
    let same = reporter.get(&format!("{diff}?from=2&to=head")).await.expect(200);
    for (pointer, value) in [
        ("/changed", json!([])),
        ("/texts", json!([])),
        ("/section", Value::Null),
    ] {
        assert_eq!(same.at(pointer), &value, "{pointer}");
    }
    reporter
        .get(&format!("{diff}?from=published&to=head"))
        .await
        .problem(404, "not_found");
    reporter
        .get(&format!("{diff}?from=1&to=3"))
        .await
        .problem(404, "not_found");
    assert_eq!(
        reporter
            .get(&format!("{diff}?from=1"))
            .await
            .problem(400, "invalid_parameter"),
        ["to"]
    );
    assert_eq!(
        reporter
            .get(&format!("{diff}?from=x&to=1"))
            .await
            .problem(400, "invalid_parameter"),
        ["from"]
    );
}

#[tokio::test]
async fn long_texts_are_compared_within_bounds() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let words = |step: usize| {
        (0..60_000)
            .map(|n| format!("w{} ", (n * step) % 977))
            .collect::<String>()
    };
    let made = make::draft(&editor, "Long", json!({"body": {"source": words(7)}})).await;
    save(&editor, &made, json!({"body": {"source": words(11)}})).await;
    let compared = editor.get(&format!("{}/diff?from=1&to=2", at(&made))).await.expect(200);
    let hunks = compared.at("/texts/0/hunks").as_array().unwrap().clone();
    let without = |op: &str| -> String {
        hunks
            .iter()
            .filter(|hunk| hunk["op"] != op)
            .filter_map(|hunk| hunk["text"].as_str())
            .collect()
    };
    assert_eq!(
        (without("insert"), without("delete")),
        (words(7).trim().to_owned(), words(11).trim().to_owned())
    );
}

#[tokio::test]
async fn what_readers_had_at_any_moment_under_the_names_of_that_time() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "First", json!({})).await;
    let (verb, as_of) = (
        |verb: &str| format!("{}/{verb}", at(&made)),
        format!("{}/published?as_of=", at(&made)),
    );
    app.clock.advance(TimeDelta::hours(1));
    editor.act(&verb("publish"), json!({})).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    let world = editor.get("/api/v1/desk/sections").await.text_at("/data/0/id");
    editor
        .patch(&format!("/api/v1/desk/sections/{world}"), json!({"name": "The World"}))
        .await
        .expect(200);
    save(&editor, &made, json!({"title": "Second"})).await;
    editor.act(&verb("publish"), json!({})).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    editor.act(&verb("unpublish"), json!({})).await.expect(200);
    app.clock.advance(TimeDelta::hours(1));

    for nothing in [
        "2026-06-01T09:59:59Z",
        "2026-06-01T12:00:00Z",
        "2026-06-01T13:00:00Z",
        "1999-01-01T00:00:00Z",
    ] {
        editor.get(&format!("{as_of}{nothing}")).await.problem(404, "not_found");
    }
    editor
        .get(&format!("{}/published", at(&made)))
        .await
        .problem(404, "not_found");
    let first = editor
        .get(&format!("{as_of}2026-06-01T12:59:59%2B02:00"))
        .await
        .expect(200);
    for (pointer, value) in [
        ("/revision", json!(1)),
        ("/content/title", json!("First")),
        ("/content/section/name", json!("World")),
        ("/shown_from", json!("2026-06-01T10:00:00Z")),
        ("/shown_until", json!("2026-06-01T11:00:00Z")),
        ("/published_at", json!("2026-06-01T10:00:00Z")),
    ] {
        assert_eq!(first.at(pointer), &value, "{pointer}");
    }
    let second = editor.get(&format!("{as_of}2026-06-01T11:30:00Z")).await.expect(200);
    assert_eq!(second.text_at("/content/section/name"), "The World");
    assert_eq!(second.text_at("/content/title"), "Second");
    assert_eq!(second.text_at("/published_at"), "2026-06-01T10:00:00Z");
    editor.act(&verb("publish"), json!({})).await.expect(200);
    let now = editor.get(&format!("{}/published", at(&made))).await.expect(200);
    assert_eq!(now.at("/shown_until"), &Value::Null);
    assert_eq!(
        editor
            .get(&format!("{as_of}yesterday"))
            .await
            .problem(400, "invalid_parameter"),
        ["as_of"]
    );
}
