//! What each error code means: the address in a problem's `type` leads here.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::html::{self, escape};
use crate::api::extract::Path;
use crate::app::Shared;
use crate::error::{Code, Error, Result};

/// An error code, explained.
#[derive(Serialize, ToSchema)]
pub struct ProblemType {
    /// The stable word, as in a problem's `code`.
    pub code: String,
    /// The HTTP status it travels with.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The same for every occurrence.
    pub title: String,
    /// What it means, and how to mend it.
    pub help: String,
    /// The address of this page, as in a problem's `type`.
    #[schema(format = "uri")]
    pub url: String,
}

/// Every error code.
#[derive(Serialize, ToSchema)]
pub struct ProblemTypeList {
    pub data: Vec<ProblemType>,
}

impl ProblemType {
    fn of(code: Code, app: &Shared) -> Self {
        Self {
            code: code.as_str().to_owned(),
            status: code.status().as_u16(),
            title: code.title().to_owned(),
            help: code.help().to_owned(),
            url: app.config.http.public_url.join(&format!("/problems/{}", code.as_str())),
        }
    }
}

/// List every error code
///
/// As JSON for programs, as a page for browsers.
#[utoipa::path(
    tag = "System",
    operation_id = "list_problem_types",
    responses(
        (status = 200, description = "All of them.",
            content((ProblemTypeList = "application/json"), (String = "text/html")))
    )
)]
#[get("/problems")]
pub async fn list_problem_types(request: HttpRequest, app: Shared) -> HttpResponse {
    if html::wanted(&request) {
        let addresses: Vec<String> = Code::ALL
            .iter()
            .map(|code| format!("/problems/{}", code.as_str()))
            .collect();
        let words = Code::ALL
            .iter()
            .map(|code| format!("{} {}: {}", code.status().as_u16(), code.as_str(), code.title()));
        let words: Vec<String> = words.collect();
        let links = addresses
            .iter()
            .map(String::as_str)
            .zip(words.iter().map(String::as_str));
        return html::page("Problems", &format!("<h1>Problems</h1>{}", html::links(links)));
    }
    let data = Code::ALL.iter().map(|code| ProblemType::of(*code, &app)).collect();
    html::alternative(&ProblemTypeList { data })
}

/// Explain an error code
///
/// What it means, and how to mend it. As JSON for programs, as a page for browsers.
#[utoipa::path(
    tag = "System",
    operation_id = "get_problem_type",
    params(("code" = String, Path, description = "The `code` of a problem.", example = "validation_failed")),
    responses(
        (status = 200, description = "The explanation.",
            content((ProblemType = "application/json"), (String = "text/html")))
    )
)]
#[get("/problems/{code}")]
pub async fn get_problem_type(request: HttpRequest, app: Shared, path: Path<String>) -> Result<HttpResponse> {
    let code = Code::find(&path.0).ok_or_else(|| Error::not_found("error code"))?;
    if html::wanted(&request) {
        let (name, status) = (escape(code.as_str()), code.status().as_u16());
        let (title, help) = (escape(code.title()), escape(code.help()));
        let body = format!(
            "<h1>{title}</h1><p><code>{name}</code>, with the status {status}.</p><p>{help}</p>\
             <p><a href=\"/problems\">Every error code</a></p>"
        );
        return Ok(html::page(code.title(), &body));
    }
    Ok(html::alternative(&ProblemType::of(code, &app)))
}
