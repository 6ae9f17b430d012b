//! The problems that operations may answer with, as named responses of the document.

use utoipa::openapi::{Components, ContentBuilder, HttpMethod, Ref, RefOr, ResponseBuilder};

use super::headers;

/// One kind of problem: its name in the document, its status, what it means, and the headers that come with it.
struct Kind {
    name: &'static str,
    status: &'static str,
    description: &'static str,
    headers: &'static [&'static str],
}

const fn kind(name: &'static str, status: &'static str, description: &'static str) -> Kind {
    Kind {
        name,
        status,
        description,
        headers: &[],
    }
}

const fn kind_with(
    name: &'static str,
    status: &'static str,
    headers: &'static [&'static str],
    description: &'static str,
) -> Kind {
    Kind {
        name,
        status,
        description,
        headers,
    }
}

const KINDS: [Kind; 15] = [
    kind(
        "BadRequest",
        "400",
        "The query, the path or the JSON is malformed, or a parameter is not known.",
    ),
    kind_with(
        "Unauthorized",
        "401",
        &["WWW-Authenticate"],
        "The bearer token is missing, expired or not accepted.",
    ),
    kind("Forbidden", "403", "The account may not do this."),
    kind(
        "NotFound",
        "404",
        "There is no such thing, or it is not for the caller to see.",
    ),
    kind("Timeout", "408", "The body did not arrive in time."),
    kind(
        "Conflict",
        "409",
        "The change collides with what is there; `code` says how.",
    ),
    kind(
        "Gone",
        "410",
        "It was withdrawn, and `detail` is the public notice; or what was done under this `Idempotency-Key` is erased.",
    ),
    kind(
        "VersionConflict",
        "412",
        "`If-Match` names another version than the newest.",
    ),
    kind("TooLarge", "413", "The body is larger than the limit."),
    kind(
        "UnsupportedMediaType",
        "415",
        "The body has another media type, or a `Content-Encoding`.",
    ),
    kind(
        "Invalid",
        "422",
        "Fields have values that are not accepted; `errors` names all of them.",
    ),
    kind("PreconditionRequired", "428", "`If-Match` is needed."),
    kind_with(
        "TooMany",
        "429",
        &["Retry-After"],
        "Too many within a while; `Retry-After` says when to try again.",
    ),
    kind("InternalError", "500", "A fault of the server."),
    kind_with(
        "Unavailable",
        "503",
        &["Retry-After"],
        "The database is away or the server is busy.",
    ),
];

/// What an operation is like, as far as it decides how it may fail.
pub struct Shape<'a> {
    pub method: &'a HttpMethod,
    /// Below `/api/`.
    pub api: bool,
    /// Asks for an account.
    pub guarded: bool,
    /// Takes a password or a token in its body.
    pub signs_in: bool,
    /// Has a variable part in its path.
    pub variable: bool,
    pub has_body: bool,
    /// Knows `If-Match`.
    pub conditional: bool,
    /// Refuses to go on without `If-Match`.
    pub must_condition: bool,
    /// Takes an idempotency key.
    pub keyed: bool,
    /// Of an article of readers, which may have been killed.
    pub withdrawable: bool,
}

impl Shape<'_> {
    fn may_answer(&self, status: &str) -> bool {
        let writes = *self.method != HttpMethod::Get;
        match status {
            "400" => self.api,
            "401" | "403" => self.guarded || self.signs_in,
            "404" => self.variable,
            "408" | "413" | "422" => self.has_body,
            "409" => self.keyed || (self.guarded || self.signs_in) && writes,
            "429" => self.api,
            "410" => self.withdrawable,
            "412" => self.conditional,
            "415" => writes,
            "428" => self.must_condition,
            "500" | "503" => true,
            _ => false,
        }
    }

    /// The status of each problem that such an operation may answer with.
    pub fn problems(&self) -> impl Iterator<Item = &'static str> {
        KINDS
            .iter()
            .map(|kind| kind.status)
            .filter(|status| self.may_answer(status))
    }
}

/// The named response for a problem with this status. A handler that speaks of one itself need only name its status.
pub fn name_of(status: &str) -> Option<&'static str> {
    KINDS.iter().find(|kind| kind.status == status).map(|kind| kind.name)
}

/// Adds the named responses.
pub fn add(components: &mut Components) {
    for kind in KINDS {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        let mut response = ResponseBuilder::new()
            .description(kind.description)
            .content("application/problem+json", content)
            .build();
        headers::document(&mut response, kind.headers);
        components.responses.insert(kind.name.to_owned(), RefOr::T(response));
    }
}
