//! A paper with a marked word in everything that readers must not see, close to what they see.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::client::{Answer, Client};

/// Stands in all that is not published, in lower case.
pub const MARK: &str = "qanaryword";
/// Stands in all that is.
pub const PUBLIC: &str = "Publicword";

pub struct Scene {
    pub app: TestApp,
    /// Ids of articles that readers see, and of those they must not see.
    pub ids: Vec<String>,
    /// Slugs and ids of everything.
    pub names: Vec<String>,
    /// Ids of comments that readers see, and of those they must not see.
    pub comments: Vec<String>,
    secrets: Vec<String>,
}

impl Scene {
    pub async fn new() -> Self {
        let app = TestApp::start().await;
        let (editor, admin) = (app.editor().await, app.admin().await);
        let account = account(&admin).await;
        write(&editor, "sections", json!({"name": "World"})).await;
        write(&editor, "tags", json!({"name": "Harbour", "kind": "topic"})).await;
        write(&admin, "authors", json!({"name": "Ana Lima", "user": account})).await;

        let draft = write(&editor, "articles", article(MARK, &[])).await.id();
        let withdrawn = write(&editor, "articles", article(MARK, &[])).await.id();
        verb(&editor, &withdrawn, "publish").await;
        let thrown = write(&editor, "articles", article(MARK, &[])).await.id();
        let other = write(&editor, "articles", article(PUBLIC, &[])).await.id();
        verb(&editor, &other, "publish").await;
        let related = [draft.as_str(), &withdrawn, &thrown, &other];
        let story = write(&editor, "articles", article(PUBLIC, &related)).await.id();
        verb(&editor, &story, "publish").await;
        let mut names: Vec<String> = Vec::new();
        for id in [&draft, &withdrawn, &thrown, &other, &story] {
            names.push(editor.get(&desk(id)).await.expect(200).text_at("/slug"));
        }
        let comments = Comments::write(&app, &withdrawn, &story).await;
        correct(&editor, &withdrawn, MARK).await;
        correct(&editor, &story, PUBLIC).await;

        // What is on the desk is not what readers have.
        let mut working_copy = article(MARK, &[]);
        working_copy["slug"] = json!(format!("{MARK}-new"));
        working_copy["note"] = json!(MARK);
        editor.patch(&desk(&story), working_copy).await.expect(200);
        verb(&editor, &withdrawn, "unpublish").await;
        editor.delete(&desk(&thrown)).await.expect(204);

        let ids = [&draft, &withdrawn, &thrown, &other, &story].map(Clone::clone).to_vec();
        names.extend(ids.iter().cloned());
        names.extend(["world", "harbour", "ana-lima"].map(str::to_owned));
        names.push(format!("{MARK}-new"));
        let mut secrets = vec![
            MARK.to_owned(),
            account,
            "@paper.example".to_owned(),
            "@readers.example".to_owned(),
        ];
        secrets.extend([draft, withdrawn, thrown]);
        secrets.extend(comments.hidden.clone());
        Self {
            app,
            ids,
            names,
            comments: [comments.hidden, comments.shown].concat(),
            secrets,
        }
    }

    /// What no reader may be told.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(String::as_str)
    }
}

struct Comments {
    hidden: Vec<String>,
    shown: Vec<String>,
}

impl Comments {
    async fn write(app: &TestApp, withdrawn: &str, story: &str) -> Self {
        let (reader, moderator) = (app.anonymous(), app.moderator().await);
        let lost = comment(&reader, withdrawn, MARK, None).await;
        decide(&moderator, &lost, "approve").await;
        let shown = comment(&reader, story, PUBLIC, None).await;
        decide(&moderator, &shown, "approve").await;
        let answer = comment(&reader, story, PUBLIC, Some(&shown)).await;
        decide(&moderator, &answer, "approve").await;
        let pending = comment(&reader, story, MARK, Some(&shown)).await;
        let rejected = comment(&reader, story, MARK, None).await;
        decide(&moderator, &rejected, "reject").await;
        let removed = comment(&reader, story, MARK, None).await;
        decide(&moderator, &removed, "approve").await;
        moderator
            .delete(&format!("/api/v1/desk/comments/{}", removed.id()))
            .await
            .expect(204);
        // Approved once, and changed by its author since.
        let changed = comment(&reader, story, PUBLIC, None).await;
        decide(&moderator, &changed, "approve").await;
        let own = format!("/api/v1/articles/{story}/comments/{}", changed.id());
        let edit = reader
            .request(reqwest::Method::PATCH, &own)
            .header("Comment-Token", changed.text_at("/edit_token"));
        reader.send(edit.json(&json!({"body": MARK}))).await.expect(200);
        Self {
            hidden: [lost, pending, rejected, removed, changed]
                .iter()
                .map(Answer::id)
                .collect(),
            shown: [shown, answer].iter().map(Answer::id).collect(),
        }
    }
}

/// An article with the same word wherever a word may stand.
fn article(word: &str, related: &[&str]) -> Value {
    let address = format!("https://{}.example/a", word.to_lowercase());
    json!({
        "title": word, "kicker": word, "standfirst": word, "dateline": word,
        "body": {"source": format!("## {word}\n\n{word}")},
        "section": "world", "tags": ["harbour"], "authors": ["ana-lima"], "related": related,
        "sources": [{"name": word, "url": address, "note": word}],
        "seo": {"title": word, "description": word, "canonical_url": address},
        "hero": {"url": address, "alt": word, "caption": word, "credit": word},
    })
}

async fn account(admin: &Client) -> String {
    let user = json!({
        "email": format!("{MARK}@paper.example"), "name": MARK, "role": "reporter", "password": "a few unrelated words",
    });
    admin.post("/api/v1/desk/users", user).await.expect(201).id()
}

async fn write(client: &Client, resource: &str, body: Value) -> Answer {
    client.post(&format!("/api/v1/desk/{resource}"), body).await.expect(201)
}

async fn verb(client: &Client, id: &str, verb: &str) {
    client.act(&format!("{}/{verb}", desk(id)), json!({})).await.expect(200);
}

async fn correct(editor: &Client, id: &str, word: &str) {
    let note = json!({"kind": "correction", "text": word});
    editor.act(&format!("{}/corrections", desk(id)), note).await.expect(201);
}

async fn comment(reader: &Client, article: &str, word: &str, parent: Option<&Answer>) -> Answer {
    let body = json!({
        "author_name": word, "author_email": "runa@readers.example", "body": word, "parent_id": parent.map(Answer::id),
    });
    reader
        .post(&format!("/api/v1/articles/{article}/comments"), body)
        .await
        .expect(201)
}

async fn decide(moderator: &Client, comment: &Answer, verb: &str) {
    let path = format!("/api/v1/desk/comments/{}/{verb}", comment.id());
    moderator.act(&path, json!({})).await.expect(200);
}

fn desk(id: &str) -> String {
    format!("/api/v1/desk/articles/{id}")
}
