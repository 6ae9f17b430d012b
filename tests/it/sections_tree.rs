//! The tree of sections: what moves with a section, and what would be no tree.

use futures_util::future::join_all;
use serde_json::json;

use crate::sections::{SECTIONS, at, chain, paths, section};
use crate::support::TestApp;
use crate::support::client::Answer;
use crate::support::make::published;

#[tokio::test]
async fn a_subtree_moves_whole_with_its_lists_and_counts() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    let made = chain(&editor, &["world", "asia", "pakistan"]).await;
    section(&editor, json!({"name": "Home"})).await;
    published(&editor, "Deep", json!({"section": "pakistan"})).await;
    published(&editor, "Middle", json!({"section": "asia"})).await;
    let counts = async || {
        let list = reader.get("/api/v1/sections").await.expect(200);
        let counted = list.at("/data").as_array().unwrap().iter();
        let counted = counted.map(|section| (section["slug"].to_string(), section["article_count"].as_i64().unwrap()));
        let mut counted: Vec<(String, i64)> = counted.collect();
        counted.sort();
        counted.into_iter().map(|(_, count)| count).collect::<Vec<i64>>()
    };
    // asia, home, pakistan, world
    assert_eq!(counts().await, [2, 0, 1, 2]);
    let moved = editor.patch(&at(&made[1]), json!({"parent": "home"})).await.expect(200);
    assert_eq!(moved.text_at("/path"), "home/asia");
    assert_eq!(
        paths(&reader).await,
        ["world", "home", "home/asia", "home/asia/pakistan"]
    );
    assert_eq!(counts().await, [2, 2, 1, 0]);
    let moved = editor.patch(&at(&made[2]), json!({"parent": null})).await.expect(200);
    assert_eq!(
        (moved.text_at("/path"), moved.at("/depth")),
        ("pakistan".to_owned(), &json!(1))
    );
    assert_eq!(counts().await, [1, 1, 1, 0]);

    // A new slug changes every path below; the old one leads to it, also as a parent.
    let home = editor.get(&format!("{SECTIONS}?q=home")).await.column("id").remove(0);
    editor
        .patch(&format!("{SECTIONS}/{home}"), json!({"slug": "nation"}))
        .await
        .expect(200);
    editor.patch(&at(&made[2]), json!({"parent": "home"})).await.expect(200);
    assert_eq!(
        paths(&reader).await,
        ["world", "nation", "nation/asia", "nation/pakistan"]
    );
    let moved = reader.get("/api/v1/sections/home").await.expect(301);
    assert_eq!(moved.text_at("/slug"), "nation");
    assert_eq!(counts().await, [1, 2, 1, 0]);
}

#[tokio::test]
async fn what_would_be_no_tree_is_refused() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = chain(&editor, &["a", "b", "c", "d"]).await;
    let branch = chain(&editor, &["x", "y"]).await;
    let code = |answer: Answer, code: &str| {
        assert_eq!(answer.problem(422, "validation_failed"), ["/parent"], "{}", answer.text);
        assert_eq!(answer.at("/errors/0/code"), code);
    };
    code(
        editor.post(SECTIONS, json!({"name": "E", "parent": "d"})).await,
        "too_deep",
    );
    code(editor.patch(&at(&branch[0]), json!({"parent": "c"})).await, "too_deep");
    code(editor.patch(&at(&made[0]), json!({"parent": "a"})).await, "cycle");
    code(
        editor.patch(&at(&made[0]), json!({"parent": made[3].id()})).await,
        "cycle",
    );
    for nobody in ["nothing", "", "nul\0", "00000000-0000-0000-0000-000000000000"] {
        code(
            editor.patch(&at(&made[0]), json!({"parent": nobody})).await,
            "unknown_reference",
        );
        code(
            editor.post(SECTIONS, json!({"name": "E", "parent": nobody})).await,
            "unknown_reference",
        );
    }
    let expected = ["a", "a/b", "a/b/c", "a/b/c/d", "x", "x/y"];
    assert_eq!(paths(&app.anonymous()).await, expected);
}

#[tokio::test]
async fn a_tree_that_many_change_at_once_stays_a_tree() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = chain(&editor, &["a", "b", "c"]).await;
    let x = section(&editor, json!({"name": "X", "slug": "x"})).await;
    // One moves `a` below `x` while others hang sections under `c`: both fit alone, together they are too deep.
    let below = |n: usize| editor.post(SECTIONS, json!({"name": format!("N{n}"), "parent": "c"}));
    let top = at(&made[0]);
    let (moved, hung) = tokio::join!(
        editor.patch(&top, json!({"parent": x.id()})),
        join_all((0..5).map(below)),
    );
    let fits = hung.iter().all(|answer| answer.status == 201);
    assert!(fits || moved.status == 200, "the first one succeeds");
    let list = editor.get(SECTIONS).await.expect(200);
    let added = hung.iter().filter(|answer| answer.status == 201).count();
    let sections = list.at("/data").as_array().unwrap();
    assert_eq!(sections.len(), 4 + added, "all are shown");
    for section in sections {
        let path = section["path"].as_str().unwrap();
        assert_eq!(json!(path.split('/').count()), section["depth"]);
        assert!(section["depth"].as_i64() <= Some(4));
        let read = app
            .anonymous()
            .get(&format!("/api/v1/sections/{}", section["slug"].as_str().unwrap()))
            .await;
        assert_eq!(read.expect(200).text_at("/path"), path);
    }
}
