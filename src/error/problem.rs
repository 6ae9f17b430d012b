//! The body of every error: RFC 9457, `application/problem+json`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::check::FieldError;
use crate::domain::preflight::Finding;

/// What went wrong, for programs (`code`, `errors`) and for people (`title`, `detail`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Address of a page about this code.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// The same for every occurrence of the code.
    pub title: String,
    /// The HTTP status, repeated.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// A stable word for programs.
    pub code: String,
    /// What happened this time, and how to mend it.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// Names this request in the logs.
    pub request_id: String,
    /// Every field or parameter that is wrong; empty when the problem is no field's.
    pub errors: Vec<FieldError>,
    /// When a verb is refused: what may be done instead.
    #[schema(required)]
    pub allowed_actions: Option<Vec<String>>,
    /// When an article is not ready for readers: all that preflight found, what blocks first.
    #[schema(required)]
    pub findings: Option<Vec<Finding>>,
}
