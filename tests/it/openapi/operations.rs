//! What operations say of their callers, their failures and their examples.

use serde_json::{Value, json};

use super::operations;
use crate::support::document::DOCUMENT;

/// Who may call auth without an account.
const OPEN_AUTH: [&str; 4] = ["login", "token", "refresh", "register"];

fn expected_security(method: &str, path: &str) -> Value {
    let guarded = json!([{"bearer": []}, {"password": []}]);
    let a_readers_own = [
        "/api/v1/articles/{slug}/comments",
        "/api/v1/articles/{slug}/comments/{id}/reports",
    ];
    if method == "POST" && a_readers_own.contains(&path) {
        return json!([{}, {"bearer": []}]);
    }
    match path.strip_prefix("/api/v1/auth/") {
        Some(verb) if OPEN_AUTH.contains(&verb) => json!([{}]),
        Some(_) => guarded,
        None if path.starts_with("/api/v1/desk/") => guarded,
        None => json!([{}]),
    }
}

#[test]
fn security_is_said_of_every_operation_and_exactly() {
    for operation in operations() {
        let expected = expected_security(&operation.method, &operation.path);
        assert_eq!(operation.value["security"], expected, "{}", operation.id());
    }
    assert!(DOCUMENT.get("security").is_none(), "security belongs to the operations");
    let schemes = &DOCUMENT["components"]["securitySchemes"];
    assert_eq!(
        schemes.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["bearer", "password"]
    );
    assert_eq!(schemes["bearer"]["scheme"], "bearer");
    assert_eq!(
        schemes["password"]["flows"]["password"]["tokenUrl"],
        "/api/v1/auth/token"
    );
}

#[test]
fn failures_are_references_to_named_responses_with_a_problem() {
    for operation in operations() {
        for (status, response) in operation.value["responses"].as_object().unwrap() {
            let failure = status.starts_with('4') || status.starts_with('5');
            assert_eq!(response["$ref"].is_string(), failure, "{} {status}", operation.id());
        }
        assert!(operation.value["responses"]["500"].is_object(), "{}", operation.id());
    }
    let problem = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    for (name, response) in DOCUMENT["components"]["responses"].as_object().unwrap() {
        assert_eq!(response["content"], problem, "{name}");
    }
}

#[test]
fn every_failure_that_a_shape_allows_is_documented() {
    for operation in operations() {
        let documents = |status: &str| operation.value["responses"][status].is_object();
        let id = operation.id();
        let guarded = operation.value["security"] != json!([{}]);
        let has_body = operation.value["requestBody"].is_object();
        assert_eq!(
            documents("401"),
            guarded || operation.path.starts_with("/api/v1/auth/"),
            "{id} 401"
        );
        assert!(documents("404") || !operation.path.contains('{'), "{id} 404");
        for status in ["408", "413", "415", "422"] {
            assert!(documents(status) || !has_body, "{id} {status}");
        }
        let condition = operation.parameters().find(|parameter| parameter["name"] == "If-Match");
        assert_eq!(documents("412"), condition.is_some(), "{id} 412");
        assert_eq!(
            documents("428"),
            condition.is_some_and(|one| one["required"] == json!(true)),
            "{id} 428"
        );
    }
}

#[test]
fn only_required_parameters_have_examples() {
    for operation in operations() {
        for parameter in operation.parameters() {
            let (id, name) = (operation.id(), &parameter["name"]);
            let has_example = parameter.get("example").is_some()
                || parameter.get("examples").is_some()
                || parameter["schema"].get("example").is_some()
                || parameter["schema"].get("examples").is_some();
            let required = parameter["required"] == json!(true);
            assert!(required || !has_example, "{id}: Swagger would send {name}");
            let public = operation.value["security"] == json!([{}]);
            assert!(
                has_example || !required || !public,
                "{id}: {name} needs an example for the first click"
            );
            if name == "If-Match" && required {
                assert_eq!(parameter["example"], "*", "{id}");
            }
        }
    }
}

#[test]
fn a_body_that_is_sent_has_an_example() {
    for operation in operations() {
        for (media, content) in operation.value["requestBody"]["content"]
            .as_object()
            .into_iter()
            .flatten()
        {
            assert!(
                content.get("example").is_some() || media != "application/json",
                "{} has no example",
                operation.id()
            );
        }
    }
}

#[test]
fn a_create_says_where_the_new_resource_is() {
    for operation in operations() {
        let responses = &operation.value["responses"];
        if responses["201"].is_object() {
            assert!(
                responses["201"]["headers"]["Location"].is_object(),
                "{}",
                operation.id()
            );
        }
        if responses["301"].is_object() {
            assert!(
                responses["301"]["headers"]["Location"].is_object(),
                "{}",
                operation.id()
            );
        }
    }
}

#[test]
fn parameters_of_paths_are_those_of_the_template() {
    for operation in operations() {
        let in_path = operation.parameters().filter(|parameter| parameter["in"] == "path");
        let mut named: Vec<&str> = in_path.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let segments = operation.path.split('/');
        let mut variable: Vec<&str> = segments
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        named.sort_unstable();
        variable.sort_unstable();
        assert_eq!(named, variable, "{}", operation.id());
    }
}
