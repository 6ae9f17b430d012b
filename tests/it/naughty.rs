//! Whatever is sent, to whichever call, has a defined answer: never a 5xx, and every refusal is a problem of a known code.
//! The calls, their fields and their parameters come from the document, so a new one is tried by itself.

mod bodies;
mod bombs;
mod strings;

use futures_util::StreamExt;
use futures_util::stream::iter;
use masthead::error::Code;
use reqwest::Method;
use serde_json::{Value, json};

use self::bodies::BODIES;
use self::strings::STRINGS;
use crate::authorization::callers::Caller;
use crate::authorization::scene::Scene;
use crate::openapi::{Operation, operations};
use crate::support::client::{Answer, Client};
use crate::support::document::DOCUMENT;

/// A call that costs a hash is asked every so many-th of a corpus, from another start than the call before it.
const EVERY: usize = 16;

/// How many are asked at the same time.
const AT_ONCE: usize = 4;

/// A request that an admin succeeds with, taken apart to be sent again with something else in it.
struct Example {
    client: Client,
    method: Method,
    path: String,
    query: String,
    if_match: bool,
    body: Value,
    operation: Operation,
}

impl Example {
    async fn of(scene: &Scene, operation: Operation) -> Self {
        let (client, request) = scene.request(&operation, Caller::Admin).await;
        let request = request.build().unwrap();
        let bytes = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        Self {
            client,
            method: request.method().clone(),
            path: request.url().path().to_owned(),
            query: request.url().query().unwrap_or_default().to_owned(),
            if_match: request.headers().contains_key("If-Match"),
            body: serde_json::from_slice(bytes).unwrap_or(Value::Null),
            operation,
        }
    }

    fn takes_json(&self) -> bool {
        self.operation.value["requestBody"]["content"]["application/json"].is_object()
    }

    fn schema(&self) -> &'static Value {
        &self.operation.value["requestBody"]["content"]["application/json"]["schema"]
    }

    async fn send(&self, path: &str, query: &str, body: Option<Vec<u8>>) -> Answer {
        let address = if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        };
        let mut request = self.client.request(self.method.clone(), &address);
        if self.if_match {
            request = request.header("If-Match", "*");
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body);
        }
        let answer = self.client.send(request).await;
        let what = || format!("{} {address}: {} {}", self.operation.id(), answer.status, answer.text);
        assert!(answer.status < 500, "{}", what());
        if answer.status >= 400 {
            let code = answer.json["code"].as_str().unwrap_or_default();
            assert!(Code::find(code).is_some(), "{}", what());
        }
        answer
    }
}

/// Ends an admin's own session or account, or is not asked anything.
const LEFT_OUT: [&str; 2] = ["logout", "delete_session"];

async fn examples() -> (Scene, Vec<Example>) {
    let scene = Scene::new().await;
    let mut examples = Vec::new();
    for operation in operations() {
        if !LEFT_OUT.contains(&operation.id()) {
            examples.push(Example::of(&scene, operation).await);
        }
    }
    (scene, examples)
}

/// The paths to every text in a schema, an entry of a list being its first.
fn texts(schema: &'static Value, at: &str, deep: usize, found: &mut Vec<String>) {
    if deep > 6 {
        return;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap();
        return texts(schema, at, deep + 1, found);
    }
    for variant in ["oneOf", "anyOf", "allOf"] {
        for schema in schema[variant].as_array().into_iter().flatten() {
            texts(schema, at, deep + 1, found);
        }
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        texts(schema, &format!("{at}/{name}"), deep + 1, found);
    }
    if schema["items"].is_object() {
        texts(&schema["items"], &format!("{at}/0"), deep + 1, found);
    }
    let kinds = &schema["type"];
    if kinds == "string" || kinds.as_array().is_some_and(|kinds| kinds.contains(&json!("string"))) {
        found.push(at.to_owned());
    }
}

/// Puts a text where the pointer points, making what leads there.
fn put(body: &mut Value, pointer: &str, text: &str) {
    let mut at = body;
    for step in pointer.split('/').skip(1) {
        at = match step {
            "0" => {
                if !at.is_array() {
                    *at = json!([]);
                }
                let list = at.as_array_mut().unwrap();
                if list.is_empty() {
                    list.push(Value::Null);
                }
                &mut list[0]
            }
            name => {
                if !at.is_object() {
                    *at = json!({});
                }
                &mut at[name]
            }
        };
    }
    *at = json!(text);
}

