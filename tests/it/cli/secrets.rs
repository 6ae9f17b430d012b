//! What is secret stays so: a server that logs everything it can is made to handle marked secrets, and these are looked for in
//! everything that it leaves behind.

mod odd;

use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Stdio};

use masthead::cluster::programs_dir;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Served, masthead};
use crate::support::client::http;
use crate::support::db::fresh;
use crate::support::free_addr;

const EMAIL: &str = "keeper@paper.example";
const PASSWORD: &str = "open-sesame-marked-4711";
const NEW_PASSWORD: &str = "open-sesame-marked-4712";
const WRONG_PASSWORD: &str = "shut-sesame-marked-4713";
const JWT_SECRET: &str = "a-marked-secret-that-signs-tokens-4714";
const DATABASE_PASSWORD: &str = "database-marked-4715";
const FORGED: &str = "forged-marked-4716";

/// Everything that must not be seen, and what was answered with a problem.
struct Seen {
    secrets: Vec<String>,
    problems: Vec<String>,
}

struct Caller<'a> {
    base: &'a str,
    seen: Seen,
}

impl Caller<'_> {
    async fn ask(&mut self, method: Method, path: &str, token: &str, body: impl Into<reqwest::Body>) -> Value {
        let request = http().request(method, format!("{}{path}", self.base)).body(body);
        let request = match token {
            "" => request,
            token => request.bearer_auth(token),
        };
        let form = if path.ends_with("/token") {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        };
        let answer = request.header("Content-Type", form).send().await.unwrap();
        let failed = answer.status().as_u16() >= 400;
        let text = answer.text().await.unwrap();
        if failed {
            self.seen.problems.push(text.clone());
        }
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn post(&mut self, path: &str, token: &str, body: Value) -> Value {
        self.ask(Method::POST, path, token, body.to_string()).await
    }

    /// Signs in, and notes the tokens as secrets.
    async fn sign_in(&mut self, password: &str) -> (String, String) {
        let login = json!({"email": EMAIL, "password": password});
        let signed_in = self.post("/api/v1/auth/login", "", login).await;
        self.note(&signed_in)
    }

    fn note(&mut self, signed_in: &Value) -> (String, String) {
        let token = |name: &str| {
            signed_in[name]
                .as_str()
                .unwrap_or_else(|| panic!("{signed_in}"))
                .to_owned()
        };
        let (access, refresh) = (token("access_token"), token("refresh_token"));
        // Its last part proves the others.
        self.seen.secrets.push(access.rsplit('.').next().unwrap().to_owned());
        self.seen.secrets.push(refresh.clone());
        (access, refresh)
    }
}

async fn work(caller: &mut Caller<'_>) {
    caller.ask(Method::GET, "/api/v1/articles", "", "").await;
    let (access, refresh) = caller.sign_in(PASSWORD).await;
    caller.ask(Method::GET, "/api/v1/auth/me", &access, "").await;
    let renewed = caller
        .post("/api/v1/auth/refresh", "", json!({"refresh_token": refresh}))
        .await;
    let (access, _) = caller.note(&renewed);
    let form = format!("grant_type=password&username={EMAIL}&password={PASSWORD}");
    let by_form = caller.ask(Method::POST, "/api/v1/auth/token", "", form).await;
    caller.note(&by_form);
    // Everything that can be wrong about a secret.
    caller
        .post(
            "/api/v1/auth/login",
            "",
            json!({"email": EMAIL, "password": WRONG_PASSWORD}),
        )
        .await;
    caller
        .post(
            "/api/v1/auth/login",
            "",
            json!({"email": EMAIL, "pasword": WRONG_PASSWORD}),
        )
        .await;
    caller
        .post(
            "/api/v1/auth/login",
            "",
            json!({"email": EMAIL, "password": [WRONG_PASSWORD]}),
        )
        .await;
    caller.post("/api/v1/auth/login", "", json!([WRONG_PASSWORD])).await;
    let broken = format!("{{\"email\": \"{EMAIL}\", \"password\": \"{WRONG_PASSWORD}");
    caller.ask(Method::POST, "/api/v1/auth/login", "", broken).await;
    caller
        .post(
            "/api/v1/auth/refresh",
            "",
            json!({"refresh_token": format!("mhr_{FORGED}")}),
        )
        .await;
    caller
        .ask(Method::GET, "/api/v1/auth/me", &format!("a.b.{FORGED}"), "")
        .await;
    caller
        .ask(Method::GET, &format!("/api/v1/desk/users?token={FORGED}"), &access, "")
        .await;
    let user = json!({"email": "no address", "name": "Nobody", "role": "reporter", "password": WRONG_PASSWORD});
    caller.post("/api/v1/desk/users", &access, user).await;
    let user = json!({"email": "other@paper.example", "name": "Other", "role": "reporter", "password": NEW_PASSWORD});
    caller.post("/api/v1/desk/users", &access, user).await;
    let change = |old: &str| json!({"current_password": old, "new_password": NEW_PASSWORD}).to_string();
    caller
        .ask(Method::PUT, "/api/v1/auth/me/password", &access, change(WRONG_PASSWORD))
        .await;
    caller
        .ask(Method::PUT, "/api/v1/auth/me/password", &access, change(PASSWORD))
        .await;
    let (access, _) = caller.sign_in(NEW_PASSWORD).await;
    use_key(caller, &access).await;
    odd::preview(caller, &access).await;
    odd::twice(caller, &access).await;
    odd::raw(caller).await;
}

