//! What saving, publishing and correcting cost: every statement is a round trip, so there is a budget.

use masthead::domain::actor::Act;
use masthead::domain::body::BodyRules;
use masthead::domain::correction::CorrectionKind;
use masthead::domain::patch::Patch;
use masthead::domain::version::Expected;
use masthead::newsroom::{self, ArticleChange, BodyChange, NewCorrection, Publication};
use serde_json::json;
use uuid::Uuid;

use super::{DESK, publish};
use crate::support::TestApp;
use crate::support::statements::Heard;

fn cost(heard: &Heard, budget: usize) {
    let statements = heard.take();
    assert!(
        !statements.is_empty() && statements.len() <= budget,
        "{}: {statements:#?}",
        statements.len()
    );
}

#[tokio::test]
async fn saving_and_publishing_keep_to_their_budget() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (kind, name) in [
        ("sections", "World"),
        ("sections", "Sport"),
        ("tags", "Football"),
        ("tags", "Rules"),
        ("authors", "Ana Lima"),
    ] {
        let path = format!("/api/v1/desk/{kind}");
        admin.post(&path, json!({"name": name})).await.expect(201);
    }
    let body = json!({"title": "Budget", "section": "world", "authors": ["ana-lima"], "body": {"source": "Text."}});
    let made = admin.post(DESK, body).await.expect(201);
    let id: Uuid = made.id().parse().unwrap();
    let (act, rules) = (Act::system(app.clock.now()), BodyRules::default());
    let mut conn = app.conn().await;
    let heard = Heard::default();
    heard.listen(&mut conn);

    newsroom::publish_article(&mut conn, &act, &rules, id, Expected::Any, Publication::default())
        .await
        .unwrap();
    cost(&heard, 18);

    let source = Patch::Set("A paragraph of some length. ".repeat(150));
    let body = Patch::Set(BodyChange {
        source,
        format: Patch::Absent,
    });
    let text = ArticleChange {
        title: Some("New".to_owned()),
        body,
        ..ArticleChange::default()
    };
    newsroom::save_article(&mut conn, &act, &rules, id, Expected::Any, text)
        .await
        .unwrap();
    cost(&heard, 5);
    let everything = ArticleChange {
        title: Some("Newer".to_owned()),
        section: Patch::Set("sport".to_owned()),
        tags: Patch::Set(vec!["football".to_owned(), "rules".to_owned()]),
        authors: Patch::Set(vec!["ana-lima".to_owned()]),
        ..ArticleChange::default()
    };
    newsroom::save_article(&mut conn, &act, &rules, id, Expected::Any, everything)
        .await
        .unwrap();
    cost(&heard, 8);

    newsroom::publish_article(&mut conn, &act, &rules, id, Expected::Any, Publication::default())
        .await
        .unwrap();
    cost(&heard, 18);

    let note = || NewCorrection {
        kind: CorrectionKind::Correction,
        text: "It was wrong.".to_owned(),
        patch: None,
    };
    newsroom::correct_article(&mut conn, &act, &rules, id, Expected::Any, note())
        .await
        .unwrap();
    cost(&heard, 17);
    let pending = ArticleChange {
        title: Some("Pending".to_owned()),
        ..ArticleChange::default()
    };
    newsroom::save_article(&mut conn, &act, &rules, id, Expected::Any, pending)
        .await
        .unwrap();
    cost(&heard, 5);
    let mended = NewCorrection {
        patch: Some(ArticleChange {
            standfirst: Patch::Set("Right.".to_owned()),
            ..ArticleChange::default()
        }),
        ..note()
    };
    newsroom::correct_article(&mut conn, &act, &rules, id, Expected::Any, mended)
        .await
        .unwrap();
    cost(&heard, 21);
    newsroom::unpublish_article(&mut conn, &act, id, Expected::Any)
        .await
        .unwrap();
    cost(&heard, 12);
    assert_eq!(publish(&admin, &made).await.status, 200);
}
