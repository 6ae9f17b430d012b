//! One line a request, for machines: what stands in it, by the names that log stores are asked for.

use std::fs::{self, File};

use reqwest::Method;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::Served;
use crate::support::client::http;
use crate::support::db::fresh;

/// The line of the request with this id.
fn line_of(logged: &str, id: &str) -> Value {
    let lines = logged.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut lines = lines.filter(|line| line["target"] == "masthead::request" && line["request_id"] == id);
    let line = lines.next().unwrap_or_else(|| panic!("no line for {id} in {logged}"));
    assert!(lines.next().is_none(), "one line a request");
    line
}

#[tokio::test]
async fn a_line_says_who_asked_for_what_and_what_became_of_it() {
    let url = fresh().await;
    let log = std::env::temp_dir().join(format!("masthead-logs-{}.log", std::process::id()));
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_LOG", "info"),
        ("MASTHEAD_LOG_FORMAT", "json"),
    ];
    let server = Served::logging(&settings, File::create(&log).unwrap().into());
    let admin = server.sign_in("admin@demo.local").await;
    let ask = async |id: &str, method: Method, path: &str, token: &str, body: Value| {
        let request = http()
            .request(method, format!("{}{path}", server.base))
            .header("X-Request-Id", id);
        let request = match token {
            "" => request,
            token => request.bearer_auth(token),
        };
        let request = if body.is_null() { request } else { request.json(&body) };
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let me = ask("of-a-user", Method::GET, "/api/v1/auth/me", &admin, Value::Null).await;
    let wanted = json!({"name": "Wire", "scopes": ["articles:read"]});
    let key = ask("makes-a-key", Method::POST, "/api/v1/desk/api-keys", &admin, wanted).await;
    let secret = key["key"].as_str().unwrap();
    ask(
        "of-a-key",
        Method::GET,
        "/api/v1/desk/articles?limit=1",
        secret,
        Value::Null,
    )
    .await;
    ask("of-a-reader", Method::GET, "/api/v1/articles?limit=3", "", Value::Null).await;
    ask("of-nothing", Method::GET, "/api/v1/articles/nothing", "", Value::Null).await;
    assert_eq!(server.end(Signal::TERM), Some(0));
    let logged = fs::read_to_string(&log).unwrap();
    fs::remove_file(log).unwrap();

    for (id, method, route, status) in [
        ("of-a-user", "GET", "/api/v1/auth/me", 200),
        ("makes-a-key", "POST", "/api/v1/desk/api-keys", 201),
        ("of-a-key", "GET", "/api/v1/desk/articles", 200),
        ("of-a-reader", "GET", "/api/v1/articles", 200),
        ("of-nothing", "GET", "/api/v1/articles/{slug}", 404),
    ] {
        let line = line_of(&logged, id);
        assert_eq!(
            (&line["method"], &line["route"], &line["status"]),
            (&json!(method), &json!(route), &json!(status)),
            "{line}"
        );
        assert!(line["duration_ms"].as_f64().is_some_and(|took| took > 0.0), "{line}");
    }
    assert_eq!(line_of(&logged, "of-a-user")["user"], me["id"]);
    let by_key = line_of(&logged, "of-a-key");
    assert_eq!(
        (&by_key["key"], &by_key["user"]),
        (&key["id"], &Value::Null),
        "{by_key}"
    );
    let read = line_of(&logged, "of-a-reader");
    assert!(["miss", "unheard"].contains(&read["cache"].as_str().unwrap()), "{read}");
    assert!(read["user"].is_null() && read["code"].is_null(), "{read}");
    assert_eq!(line_of(&logged, "of-nothing")["code"], "not_found");
}
