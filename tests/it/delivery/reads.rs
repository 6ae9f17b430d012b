//! How much of the database a page of a list touches: PostgreSQL's own count of what it read from each index.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use masthead::db::Connection;
use masthead::db::published::lists::{self, Found, ListFilter, Position, PublishedSort};
use masthead::db::schema::published_articles;
use masthead::domain::id_or_slug::IdOrSlug;
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::store::{hours, story};

/// More than 500 pages of them.
const COPIES: i32 = 10_400;

/// The most that a page may read of the index that it walks along.
const MOST_ENTRIES: i64 = 5_000;

/// A server with many articles in the same lists, all of which were breaking news until an hour ago.
async fn many() -> TestApp {
    let app = TestApp::start().await;
    app.section("world", None).await;
    let common = story("common").section("world").tags(&["a", "b"]).authors(&["ana"]);
    app.publish(common.with(|row| {
        row.kicker = Some("Analysis".to_owned());
        row.featured = true;
        row.breaking_until = Some(hours(-1));
    }))
    .await;
    // What no article of this paper is joined with.
    app.section("empty", None).await;
    app.publish(story("rare").tags(&["c"]).authors(&["jo"]).hours(-1, -500))
        .await;
    app.multiply("common", COPIES).await;
    app
}

#[derive(Clone, Copy, Debug, QueryableByName)]
struct Read {
    /// Entries of the indexes that lists walk along.
    #[diesel(sql_type = BigInt)]
    entries: i64,
    /// Rows of whole tables.
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// What this transaction has read of the readers' copy.
async fn counters(conn: &mut Connection) -> Read {
    let counted = "
        SELECT coalesce(sum(read) FILTER (WHERE relkind = 'i'), 0)::bigint AS entries,
            coalesce(sum(read) FILTER (WHERE relkind = 'r'), 0)::bigint AS rows
        FROM (SELECT relkind, pg_stat_get_xact_tuples_returned(oid) AS read FROM pg_class
            WHERE relname LIKE 'published_article%' AND relname NOT LIKE '%_pkey') counted";
    diesel::sql_query(counted).get_result(conn).await.unwrap()
}

/// A page, and what it took to read it.
async fn page(
    conn: &mut Connection,
    filter: &ListFilter,
    sort: PublishedSort,
    after: Option<Position>,
) -> (Found, Read) {
    conn.batch_execute("BEGIN").await.unwrap();
    let before = counters(conn).await;
    let found = lists::page(conn, filter, sort, after, 20, None).await.unwrap();
    let read = counters(conn).await;
    conn.batch_execute("COMMIT").await.unwrap();
    let read = Read {
        entries: read.entries - before.entries,
        rows: read.rows - before.rows,
    };
    (found, read)
}

/// Where page 500 begins.
async fn far(conn: &mut Connection, sort: PublishedSort) -> Position {
    let all = published_articles::table.into_boxed().offset(499 * 20 - 1);
    let (published, updated) = (published_articles::published_at, published_articles::content_updated_at);
    let id = published_articles::id;
    match sort {
        PublishedSort::Newest => all.order((published.desc(), id.desc())).select((published, id)),
        PublishedSort::Oldest => all.order((published, id)).select((published, id)),
        PublishedSort::Updated => all.order((updated.desc(), id.desc())).select((updated, id)),
    }
    .first(conn)
    .await
    .unwrap()
}

fn named(slug: &str) -> IdOrSlug {
    IdOrSlug::Slug(slug.to_owned())
}

const ORDERS: [PublishedSort; 3] = [PublishedSort::Newest, PublishedSort::Oldest, PublishedSort::Updated];

fn asking(ask: impl FnOnce(&mut ListFilter)) -> ListFilter {
    let mut filter = ListFilter::default();
    ask(&mut filter);
    filter
}

#[tokio::test]
async fn page_500_reads_no_more_than_page_1() {
    let app = many().await;
    let mut conn = app.conn().await;
    let by_date = &ORDERS[..2];
    let lists: [(ListFilter, &[PublishedSort]); 8] = [
        (ListFilter::default(), &ORDERS),
        (asking(|all| all.sections = Some(vec![named("world")])), &ORDERS),
        (asking(|all| all.tags = Some(vec![named("a")])), &ORDERS),
        (asking(|all| all.authors = Some(vec![named("ana")])), &ORDERS),
        (asking(|all| all.kickers = Some(vec!["Analysis".to_owned()])), by_date),
        (asking(|all| all.languages = Some(vec!["en".to_owned()])), by_date),
        (asking(|all| all.featured = Some(true)), by_date),
        (asking(|all| all.published_from = Some(hours(-2))), by_date),
    ];
    for (filter, orders) in lists {
        for sort in orders {
            let (first, near) = page(&mut conn, &filter, *sort, None).await;
            let after = far(&mut conn, *sort).await;
            let (last, far) = page(&mut conn, &filter, *sort, Some(after)).await;
            assert_eq!((first.cards.len(), last.cards.len()), (20, 20), "{filter:?} {sort}");
            for read in [near, far] {
                // One more than a page, for the cards, their tags and their authors; and what the planner looks up at the
                // ends of an index.
                assert!(read.entries <= 70 && read.rows == 0, "{filter:?} {sort}: {read:?}");
            }
        }
    }
}

#[tokio::test]
async fn no_combination_reads_on_and_on() {
    let app = many().await;
    let mut conn = app.conn().await;
    let excluded = published_articles::table.select(published_articles::id).limit(100);
    let excluded: Vec<Uuid> = excluded.load(&mut conn).await.unwrap();
    let never = Some(hours(-9_000));
    let nothing = |ask: &dyn Fn(&mut ListFilter)| {
        asking(|all| {
            ask(all);
            all.exclude.clone_from(&excluded);
        })
    };
    let lists = [
        nothing(&|all| all.published_before = never),
        nothing(&|all| (all.sections, all.published_before) = (Some(vec![named("world")]), never)),
        nothing(&|all| (all.tags, all.published_before) = (Some(vec![named("a")]), never)),
        nothing(&|all| (all.authors, all.published_before) = (Some(vec![named("ana")]), never)),
        nothing(&|all| all.sections = Some(vec![named("empty"), named("jo")])),
        nothing(&|all| all.tags = Some(vec![named("c"), named("jo")])),
        nothing(&|all| all.tags_all = vec![named("a"), named("c")]),
        nothing(&|all| all.tags_all = vec![named("a"), named("b"), named("jo")]),
        nothing(&|all| (all.tags, all.authors) = (Some(vec![named("a")]), Some(vec![named("jo")]))),
        nothing(&|all| (all.tags, all.sections) = (Some(vec![named("a")]), Some(vec![named("empty")]))),
        nothing(&|all| (all.sections, all.kickers) = (Some(vec![named("world")]), Some(vec!["No".to_owned()]))),
        nothing(&|all| (all.authors, all.languages) = (Some(vec![named("ana")]), Some(vec!["ur".to_owned()]))),
        nothing(&|all| (all.sections, all.featured) = (Some(vec![named("world")]), Some(false))),
        nothing(&|all| all.kickers = Some(vec!["No".to_owned(), "Nothing".to_owned()])),
        nothing(&|all| all.featured = Some(false)),
        nothing(&|all| (all.breaking, all.featured) = (Some((false, hours(-2))), Some(true))),
        nothing(&|all| all.breaking = Some((true, hours(0)))),
        nothing(&|all| (all.breaking, all.tags) = (Some((true, hours(-2))), Some(vec![named("c")]))),
    ];
    for filter in lists {
        for sort in ORDERS {
            // The first page, and the one behind it.
            let (found, read) = page(&mut conn, &filter, sort, None).await;
            assert!(found.cards.len() < 2, "{sort}: {filter:?}");
            let most = MOST_ENTRIES;
            assert!(read.entries <= most && read.rows == 0, "{sort}: {read:?} {filter:?}");
            if let Some(next) = found.next {
                let (_, read) = page(&mut conn, &filter, sort, Some(next)).await;
                assert!(read.entries <= most && read.rows == 0, "{sort}: {read:?} {filter:?}");
            }
        }
    }
}

#[tokio::test]
async fn breaking_news_reads_what_is_breaking() {
    let app = many().await;
    let mut conn = app.conn().await;
    let at = |now: DateTime<Utc>| asking(|all| all.breaking = Some((true, now)));
    for sort in ORDERS {
        let (none, read) = page(&mut conn, &at(hours(0)), sort, None).await;
        assert!(none.cards.is_empty() && none.next.is_none());
        assert_eq!(read.entries, 0, "{sort}");
        // Everything, as nobody means it to be.
        let (all, read) = page(&mut conn, &at(hours(-2)), sort, None).await;
        assert!(all.cards.len() == 20 && all.next.is_some());
        assert!(read.entries <= MOST_ENTRIES, "{sort}: {read:?}");
    }
}
