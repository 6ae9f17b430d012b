//! What the server counts, and that it is shown on an address of its own.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::FutureExt;
use masthead::config::Config;
use masthead::db::Pool;
use masthead::db::pool::PoolOptions;
use masthead::domain::body::BodyRules;
use masthead::domain::purge::PurgeKind;
use masthead::jobs::{self, Jobs, Night, SharedCache, Timetable};
use masthead::metrics::Text;
use masthead::outbound::Outbound;
use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::client::http;
use crate::support::db::{fresh, pool_options};
use crate::support::make::{draft, published};
use crate::support::proxy::{Proxy, Wire};
use crate::support::store::story;
use crate::support::{TestApp, until};

/// The value of a sample; none when it is not there.
fn sample(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|value| value.parse().unwrap())
}

impl TestApp {
    /// The value of a sample, as the server shows it now.
    pub fn counted(&self, name: &str) -> f64 {
        let text = self.exposition.text();
        sample(&text, name).unwrap_or_else(|| panic!("{name} is not in {text}"))
    }

    /// The jobs of this server, on the database behind `pool`.
    fn start_jobs(&self, pool: &Pool, rules: BodyRules, shared: Vec<SharedCache>) -> Jobs {
        let night = Night {
            timezone: chrono_tz::UTC,
            addresses: TimeDelta::days(30),
        };
        let timetable = Timetable { rules, night };
        jobs::start(pool, &self.clock, &self.metrics, Some(timetable), shared)
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_what_readers_get_by_where_it_came_from() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    for title in ["One", "Two"] {
        published(&editor, title, json!({})).await;
    }
    for path in ["one", "two", "two", "three"] {
        reader.get(&format!("/api/v1/articles/{path}")).await;
    }
    reader.get("/wp-login.php").await;
    let text = app.exposition.text();
    let requests = |labels: &str| sample(&text, &format!("masthead_http_requests_total{{{labels}}}"));
    let route = r#"method="GET",route="/api/v1/articles/{slug}""#;
    assert_eq!(requests(&format!(r#"{route},status="200""#)), Some(3.0), "{text}");
    assert_eq!(requests(&format!(r#"{route},status="404""#)), Some(1.0));
    assert_eq!(requests(r#"method="GET",route="(none)",status="404""#), Some(1.0));
    let took = |rest: &str| sample(&text, &format!("masthead_http_request_duration_seconds_{rest}"));
    assert_eq!(took(&format!("count{{{route}}}")), Some(4.0));
    assert_eq!(took(&format!(r#"bucket{{{route},le="+Inf"}}"#)), Some(4.0));
    assert!(took(&format!("sum{{{route}}}")).unwrap() > 0.0);
    let cache = |outcome: &str| {
        sample(
            &text,
            &format!(r#"masthead_cache_answers_total{{outcome="{outcome}"}}"#),
        )
    };
    assert_eq!(cache("hit"), Some(1.0), "{text}");
    assert_eq!(cache("miss").unwrap() + cache("unheard").unwrap(), 3.0);
    assert_eq!(sample(&text, "masthead_cache_entries"), Some(3.0));
    assert!(sample(&text, "masthead_cache_bytes").unwrap() > 1000.0);
    assert_eq!(sample(&text, "masthead_cache_evictions_total"), Some(0.0));
    assert_eq!(sample(&text, "masthead_pool_size"), Some(4.0));
    assert!(sample(&text, "masthead_pool_wait_seconds_count").unwrap() > 5.0);
    assert!(!text.contains("three") && !text.contains("wp-login"), "{text}");
}

#[tokio::test]
async fn comments_are_counted_by_where_the_rules_put_them() {
    let app = TestApp::start().await;
    let (editor, reader) = (app.editor().await, app.anonymous());
    published(&editor, "Story", json!({"comments_policy": "open"})).await;
    let comments = "/api/v1/articles/story/comments";
    for (body, status) in [
        (json!({"author_name": "Mara", "body": "Hm."}), 201),
        (
            json!({"author_name": "Mara", "body": "Buy now.", "website": "https://x.example"}),
            201,
        ),
        (json!({"author_name": "Mara", "body": ""}), 422),
    ] {
        reader.post(comments, body).await.expect(status);
    }
    let text = app.exposition.text();
    let of = |decision: &str| sample(&text, &format!(r#"masthead_comments_total{{decision="{decision}"}}"#)).unwrap();
    assert_eq!((of("spam"), of("refused")), (1.0, 0.0), "{text}");
    assert_eq!(of("approved") + of("pending") + of("held"), 1.0);
}

#[tokio::test]
async fn a_full_cache_is_seen() {
    let app = TestApp::with(|config| config.cache.size = 32 * 1024).await;
    app.publish(story("story")).await;
    let reader = app.anonymous();
    for limit in 1..=100 {
        reader.get(&format!("/api/v1/articles?limit={limit}")).await.expect(200);
    }
    assert_eq!(app.counted("masthead_cache_bytes_limit"), 32_768.0);
    assert!(app.counted("masthead_cache_bytes") <= 32_768.0);
    assert!(app.counted("masthead_cache_evictions_total") > 0.0);
}

#[tokio::test]
async fn a_full_pool_is_seen() {
    let options = PoolOptions {
        size: 2,
        shares: 1,
        wait: Duration::from_millis(100),
        ..pool_options()
    };
    let app = TestApp::on_pool(fresh().await, &options, |_| {}).await;
    let of = |what: &str| app.counted(&format!("masthead_pool_{what}"));
    let busy = || of(r#"refused_total{reason="busy"}"#);
    let pool = || ["size", "connections", "in_use", "waiting"].map(of);
    let held = [app.conn().await, app.conn().await];
    let mut asking = Box::pin(app.pool.get());
    assert!(asking.as_mut().now_or_never().is_none(), "all are in use");
    assert_eq!((pool(), busy()), ([2.0, 2.0, 2.0, 1.0], 0.0));
    assert!(asking.await.is_err(), "they stayed in use");
    assert_eq!((pool(), busy()), ([2.0, 2.0, 2.0, 0.0], 1.0));
    drop(held);
    assert_eq!((pool(), busy()), ([2.0, 2.0, 0.0, 0.0], 1.0));
}

#[tokio::test]
async fn a_database_that_is_away_is_seen() {
    let proxy = Proxy::to(&fresh().await).await;
    let app = TestApp::on(proxy.url.clone(), |_| {}).await;
    app.publish(story("story")).await;
    let reader = app.anonymous();
    let ask = async || reader.get("/api/v1/articles/story").await.status;
    let hearing = || app.counted("masthead_cache_hearing");
    let stale = || app.counted(r#"masthead_cache_answers_total{outcome="stale"}"#);
    until(async || ask().await == 200 && hearing() == 1.0).await;
    assert_eq!(stale(), 0.0);
    proxy.set(Wire::Cut);
    until(async || hearing() == 0.0).await;
    until(async || ask().await == 200 && stale() > 0.0).await;
    proxy.set(Wire::Whole);
    until(async || hearing() == 1.0).await;
}

#[tokio::test]
async fn the_schedule_says_what_became_of_what_was_due_and_how_late_it_was() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let made = draft(&editor, "Planned", json!({})).await;
    let plan = json!({"publish_at": "2026-06-01T10:00:00Z"});
    let path = format!("/api/v1/desk/articles/{}/schedule", made.id());
    editor.act(&path, plan).await.expect(200);
    app.clock.advance(TimeDelta::minutes(61));
    let became = |outcome: &str| app.counted(&format!(r#"masthead_schedule_total{{outcome="{outcome}"}}"#));
    let late = |what: &str| app.counted(&format!("masthead_schedule_lateness_seconds_{what}"));
    // Where nothing goes out without an author, this does not.
    let strict = Config::default().site.body_rules();
    let jobs = app.start_jobs(&app.pool, strict.clone(), Vec::new());
    until(async || became("failed") > 0.0).await;
    jobs.stop().await;
    assert_eq!((became("failed"), became("done"), late("count")), (1.0, 0.0, 0.0));
    app.clock.advance(TimeDelta::seconds(30));
    let blockers = Vec::new();
    let jobs = app.start_jobs(&app.pool, BodyRules { blockers, ..strict }, Vec::new());
    until(async || became("done") > 0.0).await;
    jobs.stop().await;
    assert_eq!((became("failed"), became("done"), late("count")), (1.0, 1.0, 1.0));
    assert_eq!(late("sum"), 90.0);
    assert_eq!((late(r#"bucket{le="60"}"#), late(r#"bucket{le="600"}"#)), (0.0, 1.0));
}

#[tokio::test]
async fn jobs_that_cannot_reach_the_database_are_seen() {
    let app = TestApp::start().await;
    let nowhere = "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable";
    let nowhere = Pool::new(nowhere, &pool_options()).unwrap();
    let cache = SharedCache {
        outbound: Outbound::new().unwrap(),
        kind: PurgeKind::Varnish,
        url: "http://127.0.0.1:1".to_owned(),
        token: None,
    };
    let rules = Config::default().site.body_rules();
    let jobs = app.start_jobs(&nowhere, rules, vec![cache]);
    for job in ["scheduler", "pruner", "word_counter", "purger"] {
        let failures = format!(r#"masthead_job_failures_total{{job="{job}"}}"#);
        until(async || app.counted(&failures) > 0.0).await;
    }
    jobs.stop().await;
    let mut text = Text::default();
    nowhere.write_metrics(&mut text);
    let refused = sample(&text.finish(), r#"masthead_pool_refused_total{reason="unreachable"}"#);
    assert!(refused.unwrap() >= 4.0, "{refused:?}");
}

#[tokio::test]
async fn they_are_shown_on_an_address_of_their_own_and_hold_no_secret() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let login = json!({"email": editor.account().email, "password": PASSWORD});
    let signed_in = app.anonymous().post("/api/v1/auth/login", login).await.expect(200);
    app.anonymous().get("/metrics").await.problem(404, "not_found");
    let base = app.show_metrics();
    let answer = http().get(format!("{base}/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = answer.text().await.unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("masthead_") && value.parse::<f64>().is_ok(), "{line}");
    }
    for secret in [
        signed_in.text_at("/access_token"),
        signed_in.text_at("/refresh_token"),
        PASSWORD.to_owned(),
    ] {
        assert!(!text.contains(&secret));
    }
    let other = http().get(format!("{base}/api/v1/articles")).send().await.unwrap();
    assert_eq!(other.status(), 404);
}
