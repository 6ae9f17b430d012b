//! The parts of a request. They are named as actix names its own, because the document's generator looks for these
//! names; unlike actix's they refuse what they do not know, and every refusal is a problem that names the field.

mod caller_address;
mod comment_proof;
pub mod conditions;
mod form;
mod json;
mod objects;
pub mod once;
mod path;
mod query;

pub use caller_address::CallerAddress;
pub use comment_proof::CommentProof;
pub use conditions::{IfMatch, RequiredIfMatch};
pub use form::Form;
pub use json::{Json, OptionalJson};
pub use once::Once;
pub use path::Path;
pub use query::{Query, decode};

use actix_web::HttpRequest;

use crate::auth::guard;
use crate::domain::check::FieldError;
use crate::error::Result;

/// Hands on what an extractor read; a refusal only when the request's guard has let it pass.
async fn after_guard<T>(request: HttpRequest, read: Result<T>) -> Result<T> {
    if read.is_err() {
        guard::after(&request).await;
    }
    read
}

/// Turns what serde says about a field into a problem with that field.
///
/// `path` is serde's path to it (`body.source`, `tags[2]`).
fn field_error(path: &str, message: &str) -> FieldError {
    let mut pointer = String::new();
    for step in path.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    }
    let message = message.split(" at line ").next().unwrap_or(message);
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        // serde's path already ends in the unknown key, except at some depths.
        if !pointer.ends_with(&format!("/{quoted}")) {
            pointer = format!("{pointer}/{quoted}");
        }
        let allowed: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let message = "is not a field that can be written here".to_owned();
        FieldError::field(pointer, "unknown_field", message).allowing(allowed)
    } else if message.starts_with("missing field") {
        FieldError::field(format!("{pointer}/{quoted}"), "required", "must be given")
    } else if message.starts_with("duplicate field") {
        FieldError::field(format!("{pointer}/{quoted}"), "duplicate_field", "must be given once")
    } else if message.starts_with("unknown variant") {
        let allowed: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        FieldError::field(pointer, "unknown_value", format!("`{quoted}` is not one of the values")).allowing(allowed)
    } else {
        FieldError::field(pointer, "invalid_type", message.to_owned())
    }
}
