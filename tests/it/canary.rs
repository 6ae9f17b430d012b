//! Nothing that was not published is ever seen by readers: a marked word stands in everything that is not for them, and
//! every public operation of the API document is asked for it, with every parameter that it knows.

mod scene;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use self::scene::{MARK, PUBLIC, Scene};
use crate::openapi::{Operation, operations};

/// Where readers do see the published words, so that a crawl that sees nothing at all fails.
const SHOW_ARTICLES: [&str; 12] = [
    "get_article",
    "get_comment",
    "get_section",
    "list_article_corrections",
    "list_articles",
    "list_comment_replies",
    "list_comments",
    "list_corrections",
    "list_related_articles",
    "list_sections",
    "get_index",
    "search_articles",
];

#[tokio::test]
async fn no_reader_sees_what_was_not_published() {
    let scene = Scene::new().await;
    let reader = scene.app.anonymous();
    let (mut answered, mut shown) = (BTreeSet::new(), BTreeSet::new());
    // A preview shows a draft to whoever was given its token, and a comment's author reads the decision on it by theirs;
    // nobody else has one.
    let by_token = ["get_preview", "get_comment_decision"];
    let public =
        |operation: &Operation| operation.is_open() && operation.method == "GET" && !by_token.contains(&operation.id());
    let operations: Vec<_> = operations().into_iter().filter(public).collect();
    for operation in &operations {
        for address in addresses(operation, &scene) {
            for accept in ["application/json", "text/html"] {
                let request = reader.request(Method::GET, &address).header("Accept", accept);
                let mut answer = reader.send(request).await;
                if answer.status == 200 {
                    answered.insert(operation.id());
                }
                if answer.text.contains(PUBLIC) {
                    shown.insert(operation.id());
                }
                // The address that was asked for comes back in a problem, and in headers.
                let echo = answer.json.as_object_mut().and_then(|body| {
                    let searched = body
                        .remove("searched_for")
                        .filter(|words| address.contains(words.as_str().unwrap()));
                    body.remove("instance").or(searched)
                });
                let text = echo
                    .map_or(answer.text.clone(), |_| answer.json.to_string())
                    .to_lowercase();
                let headers = format!("{:?}", answer.headers).to_lowercase();
                for secret in scene.secrets() {
                    assert!(!text.contains(secret), "{address} shows {secret}: {text}");
                    let asked_for = address.contains(secret);
                    assert!(
                        asked_for || !headers.contains(secret),
                        "{address} shows {secret}: {headers}"
                    );
                }
            }
        }
    }
    let all: BTreeSet<_> = operations.iter().map(Operation::id).collect();
    assert_eq!(answered, all, "every operation answers something");
    assert_eq!(shown, BTreeSet::from(SHOW_ARTICLES));
}

/// Every address of an operation worth asking: each thing there is, without a parameter and with each one.
fn addresses(operation: &Operation, scene: &Scene) -> Vec<String> {
    let mut paths = vec![operation.path.clone()];
    for parameter in operation.parameters().filter(|parameter| parameter["in"] == "path") {
        let name = parameter["name"].as_str().unwrap();
        let values = match name {
            "code" => vec!["validation_failed".to_owned()],
            "id" => scene.comments.clone(),
            _ => scene.names.clone(),
        };
        paths = paths
            .iter()
            .flat_map(|path| {
                values
                    .iter()
                    .map(move |value| path.replace(&format!("{{{name}}}"), value))
            })
            .collect();
    }
    // What has to be given stands before each of the others.
    let required = operation
        .parameters()
        .find(|one| one["in"] == "query" && one["required"] == true);
    let given = required.map_or(String::new(), |one| {
        format!("{}={PUBLIC}&", one["name"].as_str().unwrap())
    });
    let given = &given;
    let queries: Vec<String> = operation
        .parameters()
        .filter(|parameter| parameter["in"] == "query" && parameter["name"] != "cursor")
        .flat_map(|parameter| {
            let name = parameter["name"].as_str().unwrap();
            let given = if parameter["required"] == true { "" } else { given };
            values(&parameter["schema"], scene)
                .into_iter()
                .map(move |value| format!("?{given}{name}={value}"))
        })
        .collect();
    let asked = |path: &String| {
        let plain = path.clone();
        std::iter::once(plain)
            .chain(queries.iter().map(move |query| format!("{path}{query}")))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(asked).collect()
}

/// What a parameter may be.
fn values(schema: &Value, scene: &Scene) -> Vec<String> {
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| word.as_str().unwrap().to_owned()).collect();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("array"), _) => values(&schema["items"], scene),
        (Some("boolean"), _) => vec!["true".to_owned(), "false".to_owned()],
        (Some("integer"), _) => vec![schema["maximum"].to_string()],
        (_, Some("date-time")) => vec!["2026-01-01T00:00:00Z".to_owned()],
        (_, Some("uuid")) => scene.ids.clone(),
        _ => scene
            .names
            .iter()
            .cloned()
            .chain([MARK.to_owned(), "world".to_owned()])
            .collect(),
    }
}
