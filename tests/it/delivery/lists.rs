//! Every filter and order, each against what it means.

use masthead::db::published::PublishedRow;
use serde_json::json;

use crate::support::TestApp;
use crate::support::store::{Story, hours, story};

/// One of a small paper's articles, as a filter sees it.
pub(super) struct Told {
    slug: &'static str,
    sections: &'static [&'static str],
    tags: &'static [&'static str],
    author: &'static str,
    kicker: Option<&'static str>,
    language: &'static str,
    published: i64,
    updated: i64,
    breaking: bool,
    featured: bool,
}

const PAPER: [Told; 8] = [
    told("one", &["asia", "world"], &["a"], "ana", Some("Breaking"), "en", -1, 9),
    told("two", &["asia", "world"], &["a", "b"], "ana", None, "en", -2, 1),
    told("three", &["world"], &["b"], "jo", Some("Analysis"), "en", -3, 3),
    told(
        "four",
        &["world"],
        &["a", "b", "c"],
        "jo",
        Some("Breaking"),
        "ur",
        -4,
        2,
    ),
    told("five", &["sport"], &["c"], "ana", None, "ur", -5, 8),
    told("six", &["sport"], &[], "jo", Some("Breaking"), "en", -6, 4),
    told("seven", &["sport"], &["a", "c"], "ana", Some("Analysis"), "en", -7, 7),
    told("eight", &["asia", "world"], &["b", "c"], "ana", None, "en", -8, 6),
];

#[expect(clippy::too_many_arguments, reason = "a table reads best with a row to a line")]
const fn told(
    slug: &'static str,
    sections: &'static [&'static str],
    tags: &'static [&'static str],
    author: &'static str,
    kicker: Option<&'static str>,
    language: &'static str,
    published: i64,
    updated: i64,
) -> Told {
    Told {
        slug,
        sections,
        tags,
        author,
        kicker,
        language,
        published,
        updated,
        breaking: published == -1 || published == -5,
        featured: published % 2 == 0,
    }
}

impl Told {
    fn story(&self) -> Story {
        let change = |row: &mut PublishedRow| {
            row.kicker = self.kicker.map(str::to_owned);
            row.language = self.language.to_owned();
            row.featured = self.featured;
            // What was breaking once is so no more.
            row.breaking_until = match (self.breaking, self.featured) {
                (true, _) => Some(hours(1)),
                (false, true) => Some(hours(0)),
                (false, false) => None,
            };
        };
        story(self.slug)
            .section(self.sections[0])
            .tags(self.tags)
            .authors(&[self.author])
            .hours(self.published, self.updated)
            .with(change)
    }
}

pub(super) async fn paper() -> TestApp {
    let app = TestApp::start().await;
    print(&app).await;
    app
}

pub(super) async fn print(app: &TestApp) {
    app.section("world", None).await;
    app.section("asia", Some("world")).await;
    app.section("sport", None).await;
    for told in PAPER {
        app.publish(told.story()).await;
    }
}

pub(super) type Test = fn(&Told) -> bool;

/// Every filter with what it means. The last ones are of other kinds than the first, for combining.
pub(super) const FILTERS: &[(&str, Test)] = &[
    ("", |_| true),
    ("section=world", |told| told.sections.contains(&"world")),
    ("section=asia", |told| told.sections.contains(&"asia")),
    ("section=asia,sport", |told| {
        told.sections.contains(&"asia") || told.sections.contains(&"sport")
    }),
    ("section=nowhere,sport", |told| told.sections.contains(&"sport")),
    ("tag=a", |told| told.tags.contains(&"a")),
    ("tag=a,b", |told| told.tags.contains(&"a") || told.tags.contains(&"b")),
    ("tag=a&tag=c", |told| {
        told.tags.contains(&"a") || told.tags.contains(&"c")
    }),
    ("tag_all=b", |told| told.tags.contains(&"b")),
    ("tag_all=b,c", |told| {
        told.tags.contains(&"b") && told.tags.contains(&"c")
    }),
    ("tag=a&tag_all=b,c", |told| told.slug == "four"),
    ("author=ana", |told| told.author == "ana"),
    ("author=ana,jo", |_| true),
    ("kicker=Breaking", |told| told.kicker == Some("Breaking")),
    ("kicker=Breaking,Analysis", |told| told.kicker.is_some()),
    ("kicker=breaking", |_| false),
    ("breaking=true", |told| told.breaking),
    ("breaking=false", |told| !told.breaking),
    ("featured=true", |told| told.featured),
    ("featured=false", |told| !told.featured),
    ("language=ur", |told| told.language == "ur"),
    ("language=ur,en", |_| true),
    ("published_after=2026-06-01T04:00:00Z", |told| told.published >= -5),
    ("published_before=2026-06-01T04:00:00Z", |told| told.published < -5),
    (
        "published_after=2026-06-01T07:00:00%2B05:00&published_before=2026-06-01T05:00:00Z",
        |told| (-7..-4).contains(&told.published),
    ),
];

type Rank = fn(&Told) -> i64;

const ORDERS: [(&str, Rank); 4] = [
    ("", |told| -told.published),
    ("sort=-published_at", |told| -told.published),
    ("sort=published_at", |told| told.published),
    ("sort=-content_updated_at", |told| -told.updated),
];

fn expected(tests: &[Test], order: Rank) -> Vec<String> {
    let mut told: Vec<&Told> = PAPER
        .iter()
        .filter(|told| tests.iter().all(|test| test(told)))
        .collect();
    told.sort_by_key(|told| order(told));
    told.into_iter().map(|told| told.slug.to_owned()).collect()
}

