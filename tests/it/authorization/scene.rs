//! A paper in which every operation has something to work on: each request is one that an allowed caller succeeds with.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::schema::audit_log;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::callers::Caller;
use crate::openapi::Operation;
use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::{Client, form};
use crate::support::make;

/// The slugs that the document gives as examples.
const ARTICLE: &str = "harbour-bridge-reopens";
const THREAD: &str = "/api/v1/articles/harbour-bridge-reopens/comments";

pub struct Scene {
    app: TestApp,
    admin: Client,
    /// Writes what is nobody else's.
    writer: Client,
    story: String,
    number: AtomicU32,
}

/// What a request is about.
struct Target {
    id: String,
    /// The token that its author got with a comment.
    comment_token: Option<String>,
}

impl Scene {
    pub async fn new() -> Self {
        let app = TestApp::with(|config| config.accounts.registration = true).await;
        let (admin, writer) = (app.admin().await, app.reporter().await);
        let desk = |resource: &str| format!("/api/v1/desk/{resource}");
        let tag = json!({"name": "Harbour", "kind": "topic"});
        admin.post(&desk("tags"), tag).await.expect(201);
        admin
            .post(&desk("authors"), json!({"name": "Ana Lima"}))
            .await
            .expect(201);
        let story = make::published(
            &admin,
            "The bridge",
            json!({"slug": ARTICLE, "tags": ["harbour"], "authors": ["ana-lima"]}),
        )
        .await
        .id();
        Self {
            app,
            admin,
            writer,
            story,
            number: AtomicU32::new(1),
        }
    }

    /// The server.
    pub fn app(&self) -> &TestApp {
        &self.app
    }

    /// How many changes were made so far.
    pub async fn changes(&self) -> i64 {
        let mut conn = self.app.conn().await;
        audit_log::table.count().get_result(&mut conn).await.unwrap()
    }

    /// A new caller, and their request.
    pub async fn request(&self, operation: &Operation, caller: Caller) -> (Client, reqwest::RequestBuilder) {
        self.request_for(operation, caller, None).await
    }

    /// The same for the thing with this id, which need not be there.
    pub async fn request_for(
        &self,
        operation: &Operation,
        caller: Caller,
        id: Option<Uuid>,
    ) -> (Client, RequestBuilder) {
        let client = caller.client(&self.app).await;
        let target = match id {
            Some(id) => Target {
                id: id.to_string(),
                comment_token: None,
            },
            None => self.target(operation, caller, &client).await,
        };
        let mut path = operation.path.replace("{id}", &target.id);
        if path.contains("{correction_id}") {
            path = self.with_correction(path, &target.id).await;
        }
        if path.contains("{token") {
            path = self.with_preview(operation, path, &target.id).await;
        }
        for parameter in operation.parameters().filter(|parameter| parameter["in"] == "path") {
            if let (Some(name), Some(example)) = (parameter["name"].as_str(), parameter["example"].as_str()) {
                path = path.replace(&format!("{{{name}}}"), example);
            }
        }
        let asked = |parameter: &&Value| parameter["in"] == "query" && parameter["required"] == true;
        let pair = |parameter: &Value| {
            Some(format!(
                "{}={}",
                parameter["name"].as_str()?,
                parameter["example"].as_str()?
            ))
        };
        let query: Vec<String> = operation.parameters().filter(asked).filter_map(pair).collect();
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let method: Method = operation.method.parse().unwrap();
        let mut request = client.request(method, &path);
        if operation.parameters().any(|parameter| parameter["name"] == "If-Match") {
            request = request.header("If-Match", "*");
        }
        if let Some(token) = target.comment_token {
            request = request.header("Comment-Token", token);
        }
        let request = match operation.id() {
            "create_token" => form(request, &self.body(operation, caller).await),
            _ if operation.value["requestBody"].is_object() => request.json(&self.body(operation, caller).await),
            _ => request,
        };
        (client, request)
    }

    /// The body that the document shows, made to fit this paper.
    async fn body(&self, operation: &Operation, caller: Caller) -> Value {
        let content = operation.value["requestBody"]["content"].as_object().unwrap();
        let mut body = content.values().next().unwrap()["example"].clone();
        let unique = self.unique();
        match operation.id() {
            "create_section" | "create_tag" | "create_author" => body["name"] = json!(unique),
            "create_user" | "register" => body["email"] = json!(format!("{unique}@paper.example")),
            // Whoever is signed in comments under their own name.
            "create_comment" if caller != Caller::Anonymous => body = json!({"body": body["body"]}),
            // The paper's other comments are many.
            "replace_comment_rules" => {
                for limit in body["rules"]["flood"].as_object_mut().unwrap().values_mut() {
                    *limit = json!(0);
                }
            }
            "create_comment_ban" => body = json!({"email": format!("{unique}@banned.example")}),
            "create_staff_comment" => body["article_id"] = json!(self.story),
            "change_password" => body["current_password"] = json!(PASSWORD),
            "login" => (body["email"], body["password"]) = (self.account(), json!(PASSWORD)),
            "create_token" => (body["username"], body["password"]) = (self.account(), json!(PASSWORD)),
            "refresh_session" => {
                let login = json!({"email": self.account(), "password": PASSWORD});
                let signed_in = self.app.anonymous().post("/api/v1/auth/login", login).await.expect(200);
                body["refresh_token"] = signed_in.json["refresh_token"].clone();
            }
            _ => {}
        }
        body
    }

