//! What no handler says of itself: who may call it, which problems and headers its answers have. One pass over all.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::security::{
    Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Components, HttpMethod, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response, Schema, Type,
};

use super::problems::Shape;
use super::{headers, problems};
use crate::api::extract::once::MAX_KEY;

/// Completes the document.
pub fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    problems::add(components);
    headers::add(components);
    add_security_schemes(components);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete_operation(path, &method, operation);
        }
    }
    drop_empty_tags(document);
}

/// Swagger UI would show a heading with nothing below it.
fn drop_empty_tags(document: &mut OpenApi) {
    let items = document.paths.paths.values_mut();
    let named = items.flat_map(|item| operations(item).filter_map(|(_, operation)| operation.tags.clone()));
    let used: Vec<String> = named.flatten().collect();
    if let Some(tags) = &mut document.tags {
        tags.retain(|tag| used.contains(&tag.name));
    }
}

/// The operations of a path.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn add_security_schemes(components: &mut Components) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT or API key");
    let bearer = bearer
        .description(Some(
            "The access token of a sign-in, checked as RFC8725 says, or an API key (`mhk_...`) that an administrator made.",
        ))
        .build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let password = Password::new("/api/v1/auth/token", Scopes::new());
    let password = OAuth2::with_description(
        [Flow::Password(password)],
        "E-mail and password of an account; the token is checked as RFC8725 says.",
    );
    components.add_security_scheme("password", SecurityScheme::OAuth2(password));
}

fn complete_operation(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let security = operation.security.get_or_insert_with(|| default_security(path));
    let guarded = security.contains(&requirement("bearer"));
    for parameter in operation.parameters.iter_mut().flatten().filter_map(inline) {
        give_no_null(parameter);
        describe(parameter);
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        name_optional(body);
    }
    let keyed = *method == HttpMethod::Post && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/auth/");
    if keyed {
        operation
            .parameters
            .get_or_insert_default()
            .push(RefOr::T(idempotency_key()));
    }
    if headers::may_be_kept(path, method) {
        operation
            .parameters
            .get_or_insert_default()
            .push(RefOr::T(if_none_match()));
        let unchanged = Response::new("What `If-None-Match` names is still what would be answered.");
        operation
            .responses
            .responses
            .insert("304".to_owned(), RefOr::T(unchanged));
    }
    let mut conditions = operation.parameters.iter_mut().flatten().filter_map(inline);
    let condition = conditions
        .find(|parameter| parameter.name == "If-Match")
        .map(|found| found.required == Required::True);
    let shape = Shape {
        method,
        api: path.starts_with("/api/"),
        guarded,
        signs_in: path.starts_with("/api/v1/auth/"),
        variable: path.contains('{'),
        has_body: operation.request_body.is_some(),
        conditional: condition.is_some(),
        must_condition: condition == Some(true),
        keyed,
        withdrawable: path.starts_with("/api/v1/articles/{slug}"),
    };
    let responses = &mut operation.responses.responses;
    for status in shape.problems() {
        let response = || RefOr::T(Response::default());
        responses.entry(status.to_owned()).or_insert_with(response);
    }
    for (status, response) in responses {
        if let Some(name) = problems::name_of(status) {
            *response = RefOr::Ref(Ref::from_response_name(name));
        } else if let RefOr::T(response) = response {
            let names = headers::of(path, method, status, response);
            headers::document(response, &names);
        }
    }
}

/// Who may call what says nothing of it: the desk asks for an account, everything else is open. (An empty requirement,
/// not an empty list: generators and Swagger UI take only the former for "no padlock".)
fn default_security(path: &str) -> Vec<SecurityRequirement> {
    if path.starts_with("/api/v1/desk/") {
        vec![requirement("bearer"), requirement("password")]
    } else {
        vec![SecurityRequirement::default()]
    }
}

fn requirement(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, Vec::<String>::new())
}

fn inline(parameter: &mut RefOr<Parameter>) -> Option<&mut Parameter> {
    match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

/// What every POST takes that changes the paper.
fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(MAX_KEY));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A new random text for each new request. Sent again within 24 hours, the request is answered as before, with \
             `Idempotency-Replayed: true`, and not done again; with another body it is refused. When the \
             comment that the answer told of is erased, so is the answer: the request is answered 410, and not done again.",
        ))
        .schema(Some(text))
        .build()
}

/// What everything takes that may be kept.
fn if_none_match() -> Parameter {
    ParameterBuilder::new()
        .name("If-None-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The `ETag` of an answer that is kept: when it still holds, 304 says so, without a body.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// A parameter is sent or left out; there is no way to send `null`.
fn give_no_null(parameter: &mut Parameter) {
    if let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema
        && let SchemaType::Array(types) = &mut schema.schema_type
    {
        types.retain(|kind| *kind != Type::Null);
        if let [one] = types.as_slice() {
            schema.schema_type = SchemaType::Type(one.clone());
        }
    }
}

/// What means the same in every list is described once.
fn describe(parameter: &mut Parameter) {
    let description = match parameter.name.as_str() {
        "limit" => "Entries on a page at most.",
        "cursor" => "The `next_cursor` of the page before this one.",
        "sort" => "The order; a minus before a name turns it around.",
        "with_total" => "Whether to count how many there are, up to 10,000.",
        _ => return,
    };
    parameter.description.get_or_insert_with(|| description.to_owned());
}

/// A body that may be left out is not `null`: it is one of the schema, or none.
fn name_optional(body: &mut RequestBody) {
    for content in body.content.values_mut() {
        if let RefOr::T(content) = content
            && let Some(RefOr::T(Schema::OneOf(one_of))) = &content.schema
            && let [named @ RefOr::Ref(_), RefOr::T(_)] = one_of.items.as_slice()
        {
            content.schema = Some(named.clone());
        }
    }
}
