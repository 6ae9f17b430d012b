//! What operations are called, and where they stand.

use std::collections::HashSet;

use super::operations;
use crate::support::document::DOCUMENT;

/// The tags, in the order in which a reader meets them.
const TAGS: [&str; 17] = [
    "Articles",
    "Sections",
    "Tags",
    "Authors",
    "Comments",
    "Search",
    "Site",
    "Desk: articles",
    "Desk: workflow",
    "Desk: history",
    "Desk: sections",
    "Desk: tags",
    "Desk: authors",
    "Desk: comments",
    "Auth",
    "Admin",
    "System",
];

#[test]
fn every_operation_has_a_name_of_its_own() {
    let mut seen = HashSet::new();
    for operation in operations() {
        let id = operation.id();
        let words: Vec<&str> = id.split('_').collect();
        // What everybody calls it.
        let short = ["login", "logout", "register"].contains(&id);
        let plain = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(
            (words.len() >= 2 || short) && words.iter().all(plain),
            "{id} is not <verb>_<resource>"
        );
        assert!(seen.insert(id), "{id} is there twice");
    }
}

#[test]
fn reads_of_the_desk_say_so() {
    for operation in operations().iter().filter(|one| one.method == "GET") {
        let (id, path) = (operation.id(), &operation.path);
        let desk = path.starts_with("/api/v1/desk/");
        let shared = ["sections", "tags", "authors", "articles", "comments"];
        if shared.iter().any(|resource| {
            *path == format!("/api/v1/desk/{resource}") || *path == format!("/api/v1/desk/{resource}/{{id}}")
        }) {
            assert!(id.contains("_desk_"), "{id} reads {path}");
        }
        assert!(desk || !id.contains("_desk_"), "{id} reads {path}");
    }
}

#[test]
fn a_list_is_listed_and_one_is_got() {
    for operation in operations().iter().filter(|one| one.method == "GET") {
        let id = operation.id();
        assert!(
            id.starts_with("list_")
                || id.starts_with("get_")
                || id.starts_with("search_")
                || id.starts_with("resolve_"),
            "{id}"
        );
        let schema = &operation.value["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
        let is_list = schema.as_str().is_some_and(|schema| schema.ends_with("List"));
        assert_eq!(is_list, id.starts_with("list_"), "{id} answers {schema}");
    }
}

#[test]
fn every_operation_says_what_it_does() {
    let mut silent = Vec::new();
    for operation in operations() {
        let id = operation.id();
        let mut complain = |what: String| silent.push(format!("{id}: {what}"));
        let summary = operation.value["summary"].as_str().unwrap_or_default();
        if !(1..=6).contains(&summary.split_whitespace().count()) || summary.ends_with('.') {
            complain(format!(
                "the summary {summary:?} is not one to six words without a full stop"
            ));
        }
        let description = operation.value["description"].as_str().unwrap_or_default();
        if !description.ends_with('.') && !description.ends_with('`') {
            complain(format!("the description {description:?} is no sentence"));
        }
        for parameter in operation.parameters().filter(|one| !one["description"].is_string()) {
            complain(format!("the parameter {} is not described", parameter["name"]));
        }
        for (status, response) in operation.value["responses"].as_object().unwrap() {
            let described = response["description"].as_str().is_some_and(|text| !text.is_empty());
            if !described && !response["$ref"].is_string() {
                complain(format!("the answer {status} is not described"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn tags_are_known_described_and_in_order() {
    let tags = DOCUMENT["tags"].as_array().unwrap();
    let names: Vec<&str> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let used = |name: &&str| operations().iter().any(|operation| operation.value["tags"][0] == *name);
    let expected: Vec<&str> = TAGS.into_iter().filter(used).collect();
    assert_eq!(names, expected);
    assert!(
        tags.iter()
            .all(|tag| tag["description"].as_str().is_some_and(|text| text.ends_with('.')))
    );
    for operation in operations() {
        let own = operation.value["tags"].as_array().unwrap();
        assert_eq!(own.len(), 1, "{} has {own:?}", operation.id());
        let tag = own[0].as_str().unwrap();
        assert!(TAGS.contains(&tag), "{}: {tag}", operation.id());
        let desk = operation.path.starts_with("/api/v1/desk/");
        assert!(
            desk || !tag.starts_with("Desk: "),
            "{} is not on the desk",
            operation.id()
        );
        assert!(
            !desk || tag.starts_with("Desk: ") || tag == "Admin",
            "{} is on the desk",
            operation.id()
        );
    }
}
