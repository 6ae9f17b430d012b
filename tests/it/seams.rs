//! Where two readers of a request could disagree: a path that is spelt otherwise, a method that a header speaks of. Whoever may
//! not do a thing may not do it by any of these, and whoever may does it as it is written or not at all.

use std::collections::BTreeMap;

use reqwest::Request;

use crate::authorization::callers::Caller;
use crate::authorization::scene::Scene;
use crate::authorization::table;
use crate::openapi::{Operation, operations};
use crate::support::raw::Raw;

/// Headers that frameworks take for the method.
const OVERRIDES: [&str; 3] = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

/// A request with everything that it takes, to be sent to other addresses.
struct Sent {
    headers: String,
    body: Vec<u8>,
    path: String,
    query: String,
}

impl Sent {
    fn of(request: &Request) -> Self {
        let body = request
            .body()
            .and_then(|body| body.as_bytes())
            .unwrap_or_default()
            .to_vec();
        let mut headers = String::new();
        for (name, value) in request.headers() {
            headers += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        let query = request.url().query().map(|query| format!("?{query}"));
        Self {
            headers,
            body,
            path: request.url().path().to_owned(),
            query: query.unwrap_or_default(),
        }
    }

    /// What is answered when it is sent like this: the status, and the whole answer in small letters.
    async fn send(&self, scene: &Scene, method: &str, target: &str, more: &str) -> (u16, String) {
        let mut raw = Raw::connect(scene.app()).await;
        let head = format!(
            "{method} {target}{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
            self.query
        );
        let length = format!("Content-Length: {}\r\n", self.body.len());
        raw.say(format!("{head}{more}{}{length}\r\n", self.headers)).await;
        raw.say(&self.body).await;
        let answer = raw.until_closed().await.to_lowercase();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("{method} {target}: {answer}")), answer)
    }

    /// Other spellings of its path.
    fn spellings(&self) -> Vec<String> {
        let path = &self.path;
        let (folder, name) = path.rsplit_once('/').unwrap();
        let room = path.strip_prefix("/api/v1/").unwrap();
        let escaped = format!("%{:02x}", room.as_bytes()[0]);
        vec![
            format!("/{path}"),
            format!("{folder}//{name}"),
            format!("{path}/"),
            format!("{path};x"),
            format!("{path}/;/"),
            format!("{folder}%2f{name}"),
            format!("{folder}%5c{name}"),
            format!("{path}%00"),
            format!("{path}%20"),
            format!("{path}/."),
            format!("/api/v1/articles/../{room}"),
            format!("/api/v1/./{room}"),
            format!("/api/v1/{escaped}{}", &room[1..]),
            format!("/API/V1/{room}"),
            path.to_uppercase(),
            format!("http://elsewhere.example{path}"),
        ]
    }
}

fn guarded() -> Vec<Operation> {
    let within = |operation: &Operation| operation.path.starts_with("/api/v1/") && !operation.is_open();
    operations().into_iter().filter(within).collect()
}

#[tokio::test]
async fn who_may_not_may_not_by_any_spelling_or_method() {
    let scene = Scene::new().await;
    for operation in guarded() {
        for caller in [Caller::Anonymous, Caller::Reader] {
            let refused = table::expected(&operation, caller);
            if refused < 400 {
                continue;
            }
            let (_, request) = scene.request(&operation, caller).await;
            let sent = Sent::of(&request.build().unwrap());
            let before = scene.changes().await;
            let id = operation.id();
            for spelling in sent.spellings() {
                let (status, answer) = sent.send(&scene, &operation.method, &spelling, "").await;
                assert!(
                    (400..500).contains(&status),
                    "{id} by {caller:?} at {spelling}: {answer}"
                );
            }
            for header in OVERRIDES {
                let claim = format!("{header}: {}\r\n", operation.method);
                for method in ["GET", "POST"] {
                    let (status, answer) = sent.send(&scene, method, &sent.path, &claim).await;
                    // Somebody else's operation may be open to all at this address; it is none that changes anything.
                    assert!(
                        status < 500 && (method == "GET" || status >= 400),
                        "{id} by {header}: {answer}"
                    );
                }
            }
            if operation.method == "GET" {
                let (status, _) = sent.send(&scene, "HEAD", &sent.path, "").await;
                assert_eq!(status, refused, "HEAD of {id}");
            }
            let (status, answer) = sent.send(&scene, "OPTIONS", &sent.path, "").await;
            assert!(status == 204 || status >= 400, "OPTIONS of {id}: {answer}");
            assert_eq!(
                scene.changes().await,
                before,
                "{id} by {caller:?} was refused, and done"
            );
        }
    }
}

#[tokio::test]
async fn who_may_reads_it_as_it_is_written_or_not_at_all() {
    let scene = Scene::new().await;
    let mut outcomes: BTreeMap<u16, usize> = BTreeMap::new();
    for operation in guarded() {
        let (_, request) = scene.request(&operation, Caller::Admin).await;
        let sent = Sent::of(&request.build().unwrap());
        let id = operation.id();
        if operation.method == "GET" {
            let (plain, _) = sent.send(&scene, "GET", &sent.path, "").await;
            let (head, _) = sent.send(&scene, "HEAD", &sent.path, "").await;
            assert_eq!(head, plain, "HEAD of {id}");
            for spelling in sent.spellings() {
                let (status, answer) = sent.send(&scene, "GET", &spelling, "").await;
                assert!(
                    status == plain || (400..500).contains(&status),
                    "{id} at {spelling}: {answer}"
                );
                *outcomes.entry(status).or_default() += 1;
                if status == plain && plain < 300 {
                    // What is for one account alone is so however its address is spelt.
                    assert!(
                        answer.contains("cache-control: private, no-store"),
                        "{id} at {spelling}: {answer}"
                    );
                    assert!(
                        !answer.contains("access-control-allow-origin"),
                        "{id} at {spelling}: {answer}"
                    );
                }
            }
        } else {
            let before = scene.changes().await;
            for header in OVERRIDES {
                let claim = format!("{header}: {}\r\n", operation.method);
                sent.send(&scene, "GET", &sent.path, &claim).await;
            }
            let target = format!("{}?_method={}", sent.path, operation.method);
            let bare = Sent {
                query: String::new(),
                headers: sent.headers.clone(),
                body: sent.body.clone(),
                path: sent.path.clone(),
            };
            bare.send(&scene, "GET", &target, "").await;
            assert_eq!(scene.changes().await, before, "{id} was done by a GET");
        }
    }
    assert!(
        outcomes.contains_key(&200) && outcomes.contains_key(&404),
        "{outcomes:?}"
    );
}
