//! Web addresses in fields: pictures, sources, canonical addresses, profiles.

use std::borrow::Cow;

use thiserror::Error;
use url::Url;

use super::text::Coded;

/// Longer addresses break proxies, feeds and crawlers.
pub const MAX_LINK: usize = 2048;

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// No address, or one without its scheme or host.
    #[error("must be a whole web address, such as https://example.org/page")]
    NotAnAddress,
    /// Another scheme where only `https` will do.
    #[error("must begin with https://, so that pages that show it stay secure")]
    HttpsRequired,
    /// A scheme that is no web page.
    #[error("must begin with https:// or http://")]
    SchemeNotAllowed,
    /// A name or password before the host.
    #[error("must not contain a user name or password: anybody could read them")]
    Credentials,
    /// Over the limit.
    #[error("must have at most {MAX_LINK} characters, this has {0}")]
    TooLong(usize),
}

impl Coded for LinkError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAnAddress => "invalid_url",
            Self::HttpsRequired => "https_required",
            Self::SchemeNotAllowed => "scheme_not_allowed",
            Self::Credentials => "credentials_in_url",
            Self::TooLong(_) => "too_long",
        }
    }
}

/// An `https` address in its normal spelling (host in ASCII, everything unusual percent-encoded).
///
/// # Errors
/// Not a whole address, another scheme, credentials, over [`MAX_LINK`] characters.
pub fn https(value: &str) -> Result<String, LinkError> {
    let url = parse(value)?;
    if url.scheme() == "https" {
        Ok(url.into())
    } else {
        Err(LinkError::HttpsRequired)
    }
}

/// An `https` or `http` address in its normal spelling.
///
/// # Errors
/// As [`https`].
pub fn http(value: &str) -> Result<String, LinkError> {
    let url = parse(value)?;
    if matches!(url.scheme(), "https" | "http") {
        Ok(url.into())
    } else {
        Err(LinkError::SchemeNotAllowed)
    }
}

/// A path or an address with the letters of other scripts percent-encoded.
#[must_use]
pub fn encoded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let encoded = text.chars().fold(String::with_capacity(text.len()), |mut encoded, c| {
        if c.is_ascii() {
            encoded.push(c);
        } else {
            let mut bytes = [0; 4];
            encoded.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
        encoded
    });
    Cow::Owned(encoded)
}

fn parse(value: &str) -> Result<Url, LinkError> {
    let value = value.trim();
    // Measured before parsing too: what no address can be needs no parsing.
    if value.len() > MAX_LINK * 4 {
        return Err(LinkError::TooLong(value.chars().count()));
    }
    // The parser skips line breaks and tabs, and mends backslashes and missing slashes; a field need not.
    if value.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(LinkError::NotAnAddress);
    }
    let url = Url::parse(value).map_err(|_| LinkError::NotAnAddress)?;
    if matches!(url.scheme(), "https" | "http") {
        if !value.contains("://") || url.host_str().is_none_or(str::is_empty) {
            return Err(LinkError::NotAnAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(LinkError::Credentials);
        }
    }
    let length = url.as_str().len();
    if length > MAX_LINK {
        Err(LinkError::TooLong(length))
    } else {
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_get_their_normal_spelling() {
        assert_eq!(
            https(" HTTPS://Example.ORG/Ab "),
            Ok("https://example.org/Ab".to_owned())
        );
        assert_eq!(
            https("https://münchen.example/straße?q=ü"),
            Ok("https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%BC".to_owned())
        );
        assert_eq!(http("http://example.org"), Ok("http://example.org/".to_owned()));
    }

    #[test]
    fn what_is_refused() {
        let long = format!("https://example.org/{}", "a".repeat(MAX_LINK));
        for (given, code) in [
            ("", "invalid_url"),
            ("example.org/a", "invalid_url"),
            ("/a", "invalid_url"),
            ("//example.org/a", "invalid_url"),
            ("https:example.org", "invalid_url"),
            ("https://", "invalid_url"),
            ("https://exa mple.org", "invalid_url"),
            ("https:\\\\example.org", "invalid_url"),
            ("https://example.org/a\nb", "invalid_url"),
            ("http://example.org/", "https_required"),
            ("javascript:alert(1)", "https_required"),
            ("data:text/html,x", "https_required"),
            ("https://user@example.org/", "credentials_in_url"),
            ("https://user:word@example.org/", "credentials_in_url"),
            (long.as_str(), "too_long"),
        ] {
            assert_eq!(https(given).expect_err(given).code(), code, "{given}");
        }
        assert_eq!(http("ftp://example.org/"), Err(LinkError::SchemeNotAllowed));
        assert_eq!(https(&"a".repeat(1_000_000)), Err(LinkError::TooLong(1_000_000)));
    }

    proptest! {
        #[test]
        fn a_kept_address_is_kept_as_it_is(given in "https?://[a-z]{1,9}\\.[a-z]{2,3}/\\PC{0,20}|\\PC{0,30}") {
            if let Ok(kept) = http(&given) {
                prop_assert!(kept.is_ascii() && !kept.contains(['"', '<', '>', ' ']));
                prop_assert_eq!(http(&kept), Ok(kept.clone()));
            }
        }
    }
}