/// Whether asking costs a hash: few are asked then.
fn hashes(operation: &Operation) -> bool {
    [
        "login",
        "register",
        "create_token",
        "change_password",
        "create_user",
        "reset_password",
    ]
    .contains(&operation.id())
}

/// Those of a corpus that a call is asked: all, or few where each costs a hash.
fn asked_of<'a, T>(example: &Example, call: usize, corpus: &'a [T]) -> impl Iterator<Item = &'a T> {
    let every = if hashes(&example.operation) { EVERY } else { 1 };
    corpus.iter().skip(call % every).step_by(every)
}

#[tokio::test]
#[ignore = "it takes long, so bin/test runs it alone"]
async fn every_text_field_takes_or_refuses_whatever_it_is_given() {
    let (_scene, examples) = examples().await;
    let mut fields = 0;
    for (call, example) in examples.iter().enumerate().filter(|(_, example)| example.takes_json()) {
        let mut pointers = Vec::new();
        texts(example.schema(), "", 0, &mut pointers);
        pointers.sort_unstable();
        pointers.dedup();
        fields += pointers.len();
        let mut bodies: Vec<Value> = Vec::new();
        // Each text in all fields at once, and each field with some text alone.
        for text in asked_of(example, call, STRINGS) {
            let mut body = example.body.clone();
            pointers.iter().for_each(|pointer| put(&mut body, pointer, text));
            bodies.push(body);
        }
        for (place, pointer) in pointers.iter().enumerate() {
            let texts = STRINGS.iter().cycle().skip((call + place) * 7).step_by(11);
            for text in texts.take(1) {
                let mut body = example.body.clone();
                put(&mut body, pointer, text);
                bodies.push(body);
            }
        }
        let asked = bodies
            .iter()
            .map(|body| example.send(&example.path, &example.query, Some(body.to_string().into())));
        iter(asked).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    }
    assert!(fields > 100, "{fields} fields");
}

#[tokio::test]
#[ignore = "it takes long, so bin/test runs it alone"]
async fn every_body_that_is_odd_is_taken_or_refused() {
    let (_scene, examples) = examples().await;
    for (call, example) in examples.iter().enumerate().filter(|(_, example)| example.takes_json()) {
        let asked = asked_of(example, call, BODIES).map(|body| {
            let body = body.replace("{example}", &example.body.to_string());
            example.send(&example.path, &example.query, Some(body.into_bytes()))
        });
        iter(asked).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
        let bytes: [&[u8]; 4] = [b"\xff\xfe{\x00", b"{\"a\": \"\xed\xa0\x80\"}", b"\x00", b"\xc0\xaf"];
        for bytes in bytes {
            let answer = example.send(&example.path, &example.query, Some(bytes.to_vec())).await;
            assert!(answer.status >= 400, "{}", example.operation.id());
        }
    }
}

#[tokio::test]
#[ignore = "it takes long, so bin/test runs it alone"]
async fn every_parameter_takes_or_refuses_whatever_it_is_given() {
    let (_scene, examples) = examples().await;
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    for (call, example) in examples.iter().enumerate() {
        let named = |place: &str| -> Vec<&str> {
            let parameters = example
                .operation
                .parameters()
                .filter(|parameter| parameter["in"] == place);
            parameters
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect()
        };
        let (queries, paths) = (named("query"), named("path"));
        let mut addresses = Vec::new();
        for (place, text) in asked_of(example, call, STRINGS).enumerate() {
            // No longer than what a client of ours can ask for.
            let text = encoded(&text.chars().take(150).collect::<String>());
            if !queries.is_empty() {
                let name = queries[place % queries.len()];
                addresses.push((example.path.clone(), format!("{name}={text}")));
                let all: Vec<String> = queries.iter().map(|name| format!("{name}={text}")).collect();
                addresses.push((example.path.clone(), all.join("&")));
            }
            if !paths.is_empty() && !text.is_empty() {
                let mut path = example.operation.path.clone();
                for name in &paths {
                    path = path.replace(&format!("{{{name}}}"), &text.replace('+', "%20"));
                }
                addresses.push((path, example.query.clone()));
            }
        }
        let body = || example.takes_json().then(|| example.body.to_string().into_bytes());
        let asked = addresses.iter().map(|(path, query)| example.send(path, query, body()));
        iter(asked).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    }
}
