//! How the newsroom's refusals are told.

use actix_web::http::header::{HeaderValue, RETRY_AFTER};

use super::{Code, Error};
use crate::domain::check::FieldError;
use crate::domain::preflight::Severity;
use crate::newsroom::Refusal;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound(what) => Self::not_found(what),
            Refusal::Denied(detail) => Self::new(Code::PermissionDenied, detail),
            Refusal::ScopeMissing(detail) => Self::new(Code::ScopeMissing, detail),
            Refusal::OutOfReach => Self::new(
                Code::ScopeMissing,
                "The API key is limited to sections, and this would put the article into none of them.",
            ),
            Refusal::NotAllowed {
                detail,
                allowed_actions,
            } => Self {
                allowed_actions: Some(allowed_actions),
                ..Self::new(Code::PermissionDenied, detail)
            },
            Refusal::Invalid(errors) => Self::invalid(errors),
            Refusal::NotReady(findings) => {
                let blockers = findings.iter().filter(|finding| finding.severity == Severity::Blocker);
                let errors = blockers
                    .map(|finding| FieldError::field(&finding.pointer, finding.code.as_str(), &finding.message));
                let refused = Self::invalid(errors.collect());
                Self {
                    findings: Some(findings.into()),
                    ..refused
                }
            }
            Refusal::Parameter(error) => Self::parameter(Code::InvalidParameter, error),
            Refusal::KeyReused => Self::new(
                Code::IdempotencyKeyReused,
                "This `Idempotency-Key` was sent before with another body; use a new key for each new request.",
            ),
            Refusal::Erased => Self::new(
                Code::Gone,
                "What this request did was erased since, and so was its answer. It is not done again under this \
                 `Idempotency-Key`.",
            ),
            Refusal::SlugTaken(slug) => {
                let field = FieldError::field("/slug", "slug_taken", format!("`{slug}` belongs to another"));
                Self {
                    errors: vec![field],
                    ..Self::new(Code::SlugTaken, format!("The slug `{slug}` belongs to another."))
                }
            }
            Refusal::InUse(detail) => Self::new(Code::InUse, detail),
            Refusal::Conflict(detail) => Self::new(Code::Conflict, detail),
            Refusal::Transition {
                detail,
                allowed_actions,
            } => Self {
                allowed_actions: Some(allowed_actions),
                ..Self::new(Code::InvalidStateTransition, detail)
            },
            Refusal::TooMany { detail, retry_after } => {
                let seconds = HeaderValue::from(retry_after.max(1));
                Self::new(Code::RateLimited, detail).with_header(RETRY_AFTER, seconds)
            }
            Refusal::Stale(detail) => Self::new(Code::VersionConflict, detail),
            Refusal::Database(error) => error.into(),
        }
    }
}
