//! The edge alone, around handlers that misbehave.

use std::cell::RefCell;
use std::io;
use std::sync::Once;
use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, get, web};
use chrono::{TimeZone, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::app::App;
use crate::auth::keyed_hash::KeyedHash;
use crate::auth::password::Hasher;
use crate::auth::preview_token::PreviewTokens;
use crate::auth::sign_ins::SignIns;
use crate::clock::Clock;
use crate::config::{Config, Secrets};

#[get("/panics")]
async fn panics() -> HttpResponse {
    panic!("the secret recipe")
}

#[get("/dawdles")]
async fn dawdles() -> HttpResponse {
    std::future::pending().await
}

#[get("/fails")]
async fn fails() -> HttpResponse {
    HttpResponse::BadGateway().body("a part of the framework says so")
}

#[get("/things/{name}")]
async fn works(request: HttpRequest) -> HttpResponse {
    request.extensions_mut().insert(ActorId::User(Uuid::nil()));
    HttpResponse::Ok().finish()
}

fn shared() -> Shared {
    let mut config = Config::default();
    config.http.request_timeout = Duration::from_millis(50);
    let secrets = Secrets::parse("a secret that only tests know and is long enough").expect("long enough");
    let clock = Clock::manual(Utc.with_ymd_and_hms(2026, 6, 1, 9, 0, 0).unwrap());
    web::Data::new(App {
        comment_hook: None,
        config,
        metrics: Arc::default(),
        closing: Arc::default(),
        expected: Arc::default(),
        sign_ins: SignIns::new(&secrets, clock.clone(), false),
        clock,
        hasher: Hasher::new(33_792).expect("a hasher"),
        rule_book: crate::newsroom::RuleBook::default(),
        comment_intake: crate::newsroom::CommentIntake::default(),
        addresses: KeyedHash::new(&secrets, "addresses"),
        requests: KeyedHash::new(&secrets, "requests"),
        previews: PreviewTokens::new(&secrets),
        comment_emails: KeyedHash::new(&secrets, "tests"),
    })
}

/// What a caller gets for this request: the status, the headers and the body.
async fn ask(request: TestRequest) -> HttpResponse {
    let document = utoipa::openapi::OpenApiBuilder::new().build();
    let table = RouteTable::of(&document, &["/panics", "/dawdles", "/fails", "/things/{name}"]);
    let app = ActixApp::new()
        .wrap(from_fn(edge))
        .app_data(shared())
        .app_data(web::Data::new(table))
        .service(panics)
        .service(dawdles)
        .service(fails)
        .service(works);
    let app = init_service(app).await;
    match app.call(request.to_request()).await {
        Ok(answer) => ServiceResponse::into_parts(answer).1,
        Err(error) => error.error_response(),
    }
}

async fn problem(path: &str) -> (u16, Value) {
    let answer = ask(TestRequest::get().uri(path).insert_header(("X-Request-Id", "r-1"))).await;
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    assert_eq!(header("content-type").as_deref(), Some("application/problem+json"));
    assert_eq!(header("x-request-id").as_deref(), Some("r-1"));
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body()).await.expect("a body");
    (status, serde_json::from_slice(&body).expect("JSON"))
}

#[actix_web::test]
async fn a_handler_that_panics_is_answered_and_its_words_stay_inside() {
    let (status, problem) = problem("/panics").await;
    assert_eq!((status, &problem["code"]), (500, &Value::from("internal_error")));
    assert_eq!(
        (&problem["request_id"], &problem["instance"]),
        (&"r-1".into(), &"/panics".into())
    );
    assert!(!problem.to_string().contains("recipe"));
}

#[actix_web::test]
async fn a_handler_that_dawdles_is_cut_off() {
    let (status, problem) = problem("/dawdles").await;
    assert_eq!((status, &problem["code"]), (503, &Value::from("overloaded")));
}

#[actix_web::test]
async fn a_failure_that_is_not_ours_becomes_a_problem_without_its_words() {
    let (status, problem) = problem("/fails").await;
    assert_eq!((status, &problem["code"]), (500, &Value::from("internal_error")));
    assert!(!problem.to_string().contains("framework"));
}

thread_local! {
    /// What this thread logged.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Keeps what each thread logs, apart from the others.
struct Kept;

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Listens for the whole process: a listener of one thread alone would miss what another thread logged first.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_writer(|| Kept)
            .finish();
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens");
    });
}

#[actix_web::test]
async fn a_request_is_one_line_that_holds_nothing_secret() {
    listen();
    let request = TestRequest::get()
        .uri("/things/blue?cursor=hush")
        .insert_header(("X-Request-Id", "r-2"));
    ask(request
        .insert_header(("Authorization", "Bearer hush"))
        .set_payload("hush"))
    .await;
    ask(TestRequest::get().uri("/nowhere")).await;
    let text = String::from_utf8(LOGGED.take()).expect("UTF-8");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let lines: Vec<&Value> = lines
        .iter()
        .filter(|line| line["target"] == "masthead::request")
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(!text.contains("hush") && !text.contains("blue"), "{text}");
    let [first, second] = lines.as_slice() else {
        unreachable!()
    };
    for (name, value) in [
        ("request_id", "r-2"),
        ("method", "GET"),
        ("route", "/things/{name}"),
        ("level", "INFO"),
    ] {
        assert_eq!(first[name], value, "{text}");
    }
    assert_eq!(
        (&first["status"], &first["user"]),
        (&200.into(), &Uuid::nil().to_string().into())
    );
    assert!(first["duration_ms"].is_f64() && first.get("code").is_none(), "{text}");
    assert_eq!(
        (&second["route"], &second["status"], &second["code"]),
        (&"(none)".into(), &404.into(), &"not_found".into())
    );
}
