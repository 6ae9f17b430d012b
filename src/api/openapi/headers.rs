//! The headers of answers, named once and referred to.

use utoipa::openapi::{Components, HeaderBuilder, HttpMethod, ObjectBuilder, Ref, RefOr, Response, Type};

/// What any answer may carry: the first where a page of another origin may read it, the others where callers are limited.
const ANYWHERE: [&str; 3] = ["Access-Control-Allow-Origin", "RateLimit", "RateLimit-Policy"];

const HEADERS: [(&str, &str); 14] = [
    (
        "Access-Control-Allow-Origin",
        "The origin that may read the answer; `*` on delivery, which every page may read.",
    ),
    ("Age", "How many seconds ago this was true, while the database is away."),
    (
        "Cache-Control",
        "How long browsers and shared caches may keep the answer.",
    ),
    ("Cache-Status", "Whether the server had the answer kept (RFC 9211)."),
    (
        "Cache-Tag",
        "The tags that a purge of caches names, with commas between.",
    ),
    (
        "ETag",
        "The version; `If-None-Match` takes it on delivery, `If-Match` on the desk.",
    ),
    ("Last-Modified", "When what is shown last changed, if that is known."),
    (
        "Link",
        "The address of the next page (`rel=\"next\"`), if there is one.",
    ),
    (
        "Location",
        "The address of the new resource, or where the old address leads.",
    ),
    (
        "RateLimit",
        "What is left to a caller who is limited: `\"policy\";r=<requests>;t=<seconds until all are back>`.",
    ),
    (
        "RateLimit-Policy",
        "What a caller who is limited may have: `\"policy\";q=<requests>;w=<seconds>`.",
    ),
    ("Retry-After", "How many seconds to wait."),
    ("Vary", "What of the request chose the form of the answer."),
    ("WWW-Authenticate", "Which credentials are wanted."),
];

/// Adds the named headers.
pub fn add(components: &mut Components) {
    for (name, description) in HEADERS {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let header = HeaderBuilder::new()
            .schema(Some(text))
            .description(Some(description))
            .build();
        components.headers.insert(name.to_owned(), RefOr::T(header));
    }
}

/// Says of a response that it carries these.
pub fn document(response: &mut Response, names: &[&str]) {
    for name in names.iter().chain(&ANYWHERE) {
        let reference = Ref::new(format!("#/components/headers/{name}"));
        response
            .headers
            .entry((*name).to_owned())
            .or_insert(RefOr::Ref(reference));
    }
}

/// What answers that may be kept carry.
const KEPT: &[&str] = &[
    "Age",
    "Cache-Control",
    "Cache-Status",
    "Cache-Tag",
    "ETag",
    "Last-Modified",
    "Vary",
];
/// What answers of this kind carry.
pub fn of(path: &str, method: &HttpMethod, status: &str, response: &Response) -> Vec<&'static str> {
    let list = is_list(response);
    match (status, method) {
        ("201", _) if is_desk(path) => vec!["ETag", "Location"],
        ("201" | "301", _) => vec!["Location"],
        ("200", _) if may_be_kept(path, method) && list => [KEPT, &["Link"]].concat(),
        ("200" | "304", _) if may_be_kept(path, method) => KEPT.to_vec(),
        ("200", HttpMethod::Get) if is_desk(path) && list => vec!["Link"],
        ("200", _) if is_desk(path) && path.contains('{') => vec!["ETag"],
        _ => Vec::new(),
    }
}

/// Whether readers and caches may keep what this answers: what everybody may read.
pub fn may_be_kept(path: &str, method: &HttpMethod) -> bool {
    let is_secret = path.starts_with("/api/v1/previews/") || path.ends_with("/decision");
    *method == HttpMethod::Get && path.starts_with("/api/v1/") && !is_staff(path) && !is_secret
}

fn is_desk(path: &str) -> bool {
    path.starts_with("/api/v1/desk/")
}

fn is_staff(path: &str) -> bool {
    is_desk(path) || path.starts_with("/api/v1/auth/")
}

fn is_list(response: &Response) -> bool {
    response.content.values().any(|content| match content {
        RefOr::T(content) => match &content.schema {
            Some(RefOr::Ref(reference)) => ["List", "Results"]
                .iter()
                .any(|ending| reference.ref_location.ends_with(ending)),
            _ => false,
        },
        RefOr::Ref(_) => false,
    })
}
