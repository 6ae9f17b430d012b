//! The one error of the HTTP rooms. It knows the errors of the rooms below; they never know it.
//!
//! A handler returns [`Error`]; the outermost middleware writes it down as problem+json with the request's path and id.

mod auth;
pub mod code;
mod database;
pub mod problem;
mod refusal;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};

pub use auth::rate_limit_headers;
pub use code::Code;
pub use problem::Problem;

use crate::domain::check::FieldError;
use crate::domain::preflight::Finding;

/// What a handler answers.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong with a request.
#[derive(Clone, Debug)]
pub struct Error {
    pub code: Code,
    pub detail: String,
    pub errors: Vec<FieldError>,
    pub allowed_actions: Option<Vec<String>>,
    pub findings: Option<Arc<[Finding]>>,
    /// Boxed, because every `Result` carries an error along.
    around: Box<Around>,
}

/// What goes out beside the problem.
#[derive(Clone, Debug, Default)]
struct Around {
    headers: Vec<(HeaderName, HeaderValue)>,
    depends: Vec<String>,
}

impl Error {
    /// What it holds, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let headers = self.around.headers.iter();
        let headers = headers.map(|(name, value)| name.as_str().len() + value.len());
        self.detail.len() + headers.sum::<usize>() + self.around.depends.iter().map(String::len).sum::<usize>()
    }

    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let mut headers = Vec::new();
        match code.status() {
            StatusCode::UNAUTHORIZED => headers.push((WWW_AUTHENTICATE, challenge(code))),
            StatusCode::SERVICE_UNAVAILABLE => headers.push((RETRY_AFTER, HeaderValue::from_static("2"))),
            _ => {}
        }
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            allowed_actions: None,
            findings: None,
            around: Box::new(Around {
                headers,
                depends: Vec::new(),
            }),
        }
    }

    /// There is no such `what`.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("There is no such {what}, or it is not for you to see."),
        )
    }

    /// Fields of the body are wrong.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let names: Vec<&str> = errors.iter().filter_map(|error| error.pointer.as_deref()).collect();
        // The pointer to the whole body is the empty one.
        let detail = match names.as_slice() {
            [] => "The body is not accepted.".to_owned(),
            [""] => "Please mend the body.".to_owned(),
            names => format!("Please mend: {}.", names.join(", ")),
        };
        Self {
            errors,
            ..Self::new(Code::ValidationFailed, detail)
        }
    }

    /// A query parameter or header is wrong.
    #[must_use]
    pub fn parameter(code: Code, error: FieldError) -> Self {
        let detail = format!(
            "`{}`: {}",
            error.parameter.as_deref().unwrap_or_default(),
            error.message
        );
        Self {
            errors: vec![error],
            ..Self::new(code, detail)
        }
    }

    /// Says what would make it otherwise.
    #[must_use]
    pub fn until_changed(mut self, tags: impl IntoIterator<Item = String>) -> Self {
        self.around.depends.extend(tags);
        self
    }

    /// What would make it otherwise: a refusal that says so may be kept until then.
    #[must_use]
    pub fn depends(&self) -> &[String] {
        &self.around.depends
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.around.headers.push((name, value));
        self
    }

    /// The body, for the request at `instance` with id `request_id`.
    #[must_use]
    pub fn problem(&self, base: &str, instance: &str, request_id: &str) -> Problem {
        Problem {
            kind: format!("{base}/problems/{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status().as_u16(),
            code: self.code.as_str().to_owned(),
            detail: self.detail.clone(),
            instance: instance.to_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
            allowed_actions: self.allowed_actions.clone(),
            findings: self.findings.as_ref().map(|findings| findings.to_vec()),
        }
    }
}

fn challenge(code: Code) -> HeaderValue {
    HeaderValue::from_static(match code {
        Code::InvalidToken | Code::TokenExpired => r#"Bearer realm="masthead", error="invalid_token""#,
        _ => r#"Bearer realm="masthead""#,
    })
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// The status and headers. The body is written at the edge, which knows the request.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        for header in &self.around.headers {
            response.append_header(header.clone());
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}

fn internal(error: &dyn std::fmt::Display) -> Error {
    tracing::error!(%error, "a request failed");
    Error::new(Code::InternalError, Code::InternalError.help())
}
