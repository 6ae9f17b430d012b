//! The slugs of authors whom several people add at the same moment.

use futures_util::future::join_all;
use serde_json::json;

use super::{AUTHORS, author};
use crate::support::TestApp;

#[tokio::test]
async fn names_shared_at_once_are_numbered() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = join_all((0..8).map(|_| author(&editor, "Par Name"))).await;
    let mut slugs: Vec<String> = made.iter().map(|made| made.text_at("/slug")).collect();
    slugs.sort_unstable();
    let numbered = (2..=8).map(|number| format!("par-name-{number}"));
    let expected: Vec<String> = std::iter::once("par-name".to_owned()).chain(numbered).collect();
    assert_eq!(slugs, expected);
    assert_eq!(editor.get(&format!("{AUTHORS}?limit=100")).await.column("id").len(), 8);
}

#[tokio::test]
async fn of_many_who_want_a_slug_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let body = json!({"name": "Ana", "slug": "ana"});
    let answers = join_all((0..6).map(|_| editor.post(AUTHORS, body.clone()))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let taken = answers
        .iter()
        .filter(|answer| answer.status == 409 && answer.json["code"] == "slug_taken")
        .count();
    assert_eq!((made, taken), (1, 5));
}
