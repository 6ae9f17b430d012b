//! The way in: where everything is, as JSON for programs, as a page with the newest headlines for browsers.

use actix_web::http::header::{HeaderValue, VARY};
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use super::html::{self, escape};
use crate::api::cached::{Depends, front_page};
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::db;
use crate::db::headlines::Headline;
use crate::error::Result;

const HEADLINES: i64 = 10;

/// The cache gives the page in the coding that is liked.
const VARIES: HeaderValue = HeaderValue::from_static("Accept, Accept-Encoding");

/// Where everything is.
#[derive(Serialize, ToSchema)]
pub struct Index {
    /// The publication.
    pub name: String,
    /// The server's version.
    pub version: String,
    /// Swagger UI; `null` when it is switched off.
    #[schema(required, format = "uri")]
    pub docs: Option<String>,
    /// The OpenAPI document.
    #[schema(format = "uri")]
    pub openapi: String,
    /// Where delivery begins: what anyone may read.
    #[schema(format = "uri")]
    pub delivery: String,
    /// Where the desk begins: what staff may do.
    #[schema(format = "uri")]
    pub desk: String,
    /// Where to sign in.
    #[schema(format = "uri")]
    pub login: String,
    /// Every error code.
    #[schema(format = "uri")]
    pub problems: String,
}

impl Index {
    fn of(app: &Shared) -> Self {
        let at = |path: &str| app.config.http.public_url.join(path);
        Self {
            name: app.config.site.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            docs: app.config.http.docs.then(|| at("/docs/")),
            openapi: at("/api/openapi.json"),
            delivery: at("/api/v1"),
            desk: at("/api/v1/desk"),
            login: at("/api/v1/auth/login"),
            problems: at("/problems"),
        }
    }
}

/// Find the way around
///
/// The addresses of everything. A browser gets a page with the newest headlines.
#[utoipa::path(
    tag = "System",
    operation_id = "get_index",
    responses(
        (status = 200, description = "The addresses.", content((Index = "application/json"), (String = "text/html"))),
        (status = 429, description = "")
    )
)]
#[get("/", wrap = "from_fn(front_page)")]
pub async fn get_index(request: HttpRequest, anyone: Anyone, app: Shared) -> Result<HttpResponse> {
    let index = Index::of(&app);
    if !html::wanted(&request) {
        return Ok(html::alternative(&index));
    }
    let mut conn = anyone.connect().await?;
    let headlines = db::headlines::newest(&mut conn, HEADLINES).await?;
    let mut page = html::page(&index.name, &show(&index, &headlines));
    page.headers_mut().insert(VARY, VARIES);
    let shown = headlines.iter().map(|headline| format!("article:{}", headline.id));
    page.extensions_mut().insert(Depends {
        tags: shown.chain(["articles".to_owned()]).collect(),
        ..Depends::default()
    });
    Ok(page)
}

fn show(index: &Index, headlines: &[Headline]) -> String {
    let items: String = headlines.iter().map(item).collect();
    let newest = if items.is_empty() {
        "<p>Nothing is published yet.</p>".to_owned()
    } else {
        format!("<ul>{items}</ul>")
    };
    let documents = [
        index
            .docs
            .is_some()
            .then_some(("/docs/", "Try every call (Swagger UI)")),
        Some(("/api/openapi.json", "The OpenAPI document")),
        Some(("/api/v1/articles", "The newest articles as JSON")),
        Some(("/problems", "Every error code")),
    ];
    format!(
        "<h1>{}</h1>\n<h2>Newest</h2>\n{newest}\n<h2>For developers</h2>\n{}\n<p><small>Masthead {}</small></p>",
        escape(&index.name),
        html::links(documents.into_iter().flatten()),
        escape(&index.version),
    )
}

fn item(headline: &Headline) -> String {
    let kicker = headline
        .kicker
        .as_ref()
        .map(|kicker| format!("<small>{}</small> ", escape(kicker)));
    let at = headline.published_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!(
        "<li lang=\"{}\" dir=\"auto\">{}<a href=\"/api/v1/articles/{}\">{}</a> <small><time datetime=\"{at}\">{}</time></small></li>",
        escape(&headline.language),
        kicker.unwrap_or_default(),
        escape(&headline.slug),
        escape(&headline.title),
        headline.published_at.format("%Y-%m-%d"),
    )
}

/// What browsers ask for beside every page.
#[get("/favicon.ico")]
pub async fn favicon() -> HttpResponse {
    const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">\
        <rect width=\"16\" height=\"16\" rx=\"3\" fill=\"#1d3557\"/>\
        <path d=\"M3 12V4l5 5 5-5v8\" fill=\"none\" stroke=\"#fff\" stroke-width=\"2\"/></svg>";
    HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header(("Cache-Control", "public, max-age=86400"))
        .body(ICON)
}
