//! Several nodes at one schedule, and the list of it.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::join_all;
use masthead::db::schema::{audit_log, publications, schedule};
use masthead::newsroom::Ran;
use serde_json::json;

use super::planned;
use crate::support::TestApp;

#[tokio::test]
async fn many_nodes_do_each_thing_once() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    for number in 0..24 {
        planned(
            &editor,
            &format!("Number {number}"),
            json!({"publish_at": "2026-06-01T10:00:00Z"}),
        )
        .await;
    }
    app.clock.advance(TimeDelta::hours(1));
    let ran = join_all((0..4).map(|_| app.run_schedule())).await;
    // A node that finds everything in other hands looks again later.
    let rest = app.run_schedule().await;
    assert_eq!(
        ran.iter()
            .flatten()
            .chain(&rest)
            .filter(|ran| **ran == Ran::Done)
            .count(),
        24
    );
    let mut conn = app.conn().await;
    let published: i64 = audit_log::table
        .filter(audit_log::action.eq("publish_article"))
        .count()
        .get_result(&mut conn)
        .await
        .unwrap();
    let logged: Vec<DateTime<Utc>> = publications::table
        .select(publications::at)
        .load(&mut conn)
        .await
        .unwrap();
    let left: i64 = schedule::table.count().get_result(&mut conn).await.unwrap();
    assert_eq!((published, logged.len(), left), (24, 24, 0));
    assert!(logged.iter().all(|at| *at == app.clock.now()));
}

#[tokio::test]
async fn the_list_goes_on_page_by_page() {
    let app = TestApp::start().await;
    let (editor, moderator) = (app.editor().await, app.moderator().await);
    for number in 0..5 {
        planned(
            &editor,
            &format!("Number {number}"),
            json!({"publish_at": "2026-06-01T10:00:00Z"}),
        )
        .await;
    }
    let mut titles = Vec::new();
    let mut address = "/api/v1/desk/schedule?limit=2".to_owned();
    loop {
        let page = editor.get(&address).await.expect(200);
        for item in page.at("/data").as_array().unwrap() {
            titles.push(item["article"]["title"].as_str().unwrap().to_owned());
        }
        match page.at("/page/next_cursor").as_str() {
            Some(cursor) => address = format!("/api/v1/desk/schedule?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    titles.sort();
    assert_eq!(
        titles,
        (0..5).map(|number| format!("Number {number}")).collect::<Vec<_>>()
    );
    editor
        .get("/api/v1/desk/schedule?limit=0")
        .await
        .problem(400, "invalid_parameter");
    editor
        .get("/api/v1/desk/schedule?cursor=x")
        .await
        .problem(400, "invalid_cursor");
    moderator
        .get("/api/v1/desk/schedule")
        .await
        .problem(403, "permission_denied");
}
