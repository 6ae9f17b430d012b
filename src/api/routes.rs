//! What answers when no route does: 405 with `Allow` where the path is known for other methods, else 404.
//!
//! Which paths are known is read from the API document, so that there is one registration.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, Route, web};
use utoipa::openapi::{HttpMethod, OpenApi};

use crate::error::{Code, Error, Result};

/// The paths and methods of the document.
pub struct RouteTable(Vec<(Vec<Segment>, Vec<Method>)>);

enum Segment {
    Literal(String),
    Variable,
}

impl RouteTable {
    /// Reads the document's paths.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let table = document.paths.paths.iter().map(|(path, item)| {
            let methods = [
                (&item.get, Method::GET),
                (&item.post, Method::POST),
                (&item.put, Method::PUT),
                (&item.patch, Method::PATCH),
                (&item.delete, Method::DELETE),
            ];
            let methods = methods
                .into_iter()
                .filter(|(operation, _)| operation.is_some())
                .map(|(_, method)| method);
            let segments = path.split('/').map(|segment| {
                if segment.starts_with('{') {
                    Segment::Variable
                } else {
                    Segment::Literal(segment.to_owned())
                }
            });
            (segments.collect(), methods.collect())
        });
        Self(table.collect())
    }

    /// The methods that this path answers; empty for an unknown path.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<Method> {
        let given: Vec<&str> = path.split('/').collect();
        let fits = |segments: &Vec<Segment>| {
            segments.len() == given.len()
                && segments.iter().zip(&given).all(|(segment, given)| match segment {
                    Segment::Literal(literal) => literal == given,
                    Segment::Variable => !given.is_empty(),
                })
        };
        let mut methods: Vec<Method> = Vec::new();
        for (_, found) in self.0.iter().filter(|(segments, _)| fits(segments)) {
            methods.extend(
                found
                    .iter()
                    .filter(|method| !methods.contains(method))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        methods
    }
}

/// The document's name for a method that this server uses.
#[must_use]
pub fn method_of(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
        _ => Method::OPTIONS,
    }
}

/// The route of last resort, for the app and for each scope.
pub fn unmatched() -> Route {
    web::route().to(refuse)
}

async fn refuse(request: HttpRequest, table: web::Data<RouteTable>) -> Result<actix_web::HttpResponse> {
    let path = request.path();
    let allowed = table.methods(path);
    if allowed.is_empty() {
        return Err(Error::new(
            Code::NotFound,
            format!("There is nothing at `{path}`; /docs lists every path."),
        ));
    }
    let allow = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let hint = desk_call(&request, &table).unwrap_or_default();
    let detail = format!("{} is not known here, only {allow}.{hint}", request.method());
    let header = HeaderValue::from_str(&allow).unwrap_or(HeaderValue::from_static("GET"));
    Err(Error::new(Code::MethodNotAllowed, detail).with_header(ALLOW, header))
}

/// A write tried on delivery: where the desk takes it.
fn desk_call(request: &HttpRequest, table: &RouteTable) -> Option<String> {
    let resource = request.path().strip_prefix("/api/v1/")?;
    let desk = format!("/api/v1/desk/{resource}");
    table.methods(&desk).contains(request.method()).then(|| {
        format!(
            " Delivery is for reading; to write call {} {desk} with a bearer token.",
            request.method()
        )
    })
}
