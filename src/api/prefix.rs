//! The `q` of lists: how a name begins.

use crate::domain::check::FieldError;
use crate::error::{Code, Error, Result};

/// Longer than any name.
pub const MAX_PREFIX: usize = 100;

/// Checks `q`. A blank one asks for nothing.
///
/// # Errors
/// 400 when it is longer than any name.
pub fn prefix(q: Option<&str>) -> Result<Option<String>> {
    let Some(q) = q.map(str::trim).filter(|q| !q.is_empty()) else {
        return Ok(None);
    };
    let length = q.chars().count();
    if length > MAX_PREFIX {
        let message = format!("must have at most {MAX_PREFIX} characters, this has {length}");
        let problem = FieldError::parameter("q", "too_long", message);
        return Err(Error::parameter(Code::InvalidParameter, problem));
    }
    Ok(Some(q.to_owned()))
}