/// A key is made, used where it may and may not, revoked, and used again.
async fn use_key(caller: &mut Caller<'_>, access: &str) {
    let wanted = json!({"name": "Importer", "scopes": ["articles:write"]});
    let made = caller.post("/api/v1/desk/api-keys", access, wanted).await;
    let key = made["key"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    // What follows its prefix, which is shown.
    let secret = key.splitn(3, '_').nth(2).unwrap().to_owned();
    caller.seen.secrets.push(secret);
    let article = json!({"title": "From the wire"});
    caller.post("/api/v1/desk/articles", &key, article.clone()).await;
    caller.ask(Method::GET, "/api/v1/desk/users", &key, "").await;
    let twisted = format!("{}x", &key[..key.len() - 1]);
    caller.ask(Method::GET, "/api/v1/desk/articles", &twisted, "").await;
    let revoked = format!("/api/v1/desk/api-keys/{}", made["id"].as_str().unwrap());
    caller.ask(Method::DELETE, &revoked, access, "").await;
    caller.post("/api/v1/desk/articles", &key, article).await;
}

/// Makes the account as an operator does.
fn make_keeper(settings: &[(&str, &str)]) {
    let arguments = [
        "user",
        "create",
        "--role",
        "admin",
        "--email",
        EMAIL,
        "--name",
        "Keeper",
        "--password-stdin",
    ];
    let mut child = masthead(settings, &arguments).stdin(Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(format!("{PASSWORD}\n").as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn no_secret_is_left_anywhere() {
    let plain = fresh().await;
    let url = plain.replacen('@', &format!(":{DATABASE_PASSWORD}@"), 1);
    let log = std::env::temp_dir().join(format!("masthead-secrets-{}.log", std::process::id()));
    let metrics = free_addr().to_string();
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "production"),
        ("MASTHEAD_JWT_SECRET", JWT_SECRET),
        ("MASTHEAD_LOG", "trace"),
        ("MASTHEAD_METRICS_ADDR", &metrics),
        ("MASTHEAD_SHUTDOWN_DELAY", "0ms"),
    ];
    make_keeper(&settings);
    let server = Served::logging(&settings, File::create(&log).unwrap().into());
    let fixed = [
        PASSWORD,
        NEW_PASSWORD,
        WRONG_PASSWORD,
        JWT_SECRET,
        DATABASE_PASSWORD,
        FORGED,
    ];
    let mut caller = Caller {
        base: &server.base.clone(),
        seen: Seen {
            secrets: fixed.map(str::to_owned).to_vec(),
            problems: Vec::new(),
        },
    };
    work(&mut caller).await;
    let Seen { secrets, problems } = caller.seen;
    assert!(
        secrets.len() > 10 && problems.len() > 8,
        "{} {}",
        secrets.len(),
        problems.len()
    );
    let shown = http()
        .get(format!("http://{metrics}/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let command = fs::read_to_string(server.proc("cmdline")).unwrap();
    let dump = Command::new(programs_dir(None).unwrap().join("pg_dump"))
        .args(["--dbname", &plain])
        .output()
        .unwrap();
    assert_eq!(server.end(rustix::process::Signal::TERM), Some(0));
    let (dump, logged) = (
        String::from_utf8(dump.stdout).unwrap(),
        fs::read_to_string(&log).unwrap(),
    );
    fs::remove_file(log).unwrap();
    assert!(
        logged.lines().filter(|line| line.contains("masthead::request")).count() > 15,
        "{logged}"
    );
    let forged = logged
        .chars()
        .find(|character| character.is_control() && *character != '\n');
    assert_eq!(forged, None, "a control character in the log");
    assert!(
        logged.contains(r#""cache":"miss""#) || logged.contains(r#""cache":"unheard""#),
        "{logged}"
    );
    assert!(dump.contains(EMAIL) && shown.contains("masthead_http_requests_total") && command.contains("serve"));
    let places = [
        ("the log", logged),
        ("the metrics", shown),
        ("a problem", problems.join("\n")),
        ("the list of processes", command),
        ("the database", dump),
    ];
    for (place, text) in places {
        for secret in &secrets {
            let line = text.lines().find(|line| line.contains(secret.as_str()));
            assert_eq!(line, None, "{secret} stands in {place}");
        }
    }
}
