//! From the desk to readers: what is published there stands in the lists here, below every name it has.

use diesel_async::SimpleAsyncConnection;
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::make::published;
use crate::support::pages::walk;
use crate::support::store::story;

/// The slugs of a list, read two at a time, and its length, which must be what it counts.
async fn list(reader: &Client, query: &str) -> Vec<String> {
    let slugs = walk(reader, &format!("/api/v1/articles?limit=2&{query}"), "slug").await;
    let counted = reader
        .get(&format!("/api/v1/articles?with_total=true&{query}"))
        .await
        .expect(200);
    assert_eq!(*counted.at("/page/total"), json!(slugs.len()), "{query}");
    slugs
}

#[tokio::test]
async fn what_the_desk_publishes_stands_in_every_list_it_belongs_to() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for section in [
        json!({"name": "World"}),
        json!({"name": "Asia", "parent": "world"}),
        json!({"name": "Pakistan", "parent": "asia"}),
        json!({"name": "Sport"}),
    ] {
        editor.post("/api/v1/desk/sections", section).await.expect(201);
    }
    for tag in ["Floods", "Cricket"] {
        editor
            .post("/api/v1/desk/tags", json!({"name": tag, "kind": "topic"}))
            .await
            .expect(201);
    }
    for author in ["Ana Lima", "Jo Ek"] {
        let author = json!({"name": author, "kind": "person"});
        editor.post("/api/v1/desk/authors", author).await.expect(201);
    }
    let mut ids = Vec::new();
    for (title, section, tags, authors) in [
        ("One", "pakistan", json!(["floods"]), json!(["ana-lima"])),
        (
            "Two",
            "asia",
            json!(["floods", "cricket"]),
            json!(["ana-lima", "jo-ek"]),
        ),
        ("Three", "world", json!([]), json!(["jo-ek"])),
        ("Four", "sport", json!(["cricket"]), json!(["jo-ek"])),
        ("Five", "pakistan", json!(["cricket"]), json!(["ana-lima"])),
    ] {
        app.clock.advance(chrono::TimeDelta::minutes(1));
        let with = json!({"section": section, "tags": tags, "authors": authors});
        ids.push(published(&editor, title, with).await.id());
    }
    for (query, slugs) in [
        ("section=world", &["five", "three", "two", "one"][..]),
        ("section=asia", &["five", "two", "one"]),
        ("section=pakistan", &["five", "one"]),
        ("section=sport,pakistan", &["five", "four", "one"]),
        ("tag=floods", &["two", "one"]),
        ("tag=floods,cricket", &["five", "four", "two", "one"]),
        ("tag_all=floods,cricket", &["two"]),
        ("author=jo-ek", &["four", "three", "two"]),
        ("author=jo-ek&section=world&tag=cricket", &["two"]),
        ("section=world&sort=published_at", &["one", "two", "three", "five"]),
    ] {
        assert_eq!(list(&reader, query).await, slugs, "{query}");
    }

    // One moves, one changes its tags and byline, one goes.
    let mut was_there = vec!["one"];
    for (id, change) in [
        (&ids[0], json!({"section": "sport"})),
        (&ids[3], json!({"tags": ["floods"], "authors": ["ana-lima"]})),
    ] {
        let path = format!("/api/v1/desk/articles/{id}");
        app.clock.advance(chrono::TimeDelta::minutes(1));
        editor.patch(&path, change).await.expect(200);
        assert_eq!(list(&reader, "tag=floods&section=pakistan").await, was_there);
        editor.act(&format!("{path}/publish"), json!({})).await.expect(200);
        was_there.clear();
    }
    let gone = format!("/api/v1/desk/articles/{}/unpublish", ids[4]);
    editor.act(&gone, json!({})).await.expect(200);
    for (query, slugs) in [
        ("section=world", &["three", "two"][..]),
        ("section=pakistan", &[]),
        ("section=sport", &["four", "one"]),
        ("tag=floods", &["four", "two", "one"]),
        ("tag=cricket", &["two"]),
        ("author=ana-lima", &["four", "two", "one"]),
        ("author=jo-ek&sort=-content_updated_at", &["three", "two"]),
        ("sort=-content_updated_at", &["four", "one", "three", "two"]),
    ] {
        assert_eq!(list(&reader, query).await, slugs, "{query}");
    }
    let counts = |kind: &str| {
        let (reader, path) = (reader.clone(), format!("/api/v1/{kind}"));
        async move { reader.get(&path).await.expect(200).at("/article_count").clone() }
    };
    for (name, count) in [
        ("sections/world", 2),
        ("sections/sport", 2),
        ("tags/floods", 3),
        ("tags/cricket", 1),
        ("authors/jo-ek", 2),
    ] {
        assert_eq!(counts(name).await, json!(count), "{name}");
    }
}

#[tokio::test]
async fn an_article_stands_in_the_lists_that_its_row_names_whoever_wrote_it() {
    let app = TestApp::start().await;
    let (reader, mut conn) = (app.anonymous(), app.conn().await);
    app.publish(story("one").tags(&["a", "b"]).authors(&["ana"])).await;
    app.publish(story("two").tags(&["c"]).authors(&["jo"]).hours(1, 1))
        .await;
    let change = |by_hand: &'static str| {
        let app = &app;
        let conn = app.conn();
        async move {
            conn.await.batch_execute(by_hand).await.unwrap();
            app.told().await;
        }
    };

    change(
        "UPDATE published_articles AS article SET
            tag_ids = ARRAY(SELECT id FROM tags WHERE slug IN ('b', 'c') ORDER BY slug DESC), author_ids = other.author_ids
        FROM published_articles AS other WHERE article.slug = 'one' AND other.slug = 'two'",
    )
    .await;
    assert!(list(&reader, "tag=a").await.is_empty());
    assert_eq!(list(&reader, "tag=b").await, ["one"]);
    assert_eq!(list(&reader, "tag=c").await, ["two", "one"]);
    assert_eq!(list(&reader, "author=jo").await, ["two", "one"]);
    assert!(list(&reader, "author=ana").await.is_empty());
    for path in [
        "/api/v1/articles/one",
        "/api/v1/articles?slugs=one",
        "/api/v1/articles?tag=b",
    ] {
        let answer = reader.get(path).await.expect(200);
        let card = if path.contains('?') {
            answer.at("/data/0")
        } else {
            answer.at("")
        };
        let tags = card["tags"].as_array().unwrap().iter().map(|tag| tag["slug"].clone());
        assert_eq!(tags.collect::<Vec<_>>(), ["c", "b"], "{path}: in the order of the row");
        assert_eq!(card["byline"], "JO", "{path}");
    }

    change("UPDATE published_articles SET published_at = published_at + interval '2 hours' WHERE slug = 'one'").await;
    for query in ["", "tag=c", "author=jo"] {
        assert_eq!(list(&reader, query).await, ["one", "two"], "{query}");
    }

    // What is in the way is refused whole.
    let unknown = "UPDATE published_articles SET tag_ids = tag_ids || gen_random_uuid()";
    conn.batch_execute(unknown).await.unwrap_err();
    assert_eq!(list(&reader, "tag=c").await, ["one", "two"]);

    change("DELETE FROM published_articles WHERE slug = 'one'").await;
    assert_eq!(list(&reader, "tag=c").await, ["two"]);
}
