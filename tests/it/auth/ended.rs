//! Whoever may no more is refused at once: where that was done, and on another node, also when that could not hear of it.

use serde_json::json;

use super::login;
use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Client;
use crate::support::db::fresh;
use crate::support::proxy::{Proxy, Wire};
use crate::support::second::within_a_second;

const TAGS: &str = "/api/v1/desk/tags";

/// A right that ends: whose it is, and what they hear afterwards.
struct Ending {
    what: &'static str,
    token: String,
    status: u16,
}

impl Ending {
    fn of(what: &'static str, client: &Client, status: u16) -> Self {
        let token = client.token().to_owned();
        Self { what, token, status }
    }

    /// Asks for what only an editor may do, and what changes nothing.
    async fn ask(&self, app: &TestApp) -> u16 {
        app.bearer(&self.token).post(TAGS, json!({})).await.status
    }
}

/// Ends a right in every way there is.
async fn end_all(app: &TestApp) -> Vec<Ending> {
    let admin = app.admin().await;
    let user = |client: &Client| format!("/api/v1/desk/users/{}", client.account().id);
    let (disabled, demoted, left, reset) = (
        app.editor().await,
        app.editor().await,
        app.editor().await,
        app.editor().await,
    );
    let changed = app.editor().await;
    let other = login(app, &changed).await.expect(200);
    let made = json!({"name": "A program", "scopes": ["taxonomy:write"]});
    let made = admin.post("/api/v1/desk/api-keys", made).await.expect(201);
    let key = app.bearer(&made.text_at("/key"));
    let endings = vec![
        Ending::of("disabled", &disabled, 401),
        Ending::of("demoted", &demoted, 403),
        Ending::of("logged out", &left, 401),
        Ending::of("password reset", &reset, 401),
        Ending::of(
            "password changed elsewhere",
            &app.bearer(&other.text_at("/access_token")),
            401,
        ),
        Ending::of("key revoked", &key, 401),
    ];
    for ending in &endings {
        assert_eq!(ending.ask(app).await, 422, "{}", ending.what);
    }
    admin
        .patch(&user(&disabled), json!({"disabled": true}))
        .await
        .expect(200);
    admin
        .patch(&user(&demoted), json!({"role": "reporter"}))
        .await
        .expect(200);
    left.post("/api/v1/auth/logout", json!({})).await.expect(204);
    let new = json!({"password": "a few unrelated words"});
    admin.post(&format!("{}/password", user(&reset)), new).await.expect(204);
    let new = json!({"current_password": PASSWORD, "new_password": "a few unrelated words"});
    changed.put("/api/v1/auth/me/password", new).await.expect(204);
    admin
        .delete(&format!("/api/v1/desk/api-keys/{}", made.id()))
        .await
        .expect(204);
    endings
}

#[tokio::test]
async fn whoever_may_no_more_is_refused_on_every_node_also_on_one_that_could_not_hear() {
    let url = fresh().await;
    let proxy = Proxy::to(&url).await;
    let (here, there) = (
        TestApp::on(url, |_| {}).await,
        TestApp::on(proxy.url.clone(), |_| {}).await,
    );
    there.anonymous().get("/api/v1/tags").await.expect(200);
    proxy.set(Wire::Cut);
    let endings = end_all(&here).await;
    for ending in &endings {
        assert_eq!(ending.ask(&here).await, ending.status, "{}", ending.what);
        // It cannot know, so it lets nobody in.
        assert_eq!(ending.ask(&there).await, 503, "{}", ending.what);
    }
    proxy.set(Wire::Whole);
    for ending in &endings {
        // Its connections are made anew; until then it still lets nobody in.
        within_a_second(async || match ending.ask(&there).await {
            503 => false,
            status => {
                assert_eq!(status, ending.status, "{}", ending.what);
                true
            }
        })
        .await;
    }
}
