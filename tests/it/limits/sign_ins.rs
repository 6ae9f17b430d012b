//! Guessing passwords: how seldom it is possible, and that it keeps nobody else out.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::behind_a_proxy;
use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::db::fresh;

const LOGIN: &str = "/api/v1/auth/login";
const HOME: &str = "198.51.100.7";

/// A sign-in from an address, as the proxy in front says.
async fn login_from(app: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    let client = app.anonymous();
    let request = client.request(Method::POST, LOGIN).header("X-Forwarded-For", address);
    client
        .send(request.json(&json!({"email": email, "password": password})))
        .await
}

fn limited(config: &mut masthead::config::Config) {
    behind_a_proxy(config);
    config.limits.auth = 1_000_000;
}

/// What a refusal says, apart from what no two of them share.
fn said(answer: &Answer) -> Value {
    let mut body = answer.json.clone();
    body["request_id"] = Value::Null;
    json!([
        answer.status,
        body,
        answer.header("www-authenticate"),
        answer.header("retry-after")
    ])
}

#[tokio::test]
async fn of_a_thousand_wrong_passwords_from_one_address_five_a_minute_are_looked_at() {
    let app = TestApp::with(|config| {
        config.http.rate_limits = true;
        config.limits.auth = 1_000_000;
    })
    .await;
    let email = app.editor().await.account().email.clone();
    let turned: String = email
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c })
        .collect();
    let spellings = [
        email.clone(),
        turned,
        format!(" {email}"),
        format!("{email}\t"),
        "nobody@paper.example".to_owned(),
        "NOBODY@paper.example".to_owned(),
        "no address at all".to_owned(),
        String::new(),
    ];
    let mut looked_at = 0;
    for turn in 0..20 {
        let asked = (0..50).map(|place| {
            let client = app.anonymous();
            let number = turn * 50 + place;
            let spelling = &spellings[number % spellings.len()];
            let mut request = client.request(Method::POST, LOGIN);
            for name in [
                "X-Forwarded-For",
                "X-Real-IP",
                "Forwarded",
                "X-Client-IP",
                "X-Originating-IP",
            ] {
                request = request.header(name, format!("203.0.{}.{}", number / 250, number % 250));
            }
            request = request.header("User-Agent", format!("Browser {number}"));
            let body = json!({"email": spelling, "password": format!("a wrong password {number}")});
            async move { client.send(request.json(&body)).await }
        });
        for answer in join_all(asked).await {
            match answer.status {
                401 => looked_at += 1,
                _ => drop(answer.problem(429, "rate_limited")),
            }
        }
    }
    // It is strange to all of these accounts, and the clock stands still.
    assert_eq!(looked_at, 5, "so many hashes were computed");
}

#[tokio::test]
async fn of_guesses_from_many_places_at_once_none_is_overlooked() {
    let url = fresh().await;
    let (app, other) = (TestApp::on(url.clone(), limited).await, TestApp::on(url, limited).await);
    let email = app.editor().await.account().email.clone();
    let mut looked_at = 0;
    for turn in 0..4 {
        let asked = (0..40).map(|place| {
            let (app, email) = (if place % 2 == 0 { &app } else { &other }, &email);
            async move { login_from(app, &format!("203.{turn}.{place}.1"), email, "a guess").await }
        });
        for answer in join_all(asked).await {
            match answer.status {
                401 => looked_at += 1,
                _ => drop(answer.problem(429, "rate_limited")),
            }
        }
    }
    // As few as it may be, where all who came at once were in each other's way; never one more.
    assert!(looked_at <= 20, "{looked_at} hashes were computed");
}

#[tokio::test]
async fn accounts_that_are_there_and_those_that_are_not_are_refused_alike() {
    let app = TestApp::with(limited).await;
    let known = app.editor().await.account().email.clone();
    for turn in 0..25 {
        // Each from a place of its own.
        let (one, other) = (format!("203.0.{turn}.1"), format!("203.1.{turn}.1"));
        let known = login_from(&app, &one, &known, "a wrong password").await;
        let unknown = login_from(&app, &other, "nobody@paper.example", "a wrong password").await;
        assert_eq!(known.status, if turn < 20 { 401 } else { 429 }, "{turn}");
        assert_eq!(said(&known), said(&unknown), "{turn}");
    }
}

