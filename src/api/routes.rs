//! What answers when no route does: 405 with `Allow` where the path is known for other methods, else 404.
//!
//! Which paths are known is read from the API document, so that there is one registration.

mod fork;

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, Route, web};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::{OpenApi, PathItem, RefOr};

use self::fork::Fork;
use crate::config::ServerRole;
use crate::domain::check::FieldError;
use crate::error::{Code, Error, Result};
use crate::metrics::{self, Text};

/// The paths of the document, and the few beside it, each with what it answers.
pub struct RouteTable {
    entries: Vec<Entry>,
    /// From the first segment on: every request is looked up here.
    tree: Fork,
    /// What is asked for and is not there.
    none: Arc<metrics::Route>,
}

struct Entry {
    /// Its template, and how it was answered.
    route: Arc<metrics::Route>,
    operations: Vec<Answered>,
}

impl Entry {
    fn new(template: &str, operations: Vec<Answered>) -> Self {
        Self {
            route: Arc::new(metrics::Route::new(template)),
            operations,
        }
    }
}

/// A method that a path answers, and whether it takes a query.
struct Answered {
    method: Method,
    takes_query: bool,
}

impl RouteTable {
    /// Reads the document's paths; `beside` are paths that answer GET and are not in it.
    #[must_use]
    pub fn of(document: &OpenApi, beside: &[&str]) -> Self {
        let documented = document.paths.paths.iter();
        let documented = documented.map(|(path, item)| Entry::new(path, operations_of(item)));
        let beside = beside.iter().map(|path| {
            let get = Answered {
                method: Method::GET,
                takes_query: true,
            };
            Entry::new(path, vec![get])
        });
        let entries: Vec<Entry> = documented.chain(beside).collect();
        let mut tree = Fork::default();
        for (place, entry) in entries.iter().enumerate() {
            tree.plant(&entry.route.template).end = Some(place);
        }
        let none = Arc::new(metrics::Route::new("(none)"));
        Self { entries, tree, none }
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(self.tree.find(path.split('/'))?)
    }

    fn operations(&self, path: &str) -> impl Iterator<Item = &Answered> {
        self.entry(path).into_iter().flat_map(|entry| &entry.operations)
    }

    /// The methods that this path answers; none for an unknown path.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<Method> {
        let mut methods: Vec<Method> = Vec::new();
        for Answered { method, .. } in self.operations(path) {
            if !methods.contains(method) {
                methods.push(method.clone());
            }
        }
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        methods
    }

    /// Whether a query makes sense here. What takes one knows its own names; what takes none would pass over all.
    fn takes_query(&self, method: &Method, path: &str) -> bool {
        let mut operations = self
            .operations(path)
            .filter(|answered| answered.method == *method)
            .peekable();
        operations.peek().is_none() || operations.any(|answered| answered.takes_query)
    }

    /// Whether the path is known, but not for this method. The router would go on to a path with a variable part.
    fn refuses(&self, method: &Method, path: &str) -> bool {
        // HEAD is answered where GET is, and OPTIONS everywhere.
        let always = matches!(*method, Method::HEAD | Method::OPTIONS);
        let mut operations = self.operations(path).peekable();
        !always && operations.peek().is_some() && operations.all(|answered| answered.method != *method)
    }

    /// Under which a request to this path is logged and counted: it names no slug, and there are few.
    #[must_use]
    pub fn counted_as(&self, path: &str) -> Arc<metrics::Route> {
        Arc::clone(self.entry(path).map_or(&self.none, |entry| &entry.route))
    }

    /// The template of this path.
    fn template(&self, path: &str) -> Option<&str> {
        self.entry(path).map(|entry| entry.route.template.as_str())
    }

    /// Writes how requests were answered.
    pub fn write_metrics(&self, text: &mut Text) {
        let routes = self.entries.iter().map(|entry| &*entry.route);
        metrics::Route::write_all(routes.chain([&*self.none]), text);
    }
}

fn operations_of(item: &PathItem) -> Vec<Answered> {
    let operations = [
        (&item.get, Method::GET),
        (&item.post, Method::POST),
        (&item.put, Method::PUT),
        (&item.patch, Method::PATCH),
        (&item.delete, Method::DELETE),
    ];
    let answered = operations.into_iter().filter_map(|(operation, method)| {
        let mut parameters = operation.as_ref()?.parameters.iter().flatten();
        let takes_query = parameters.any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
            RefOr::Ref(_) => true,
        });
        Some(Answered { method, takes_query })
    });
    answered.collect()
}

/// Refuses a method that the path has not, and a query where none is taken: its sender believes that it does something.
///
/// # Errors
/// Those of what is inside.
pub async fn refuse_misfits(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse, actix_web::Error> {
    if let Some(table) = request.app_data::<web::Data<RouteTable>>()
        && table.refuses(request.method(), request.path())
    {
        let refusal = method_refused(request.request(), table);
        return Ok(request.error_response(refusal));
    }
    let first = request.query_string().split(['=', '&']).find(|name| !name.is_empty());
    let table = request.app_data::<web::Data<RouteTable>>();
    let idle = table.is_some_and(|table| !table.takes_query(request.method(), request.path()));
    if let Some(name) = first.filter(|_| idle) {
        let problem = FieldError::parameter(name, "unknown_parameter", "is not known here; nothing is");
        let refusal = Error::parameter(Code::UnknownParameter, problem);
        return Ok(request.error_response(refusal));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Answers what this server is not there for.
pub fn elsewhere(role: ServerRole) -> Route {
    let served = if role.serves_readers() { "readers" } else { "staff" };
    web::route().to(move || async move {
        let detail = format!("This server answers {served} alone; another one of this newsroom answers here.");
        Err::<HttpResponse, _>(Error::new(Code::NotFound, detail))
    })
}

/// The route of last resort, for the app and for each scope.
pub fn unmatched() -> Route {
    web::route().to(refuse)
}

async fn refuse(request: HttpRequest, table: web::Data<RouteTable>) -> Result<HttpResponse> {
    let path = request.path();
    if table.entry(path).is_none() {
        return Err(Error::new(
            Code::NotFound,
            "There is nothing at this path; /api/openapi.json lists every path.",
        ));
    }
    if request.method() == Method::OPTIONS {
        let allow = header_of(&allowed(&table, path));
        return Ok(HttpResponse::NoContent().insert_header((ALLOW, allow)).finish());
    }
    Err(method_refused(&request, &table))
}

/// What `Allow` names for this path.
fn allowed(table: &RouteTable, path: &str) -> String {
    let methods = table.methods(path);
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

fn header_of(allow: &str) -> HeaderValue {
    HeaderValue::from_str(allow).unwrap_or(HeaderValue::from_static("GET"))
}

fn method_refused(request: &HttpRequest, table: &RouteTable) -> Error {
    let allow = allowed(table, request.path());
    let hint = desk_call(request, table).unwrap_or_default();
    let detail = format!("{} is not known here, only {allow}.{hint}", request.method());
    Error::new(Code::MethodNotAllowed, detail).with_header(ALLOW, header_of(&allow))
}

/// A write tried on delivery: where the desk takes it.
fn desk_call(request: &HttpRequest, table: &RouteTable) -> Option<String> {
    let resource = request.path().strip_prefix("/api/v1/")?;
    let desk = format!("/api/v1/desk/{resource}");
    let (method, template) = (request.method(), table.template(&desk)?);
    let known = table.methods(&desk).contains(method);
    known.then(|| format!(" Delivery is for reading; to write, call {method} {template} with a bearer token."))
}
