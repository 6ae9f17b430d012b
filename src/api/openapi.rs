//! The API document: generated from the handlers, completed in one pass, committed, and compared with what is served.

use actix_web::App as ActixApp;
use serde_json::{Value, json};
use utoipa::OpenApi as _;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, HttpMethod, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa_actix_web::AppExt;

use super::response::etag;
use crate::config::{Config, HttpConfig};
use crate::domain::check::FieldError;
use crate::error::Problem;

/// The document as it is served.
pub struct Document {
    pub text: String,
    /// Changes with the text.
    pub etag: String,
}

impl Document {
    /// Writes the document down once.
    #[must_use]
    pub fn new(document: &OpenApi) -> Self {
        let text = to_json(document);
        let etag = etag(text.as_bytes());
        Self { text, etag }
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Masthead",
        description = "A headless CMS for newsrooms.\n\n**Delivery** (`/api/v1`) is read without a token and always cacheable. \
            The **desk** (`/api/v1/desk`) is where articles are written, published and moderated, with a bearer token. \
            Every error is `application/problem+json` with a `code` from `/problems`.",
        license(name = "All rights reserved", identifier = "LicenseRef-Proprietary"),
    ),
    tags(
        (name = "Articles", description = "What readers read."),
        (name = "Sections", description = "The departments of the paper, a tree."),
        (name = "Tags", description = "Topics, persons, places and organisations that published articles are about."),
        (name = "Authors", description = "The people and agencies in bylines."),
        (name = "Comments", description = "What readers say."),
        (name = "Search", description = "Finding articles by words."),
        (name = "Site", description = "Public facts about the site."),
        (name = "Desk: articles", description = "Working copies. Nothing here reaches readers until it is published."),
        (name = "Desk: workflow", description = "Verbs that change where an article stands."),
        (name = "Desk: history", description = "Revisions: every save, for good."),
        (name = "Desk: sections", description = "The tree of sections."),
        (name = "Desk: tags", description = "Tags, used or not."),
        (name = "Desk: authors", description = "Authors, used or not."),
        (name = "Desk: comments", description = "Moderation."),
        (name = "Auth", description = "Signing in and out."),
        (name = "Admin", description = "Users and the site."),
        (name = "System", description = "Health and documents."),
    ),
    components(schemas(Problem, FieldError)),
)]
struct Base;

/// The document of a server with these settings.
#[must_use]
pub fn document(config: &Config) -> OpenApi {
    let (_, mut document) = ActixApp::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(|service| super::configure(service, &HttpConfig::defaults(config.environment)))
        .split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    complete(&mut document);
    document
}

/// The document as it is committed: the same on every machine.
#[must_use]
pub fn to_json(document: &OpenApi) -> String {
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Every answer that any operation may give besides its own: name, status, and what it means.
const PROBLEMS: [(&str, &str, &str); 13] = [
    (
        "BadRequest",
        "400",
        "The query, the path or the JSON is malformed; or a parameter is not known.",
    ),
    (
        "Unauthorized",
        "401",
        "The bearer token is missing, expired or not accepted.",
    ),
    ("Forbidden", "403", "The account may not do this."),
    (
        "NotFound",
        "404",
        "There is no such thing, or it is not for the caller to see.",
    ),
    ("Timeout", "408", "The body did not arrive in time."),
    ("Conflict", "409", "The change collides with what is there."),
    (
        "VersionConflict",
        "412",
        "`If-Match` names another version than the newest.",
    ),
    ("TooLarge", "413", "The body is larger than the limit."),
    (
        "UnsupportedMediaType",
        "415",
        "The body is not JSON, or has a `Content-Encoding`.",
    ),
    (
        "Invalid",
        "422",
        "Fields have values that are not accepted; `errors` names all of them.",
    ),
    ("PreconditionRequired", "428", "`If-Match` is needed."),
    ("InternalError", "500", "A fault of the server."),
    (
        "Unavailable",
        "503",
        "The database is away or the server is busy; `Retry-After` says when to try again.",
    ),
];

fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (name, _, description) in PROBLEMS {
        components
            .responses
            .insert(name.to_owned(), RefOr::T(problem_response(description)));
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    let bearer = bearer.description(Some("The access token of a sign-in.")).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let password = Password::new("/api/v1/auth/token", Scopes::new());
    let password = OAuth2::with_description([Flow::Password(password)], "E-mail and password of an account.");
    components.add_security_scheme("password", SecurityScheme::OAuth2(password));
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Patch, &mut item.patch),
            (HttpMethod::Delete, &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                complete_operation(path, &method, operation);
            }
        }
    }
}

fn problem_response(description: &str) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}

/// Says of an operation who may call it, and adds the problems that its shape makes possible.
fn complete_operation(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let desk = path.starts_with("/api/v1/desk/");
    if operation.security.is_none() {
        operation.security = Some(if desk {
            vec![
                bearer_requirement(),
                SecurityRequirement::new("password", Vec::<String>::new()),
            ]
        } else {
            vec![SecurityRequirement::default()]
        });
    }
    let guarded = operation
        .security
        .as_ref()
        .is_some_and(|required| required.iter().any(|one| *one == bearer_requirement()));
    let conditions = operation
        .parameters
        .iter()
        .flatten()
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) if parameter.name == "If-Match" => Some(parameter.required == Required::True),
            _ => None,
        });
    let conditions: Vec<bool> = conditions.collect();
    let (conditional, must_condition) = (!conditions.is_empty(), conditions.contains(&true));
    let signs_in = path.starts_with("/api/v1/auth/");
    let has_body = operation.request_body.is_some();
    let api = path.starts_with("/api/");
    let possible = |status: &str| match status {
        "400" => api,
        "401" | "403" => guarded || signs_in,
        "404" => path.contains('{'),
        "408" | "413" => has_body,
        "415" => *method != HttpMethod::Get,
        "422" => has_body,
        "409" => (guarded || signs_in) && *method != HttpMethod::Get,
        "412" => conditional,
        "428" => must_condition,
        "500" | "503" => true,
        _ => false,
    };
    for (name, status, _) in PROBLEMS {
        if possible(status) && !operation.responses.responses.contains_key(status) {
            operation
                .responses
                .responses
                .insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
        }
    }
}

fn bearer_requirement() -> SecurityRequirement {
    SecurityRequirement::new("bearer", Vec::<String>::new())
}

/// Reads the document back as plain JSON, for tools.
#[must_use]
pub fn to_value(document: &OpenApi) -> Value {
    serde_json::to_value(document).unwrap_or_else(|_| json!({}))
}
