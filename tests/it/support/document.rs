//! Holds answers against the API document: the operation is known, its status is documented, and the body has the
//! documented shape and not one field more.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use masthead::api::openapi;
use masthead::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Answer;

/// The document of a server with default settings.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| openapi::to_value(&openapi::document(&Config::default())));

/// The document with every object closed, so that a field that is not documented is found.
static CLOSED: LazyLock<Value> = LazyLock::new(|| {
    let mut components = DOCUMENT["components"].clone();
    close(&mut components["schemas"]);
    components
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// The document's path template and operation for a request.
pub fn operation(method: &Method, path: &str) -> Option<(&'static str, &'static Value)> {
    let given: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let segments: Vec<&str> = template.split('/').collect();
        segments.len() == given.len()
            && segments
                .iter()
                .zip(&given)
                .all(|(segment, given)| segment.starts_with('{') || segment == given)
    };
    let method = if method == Method::HEAD {
        "get".to_owned()
    } else {
        method.as_str().to_lowercase()
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    // A literal segment wins over a variable one, as it does in the server.
    let mut found: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
    found.sort_by_key(|(template, _)| template.matches('{').count());
    found
        .into_iter()
        .find_map(|(template, item)| Some((template.as_str(), item.get(&method)?)))
}

/// Panics when the answer is not what the document says.
#[track_caller]
pub fn check(method: &Method, path: &str, answer: &Answer) {
    if answer.status >= 400 {
        check_problem(method, path, answer);
    }
    let Some((template, operation)) = operation(method, path) else {
        assert!(
            !path.starts_with("/api/v1") || answer.status >= 400 || method == Method::OPTIONS,
            "{method} {path} is not documented"
        );
        return;
    };
    let status = answer.status.to_string();
    if status == "405" || status == "304" {
        return;
    }
    let response = &operation["responses"][&status];
    assert!(
        response.is_object(),
        "{method} {template} does not document {status}: {}",
        answer.text
    );
    let response = match response["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => response,
    };
    let Some(content) = response["content"].as_object() else {
        assert!(
            answer.text.is_empty(),
            "{method} {template} {status} documents no body: {}",
            answer.text
        );
        return;
    };
    let got = answer.header("content-type");
    let media = got.split(';').next().unwrap_or_default();
    let content = content
        .get(media)
        .unwrap_or_else(|| panic!("{method} {template} {status} does not document {media}"));
    if media.ends_with("json") && *method != Method::HEAD {
        let key = format!("{method} {template} {status}");
        validate(&key, &content["schema"], &answer.json);
    }
}

#[track_caller]
fn check_problem(method: &Method, path: &str, answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{method} {path}: {}",
        answer.text
    );
    assert!(
        !answer.header("x-request-id").is_empty(),
        "{method} {path} has no request id"
    );
    if *method != Method::HEAD {
        assert_eq!(answer.json["status"], answer.status, "{method} {path}: {}", answer.text);
        validate(
            "problem",
            &json!({"$ref": "#/components/schemas/Problem"}),
            &answer.json,
        );
    }
}

#[track_caller]
fn validate(key: &str, schema: &Value, body: &Value) {
    let known = VALIDATORS.lock().unwrap().get(key).cloned();
    let validator = known.unwrap_or_else(|| {
        let mut schema = schema.clone();
        close(&mut schema);
        let whole = json!({"allOf": [schema], "components": *CLOSED});
        let made = Arc::new(
            jsonschema::options()
                .should_validate_formats(true)
                .build(&whole)
                .unwrap(),
        );
        VALIDATORS.lock().unwrap().insert(key.to_owned(), Arc::clone(&made));
        made
    });
    let errors: Vec<String> = validator
        .iter_errors(body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{key} is not as documented: {errors:#?}\n{body:#}");
}
