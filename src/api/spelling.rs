//! One spelling of a path: `%64esk` is `desk`, and everybody who looks at the path sees that.
//!
//! The router reads escapes of letters, digits and `-._~` as what they stand for, as it should; whoever looks at the path as it
//! was sent would take it for another one.

use std::borrow::Cow;

use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;

use crate::error::{Code, Error, Result};

/// Rewrites the path of a request that escapes what needs no escape.
///
/// # Errors
/// When there is no such path: what came as one is one in its plain spelling too.
pub fn settle(request: &mut ServiceRequest) -> Result<()> {
    if !request.path().contains('%') {
        return Ok(());
    }
    let Cow::Owned(mut path) = plain(request.path()) else {
        return Ok(());
    };
    if !request.query_string().is_empty() {
        path = format!("{path}?{}", request.query_string());
    }
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(path.parse::<PathAndQuery>().map_err(|_| misspelt())?);
    let uri = Uri::from_parts(parts).map_err(|_| misspelt())?;
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
    Ok(())
}

fn misspelt() -> Error {
    Error::new(Code::InvalidParameter, "The path cannot be read.")
}

/// The path with letters, digits and `-._~` as themselves.
fn plain(path: &str) -> Cow<'_, str> {
    let mut parts = path.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    let mut changed = false;
    for part in parts {
        let digits = part
            .get(..2)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (escaped, part.get(2..)) {
            (Some(byte), Some(rest)) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(char::from(byte));
                plain.push_str(rest);
                changed = true;
            }
            _ => {
                plain.push('%');
                plain.push_str(part);
            }
        }
    }
    if changed {
        Cow::Owned(plain)
    } else {
        Cow::Borrowed(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_no_escape_is_read() {
        for (given, settled) in [
            ("/api/v1/%64esk/articles", "/api/v1/desk/articles"),
            ("/a%2e%2E/b%7e", "/a../b~"),
            ("/a%2fb%3Bc%20", "/a%2fb%3Bc%20"),
            ("/%", "/%"),
            ("/%6", "/%6"),
            ("/%zz%61", "/%zza"),
            ("/%+a", "/%+a"),
            ("/%25%36%31", "/%2561"),
            ("/%C3%A9", "/%C3%A9"),
        ] {
            assert_eq!(plain(given), settled);
        }
    }
}
