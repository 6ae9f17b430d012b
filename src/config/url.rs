//! Addresses in settings: the base of a site, and an origin.

use std::fmt;

use url::{Host, Url};

use super::value::Value;
use crate::domain::link::encoded;

/// The `http(s)` address something is served at, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads an address, for tests and tools.
    ///
    /// # Errors
    /// Says what it must be.
    pub fn parse(text: &str) -> Result<Self, String> {
        <Self as Value>::parse(text)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a path, which starts with a slash, under this one. Slugs of any script become percent-encoded.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        [self.0.as_str(), &encoded(path)].concat()
    }

    /// The address a browser on this machine finds a listener at.
    pub(super) fn of_listener(addr: std::net::SocketAddr) -> Self {
        if addr.ip().is_unspecified() {
            Self(format!("http://localhost:{}", addr.port()))
        } else {
            Self(format!("http://{addr}"))
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for BaseUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "must be an address like https://news.example, without user, query or fragment".to_owned();
        let url = http_url(text).ok_or_else(wrong)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong());
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

/// The `http(s)` address of a service, with whatever query it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Reads an address, for tests and tools.
    ///
    /// # Errors
    /// Says what it must be.
    pub fn parse(text: &str) -> Result<Self, String> {
        <Self as Value>::parse(text)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for Endpoint {
    fn parse(text: &str) -> Result<Self, String> {
        let url = http_url(text).filter(|url| url.fragment().is_none());
        let wrong = || "must be an address like https://service.example/path, without user or fragment".to_owned();
        Ok(Self(url.ok_or_else(wrong)?.into()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

/// Whether this is an `http(s)` address.
pub(super) fn is_http(text: &str) -> bool {
    http_url(text).is_some()
}

/// Scheme, host and port as a browser sends them in `Origin`.
pub(super) fn origin(text: &str) -> Option<String> {
    let url = http_url(text)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    (bare && !text.ends_with('/')).then(|| url.origin().ascii_serialization())
}

/// A host name in its ASCII form, without scheme, port or path.
pub(super) fn host(text: &str) -> Option<String> {
    let Ok(Host::Domain(name)) = Host::parse(text) else {
        return None;
    };
    (name.contains('.') && !name.contains('*') && !name.ends_with('.')).then_some(name)
}

fn http_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let usable = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    usable.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_loses_its_last_slash_and_keeps_its_path() {
        let base = BaseUrl::parse("https://news.example/cms/").expect("a base");
        assert_eq!(base.as_str(), "https://news.example/cms");
        assert_eq!(base.join("/docs"), "https://news.example/cms/docs");
        assert_eq!(base.join("/été"), "https://news.example/cms/%C3%A9t%C3%A9");
        for wrong in [
            "news.example",
            "ftp://news.example",
            "https://a:b@news.example",
            "https://x?y",
            "https://x#y",
            "",
        ] {
            assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn listeners_on_all_interfaces_are_found_at_localhost() {
        for (addr, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:80", "http://localhost:80"),
            ("[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(BaseUrl::of_listener(addr.parse().expect(addr)).as_str(), url);
        }
    }

    #[test]
    fn origins_and_hosts_are_bare() {
        assert_eq!(
            origin("https://News.Example:443"),
            Some("https://news.example".to_owned())
        );
        assert_eq!(
            origin("http://localhost:3000"),
            Some("http://localhost:3000".to_owned())
        );
        for wrong in [
            "https://news.example/",
            "https://news.example/x",
            "news.example",
            "null",
            "*",
        ] {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
        assert_eq!(host("Player.Vimeo.com"), Some("player.vimeo.com".to_owned()));
        for wrong in [
            "https://vimeo.com",
            "vimeo.com/x",
            "vimeo.com:80",
            "*.vimeo.com",
            "127.0.0.1",
            "localhost",
            "",
        ] {
            assert_eq!(host(wrong), None, "{wrong}");
        }
    }
}