#[tokio::test]
async fn every_filter_shows_what_it_says_in_every_order() {
    let app = paper().await;
    let reader = app.anonymous();
    for (filter, test) in FILTERS {
        for (sort, order) in ORDERS {
            let path = format!("/api/v1/articles?{filter}&{sort}&with_total=true");
            let answer = reader.get(&path).await.expect(200);
            let expected = expected(&[*test], order);
            assert_eq!(answer.column("slug"), expected, "{path}");
            assert_eq!(*answer.at("/page/total"), json!(expected.len()), "{path}");
            assert_eq!(*answer.at("/page/total_capped"), json!(false), "{path}");
            assert!(answer.at("/page/next_cursor").is_null(), "{path}");
        }
    }
}

#[tokio::test]
async fn filters_of_different_kinds_narrow_each_other() {
    let app = paper().await;
    let reader = app.anonymous();
    let kind = |filter: &str| filter.split('=').next().unwrap_or_default().to_owned();
    for (number, (one, first)) in FILTERS.iter().enumerate().skip(1) {
        for (two, second) in FILTERS.iter().skip(number + 1) {
            if kind(one) == kind(two) || one.contains(&kind(two)) || two.contains(&kind(one)) {
                continue;
            }
            let (sort, order) = ORDERS[number % ORDERS.len()];
            let path = format!("/api/v1/articles?{one}&{two}&{sort}");
            let answer = reader.get(&path).await.expect(200);
            assert_eq!(answer.column("slug"), expected(&[*first, *second], order), "{path}");
        }
    }
}

#[tokio::test]
async fn breaking_news_stops_being_it_with_time() {
    let app = paper().await;
    let reader = app.anonymous();
    let breaking = reader.get("/api/v1/articles?breaking=true").await.expect(200);
    assert_eq!(breaking.column("slug"), ["one", "five"]);
    assert_eq!(*breaking.at("/data/0/breaking"), json!(true));
    app.clock.advance(chrono::TimeDelta::hours(1));
    let breaking = reader.get("/api/v1/articles?breaking=true").await.expect(200);
    assert!(breaking.column("slug").is_empty());
    let one = reader.get("/api/v1/articles?slugs=one").await.expect(200);
    assert_eq!(*one.at("/data/0/breaking"), json!(false));
}

#[tokio::test]
async fn what_is_named_by_nobody_shows_nothing() {
    let app = paper().await;
    let reader = app.anonymous();
    for filter in [
        "section=nowhere",
        "tag=nothing",
        "tag_all=a,nothing",
        "author=nobody",
        "tag=nothing&author=ana",
        "kicker=Nothing",
        "language=tlh",
        "section=00000000-0000-7000-8000-000000000000",
        "tag=%E2%80%AEa",
    ] {
        let path = format!("/api/v1/articles?{filter}&with_total=true");
        let answer = reader.get(&path).await.expect(200);
        assert!(answer.column("slug").is_empty(), "{path}");
        assert_eq!(*answer.at("/page/total"), json!(0), "{path}");
        assert!(answer.at("/page/next_cursor").is_null(), "{path}");
    }
}

#[tokio::test]
async fn names_may_be_ids_and_old_slugs() {
    let app = paper().await;
    let reader = app.anonymous();
    let world = reader.get("/api/v1/sections/world").await.expect(200).id();
    let by_slug = reader.get("/api/v1/articles?section=world").await.expect(200);
    let by_id = reader
        .get(&format!("/api/v1/articles?section={world}"))
        .await
        .expect(200);
    assert_eq!(by_id.column("slug"), by_slug.column("slug"));
    let editor = app.editor().await;
    let renamed = json!({"slug": "abroad"});
    editor
        .patch(&format!("/api/v1/desk/sections/{world}"), renamed)
        .await
        .expect(200);
    let by_old_slug = reader.get("/api/v1/articles?section=world").await.expect(200);
    assert_eq!(by_old_slug.column("slug"), by_slug.column("slug"));
    assert_eq!(by_old_slug.text_at("/data/0/section/path"), "abroad/asia");
}

#[tokio::test]
async fn named_articles_come_in_the_order_asked_for() {
    let app = paper().await;
    let reader = app.anonymous();
    let all = reader.get("/api/v1/articles").await.expect(200);
    let (slugs, ids) = (all.column("slug"), all.column("id"));
    assert_eq!(slugs[..3], ["one", "two", "three"]);

    let by_slug = reader
        .get("/api/v1/articles?slugs=six,nothing,one&slugs=three")
        .await
        .expect(200);
    assert_eq!(by_slug.column("slug"), ["six", "one", "three"]);
    assert!(by_slug.at("/page/next_cursor").is_null());

    let unknown = "00000000-0000-7000-8000-000000000000";
    let path = format!("/api/v1/articles?ids={},{unknown},{},{}", ids[4], ids[1], ids[4]);
    assert_eq!(reader.get(&path).await.expect(200).column("slug"), ["five", "two"]);

    let path = format!("/api/v1/articles?ids={}&slugs=one,five", ids[4]);
    assert_eq!(reader.get(&path).await.expect(200).column("slug"), ["five", "one"]);

    let path = format!("/api/v1/articles?exclude_ids={},{}&limit=2", ids[0], ids[2]);
    let rest = reader.get(&path).await.expect(200);
    assert_eq!(rest.column("slug"), ["two", "four"]);
    assert!(rest.at("/page/next_cursor").is_string());
}
