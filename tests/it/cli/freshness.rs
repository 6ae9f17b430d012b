//! Two servers in processes of their own: readers of one see what was published at the other, whatever lies between it and
//! PostgreSQL.

use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::db::pool::connect;
use masthead::db::schema::published_articles;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Served;
use crate::support::client::http;
use crate::support::db::{fresh, pool_options};
use crate::support::proxy::{Proxy, Wire};
use crate::support::second::within_a_second;
use crate::support::until;

/// An article, an editor at one server, and a reader at another.
struct Scene {
    near: Served,
    far: Served,
    http: reqwest::Client,
    article: Uuid,
}

impl Scene {
    async fn new(url: &str, far: &str) -> Self {
        let near = Served::start(&[("DATABASE_URL", url), ("MASTHEAD_ENV", "development")]);
        let far = Served::start(&[("DATABASE_URL", far), ("MASTHEAD_ENV", "development")]);
        let http = http();
        let list = http.get(format!("{}/api/v1/articles?limit=1", near.base));
        let list: Value = list.send().await.unwrap().json().await.unwrap();
        let article = list["data"][0]["id"].as_str().unwrap().parse().unwrap();
        Self {
            near,
            far,
            http,
            article,
        }
    }

    /// Publishes the article under another title, at the near server.
    async fn publish(&self, title: &str) {
        self.publish_at(&self.near, title).await;
    }

    async fn publish_at(&self, server: &Served, title: &str) {
        let token = server.sign_in("editor@demo.local").await;
        for (method, below, body) in [
            (Method::PATCH, "", json!({"title": title})),
            (Method::POST, "/publish", json!({})),
        ] {
            let at = format!("{}/api/v1/desk/articles/{}{below}", server.base, self.article);
            let request = self.http.request(method, at).bearer_auth(&token);
            let answer = request.header("If-Match", "*").json(&body).send().await.unwrap();
            assert_eq!(answer.status(), 200);
        }
        assert_eq!(
            self.read(server).await.1,
            title,
            "who made the change never shows what was before"
        );
    }

    /// How the article is told by a server, and its title.
    async fn read(&self, server: &Served) -> (HeaderMap, String) {
        let at = format!("{}/api/v1/articles/{}", server.base, self.article);
        let answer = self.http.get(at).send().await.unwrap();
        let headers = answer.headers().clone();
        let body: Value = answer.json().await.unwrap();
        (headers, body["title"].as_str().unwrap_or_default().to_owned())
    }

    /// Whether the far server keeps the article, and takes it for true.
    async fn is_kept(&self) -> bool {
        let (headers, _) = self.read(&self.far).await;
        // An error has none, as of a connection that was cut before.
        let status = headers.get("cache-status").map(|status| status.to_str().unwrap());
        status.is_some_and(|status| status.starts_with("masthead; hit")) && !headers.contains_key("age")
    }

    async fn shows_soon(&self, title: &str) {
        within_a_second(async || self.read(&self.far).await.1 == title).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_shows_a_change_within_a_second() {
    let url = fresh().await;
    let scene = Scene::new(&url, &url).await;
    for title in ["First", "Second", "Third"] {
        until(async || scene.is_kept().await).await;
        scene.publish(title).await;
        scene.shows_soon(title).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_stays_open_delays_nobody() {
    let url = fresh().await;
    let scene = Scene::new(&url, &url).await;
    let mut early = connect(&url, &pool_options()).await.unwrap();
    let others = published_articles::table.filter(published_articles::id.ne(scene.article));
    early.batch_execute("BEGIN").await.unwrap();
    let by_hand = diesel::update(others).set(published_articles::title.eq("By hand"));
    by_hand.execute(&mut early).await.unwrap();
    for title in ["First", "Second"] {
        until(async || scene.is_kept().await).await;
        scene.publish(title).await;
        scene.shows_soon(title).await;
    }
    early.batch_execute("COMMIT").await.unwrap();
    let list = format!("{}/api/v1/articles?limit=100", scene.far.base);
    within_a_second(async || {
        let list = scene.http.get(&list).send().await.unwrap().text().await.unwrap();
        list.contains("By hand")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_was_cut_off_says_so_and_is_right_within_a_second_after() {
    let url = fresh().await;
    let proxy = Proxy::to(&url).await;
    let scene = Scene::new(&url, &proxy.url).await;
    for (wire, before, title) in [
        (Wire::Cut, "Whole", "While it was cut"),
        (Wire::Dead, "Whole again", "While it was dead"),
    ] {
        // Where the change was made it is known: what is kept from now on holds when the wire is cut.
        scene.publish_at(&scene.far, before).await;
        until(async || scene.is_kept().await).await;
        proxy.set(wire);
        scene.publish(title).await;
        // Until it knows that nobody hears it, and from then on with a mark.
        until(async || !scene.is_kept().await).await;
        let (headers, shown) = scene.read(&scene.far).await;
        assert_eq!(shown, before, "{wire:?}");
        assert!(headers.contains_key("age"), "{wire:?}: {headers:?}");
        let status = headers["cache-status"].to_str().unwrap();
        assert!(status.ends_with("detail=database-away"), "{wire:?}: {status}");
        if wire == Wire::Dead {
            // The latest moment: an attempt to connect has just begun, and what it sent is lost.
            proxy.loses().await;
        }
        proxy.set(Wire::Whole);
        scene.shows_soon(title).await;
    }
}