    /// Something new for the operation to work on, in the state that it needs.
    async fn target(&self, operation: &Operation, caller: Caller, client: &Client) -> Target {
        let room = operation.path.trim_start_matches("/api/v1/");
        let resource = room.trim_start_matches("desk/").split('/').next().unwrap();
        let id = match (resource, room.contains("{id}")) {
            ("articles", true) if room.starts_with("desk/") => self.article(operation, caller, client).await,
            ("articles" | "comments", true) => return self.comment(operation).await,
            ("comment-bans", true) => {
                let ban = json!({"email": format!("{}@banned.example", self.unique())});
                self.admin.post("/api/v1/desk/comment-bans", ban).await.expect(201).id()
            }
            ("sections" | "tags" | "authors", true) => {
                let created = self
                    .admin
                    .post(&format!("/api/v1/desk/{resource}"), json!({"name": self.unique()}))
                    .await;
                created.expect(201).id()
            }
            ("api-keys", true) => {
                let key = json!({"name": self.unique(), "scopes": ["articles:read"]});
                self.admin.post("/api/v1/desk/api-keys", key).await.expect(201).id()
            }
            ("users", true) => self.app.reporter().await.account().id.to_string(),
            ("auth", true) => match caller {
                Caller::Anonymous | Caller::Disabled | Caller::Expired | Caller::Key | Caller::KeyElsewhere => {
                    Uuid::nil().to_string()
                }
                _ => client.get("/api/v1/auth/sessions").await.text_at("/data/0/id"),
            },
            _ => String::new(),
        };
        Target {
            id,
            comment_token: None,
        }
    }

    /// A draft by its owner, brought to where the verb begins.
    async fn article(&self, operation: &Operation, caller: Caller, client: &Client) -> String {
        let owner = if caller == Caller::Owner { client } else { &self.writer };
        let id = make::draft(owner, &self.unique(), json!({"section": "world"}))
            .await
            .id();
        let path = format!("/api/v1/desk/articles/{id}");
        let verb = |verb: &str| format!("{path}/{verb}");
        let publish = || async { self.admin.act(&verb("publish"), json!({})).await.expect(200) };
        let kill = || async {
            let why = json!({"reason": "Wrong.", "notice": "Withdrawn."});
            self.admin.act(&verb("kill"), why).await.expect(200)
        };
        match operation.id() {
            "return_article" => drop(self.admin.act(&verb("submit"), json!({})).await.expect(200)),
            "unschedule_article" => {
                let plan = json!({"publish_at": "2100-01-01T00:00:00Z"});
                drop(self.admin.act(&verb("schedule"), plan).await.expect(200));
            }
            "kill_article" | "create_correction" | "update_correction" | "delete_correction" => drop(publish().await),
            "reinstate_article" => drop((publish().await, kill().await)),
            "unpublish_article" => drop(self.admin.act(&format!("{path}/publish"), json!({})).await.expect(200)),
            "untrash_article" => drop(self.admin.delete(&path).await.expect(204)),
            _ => {}
        }
        id
    }

    /// The path with a correction of this article in it.
    async fn with_correction(&self, path: String, article: &str) -> String {
        let corrections = format!("/api/v1/desk/articles/{article}/corrections");
        let new = json!({"kind": "correction", "text": "It was wrong."});
        let made = self.admin.act(&corrections, new).await;
        // There is none of an article that is not there.
        let id = made.json.pointer("/id").and_then(Value::as_str).unwrap_or(article);
        path.replace("{correction_id}", id)
    }

    /// The path with a preview link in it: to the article given, or to one of the writer's.
    async fn with_preview(&self, operation: &Operation, path: String, article: &str) -> String {
        let article = match article {
            "" => make::draft(&self.writer, &self.unique(), json!({"section": "world"}))
                .await
                .id(),
            given => given.to_owned(),
        };
        let links = format!("/api/v1/desk/articles/{article}/preview-tokens");
        let link = self.admin.post(&links, json!({})).await;
        // There is none to an article that is not there.
        let text = |pointer: &str| link.json.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        match operation.id() {
            "get_preview" => path.replace("{token}", text("/token")),
            _ => path.replace(
                "{token_id}",
                if link.status == 201 {
                    text("/id")
                } else {
                    article.as_str()
                },
            ),
        }
    }

    /// An approved comment; to appeal, a rejected one.
    async fn comment(&self, operation: &Operation) -> Target {
        let body = json!({"author_name": "Runa Eik", "body": self.unique()});
        let made = self.app.anonymous().post(THREAD, body).await.expect(201);
        let decision = match operation.id() {
            "appeal_comment" => "reject",
            _ => "approve",
        };
        let verb = format!("/api/v1/desk/comments/{}/{decision}", made.id());
        self.admin.act(&verb, json!({})).await.expect(200);
        Target {
            id: made.id(),
            comment_token: Some(made.text_at("/edit_token")),
        }
    }

    fn account(&self) -> Value {
        json!(self.writer.account().email)
    }

    fn unique(&self) -> String {
        format!("number-{}", self.number.fetch_add(1, Ordering::Relaxed))
    }
}
