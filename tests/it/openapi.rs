//! The API document keeps its rules, so that generators and Swagger UI like it.

mod limits;
mod names;
mod operations;
mod schemas;

use serde_json::{Value, json};

use crate::support::document::DOCUMENT;

/// One operation of the document.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub value: &'static Value,
}

impl Operation {
    pub fn id(&self) -> &'static str {
        self.value["operationId"].as_str().expect("an operationId")
    }

    /// Whether it is for everyone, signed in or not.
    pub fn is_open(&self) -> bool {
        self.value["security"] == json!([{}])
    }

    pub fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.value["parameters"].as_array().into_iter().flatten()
    }
}

/// All of them.
pub fn operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &'static Value)| {
        let path = path.clone();
        item.as_object().unwrap().iter().map(move |(method, value)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            value,
        })
    };
    paths.iter().flat_map(of_path).collect()
}

/// Calls `see` with every value in the document and the pointer to it.
pub fn walk(value: &'static Value, pointer: &str, see: &mut dyn FnMut(&str, &'static Value)) {
    see(pointer, value);
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                walk(
                    value,
                    &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
                    see,
                );
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                walk(value, &format!("{pointer}/{index}"), see);
            }
        }
        _ => {}
    }
}
