//! The examples of the API document work on the demonstration newsroom, as they stand: what Swagger UI sends when
//! somebody presses Execute for the first time.

use reqwest::Method;
use serde_json::Value;

use super::run;
use crate::openapi::{Operation, operations};
use crate::support::TestApp;
use crate::support::client::{Client, form};
use crate::support::db::fresh;

/// Calls whose examples cannot work, because only one person ever gets what they take: the token of a comment or of a
/// session, a preview link. Registration is closed until the operator opens it.
const OF_ONE_PERSON: [(&str, u16); 7] = [
    ("get_preview", 404),
    ("delete_comment", 403),
    ("get_comment_decision", 403),
    ("appeal_comment", 403),
    ("update_comment", 403),
    ("refresh_session", 401),
    ("register", 403),
];

#[tokio::test]
async fn the_first_click_works() {
    let url = fresh().await;
    assert!(run(&url, &["demo", "load"]).status.success());
    let app = TestApp::on(url, |_| {}).await;
    let editor = sign_in(&app, "editor@demo.local").await;
    let admin = sign_in(&app, "admin@demo.local").await;
    let reader = app.anonymous();
    let creates = |operation: &Operation| operation.value["responses"]["201"].is_object();
    for operation in operations()
        .iter()
        .filter(|operation| operation.is_open() || creates(operation))
    {
        let client = match operation.id() {
            _ if operation.value["security"][0] == Value::Object(serde_json::Map::new()) => &reader,
            "create_user" | "create_api_key" => &admin,
            _ => &editor,
        };
        let status = client.send(example(client, operation)).await.status;
        let refused = OF_ONE_PERSON.iter().find(|(id, _)| *id == operation.id());
        match refused {
            Some((id, refused)) => assert_eq!(status, *refused, "{id}"),
            None => assert!((200..300).contains(&status), "{}: {status}", operation.id()),
        }
    }
}

async fn sign_in(app: &TestApp, email: &str) -> Client {
    let body = serde_json::json!({"email": email, "password": "masthead-demo"});
    let answer = app.anonymous().post("/api/v1/auth/login", body).await.expect(200);
    app.bearer(&answer.text_at("/access_token"))
}

/// The request that the document shows.
fn example(client: &Client, operation: &Operation) -> reqwest::RequestBuilder {
    let required = |place: &'static str| {
        let ours = move |parameter: &&Value| parameter["in"] == place && parameter["required"] == true;
        let pair = |parameter: &'static Value| {
            let text = |key: &str| parameter[key].as_str().unwrap().to_owned();
            (text("name"), text("example"))
        };
        operation.parameters().filter(ours).map(pair)
    };
    let path = required("path").fold(operation.path.clone(), |path, (name, value)| {
        path.replace(&format!("{{{name}}}"), &value)
    });
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(required("query"))
        .finish();
    let path = match query.as_str() {
        "" => path,
        query => format!("{path}?{query}"),
    };
    let method: Method = operation.method.parse().unwrap();
    let request = required("header").fold(client.request(method, &path), |request, (name, value)| {
        request.header(name, value)
    });
    let content = &operation.value["requestBody"]["content"];
    if let Some(fields) = content.get("application/x-www-form-urlencoded") {
        return form(request, &fields["example"]);
    }
    match content.get("application/json") {
        Some(json) => request.json(&json["example"]),
        None => request,
    }
}
