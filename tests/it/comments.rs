//! Comments, as readers write and read them.

mod evasion;
pub mod own;
mod pages;
mod policies;
mod refusals;
mod signed_in;
mod threads;
mod together;

use masthead::config::Config;
use masthead::db::schema::{article_counts, comments};
use serde_json::{Value, json};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::client::{Answer, Client};
use crate::support::db::fresh;

pub const THREAD: &str = "/api/v1/articles/bridge-opens/comments";
pub const DESK: &str = "/api/v1/desk/comments";

/// A paper with one published article, somebody who moderates, and somebody who reads.
pub struct Scene {
    pub app: TestApp,
    pub editor: Client,
    pub moderator: Client,
    pub reader: Client,
    /// The article's id.
    pub article: String,
    /// The database's address.
    pub url: String,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with settings changed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let url = fresh().await;
        let app = TestApp::on(url.clone(), change).await;
        let (editor, moderator) = (app.editor().await, app.moderator().await);
        let article = publish(&editor, "Bridge opens").await;
        let reader = app.anonymous();
        Self {
            app,
            editor,
            moderator,
            reader,
            article,
            url,
        }
    }

    /// A pending comment, or one that answers `parent`.
    pub async fn post(&self, body: &str, parent: Option<&str>) -> Answer {
        let body = json!({"author_name": "Runa Eik", "body": body, "parent_id": parent});
        self.reader.post(THREAD, body).await.expect(201)
    }

    /// An approved comment's id.
    pub async fn approved(&self, body: &str, parent: Option<&str>) -> String {
        let id = self.post(body, parent).await.id();
        self.verb(&id, "approve").await.expect(200);
        id
    }

    pub async fn verb(&self, id: &str, verb: &str) -> Answer {
        self.moderator.act(&format!("{DESK}/{id}/{verb}"), json!({})).await
    }

    /// What readers see of the article's comments.
    pub async fn thread(&self) -> Answer {
        self.reader.get(THREAD).await.expect(200)
    }

    /// How many comments the article's card says there are.
    pub async fn count(&self) -> i32 {
        let id: Uuid = self.article.parse().unwrap();
        let found = article_counts::table
            .find(id)
            .select(article_counts::comments)
            .first(&mut self.app.conn().await)
            .await;
        found.optional().unwrap().unwrap_or(0)
    }

    /// How many comments there are at all.
    pub async fn kept(&self) -> i64 {
        comments::table
            .count()
            .get_result(&mut self.app.conn().await)
            .await
            .unwrap()
    }
}

/// The id of a new published article.
pub async fn publish(editor: &Client, title: &str) -> String {
    editor
        .post("/api/v1/desk/sections", json!({"name": "World", "slug": "world"}))
        .await;
    let draft = json!({"title": title, "section": "world", "body": {"source": "Lead."}});
    let made = editor.post("/api/v1/desk/articles", draft).await.expect(201);
    let verb = format!("/api/v1/desk/articles/{}/publish", made.id());
    editor.act(&verb, json!({})).await.expect(200);
    made.id()
}

/// A comment's address for readers.
pub fn at(id: &str) -> String {
    format!("{THREAD}/{id}")
}

#[tokio::test]
async fn a_reader_comments_and_is_seen_once_approved() {
    let scene = Scene::new().await;
    let body = json!({
        "author_name": " Runa  Eik ", "author_email": "Runa@Reader.example",
        "body": "I was on the second bus.\n\nSee https://transport.example/bridge",
    });
    let posted = scene.reader.post(THREAD, body).await.expect(201);
    assert_eq!(posted.header("location"), at(&posted.id()));
    assert_eq!(posted.header("cache-control"), "private, no-store");
    assert_eq!(posted.text_at("/status"), "pending");
    assert_eq!(posted.at("/depth"), 1);
    assert_eq!(posted.text_at("/author_kind"), "reader");
    assert_eq!(
        posted.text_at("/body_html"),
        "<p>I was on the second bus.</p><p>See <a href=\"https://transport.example/bridge\" \
         rel=\"nofollow ugc noopener\">https://transport.example/bridge</a></p>"
    );
    assert!(posted.text_at("/edit_token").starts_with("mhc_"));
    assert!(
        !posted.text.to_lowercase().contains("reader.example"),
        "{}",
        posted.text
    );

    assert!(scene.thread().await.column("id").is_empty());
    scene.reader.get(&at(&posted.id())).await.problem(404, "not_found");
    assert_eq!(scene.count().await, 0);

    scene.verb(&posted.id(), "approve").await.expect(200);
    let seen = scene.thread().await;
    assert_eq!(seen.column("id"), [posted.id()]);
    assert_eq!(seen.text_at("/data/0/status"), "approved");
    assert!(seen.at("/data/0").get("edit_token").is_none());
    assert!(seen.header("cache-tag").contains(&scene.article));
    assert_eq!(scene.reader.get(&at(&posted.id())).await.expect(200).id(), posted.id());
    assert_eq!(scene.count().await, 1);
}

