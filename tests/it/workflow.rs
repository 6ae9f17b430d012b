//! Where verbs lead, who may use them, and that a refused one changes nothing.

use masthead::domain::permission::Role;
use masthead::domain::workflow::{ArticleStage, ArticleStatus, ArticleVerb, Needs, State};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

const DESK: &str = "/api/v1/desk/articles";

fn at(article: &Answer) -> String {
    format!("{DESK}/{}", article.id())
}

/// What a verb is sent with.
fn body_of(verb: ArticleVerb) -> Value {
    match verb {
        ArticleVerb::Edit => json!({"title": "Edited"}),
        ArticleVerb::Schedule => json!({"publish_at": "2100-01-01T00:00:00Z"}),
        ArticleVerb::Correct => json!({"kind": "correction", "text": "It was wrong."}),
        ArticleVerb::Kill => json!({"reason": "Wrong.", "notice": "Withdrawn."}),
        _ => json!({}),
    }
}

async fn use_verb(client: &Client, article: &str, verb: ArticleVerb) -> Answer {
    match verb {
        ArticleVerb::Edit => client.patch(article, body_of(verb)).await,
        ArticleVerb::Correct => client.act(&format!("{article}/corrections"), body_of(verb)).await,
        ArticleVerb::Trash => client.delete(article).await,
        ArticleVerb::Purge => client.delete(&format!("{article}?purge=true")).await,
        _ => client.act(&format!("{article}/{verb}"), body_of(verb)).await,
    }
}

/// The verbs that bring a draft to where each state is.
fn ways() -> Vec<Vec<ArticleVerb>> {
    use ArticleVerb::{Kill, Publish, Schedule, Submit, Trash, Unpublish};
    vec![
        vec![],
        vec![Submit],
        vec![Schedule],
        vec![Publish],
        vec![Publish, Submit],
        vec![Publish, Schedule],
        vec![Publish, Unpublish],
        vec![Publish, Unpublish, Submit],
        vec![Publish, Unpublish, Schedule],
        vec![Publish, Kill],
        vec![Trash],
        vec![Publish, Unpublish, Trash],
    ]
}

fn shown(answer: &Answer) -> (String, Value) {
    (answer.text_at("/status"), answer.at("/stage").clone())
}

fn expected(state: State) -> (String, Value) {
    (state.status.to_string(), json!(state.stage.map(ArticleStage::as_str)))
}

