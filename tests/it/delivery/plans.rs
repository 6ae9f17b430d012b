//! How PostgreSQL answers the questions of lists: every walk is along the index that was made for it, as the plans of the
//! very statements say.

mod explained;
mod others;

use diesel_async::SimpleAsyncConnection;
use masthead::db::Connection;
use masthead::db::comment_facts::{self, Asked};
use masthead::db::commenters::Author;
use masthead::db::published::detail;
use masthead::db::published::lists::{self, ListFilter, PublishedSort};
use masthead::demo::Scale;
use masthead::domain::comment_rules::Recent;
use masthead::domain::id_or_slug::IdOrSlug;
use uuid::Uuid;

use self::explained::{Plan, Plans};
use crate::support::TestApp;
use crate::support::store::{hours, story};

const NEWEST: PublishedSort = PublishedSort::Newest;
const OLDEST: PublishedSort = PublishedSort::Oldest;
const UPDATED: PublishedSort = PublishedSort::Updated;

fn asking(ask: impl FnOnce(&mut ListFilter)) -> ListFilter {
    let mut filter = ListFilter::default();
    ask(&mut filter);
    filter
}

/// A list, and the index that it is walked along.
type Walk = (ListFilter, PublishedSort, &'static str);

/// Every filter alone and every sort, and combinations in which one index leads.
fn walks(sections: &[IdOrSlug; 2], tags: &[IdOrSlug; 2], authors: &[IdOrSlug; 2]) -> Vec<Walk> {
    let (section, author) = (&sections[0], &authors[0]);
    let by_section = || asking(|all| all.sections = Some(vec![section.clone()]));
    let by_tag = || asking(|all| all.tags = Some(vec![tags[0].clone()]));
    let by_author = || asking(|all| all.authors = Some(vec![author.clone()]));
    let kicker = || asking(|all| all.kickers = Some(vec!["Analysis".to_owned()]));
    let language = || asking(|all| all.languages = Some(vec!["en".to_owned()]));
    let featured = || asking(|all| all.featured = Some(true));
    let mut walks = Vec::new();
    let mut walk = |filter: ListFilter, sorts: &[PublishedSort], index: &'static str| {
        walks.extend(sorts.iter().map(|sort| (filter.clone(), *sort, index)));
    };
    let (dated, all) = (&[NEWEST, OLDEST], &[NEWEST, OLDEST, UPDATED]);
    walk(ListFilter::default(), dated, "published_articles_newest_idx");
    walk(ListFilter::default(), &[UPDATED], "published_articles_updated_idx");
    for (filter, newest, updated) in [
        (
            by_section(),
            "published_article_sections_newest_idx",
            "published_article_sections_updated_idx",
        ),
        (
            by_tag(),
            "published_article_tags_newest_idx",
            "published_article_tags_updated_idx",
        ),
        (
            by_author(),
            "published_article_authors_newest_idx",
            "published_article_authors_updated_idx",
        ),
    ] {
        walk(filter.clone(), dated, newest);
        walk(filter, &[UPDATED], updated);
    }
    walk(kicker(), dated, "published_articles_kicker_idx");
    walk(language(), dated, "published_articles_language_idx");
    walk(featured(), dated, "published_articles_featured_idx");
    for other in [kicker(), language(), featured()] {
        walk(other, &[UPDATED], "published_articles_updated_idx");
    }
    for other in [
        asking(|all| all.published_from = Some(hours(-100))),
        asking(|all| all.published_before = Some(hours(-100))),
        asking(|all| all.breaking = Some((false, hours(0)))),
        asking(|all| all.featured = Some(false)),
        asking(|all| all.exclude = vec![Uuid::nil()]),
        asking(|all| all.sections = Some(sections.to_vec())),
        asking(|all| all.tags = Some(tags.to_vec())),
        asking(|all| all.authors = Some(authors.to_vec())),
        asking(|all| all.kickers = Some(vec!["Analysis".to_owned(), "Opinion".to_owned()])),
        asking(|all| all.languages = Some(vec!["en".to_owned(), "pt".to_owned()])),
    ] {
        walk(other.clone(), dated, "published_articles_newest_idx");
        walk(other, &[UPDATED], "published_articles_updated_idx");
    }
    walk(
        asking(|all| all.tags_all = tags.to_vec()),
        all,
        "published_article_tags_",
    );
    let tag_in_section =
        asking(|all| (all.tags, all.sections) = (Some(vec![tags[0].clone()]), Some(vec![section.clone()])));
    walk(tag_in_section, all, "published_article_tags_");
    let author_in_section =
        asking(|all| (all.authors, all.sections) = (Some(vec![author.clone()]), Some(vec![section.clone()])));
    walk(author_in_section, all, "published_article_authors_");
    walks
}

