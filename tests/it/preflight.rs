//! Preflight: what blocks and what warns, before publishing and in its refusal.

use masthead::domain::preflight::FindingCode;
use serde_json::{Value, json};

use crate::support::client::{Answer, Client};
use crate::support::{TestApp, make};

async fn app() -> TestApp {
    TestApp::with(|config| config.site.preflight_blockers = FindingCode::BLOCKERS.to_vec()).await
}

fn of(article: &Answer, verb: &str) -> String {
    format!("/api/v1/desk/articles/{}/{verb}", article.id())
}

/// Severity and code of each finding.
fn listed(findings: &Value) -> Vec<(String, String)> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let findings = findings.as_array().expect("a list").iter();
    findings
        .map(|finding| (text(finding, "severity"), text(finding, "code")))
        .collect()
}

async fn found(client: &Client, article: &Answer) -> Vec<(String, String)> {
    let answer = client.get(&of(article, "preflight")).await.expect(200);
    listed(answer.at("/findings"))
}

#[tokio::test]
async fn publishing_refuses_with_the_list_that_preflight_gives() {
    let app = app().await;
    let editor = app.editor().await;
    let bare = editor
        .post("/api/v1/desk/articles", json!({"title": "Bare"}))
        .await
        .expect(201);
    let looked = editor.get(&of(&bare, "preflight")).await.expect(200);
    assert_eq!(
        (looked.at("/ready"), looked.at("/revision")),
        (&json!(false), &json!(1))
    );
    let blockers = ["no_body", "no_section", "no_author"].map(|code| ("blocker".to_owned(), code.to_owned()));
    let warnings = ["no_meta_description", "no_standfirst", "no_source"];
    let warnings = warnings.map(|code| ("warning".to_owned(), code.to_owned()));
    assert_eq!(listed(looked.at("/findings")), [&blockers[..], &warnings].concat());

    let refused = editor.act(&of(&bare, "publish"), json!({})).await;
    let pointers = refused.problem(422, "validation_failed");
    assert_eq!(pointers, ["/body", "/section", "/authors"]);
    assert_eq!(refused.at("/findings"), looked.at("/findings"));
    assert_eq!(
        editor.get(&of(&bare, "preflight")).await.json,
        looked.json,
        "nothing changed"
    );
}

#[tokio::test]
async fn an_article_that_lacks_nothing_is_ready() {
    let app = app().await;
    let editor = app.editor().await;
    editor
        .post("/api/v1/desk/authors", json!({"name": "Ana Lima"}))
        .await
        .expect(201);
    let whole = json!({
        "authors": ["ana-lima"],
        "standfirst": "After two years.",
        "seo": {"description": "The bridge is open."},
        "sources": [{"name": "Reuters"}],
    });
    let made = make::draft(&editor, "Bridge opens", whole.clone()).await;
    let looked = editor.get(&of(&made, "preflight")).await.expect(200);
    assert_eq!(
        (looked.at("/ready"), looked.at("/findings")),
        (&json!(true), &json!([]))
    );
    editor.act(&of(&made, "publish"), json!({})).await.expect(200);

    let again = make::draft(&editor, "Bridge opens", whole).await;
    assert_eq!(
        found(&editor, &again).await,
        [("warning".to_owned(), "same_headline".to_owned())]
    );
    app.clock.advance(chrono::TimeDelta::hours(25));
    let editor = app.editor().await;
    assert_eq!(found(&editor, &again).await, []);
    let linked = json!({"body": {"source": "See [there](http://a.example/)."}, "sources": [{"name": "A", "url": "http://a.example/"}]});
    editor
        .patch(&format!("/api/v1/desk/articles/{}", again.id()), linked)
        .await
        .expect(200);
    let links = vec![("warning".to_owned(), "insecure_link".to_owned()); 2];
    assert_eq!(found(&editor, &again).await, links);
    let first = editor
        .get(&format!("{}?revision=1", of(&again, "preflight")))
        .await
        .expect(200);
    assert_eq!(first.at("/findings"), &json!([]), "another revision");
}

#[tokio::test]
async fn which_findings_block_is_a_setting() {
    let app = TestApp::with(|config| config.site.preflight_blockers = vec![FindingCode::SameHeadline]).await;
    let editor = app.editor().await;
    make::published(&editor, "Twice", json!({})).await;
    let second = make::draft(&editor, "Twice", json!({})).await;
    let refused = editor.act(&of(&second, "publish"), json!({})).await;
    assert_eq!(refused.problem(422, "validation_failed"), ["/title"]);
    let bare = editor
        .post("/api/v1/desk/articles", json!({"title": "Bare"}))
        .await
        .expect(201);
    editor.act(&of(&bare, "publish"), json!({})).await.expect(200);
}

#[tokio::test]
async fn preflight_refuses_what_is_not_there() {
    let app = app().await;
    let (editor, moderator) = (app.editor().await, app.moderator().await);
    let made = make::draft(&editor, "Here", json!({})).await;
    let path = of(&made, "preflight");
    moderator.get(&path).await.problem(403, "permission_denied");
    let nobody = "/api/v1/desk/articles/01890000-0000-7000-8000-000000000000/preflight";
    editor.get(nobody).await.problem(404, "not_found");
    for wrong in ["2", "0", "-1"] {
        let refused = editor.get(&format!("{path}?revision={wrong}")).await;
        assert_eq!(refused.problem(400, "invalid_parameter"), ["revision"]);
    }
}