#[tokio::test]
async fn an_address_is_kept_only_as_a_hash() {
    let scene = Scene::new().await;
    let other = publish(&scene.editor, "Another story").await;
    let mut keys = Vec::new();
    for (thread, email) in [
        (THREAD.to_owned(), "runa@reader.example"),
        (THREAD.to_owned(), " RUNA@reader.example "),
        (THREAD.to_owned(), "else@reader.example"),
        (format!("/api/v1/articles/{other}/comments"), "runa@reader.example"),
    ] {
        let body = json!({"author_name": "Runa", "author_email": email, "body": "x"});
        let posted = scene.reader.post(&thread, body).await.expect(201);
        keys.push(posted.text_at("/avatar_key"));
    }
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[0], keys[2]);
    assert_ne!(keys[0], keys[3], "nobody is followed from article to article");

    let seen = scene
        .moderator
        .get(&format!("{DESK}?sort=created_at"))
        .await
        .expect(200);
    let mut hashes = seen.column("author_email_hash");
    assert!(hashes.iter().all(|hash| hash.len() == 64));
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 2);
    assert!(!seen.text.contains("reader.example/") && !seen.text.contains("runa@"));
}

#[tokio::test]
async fn what_looks_like_markup_is_shown_as_it_was_typed() {
    let scene = Scene::new().await;
    for (body, shown) in [
        (
            "<script>alert(1)</script>",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        ),
        (
            "<img src=x onerror=alert(1)>",
            "<p>&lt;img src=x onerror=alert(1)&gt;</p>",
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        (
            "https://a.example/\"onmouseover=\"x",
            "<p><a href=\"https://a.example/\" rel=\"nofollow ugc noopener\">https://a.example/</a>\
             &quot;onmouseover=&quot;x</p>",
        ),
    ] {
        assert_eq!(scene.post(body, None).await.text_at("/body_html"), shown);
    }
}

#[tokio::test]
async fn an_unpublished_article_takes_its_comments_along() {
    let scene = Scene::new().await;
    let id = scene.approved("Seen", None).await;
    let posted = scene.post("Own", None).await;
    let desk = format!("/api/v1/desk/articles/{}", scene.article);
    scene
        .editor
        .act(&format!("{desk}/unpublish"), json!({}))
        .await
        .expect(200);

    let new = json!({"author_name": "Runa", "body": "x"});
    let token = posted.text_at("/edit_token");
    for refused in [
        scene.reader.get(THREAD).await,
        scene.reader.get(&at(&id)).await,
        scene.reader.get(&format!("{}/replies", at(&id))).await,
        scene.reader.post(THREAD, new).await,
        own::patch(&scene, &posted.id(), &token, json!({"body": "y"})).await,
        own::delete(&scene, &posted.id(), &token).await,
    ] {
        refused.problem(404, "not_found");
    }

    scene
        .editor
        .act(&format!("{desk}/publish"), json!({}))
        .await
        .expect(200);
    assert_eq!(scene.thread().await.column("id"), [id]);
    assert_eq!(scene.count().await, 1);
}

#[tokio::test]
async fn an_old_slug_leads_to_the_comments_and_still_takes_them() {
    let scene = Scene::new().await;
    let desk = format!("/api/v1/desk/articles/{}", scene.article);
    scene
        .editor
        .patch(&desk, json!({"slug": "bridge-open"}))
        .await
        .expect(200);
    scene
        .editor
        .act(&format!("{desk}/publish"), json!({}))
        .await
        .expect(200);

    let moved = scene.reader.get(&format!("{THREAD}?limit=5")).await.expect(301);
    assert_eq!(
        moved.header("location"),
        format!("/api/v1/articles/{}/comments?limit=5", scene.article)
    );
    assert_eq!(moved.text_at("/path"), "/world/bridge-open");
    let posted = scene.post("Late to the party", None).await;
    let now = format!("/api/v1/articles/bridge-open/comments/{}", posted.id());
    assert_eq!(posted.header("location"), now);
    let moved = scene.reader.get(&at(&posted.id())).await.expect(301);
    let lasting = format!("/api/v1/articles/{}/comments/{}", scene.article, posted.id());
    assert_eq!(moved.header("location"), lasting);
}

/// What a list says of each entry.
pub fn all<'a>(answer: &'a Answer, field: &str) -> Vec<&'a Value> {
    answer
        .at("/data")
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry[field])
        .collect()
}
