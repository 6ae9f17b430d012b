//! One line per error code: its name, its status, its title. A code's page is `/problems/<name>`.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $name:literal, $status:ident, $title:literal;)+) => {
        /// What went wrong, in one word that programs can rely on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$meta])* $variant),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The HTTP status it travels with.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// The same for every occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

codes! {
    InvalidJson = "invalid_json", BAD_REQUEST, "The body is not valid JSON";
    InvalidParameter = "invalid_parameter", BAD_REQUEST, "A parameter has a value that is not accepted";
    UnknownParameter = "unknown_parameter", BAD_REQUEST, "A parameter is not known";
    InvalidCursor = "invalid_cursor", BAD_REQUEST, "The cursor does not belong to this query";
    NotAuthenticated = "not_authenticated", UNAUTHORIZED, "A bearer token is needed";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "E-mail or password is wrong";
    InvalidToken = "invalid_token", UNAUTHORIZED, "The token is not accepted";
    TokenExpired = "token_expired", UNAUTHORIZED, "The token has expired";
    PermissionDenied = "permission_denied", FORBIDDEN, "This account may not do that";
    ScopeMissing = "scope_missing", FORBIDDEN, "The key does not have the scope for that";
    AccountDisabled = "account_disabled", FORBIDDEN, "The account is disabled";
    NotFound = "not_found", NOT_FOUND, "There is no such thing";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The method is not known here";
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The request took too long to arrive";
    Conflict = "conflict", CONFLICT, "The change collides with another";
    SlugTaken = "slug_taken", CONFLICT, "The slug belongs to another";
    InUse = "in_use", CONFLICT, "It is still in use";
    InvalidStateTransition = "invalid_state_transition", CONFLICT, "Not possible in the present state";
    IdempotencyKeyReused = "idempotency_key_reused", CONFLICT, "The idempotency key was used for another request";
    Gone = "gone", GONE, "It was withdrawn";
    CursorExpired = "cursor_expired", GONE, "The cursor is too old";
    VersionConflict = "version_conflict", PRECONDITION_FAILED, "It was changed in the meantime";
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body's media type or coding is not accepted";
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "Fields have values that are not accepted";
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "If-Match is needed";
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    InternalError = "internal_error", INTERNAL_SERVER_ERROR, "Something failed on our side";
    DatabaseUnavailable = "database_unavailable", SERVICE_UNAVAILABLE, "The database cannot be reached";
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "The server is busy";
}
