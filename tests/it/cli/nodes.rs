//! Several servers at one schedule: each thing once, none early, whichever of them dies and whatever their clocks say.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::join_all;
use masthead::clock::new_id;
use masthead::db::pool::connect;
use masthead::db::schema::{articles, audit_log, publications, schedule};
use masthead::db::{self, Connection};
use masthead::domain::actor::Act;
use masthead::domain::body::BodyRules;
use masthead::domain::patch::Patch;
use masthead::domain::version::Expected;
use masthead::newsroom::{self, ArticleChange, AuthorChange, BodyChange, Plan, SectionChange};
use rustix::process::Signal;

use super::Served;
use crate::support::app::start_of_tests;
use crate::support::client::http;
use crate::support::db::{fresh, pool_options};

/// How many articles are due in one second.
const DUE: usize = 1_000;
/// How many are due half an hour later: a node whose clock is ahead must leave them alone.
const LATER: usize = 20;
/// By when all must be out.
const LATEST: TimeDelta = TimeDelta::seconds(10);
/// How often the test looks how far they are: looking all the time would take the processor from those it looks at.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS: usize = 1_200;

/// Plans this many articles, all for the year 2100.
async fn plan(conn: &mut Connection, name: &str, articles: usize) {
    let (act, rules) = (Act::system(start_of_tests()), BodyRules::default());
    let source = Patch::Set("It is so.".to_owned());
    let body = BodyChange {
        source,
        format: Patch::Absent,
    };
    for number in 0..articles {
        let change = ArticleChange {
            title: Some(format!("{name} {number}")),
            slug: Patch::Set(format!("{name}-{number}")),
            section: Patch::Set("world".to_owned()),
            authors: Patch::Set(vec!["ana".to_owned()]),
            body: Patch::Set(body.clone()),
            ..ArticleChange::default()
        };
        let id = new_id(act.now);
        newsroom::create_article(conn, &act, &rules, id, change).await.unwrap();
        let plan = Plan {
            revision: None,
            publish_at: "2100-01-01T00:00:00Z".parse().unwrap(),
            unpublish_at: None,
        };
        newsroom::schedule_article(conn, &act, &rules, id, Expected::Any, plan)
            .await
            .unwrap();
    }
}

async fn paper(url: &str) {
    let mut conn = connect(url, &pool_options()).await.unwrap();
    let act = Act::system(start_of_tests());
    let section = SectionChange {
        name: Some("World".to_owned()),
        ..SectionChange::default()
    };
    newsroom::create_section(&mut conn, &act, section).await.unwrap();
    let author = AuthorChange {
        name: Some("Ana".to_owned()),
        ..AuthorChange::default()
    };
    newsroom::create_author(&mut conn, &act, author).await.unwrap();
    let quarters = (0..4).map(async |quarter| {
        let mut conn = connect(url, &pool_options()).await.unwrap();
        plan(&mut conn, &format!("due{quarter}"), DUE / 4).await;
    });
    join_all(quarters).await;
    plan(&mut conn, "later", LATER).await;
}

/// Makes those whose slug begins like this due at this instant.
async fn due(conn: &mut Connection, slugs: &str, at: DateTime<Utc>) {
    let these = articles::table
        .filter(articles::slug.like(format!("{slugs}%")))
        .select(articles::id);
    diesel::update(schedule::table.filter(schedule::article_id.eq_any(these)))
        .set((schedule::due_at.eq(at), schedule::try_at.eq(at)))
        .execute(conn)
        .await
        .unwrap();
}

/// What time a server has.
async fn date(server: &Served) -> DateTime<Utc> {
    let answer = http().get(format!("{}/healthz", server.base)).send().await.unwrap();
    let date = answer.headers()["date"].to_str().unwrap();
    DateTime::parse_from_rfc2822(date).unwrap().to_utc()
}

async fn published(conn: &mut Connection) -> usize {
    let published: i64 = publications::table.count().get_result(conn).await.unwrap();
    usize::try_from(published).unwrap()
}

#[tokio::test]
#[ignore = "it measures time, so bin/test runs it alone"]
async fn three_servers_publish_a_thousand_articles_once() {
    let url = fresh().await;
    paper(&url).await;
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MASTHEAD_ENV", "development"),
        ("MASTHEAD_DEMO", "off"),
    ];
    let (right, dying) = (Served::start(&settings), Served::start(&settings));
    let wrong_clock = [
        // The linker puts in the folder for this processor.
        ("LD_PRELOAD", "/usr/$LIB/faketime/libfaketimeMT.so.1"),
        ("FAKETIME", "+1h"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    let ahead = Served::start(&[&settings[..], &wrong_clock].concat());
    let clocks = [date(&right).await, date(&ahead).await];
    assert!(clocks[1] - clocks[0] > TimeDelta::minutes(59), "{clocks:?}");
    let mut conn = connect(&url, &pool_options()).await.unwrap();
    let at = db::time::now(&mut conn).await.unwrap() + TimeDelta::seconds(1);
    due(&mut conn, "later", at + TimeDelta::minutes(30)).await;
    due(&mut conn, "due", at).await;

    let mut dying = Some(dying);
    let mut looks = tokio::time::interval(LOOK);
    for _ in 0..LOOKS {
        looks.tick().await;
        let out = published(&mut conn).await;
        if out >= DUE / 5
            && let Some(dying) = dying.take()
        {
            assert!(out < DUE, "it dies in the middle of it");
            assert_eq!(dying.end(Signal::KILL), None, "killed, not ended");
        }
        if out >= DUE {
            break;
        }
    }
    assert!(dying.is_none());
    let rows: Vec<(uuid::Uuid, DateTime<Utc>)> = publications::table
        .select((publications::article_id, publications::at))
        .load(&mut conn)
        .await
        .unwrap();
    let different: std::collections::BTreeSet<_> = rows.iter().map(|row| row.0).collect();
    assert_eq!(
        (rows.len(), different.len()),
        (DUE, DUE),
        "each once, and none of the later ones"
    );
    let (first, last) = (rows.iter().map(|row| row.1).min(), rows.iter().map(|row| row.1).max());
    let (first, last) = (first.unwrap(), last.unwrap());
    assert!(first >= at, "early: {first} before {at}");
    assert!(last - at <= LATEST, "late by {}", last - at);
    println!(
        "{DUE} articles by three servers, one of them killed: {} ms",
        (last - at).num_milliseconds()
    );
    let logged: i64 = audit_log::table
        .filter(audit_log::action.eq("publish_article"))
        .count()
        .get_result(&mut conn)
        .await
        .unwrap();
    let left: i64 = schedule::table.count().get_result(&mut conn).await.unwrap();
    assert_eq!((logged, left), (1_000, 20));
    for server in [right, ahead] {
        assert_eq!(server.end(Signal::TERM), Some(0));
    }
    assert_eq!(
        published(&mut conn).await,
        DUE,
        "nothing more, not even while they stopped"
    );
}
