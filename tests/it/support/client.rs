//! A client named after who asks. Every answer is held against the API document, and its headers against what they must say,
//! before the test sees it.

use masthead::db::users::UserRow;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{document, headers};

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    base: String,
    token: Option<String>,
    user: Option<UserRow>,
    http: reqwest::Client,
}

/// A client that follows nothing.
pub fn http() -> reqwest::Client {
    #[expect(
        clippy::disallowed_methods,
        reason = "the tests' own client asks the server under test alone"
    )]
    let builder = reqwest::Client::builder();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        // Earlier than the server closes what is idle: a test that waits for something else does not hear of that.
        .pool_idle_timeout(std::time::Duration::from_secs(2))
        // Nothing is asked over TLS, and reading the system's certificates for each client takes long.
        .tls_certs_only([])
        .build()
        .unwrap()
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl Client {
    pub fn new(base: &str, token: Option<&str>, user: Option<UserRow>) -> Self {
        Self {
            base: base.to_owned(),
            token: token.map(str::to_owned),
            user,
            http: http(),
        }
    }

    /// The account of this client.
    pub fn account(&self) -> &UserRow {
        self.user.as_ref().expect("this client has an account")
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().expect("this client has a token")
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// A PATCH of whatever version is there.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).header("If-Match", "*").json(&body))
            .await
    }

    /// A DELETE of whatever version is there.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).header("If-Match", "*"))
            .await
    }

    /// A verb on whatever version is there.
    pub async fn act(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).header("If-Match", "*").json(&body))
            .await
    }

    /// A request to add headers or an odd body to; give it to [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends it and holds the answer against the document.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let origin = request
            .headers()
            .get("origin")
            .map(|origin| origin.to_str().unwrap().to_owned());
        let response = self.http.execute(request).await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a whole body");
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer {
            status,
            headers,
            text,
            json,
        };
        document::check(&method, &path, &answer);
        headers::check(&method, &path, origin.as_deref(), &answer);
        answer
    }
}

/// The request with an HTML form for its body.
pub fn form(request: RequestBuilder, fields: &Value) -> RequestBuilder {
    let fields = fields.as_object().expect("an object");
    let pairs = fields
        .iter()
        .map(|(name, value)| (name, value.as_str().expect("a string")));
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body)
}

impl Answer {
    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The value at a JSON pointer; it must be there.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &Value {
        self.json
            .pointer(pointer)
            .unwrap_or_else(|| panic!("no {pointer} in {}", self.text))
    }

    /// The string at a JSON pointer.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        self.at(pointer)
            .as_str()
            .unwrap_or_else(|| panic!("{pointer} is no string in {}", self.text))
            .to_owned()
    }

    /// The `id`.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text_at("/id")
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    /// A problem with this status and code; answers the pointers and parameters it names.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Vec<String> {
        assert_eq!(
            (self.status, self.json["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.text
        );
        let errors = self.json["errors"].as_array().unwrap();
        let name = |error: &Value| {
            error["pointer"]
                .as_str()
                .or(error["parameter"].as_str())
                .unwrap_or("")
                .to_owned()
        };
        errors.iter().map(name).collect()
    }

    /// One field of every entry of a list.
    #[track_caller]
    pub fn column(&self, field: &str) -> Vec<String> {
        let entries = self.at("/data").as_array().expect("a list");
        entries
            .iter()
            .map(|entry| entry[field].as_str().unwrap_or("").to_owned())
            .collect()
    }
}