/// Every verb, in every state, by everybody who reads the desk: what the table allows works and leads where it says;
/// what it forbids is refused with what is allowed instead, and nothing has changed.
#[tokio::test]
async fn every_verb_in_every_state_by_everybody() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (editor, owner, other) = (app.editor().await, app.reporter().await, app.reporter().await);
    editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let everybody = [
        (&admin, Role::Admin, true),
        (&editor, Role::Editor, true),
        (&owner, Role::Reporter, true),
        (&other, Role::Reporter, false),
    ];
    let mut number = 0;
    for way in ways() {
        for verb in ArticleVerb::ALL {
            for (client, role, writes) in everybody {
                number += 1;
                let made = make::draft(&owner, &format!("Number {number}"), json!({"section": "world"})).await;
                let article = at(&made);
                let mut state = State::NEW;
                for step in &way {
                    let answer = use_verb(&admin, &article, *step).await;
                    assert!(answer.status < 300, "{step}: {}", answer.text);
                    state = state.after(*step).expect("a way");
                }
                let before = admin.get(&article).await.expect(200);
                assert_eq!(shown(&before), expected(state), "{way:?}");
                let may = |needs: Needs| match needs {
                    Needs::Writing => writes,
                    Needs::Permission(permission) => role.may(permission),
                };
                let allowed = state.allowed_actions(may);
                let named: Vec<&str> = allowed.iter().map(|verb| verb.as_str()).collect();
                let seen = client.get(&article).await.expect(200);
                assert_eq!(seen.at("/allowed_actions"), &json!(named), "{way:?} {role}");

                let answer = use_verb(client, &article, *verb).await;
                let told = format!("{verb} after {way:?} by {role}: {}", answer.text);
                if allowed.contains(verb) {
                    assert!(answer.status < 300, "{told}");
                    let after = admin.get(&article).await;
                    match verb {
                        ArticleVerb::Purge => assert_eq!(after.status, 404, "{told}"),
                        _ => assert_eq!(Some(shown(&after)), state.after(*verb).map(expected), "{told}"),
                    }
                } else {
                    let code = if may(verb.needs()) {
                        (409, "invalid_state_transition")
                    } else {
                        (403, "permission_denied")
                    };
                    answer.problem(code.0, code.1);
                    assert_eq!(answer.at("/allowed_actions"), &json!(named), "{told}");
                    assert_eq!(admin.get(&article).await.json, before.json, "{told}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_review_goes_back_and_forth_and_works_on_live_articles() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    editor
        .post("/api/v1/desk/sections", json!({"name": "World"}))
        .await
        .expect(201);
    let made = make::draft(&reporter, "Reviewed", json!({"section": "world"})).await;
    let (article, submit) = (at(&made), format!("{}/submit", at(&made)));
    let note = json!({"note": "Numbers checked."});
    let submitted = reporter.act(&submit, note).await.expect(200);
    assert_eq!(
        (submitted.text_at("/stage"), submitted.at("/submitted_revision")),
        ("in_review".to_owned(), &json!(1))
    );
    let waiting = editor.get(&format!("{DESK}?stage=in_review")).await;
    assert_eq!(waiting.column("title"), ["Reviewed"]);
    reporter
        .patch(&article, json!({"title": "Reviewed again"}))
        .await
        .expect(200);
    let back = editor.act(&format!("{article}/return"), json!({})).await.expect(200);
    assert_eq!(
        (back.at("/stage"), back.at("/submitted_revision")),
        (&Value::Null, &Value::Null)
    );
    let again = reporter.act(&submit, json!({})).await.expect(200);
    assert_eq!(again.at("/submitted_revision"), &json!(2));

    let publish = format!("{article}/publish");
    let published = editor.act(&publish, json!({"revision": 1})).await.expect(200);
    assert_eq!(
        (published.at("/stage"), published.at("/submitted_revision")),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        published.at("/published_revision"),
        &json!(1),
        "exactly the revision that was named"
    );
    let live = reporter.act(&submit, json!({})).await.expect(200);
    assert_eq!(
        (live.text_at("/status"), live.text_at("/stage")),
        ("published".to_owned(), "in_review".to_owned())
    );
    let readers = app.anonymous().get("/api/v1/articles/reviewed").await.expect(200);
    assert_eq!(readers.text_at("/title"), "Reviewed");
    let long = editor.act(&submit, json!({"note": "x".repeat(501)})).await;
    assert_eq!(long.problem(422, "validation_failed"), ["/note"]);
}

#[tokio::test]
async fn an_assigned_reporter_works_on_it_as_on_their_own() {
    let app = TestApp::start().await;
    let (editor, reporter) = (app.editor().await, app.reporter().await);
    let made = make::draft(&editor, "Assigned", json!({})).await;
    let submit = format!("{}/submit", at(&made));
    let refused = reporter.act(&submit, json!({})).await;
    refused.problem(403, "permission_denied");
    assert_eq!(refused.at("/allowed_actions"), &json!([]));
    let to = json!({"assignee": reporter.account().id});
    editor.patch(&at(&made), to).await.expect(200);
    let mine = reporter.get(&format!("{DESK}?assignee=me")).await;
    assert_eq!(mine.column("title"), ["Assigned"]);
    assert_eq!(
        reporter.get(&format!("{DESK}?created_by=me")).await.at("/data"),
        &json!([])
    );
    reporter.act(&submit, json!({})).await.expect(200);
}

#[tokio::test]
async fn verbs_ask_for_the_version_that_was_read() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "Versioned", json!({})).await;
    for verb in [ArticleVerb::Submit, ArticleVerb::Schedule, ArticleVerb::Publish] {
        let path = format!("{}/{verb}", at(&made));
        let bare = editor.request(Method::POST, &path).json(&body_of(verb));
        editor.send(bare).await.problem(428, "precondition_required");
        let stale = editor.request(Method::POST, &path).header("If-Match", "\"v7\"");
        editor
            .send(stale.json(&body_of(verb)))
            .await
            .problem(412, "version_conflict");
    }
    assert_eq!(editor.get(&at(&made)).await.at("/version"), &json!(1));
    assert_eq!(made.text_at("/status"), ArticleStatus::Draft.as_str());
}

#[tokio::test]
async fn of_fifty_editors_with_one_version_one_saves() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = make::draft(&editor, "Contested", json!({})).await;
    let path = at(&made);
    let saves = (0..50).map(|number| {
        let request = editor
            .request(Method::PATCH, &path)
            .header("If-Match", made.header("etag"));
        editor.send(request.json(&json!({"title": format!("By number {number}")})))
    });
    let answers = futures_util::future::join_all(saves).await;
    let with = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(200), with(412)), (1, 49));
    for refused in answers.iter().filter(|answer| answer.status == 412) {
        refused.problem(412, "version_conflict");
        assert!(refused.text.contains("changed title"), "{}", refused.text);
    }
    let listed = editor.get(&format!("{path}/revisions")).await;
    let numbers: Vec<&Value> = listed.json["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["number"])
        .collect();
    assert_eq!(numbers, [2, 1], "no gap, no fork");
}