#[tokio::test]
async fn strangers_who_guess_keep_nobody_out_of_an_account() {
    let app = TestApp::with(limited).await;
    let email = app.editor().await.account().email.clone();
    login_from(&app, HOME, &email, PASSWORD).await.expect(200);
    for turn in 0..20 {
        login_from(&app, &format!("203.0.{turn}.1"), &email, "a guess")
            .await
            .problem(401, "invalid_credentials");
    }
    // Even the right password is not looked at from a strange place,
    let stranger = login_from(&app, "192.0.2.1", &email, PASSWORD).await;
    stranger.problem(429, "rate_limited");
    assert!(!stranger.header("retry-after").is_empty());
    // but the owner gets in from home and from next door, and after a mistake too.
    login_from(&app, HOME, &email, "mistyped")
        .await
        .problem(401, "invalid_credentials");
    login_from(&app, HOME, &email, PASSWORD).await.expect(200);
    login_from(&app, "198.51.100.99", &email, PASSWORD).await.expect(200);
    app.clock.advance(TimeDelta::minutes(15));
    login_from(&app, "192.0.2.1", &email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn whoever_guesses_keeps_no_colleague_behind_the_same_address_out() {
    let app = TestApp::with(limited).await;
    let colleague = app.editor().await.account().email.clone();
    login_from(&app, HOME, &colleague, PASSWORD).await.expect(200);
    for turn in 0..8 {
        let guess = login_from(&app, HOME, &format!("victim-{turn}@paper.example"), "a guess").await;
        assert_eq!(guess.status, if turn < 5 { 401 } else { 429 }, "{turn}");
    }
    login_from(&app, HOME, &colleague, PASSWORD).await.expect(200);
    app.clock.advance(TimeDelta::minutes(1));
    login_from(&app, HOME, "victim-9@paper.example", "a guess")
        .await
        .problem(401, "invalid_credentials");
}

#[tokio::test]
async fn all_nodes_count_together_and_a_session_cannot_guess_its_password_either() {
    let url = fresh().await;
    let (here, there) = (TestApp::on(url.clone(), limited).await, TestApp::on(url, limited).await);
    let email = here.editor().await.account().email.clone();
    for turn in 0..8 {
        let node = if turn % 2 == 0 { &here } else { &there };
        let guess = login_from(node, HOME, &email, "a guess").await;
        assert_eq!(guess.status, if turn < 5 { 401 } else { 429 }, "{turn}");
    }
    let thief = here.reporter().await;
    let change = json!({"current_password": "a guess", "new_password": "a few unrelated words"});
    for turn in 0..7 {
        let guess = thief.put("/api/v1/auth/me/password", change.clone()).await;
        assert_eq!(guess.status, if turn < 5 { 422 } else { 429 }, "{turn}");
    }
}

#[tokio::test]
#[ignore = "measures time"]
async fn an_account_that_is_there_is_refused_as_quickly_as_one_that_is_not() {
    let app = TestApp::with(limited).await;
    let known = app.editor().await.account().email.clone();
    // By how much the account that is there takes longer, pair by pair: what else the machine does meets both alike.
    let (mut longer, mut whole) = (Vec::new(), Duration::ZERO);
    for turn in 0..100 {
        app.clock.advance(TimeDelta::minutes(16));
        let address = format!("203.0.{turn}.1");
        let mut took = [0.0; 2];
        for place in [turn % 2, 1 - turn % 2] {
            let email = [known.as_str(), "nobody@paper.example"][place];
            let began = Instant::now();
            let refused = login_from(&app, &address, email, "a wrong password").await;
            took[place] = began.elapsed().as_secs_f64() * 1000.0;
            refused.problem(401, "invalid_credentials");
            whole += began.elapsed();
        }
        longer.push(took[0] - took[1]);
    }
    longer.sort_unstable_by(f64::total_cmp);
    let median = longer[longer.len() / 2];
    let each = whole.as_secs_f64() * 1000.0 / 200.0;
    println!("a wrong password takes {median:.2} ms longer than no account, of {each:.0} ms");
    assert!(median.abs() < 5.0, "{median} ms of {each} ms");
}
