//! What answers when no route does: 405 with `Allow` where the path is known for other methods, else 404.
//!
//! Which paths are known is read from the API document, so that there is one registration.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use utoipa::openapi::{OpenApi, PathItem};

use crate::error::{Code, Error, Result};

/// The paths of the document, and the few beside it, each with its methods.
pub struct RouteTable(Vec<Entry>);

struct Entry {
    template: String,
    methods: Vec<Method>,
}

impl RouteTable {
    /// Reads the document's paths; `beside` are paths that answer GET and are not in it.
    #[must_use]
    pub fn of(document: &OpenApi, beside: &[&str]) -> Self {
        let documented = document.paths.paths.iter();
        let documented = documented.map(|(path, item)| Entry {
            template: path.clone(),
            methods: methods_of(item),
        });
        let beside = beside.iter().map(|path| Entry {
            template: (*path).to_owned(),
            methods: vec![Method::GET],
        });
        Self(documented.chain(beside).collect())
    }

    /// The methods that this path answers; none for an unknown path.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<Method> {
        let mut methods: Vec<Method> = Vec::new();
        for method in self
            .0
            .iter()
            .filter(|entry| entry.fits(path))
            .flat_map(|entry| &entry.methods)
        {
            if !methods.contains(method) {
                methods.push(method.clone());
            }
        }
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        methods
    }

    /// The template of this path: the one with the most literal segments, as the router prefers it.
    #[must_use]
    pub fn template(&self, path: &str) -> Option<&str> {
        let fitting = self
            .0
            .iter()
            .map(|entry| entry.template.as_str())
            .filter(|template| fits(template, path));
        fitting.min_by_key(|template| template.matches('{').count())
    }
}

impl Entry {
    fn fits(&self, path: &str) -> bool {
        fits(&self.template, path)
    }
}

/// Whether `path` has the form of `template`, segment by segment; `{...}` stands for anything but nothing.
fn fits(template: &str, path: &str) -> bool {
    let mut given = path.split('/');
    template.split('/').all(|segment| match given.next() {
        Some(given) if segment.starts_with('{') => !given.is_empty(),
        Some(given) => given == segment,
        None => false,
    }) && given.next().is_none()
}

fn methods_of(item: &PathItem) -> Vec<Method> {
    let methods = [
        (&item.get, Method::GET),
        (&item.post, Method::POST),
        (&item.put, Method::PUT),
        (&item.patch, Method::PATCH),
        (&item.delete, Method::DELETE),
    ];
    methods
        .into_iter()
        .filter(|(operation, _)| operation.is_some())
        .map(|(_, method)| method)
        .collect()
}

/// The route of last resort, for the app and for each scope.
pub fn unmatched() -> Route {
    web::route().to(refuse)
}

async fn refuse(request: HttpRequest, table: web::Data<RouteTable>) -> Result<HttpResponse> {
    let path = request.path();
    let allowed = table.methods(path);
    if allowed.is_empty() {
        return Err(Error::new(
            Code::NotFound,
            "There is nothing at this path; /api/openapi.json lists every path.",
        ));
    }
    let allow = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let header = HeaderValue::from_str(&allow).unwrap_or(HeaderValue::from_static("GET"));
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((ALLOW, header)).finish());
    }
    let hint = desk_call(&request, &table).unwrap_or_default();
    let detail = format!("{} is not known here, only {allow}.{hint}", request.method());
    Err(Error::new(Code::MethodNotAllowed, detail).with_header(ALLOW, header))
}

/// A write tried on delivery: where the desk takes it.
fn desk_call(request: &HttpRequest, table: &RouteTable) -> Option<String> {
    let resource = request.path().strip_prefix("/api/v1/")?;
    let desk = format!("/api/v1/desk/{resource}");
    let (method, template) = (request.method(), table.template(&desk)?);
    let known = table.methods(&desk).contains(method);
    known.then(|| format!(" Delivery is for reading; to write, call {method} {template} with a bearer token."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_paths_of_its_form_only() {
        assert!(fits("/sections/{slug}", "/sections/world"));
        assert!(fits("/", "/"));
        for other in [
            "/sections",
            "/sections/",
            "/sections/world/",
            "/sections/a/b",
            "/tags/world",
        ] {
            assert!(!fits("/sections/{slug}", other), "{other}");
        }
    }
}
