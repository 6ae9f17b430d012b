//! The publication and its front end.

use chrono_tz::Tz;

use super::reader::Reader;
use super::url::{self, BaseUrl};
use super::value::Value;
use crate::domain::body::BodyRules;
use crate::domain::preflight::FindingCode;

/// The publication and its front end.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// `MASTHEAD_SITE_URL`: where readers find the front end; by default the public URL.
    pub url: BaseUrl,
    /// `MASTHEAD_SITE_NAME`: the publication's name until the desk changes it.
    pub name: String,
    /// `MASTHEAD_SITE_TIMEZONE`: the time zone of its dates, a name of the IANA list.
    pub timezone: Tz,
    /// `MASTHEAD_ARTICLE_PATH`: the path of an article on the front end, with placeholders.
    pub article_path: String,
    /// `MASTHEAD_EMBED_HOSTS`: the hosts whose frames a body may hold.
    pub embed_hosts: Vec<String>,
    /// `MASTHEAD_PREVIEW_URL`: where the front end shows previews, with {token}; by default the address of this API.
    pub preview_url: Option<String>,
    /// `MASTHEAD_PREFLIGHT_BLOCKERS`: what preflight may find that keeps an article from readers.
    pub preflight_blockers: Vec<FindingCode>,
}

const DEFAULT_EMBED_HOSTS: [&str; 3] = ["www.youtube.com", "www.youtube-nocookie.com", "player.vimeo.com"];

impl SiteConfig {
    /// The defaults for a public URL.
    #[must_use]
    pub fn defaults(public_url: &BaseUrl) -> Self {
        Self {
            url: public_url.clone(),
            name: "Masthead".to_owned(),
            timezone: Tz::UTC,
            article_path: "/{section}/{slug}".to_owned(),
            embed_hosts: DEFAULT_EMBED_HOSTS.map(str::to_owned).to_vec(),
            preview_url: None,
            preflight_blockers: FindingCode::BLOCKERS.to_vec(),
        }
    }

    /// What bodies of this site may hold, and what readers must not go without.
    #[must_use]
    pub fn body_rules(&self) -> BodyRules {
        BodyRules {
            embed_hosts: self.embed_hosts.clone(),
            blockers: self.preflight_blockers.clone(),
        }
    }

    pub(super) fn read(reader: &mut Reader, public_url: &BaseUrl) -> Self {
        let default = Self::defaults(public_url);
        Self {
            url: reader.get("MASTHEAD_SITE_URL", default.url),
            name: reader.get("MASTHEAD_SITE_NAME", SiteName(default.name)).0,
            timezone: reader.get("MASTHEAD_SITE_TIMEZONE", default.timezone),
            article_path: reader.get("MASTHEAD_ARTICLE_PATH", ArticlePath(default.article_path)).0,
            embed_hosts: reader.get("MASTHEAD_EMBED_HOSTS", EmbedHosts(default.embed_hosts)).0,
            preview_url: reader
                .optional("MASTHEAD_PREVIEW_URL", "https://news.example/preview?token={token}")
                .map(|PreviewUrl(url)| url),
            preflight_blockers: reader
                .get("MASTHEAD_PREFLIGHT_BLOCKERS", Blockers(default.preflight_blockers))
                .0,
        }
    }
}

struct SiteName(String);

impl Value for SiteName {
    fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > 120 || text.chars().any(char::is_control) {
            return Err("must be one line of at most 120 characters".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

/// What `MASTHEAD_ARTICLE_PATH` may hold between braces.
const PLACEHOLDERS: [&str; 7] = ["section", "section_path", "yyyy", "mm", "dd", "slug", "id"];

struct ArticlePath(String);

impl Value for ArticlePath {
    fn parse(text: &str) -> Result<Self, String> {
        let placeholders = placeholders(text).ok_or("must close each { with a }")?;
        if let Some(unknown) = placeholders.iter().find(|name| !PLACEHOLDERS.contains(name)) {
            return Err(format!(
                "must not use {{{unknown}}}, only {{{}}}",
                PLACEHOLDERS.join("} {")
            ));
        }
        if !placeholders.iter().any(|name| matches!(*name, "slug" | "id")) {
            return Err("must contain {slug} or {id}, or articles would share one address".to_owned());
        }
        if !text.starts_with('/') || text.contains("//") || !text.chars().all(is_path_char) {
            return Err("must be a path that starts with one / and has no space, query or fragment".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~{}".contains(c)
}

/// The names between braces; none when the braces do not match.
fn placeholders(text: &str) -> Option<Vec<&str>> {
    let mut pieces = text.split('{');
    if pieces.next()?.contains('}') {
        return None;
    }
    pieces
        .map(|piece| {
            piece
                .split_once('}')
                .filter(|(_, rest)| !rest.contains('}'))
                .map(|(name, _)| name)
        })
        .collect()
}

struct EmbedHosts(Vec<String>);

impl Value for EmbedHosts {
    fn parse(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let hosts: Option<Vec<String>> = text.split(',').map(|part| url::host(part.trim())).collect();
        hosts.map(Self).ok_or_else(|| {
            "must be host names with commas between, like player.vimeo.com,www.youtube.com, or none".to_owned()
        })
    }

    fn show(&self) -> String {
        if self.0.is_empty() {
            "none".to_owned()
        } else {
            self.0.join(",")
        }
    }
}

struct PreviewUrl(String);

impl Value for PreviewUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = "must be an http(s) address with {token} in it once";
        if text.matches("{token}").count() != 1 || !url::is_http(&text.replace("{token}", "x")) {
            return Err(wrong.to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    fn show(&self) -> String {
        self.0.clone()
    }
}

struct Blockers(Vec<FindingCode>);

impl Value for Blockers {
    fn parse(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let codes: Result<Vec<FindingCode>, String> = text.split(',').map(|code| code.trim().parse()).collect();
        codes
            .map(Self)
            .map_err(|wrong| format!("must be none, or names with commas between: {wrong}"))
    }

    fn show(&self) -> String {
        let codes: Vec<&str> = self.0.iter().map(|code| code.as_str()).collect();
        if codes.is_empty() {
            "none".to_owned()
        } else {
            codes.join(",")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_address_has_a_place_for_the_token() {
        for right in ["https://a.example/preview/{token}", "http://localhost:3000/p?t={token}"] {
            assert!(PreviewUrl::parse(right).is_ok(), "{right}");
        }
        for wrong in [
            "https://a.example/",
            "/preview/{token}",
            "https://a.example/{token}{token}",
            "ftp://a.example/{token}",
        ] {
            assert!(PreviewUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_article_path_names_the_article_and_nothing_unknown() {
        for right in [
            "/{section}/{slug}",
            "/{yyyy}/{mm}/{dd}/{slug}.html",
            "/news/{id}",
            "/{section_path}/{id}-{slug}",
        ] {
            assert!(ArticlePath::parse(right).is_ok(), "{right}");
        }
        for (wrong, hint) in [
            ("/{section}", "must contain {slug} or {id}"),
            ("/{title}/{slug}", "must not use {title}"),
            ("{section}/{slug}", "starts with one /"),
            ("//evil.example/{slug}", "starts with one /"),
            ("/{slug}?a=b", "no space, query"),
            ("/{slug", "close each {"),
            ("/slug}/{slug}", "close each {"),
        ] {
            let message = ArticlePath::parse(wrong).err().expect(wrong);
            assert!(message.contains(hint), "{wrong}: {message}");
        }
    }
}
