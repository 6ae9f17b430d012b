//! The table of error codes: name, status, title, and what to do about it. A code's page is `/problems/<name>`.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $name:literal, $status:ident, $title:literal, $help:literal;)+) => {
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

            /// What it means, and how to mend it.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help),+ }
            }

            /// The code of this name.
            #[must_use]
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }
        }
    };
}

codes! {
    InvalidJson = "invalid_json", BAD_REQUEST, "The body is not valid JSON",
        "The body is not JSON, or it broke off. `detail` names the line and column. Check quotes, commas and \
        brackets, and send it as UTF-8.";
    InvalidParameter = "invalid_parameter", BAD_REQUEST, "A parameter has a value that is not accepted",
        "A query parameter, header or part of the path has a value of the wrong kind or out of its range. \
        `errors` names it and says what is allowed.";
    UnknownParameter = "unknown_parameter", BAD_REQUEST, "A parameter is not known",
        "The query has a parameter that this call does not know, so its answer would not be what was asked \
        for. `errors` names it and those that are known.";
    InvalidCursor = "invalid_cursor", BAD_REQUEST, "The cursor does not belong to this query",
        "A cursor belongs to the filters and the sort of the query that gave it out. Keep them as they were, \
        or start again without `cursor`.";
    NotAuthenticated = "not_authenticated", UNAUTHORIZED, "A bearer token is needed",
        "Send `Authorization: Bearer <access token>`. `POST /api/v1/auth/login` gives one for an e-mail \
        address and a password.";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "E-mail or password is wrong",
        "No account has this e-mail address and this password. The answer is the same for both, so that \
        nobody learns who has an account.";
    InvalidToken = "invalid_token", UNAUTHORIZED, "The token is not accepted",
        "The token was not made here, was changed, or belongs to a session that has ended or a user who is \
        disabled. Sign in again.";
    TokenExpired = "token_expired", UNAUTHORIZED, "The token has expired",
        "An access token is short-lived. `POST /api/v1/auth/refresh` with the refresh token gives a new one.";
    PermissionDenied = "permission_denied", FORBIDDEN, "This account may not do that",
        "The account may see this but not do it. `detail` names the permission that is needed; an \
        administrator gives it with a role.";
    ScopeMissing = "scope_missing", FORBIDDEN, "The key does not have the scope for that",
        "The API key may not do this. `detail` names the scope that is needed; make a key that has it.";
    AccountDisabled = "account_disabled", FORBIDDEN, "The account is disabled",
        "The password is right, but an administrator has disabled the account. Only an administrator can \
        enable it again.";
    NotFound = "not_found", NOT_FOUND, "There is no such thing",
        "Nothing has this address, id or slug, or it is not for the caller to see. Drafts and withdrawn \
        articles are not found by readers.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The method is not known here",
        "The address is right, but it does not take this method. The `Allow` header names those that it \
        takes.";
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The request took too long to arrive",
        "The body did not arrive in time. Send it at once, or send less.";
    Conflict = "conflict", CONFLICT, "The change collides with another",
        "Something else was changed at the same time, or is in the way. `detail` says what; read it again and \
        repeat the change.";
    SlugTaken = "slug_taken", CONFLICT, "The slug belongs to another",
        "Another article, section, tag or author has or had this slug, and a slug belongs for good. Choose \
        another, or leave it out to have one made.";
    InUse = "in_use", CONFLICT, "It is still in use",
        "Other things refer to it. `detail` says how many; let them refer to another first, or name it in \
        `reassign_to`.";
    InvalidStateTransition = "invalid_state_transition", CONFLICT, "Not possible in the present state",
        "Where the thing stands now, this cannot be done to it. `allowed_actions` lists what can.";
    IdempotencyKeyReused = "idempotency_key_reused", CONFLICT, "The idempotency key was used for another request",
        "The `Idempotency-Key` was sent before with another body. Use a new key for each new request.";
    Gone = "gone", GONE, "It was withdrawn or erased",
        "It was public and has been withdrawn for good: `detail` is the public notice. Or what a request did under this \
        `Idempotency-Key` was erased since, and is not done again.";
    CursorExpired = "cursor_expired", GONE, "The cursor is too old",
        "The cursor points further back than changes are kept. Read everything anew, and follow the changes \
        from there.";
    VersionConflict = "version_conflict", PRECONDITION_FAILED, "It was changed in the meantime",
        "`If-Match` names another version than the newest: somebody changed it after it was read. Read it \
        again, look at what is new, and repeat the change.";
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The body is too large",
        "The body has more bytes than the limit in `detail`.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body's media type or coding is not accepted",
        "Bodies are taken as `Content-Type: application/json`, without a `Content-Encoding`.";
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "Fields have values that are not accepted",
        "The body is well-formed, but fields of it have values that are not accepted. `errors` names all of \
        them at once, each by its JSON pointer.";
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "If-Match is needed",
        "Send `If-Match` with the `ETag` of the version that was read, so that nobody's edit is lost. `*` \
        means any version.";
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests",
        "Too many requests in too short a time. `Retry-After` says how many seconds to wait.";
    InternalError = "internal_error", INTERNAL_SERVER_ERROR, "Something failed on our side",
        "This is our fault, not the caller's. Tell the operator the `request_id`: it leads to the cause in \
        the log.";
    DatabaseUnavailable = "database_unavailable", SERVICE_UNAVAILABLE, "The database cannot be reached",
        "The database is away, or is being upgraded. Nothing was changed. `Retry-After` says when to try \
        again.";
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "The server is busy",
        "More is being asked than can be answered, or the answer took too long. `Retry-After` says when to \
        try again.";
}
