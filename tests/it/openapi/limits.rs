//! Every limit that the document states for a field of a body is the limit that the server enforces: one more is refused
//! at that field, and what is just within it is not. The bodies are made from the document itself.

use serde_json::{Map, Value, json};

use super::{Operation, operations};
use crate::authorization::callers::Caller;
use crate::authorization::scene::Scene;
use crate::support::document::DOCUMENT;

/// A value at a limit.
struct Case {
    /// The names on the way to the field; `0` is the first entry of a list.
    path: Vec<String>,
    value: Value,
    /// The code of its refusal, or an empty text when there are several; none: the value is within the limit.
    refused_as: Option<&'static str>,
}

impl Case {
    fn pointer(&self) -> String {
        self.path.iter().map(|name| format!("/{name}")).collect()
    }
}

/// What a value within its limits is refused as, because of what else is in the paper.
const OF_THE_PAPER: [&str; 4] = ["unknown_reference", "unknown_value", "slug_taken", "email_taken"];

/// The schema that a reference, or a value that may also be null, stands for.
fn resolved(schema: &'static Value) -> &'static Value {
    if let Some(target) = schema["$ref"].as_str() {
        return resolved(DOCUMENT.pointer(target.trim_start_matches('#')).unwrap());
    }
    match schema["oneOf"].as_array() {
        Some(variants) => resolved(variants.iter().find(|one| one["type"] != "null").unwrap()),
        None => schema,
    }
}

fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind
        || schema["type"]
            .as_array()
            .is_some_and(|kinds| kinds.contains(&json!(kind)))
}

/// Text of so many characters, in the shape that the field asks for.
fn text(schema: &Value, length: usize) -> String {
    let filled = |start: &str, filling: &str, end: &str| {
        let between = filling
            .chars()
            .cycle()
            .take(length.saturating_sub(start.len() + end.len()));
        format!("{start}{}{end}", between.collect::<String>())
    };
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("uri"), _) => filled("https://paper.example/", "path", ""),
        (Some("email"), _) => filled("runa@", "sea.", "paper.example"),
        (_, Some(pattern)) if pattern.starts_with("^[A-Za-z]{2,3}") => filled("en", "-abcdefgh", ""),
        _ => filled("", "harbour", ""),
    }
}

/// The least that a schema accepts.
fn least(schema: &'static Value) -> Value {
    let schema = resolved(schema);
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    if is(schema, "object") {
        let required = schema["required"].as_array().into_iter().flatten();
        let with_least = required.map(|name| {
            let name = name.as_str().unwrap();
            (name.to_owned(), least(&schema["properties"][name]))
        });
        return with_least.collect::<Map<_, _>>().into();
    }
    match schema["format"].as_str() {
        Some("uuid") => json!("00000000-0000-0000-0000-000000000000"),
        Some("date-time") => json!("2026-06-01T09:00:00Z"),
        Some("email") => json!("runa@paper.example"),
        Some("uri") => json!("https://paper.example/"),
        _ if is(schema, "array") => json!([]),
        _ if is(schema, "string") => json!(text(schema, schema["minLength"].as_u64().unwrap_or(2) as usize)),
        _ if is(schema, "boolean") => json!(false),
        _ => schema.get("minimum").cloned().unwrap_or(json!(1)),
    }
}

/// `body` with `value` at the end of the path, and on the way whatever its fields ask for.
fn with(schema: &'static Value, body: Value, path: &[String], value: &Value) -> Value {
    let Some((name, rest)) = path.split_first() else {
        return value.clone();
    };
    let schema = resolved(schema);
    let mut body = if body.is_null() { least(schema) } else { body };
    match &mut body {
        Value::Array(list) => {
            let first = list.first().cloned().unwrap_or_default();
            *list = vec![with(&schema["items"], first, rest, value)];
        }
        Value::Object(fields) => {
            let field = fields.remove(name).unwrap_or_default();
            fields.insert(name.clone(), with(&schema["properties"][name], field, rest, value));
        }
        other => panic!("{other} has no {name}"),
    }
    body
}