#[tokio::test]
async fn every_list_walks_along_its_index() {
    let app = TestApp::start().await;
    let (articles, comments) = (10_000, 2_000);
    app.load_scale(Scale { articles, comments }).await;
    let mut conn = app.conn().await;
    conn.batch_execute("VACUUM ANALYZE").await.unwrap();
    let plans = Plans::begin(&mut conn).await;
    let called = common(&conn).await;
    let by_id = called.clone().map(|both| both.map(|(id, _)| IdOrSlug::Id(id)));
    let by_slug = called.map(|both| both.map(|(_, slug)| IdOrSlug::Slug(slug)));
    plans.take(&mut conn).await;
    let named = |[sections, tags, authors]: [[IdOrSlug; 2]; 3]| walks(&sections, &tags, &authors);
    for (filter, sort, index) in named(by_slug).into_iter().chain(named(by_id)) {
        let mut after = None;
        for page in 1..=3 {
            let found = lists::page(&conn, &filter, sort, after, 20, None).await.unwrap();
            let said = format!("page {page} of {filter:?} {sort}");
            let plans = plans.take(&mut conn).await;
            assert!(plans[0].uses(index), "{said} not along {index}: {plans:#?}");
            // One row for each article in a section, with a tag, by an author: the index holds all that a list asks.
            if index.starts_with("published_article_") && index.ends_with("_idx") {
                assert!(plans[0].uses_alone(index), "{said}: {plans:#?}");
            }
            for plan in &plans {
                reads_no_table_whole(plan, &said);
                assert!(plan.uses(index) || !plan.uses("published_"), "{said}: {plan:#?}");
                // Where not every entry belongs on the page, those that do are looked for along it.
                if let Some(look) = plan.table("seen") {
                    assert!(look.uses(index), "{said}: {plan:#?}");
                }
            }
            assert!(
                plans.iter().any(|plan| plan.uses("published_articles_pkey")),
                "{said}: {plans:#?}"
            );
            after = found.next;
            if after.is_none() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn an_article_is_found_by_its_key() {
    let app = TestApp::start().await;
    let (articles, comments) = (2_000, 1_000);
    app.load_scale(Scale { articles, comments }).await;
    let mut conn = app.conn().await;
    conn.batch_execute("VACUUM ANALYZE").await.unwrap();
    let plans = Plans::begin(&mut conn).await;
    let newest = lists::page(&conn, &ListFilter::default(), NEWEST, None, 20, None)
        .await
        .unwrap();
    plans.take(&mut conn).await;
    for card in newest.cards {
        for (named, index) in [
            (IdOrSlug::Slug(card.article.slug.clone()), "published_articles_slug_key"),
            (IdOrSlug::Id(card.article.id), "published_articles_pkey"),
        ] {
            detail::find(&conn, &named, true).await.unwrap().unwrap();
            let found = plans.take(&mut conn).await;
            assert!(found.len() >= 2, "{found:#?}");
            for plan in &found {
                reads_no_table_whole(plan, &card.article.slug);
            }
            assert!(found[0].uses(index), "{:#?}", found[0]);
        }
    }
}

#[tokio::test]
async fn what_is_known_of_an_author_is_asked_of_that_author_alone() {
    let app = TestApp::start().await;
    let (article, another) = (app.publish(story("one")).await, app.publish(story("two")).await);
    let mut conn = app.conn().await;
    let written = |hash: &str| {
        format!(
            "INSERT INTO comments (id, article_id, depth, author_kind, author_name, avatar_key, body, body_html, status,
                reply_count, version, created_at, report_count, address_hash, range_hash, author_email_hash, text_hash)
            SELECT gen_random_uuid(), (ARRAY['{article}', '{another}']::uuid[])[1 + n % 2], 1, 'reader', 'Runa', 'k', 'Hm.', '<p>Hm.</p>', 'approved', 0, 1,
                now(), 0, {hash}, {hash}, {hash}, {hash}
            FROM generate_series(1, 2000) AS n"
        )
    };
    let (without, with) = (written("NULL"), written("decode(md5(random()::text), 'hex')"));
    // The statistics know of no address yet.
    let begin = format!("{without}; ANALYZE comments; {with}");
    conn.batch_execute(&begin).await.unwrap();
    let plans = Plans::begin(&mut conn).await;
    let (one, other) = (vec![vec![1; 32], vec![3; 32]], vec![vec![2; 32], vec![4; 32]]);
    let asked = Asked {
        article,
        author: Author {
            user: None,
            emails: &one,
            addresses: &other,
        },
        bannable: &one,
        text: &[3; 16],
        changed: None,
        now: hours(0),
    };
    for mode in ["force_generic_plan", "force_custom_plan"] {
        conn.batch_execute(&format!("SET plan_cache_mode = {mode}"))
            .await
            .unwrap();
        for together in [1, 8] {
            plans.take(&mut conn).await;
            let asked = vec![asked; together];
            let known = comment_facts::find(&conn, &asked, Recent::MOST).await.unwrap();
            assert_eq!(known.iter().flatten().count(), together);
            let asked = plans.take(&mut conn).await;
            assert_eq!(asked.len(), 1, "{asked:#?}");
            for index in [
                "comments_address_hash_idx",
                "comments_author_email_hash_idx",
                "comments_text_hash_idx",
                "comments_article_id_idx",
            ] {
                assert!(asked[0].uses(index), "{mode}, {together}, {index}: {asked:#?}");
            }
            for index in ["comments_addressed_idx", "comments_created_idx", "comments_status_idx"] {
                assert!(!asked[0].uses(index), "{mode}, {together}, {index}: {asked:#?}");
            }
            assert!(
                !asked[0].whole_tables().contains(&"comments"),
                "{mode}, {together}: {asked:#?}"
            );
        }
    }
}

/// No table that grows with the paper. (Ten sections, one site and no retired slug are fewer than a page of disk.)
fn reads_no_table_whole(plan: &Plan, said: &str) {
    for table in plan.whole_tables() {
        assert!(
            ["sections", "section_counts", "site", "tags", "authors", "retired_slugs"].contains(&table),
            "{said} reads all of {table}: {plan:#?}"
        );
    }
}

/// Two sections, two tags and two authors that many articles have.
async fn common(conn: &Connection) -> [[(Uuid, String); 2]; 3] {
    let newest = lists::page(conn, &ListFilter::default(), NEWEST, None, 100, None)
        .await
        .unwrap();
    let cards = newest.cards;
    let most = |named: &[(Uuid, String)]| {
        let often = |one: &(Uuid, String)| named.iter().filter(|other| *other == one).count();
        named.iter().max_by_key(|one| (often(one), one.0)).unwrap().clone()
    };
    let two = |mut named: Vec<(Uuid, String)>| {
        let first = most(&named);
        named.retain(|other| *other != first);
        [first, most(&named)]
    };
    let sections = cards.iter().filter_map(|card| card.section.as_ref());
    let tags = cards.iter().flat_map(|card| &card.relations.tags);
    let authors = cards.iter().flat_map(|card| &card.relations.authors);
    [
        two(sections.map(|section| (section.id, section.slug.clone())).collect()),
        two(tags.map(|tag| (tag.id, tag.slug.clone())).collect()),
        two(authors.map(|author| (author.id, author.slug.clone())).collect()),
    ]
}
