//! The few pages for people: one plain layout that loads nothing from anywhere and runs nothing.

use std::sync::LazyLock;

use actix_web::http::header::{self, ACCEPT};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use crate::domain::text::escape_html as escape;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}\
h1{line-height:1.2}li{margin:.4rem 0}\
code{font-size:.95em}small{opacity:.7}";

/// The page may be styled by its own style element, known by its hash; nothing else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

/// Whether the caller is a browser that wants a page, not a program that wants JSON.
#[must_use]
pub fn wanted(request: &HttpRequest) -> bool {
    let mut accepted = request
        .headers()
        .get_all(ACCEPT)
        .filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/html"))
}

/// A page. `body` is HTML that its maker has escaped.
#[must_use]
pub fn page(title: &str, body: &str) -> HttpResponse {
    let title = escape(title);
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "Accept"))
        .body(format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n<body>\n{body}\n</body>\n</html>\n"
        ))
}

/// The JSON that stands at the same address as a page.
#[must_use]
pub fn alternative<T: Serialize>(body: &T) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "Accept"))
        .json(body)
}

/// A list of links: address and words, both still to be escaped.
pub fn links<'a>(links: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let item = |(href, words)| format!("<li><a href=\"{}\">{}</a></li>", escape(href), escape(words));
    format!("<ul>{}</ul>", links.into_iter().map(item).collect::<String>())
}