/// What stands just beyond, and just within, the limits of one field.
fn at_limits(schema: &'static Value, path: &[String]) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = |value: Value, refused_as| {
        let path = path.to_vec();
        cases.push(Case {
            path,
            value,
            refused_as,
        });
    };
    if let Some(most) = schema["maxLength"].as_u64() {
        let most = usize::try_from(most).unwrap();
        case(json!(text(schema, most + 1)), Some("too_long"));
        case(json!(text(schema, most)), None);
    }
    if let Some(least) = schema["minLength"].as_u64() {
        let least = usize::try_from(least).unwrap();
        case(json!(text(schema, least - 1)), Some(""));
        case(json!(text(schema, least)), None);
    }
    if let Some(most) = schema["maxItems"].as_u64() {
        let entries = |count| Value::from(vec![least(&schema["items"]); usize::try_from(count).unwrap()]);
        case(entries(most + 1), Some("too_many"));
        case(entries(most), None);
    }
    if schema["minItems"] == 1 {
        case(json!([]), Some(""));
    }
    for (limit, step) in [("maximum", 1), ("minimum", -1)] {
        match &schema[limit] {
            Value::Null => {}
            bound if is(schema, "integer") => {
                case(json!(bound.as_i64().unwrap() + step), Some("out_of_range"));
                case(bound.clone(), None);
            }
            bound => {
                case(json!(bound.as_f64().unwrap() + step as f64 / 8.0), Some("out_of_range"));
                case(bound.clone(), None);
            }
        }
    }
    if schema["pattern"].is_string() {
        case(json!("!"), Some(""));
    }
    if schema["enum"].is_array() {
        case(json!("none-of-these"), Some(""));
    }
    cases
}

/// The same for a field and all below it.
fn cases(schema: &'static Value, path: &[String], found: &mut Vec<Case>) {
    let schema = resolved(schema);
    found.extend(at_limits(schema, path));
    let below = |name: &str| [path, &[name.to_owned()]].concat();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        cases(property, &below(name), found);
    }
    if schema["items"].is_object() {
        cases(&schema["items"], &below("0"), found);
    }
}

/// What is wrong with the answer; nothing when the server and the document agree.
async fn disagreement(scene: &Scene, operation: &Operation, case: &Case) -> Option<String> {
    // What everyone may call is called by nobody in particular.
    let open = operation.value["security"].as_array().unwrap().contains(&json!({}));
    let caller = if open { Caller::Anonymous } else { Caller::Admin };
    let (client, request) = scene.request(operation, caller).await;
    let whole = request.try_clone().unwrap().build().unwrap();
    let body: Value = serde_json::from_slice(whole.body().unwrap().as_bytes().unwrap()).unwrap();
    let schema = &operation.value["requestBody"]["content"]["application/json"]["schema"];
    let body = with(schema, body, &case.path, &case.value);
    let answer = client.send(request.json(&body)).await;
    let pointer = case.pointer();
    let errors = answer.json["errors"].as_array().into_iter().flatten();
    let mut codes = errors
        .filter(|error| error["pointer"] == *pointer)
        .map(|error| error["code"].as_str().unwrap());
    let agrees = match case.refused_as {
        Some("") => answer.status == 422 && codes.next().is_some(),
        Some(expected) => answer.status == 422 && codes.any(|code| code == expected),
        None => codes.all(|code| OF_THE_PAPER.contains(&code)),
    };
    let end = |text: &str| text.chars().take(300).collect::<String>();
    let told = || {
        format!(
            "{} {pointer} = {}: {}",
            operation.id(),
            end(&case.value.to_string()),
            end(&answer.text)
        )
    };
    (!agrees).then(told)
}

#[tokio::test]
async fn every_documented_limit_is_the_one_enforced() {
    let scene = Scene::new().await;
    let (mut tried, mut wrong) = (0, Vec::new());
    // What it takes is what `preview_comment_rules` takes; but it would change how the paper judges what comes after.
    for operation in operations()
        .into_iter()
        .filter(|one| one.id() != "replace_comment_rules")
    {
        let content = &operation.value["requestBody"]["content"]["application/json"];
        let mut found = Vec::new();
        if content.is_object() {
            cases(&content["schema"], &[], &mut found);
        }
        for case in &found {
            tried += 1;
            wrong.extend(disagreement(&scene, &operation, case).await);
        }
    }
    assert!(tried > 100, "only {tried} limits were found");
    assert!(wrong.is_empty(), "{} of {tried}: {wrong:#?}", wrong.len());
}
