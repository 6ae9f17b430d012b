//! Secrets where they are easily forgotten: in a path, in what is sent twice, and beside what no client sends.

use masthead::domain::hex::hex;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Caller, NEW_PASSWORD};
use crate::support::client::http;

/// A preview is opened by its path: whatever is wrong with the question, the answer does not repeat it.
pub async fn preview(caller: &mut Caller<'_>, access: &str) {
    let draft = caller
        .post("/api/v1/desk/articles", access, json!({"title": "Hush"}))
        .await;
    let links = format!("/api/v1/desk/articles/{}/preview-tokens", draft["id"].as_str().unwrap());
    let link = caller.post(&links, access, json!({})).await;
    let token = link["token"].as_str().unwrap_or_else(|| panic!("{link}")).to_owned();
    caller.seen.secrets.push(token.clone());
    let live = format!("/api/v1/previews/{token}");
    let shown = caller.ask(Method::GET, &live, "", "").await;
    assert_eq!(shown["article"]["title"], "Hush", "{shown}");
    let before = caller.seen.problems.len();
    for (method, path) in [
        (Method::GET, format!("{live}?bogus=1")),
        (Method::POST, live.clone()),
        (Method::GET, format!("{live}/more")),
        (Method::GET, live.replace("/previews/", "/Previews/")),
        (Method::GET, live.replace("mhp_", "%6Dhp%5f")),
        (Method::GET, format!("/{token}")),
    ] {
        caller.ask(method, &path, "", "").await;
    }
    // The one with escapes is the preview.
    assert_eq!(caller.seen.problems.len(), before + 5);
}

/// What is done once is kept to be answered again, and the password that was in it is not.
pub async fn twice(caller: &mut Caller<'_>, access: &str) {
    let account =
        json!({"email": "twice@paper.example", "name": "Twice", "role": "reporter", "password": NEW_PASSWORD});
    let body = account.to_string();
    // A hash that anybody can make would let whoever has the database try passwords.
    caller.seen.secrets.push(hex(&Sha256::digest(&body)));
    let mut made = Vec::new();
    for _ in 0..2 {
        let request = http()
            .post(format!("{}/api/v1/desk/users", caller.base))
            .bearer_auth(access)
            .header("Idempotency-Key", "makes-twice")
            .header("Content-Type", "application/json")
            .body(body.clone());
        let answer = request.send().await.unwrap();
        made.push((answer.status().as_u16(), answer.text().await.unwrap()));
    }
    assert_eq!(made[0].0, 201, "{}", made[0].1);
    assert_eq!(made[0], made[1]);
}

/// Control characters, as they are, in a path, in a header and in a method.
pub async fn raw(caller: &Caller<'_>) {
    let addr = caller.base.trim_start_matches("http://");
    for (head, answered) in [
        ("GET /\u{1b}[31mFORGED HTTP/1.1\r\nHost: x\r\n", "HTTP/1.1 400"),
        (
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Odd: \u{1b}[31mFORGED\r\n",
            "HTTP/1.1 400",
        ),
        (
            "GET /healthz HTTP/1.1\r\nHost: x\r\nUser-Agent: a\tFORGED\u{85}\r\n",
            "HTTP/1.1 200",
        ),
        (
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\tFORGED\r\n",
            "HTTP/1.1 200",
        ),
        ("FORGED\u{1b} /healthz HTTP/1.1\r\nHost: x\r\n", "HTTP/1.1 400"),
    ] {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream
            .write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = Vec::new();
        // What was refused may be cut off before it was read.
        drop(stream.read_to_end(&mut answer).await);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.starts_with(answered) && !answer.contains("FORGED"),
            "{head:?}: {answer}"
        );
    }
}
