//! What must hold of every article at any moment that nobody is at it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::db::articles::ArticleRow;
use masthead::db::publications::PublicationRow;
use masthead::db::published::PublishedRow;
use masthead::db::revisions::RevisionRow;
use masthead::db::schedule::PlannedRow;
use masthead::db::schema::{
    article_counts, articles, audit_log, corrections, kills, public_slugs, publications, published_article_authors,
    published_article_sections, published_article_tags, published_articles, revisions, schedule, section_counts,
    tag_counts,
};
use masthead::db::{Connection, Fingerprint};
use masthead::domain::content::NamedRef;
use masthead::domain::plan::PlannedAction;
use masthead::domain::workflow::{ArticleStage, ArticleStatus, ArticleVerb, State};
use serde_json::Value;
use uuid::Uuid;

use crate::support::TestApp;

/// An entry of the audit log: what was done, the version it made, and the hashes before and after.
type Entry = (String, Value, Option<Vec<u8>>, Option<Vec<u8>>);

pub async fn everything(app: &TestApp) {
    let mut conn = app.conn().await;
    let rows: Vec<ArticleRow> = articles::table
        .select(ArticleRow::as_select())
        .load(&mut conn)
        .await
        .unwrap();
    for article in &rows {
        history_has_no_gap(&mut conn, article).await;
        readers_have_a_revision(&mut conn, article).await;
        the_logs_replay(&mut conn, article).await;
        plans_agree(&mut conn, article).await;
    }
    counts_agree(&mut conn).await;
}

async fn history_has_no_gap(conn: &mut Connection, article: &ArticleRow) {
    let numbers: Vec<i32> = revisions::table
        .filter(revisions::article_id.eq(article.id))
        .order(revisions::number)
        .select(revisions::number)
        .load(conn)
        .await
        .unwrap();
    assert_eq!(numbers, (1..=article.revision).collect::<Vec<_>>());
    let head: (String, String) = revisions::table
        .find((article.id, article.revision))
        .select((revisions::slug, revisions::title))
        .first(conn)
        .await
        .unwrap();
    assert_eq!(head, (article.slug.clone(), article.title.clone()));
}

/// At most one published row; it is there exactly when the status says so, and equals the revision that is named.
async fn readers_have_a_revision(conn: &mut Connection, article: &ArticleRow) {
    let published: Option<PublishedRow> = published_articles::table
        .find(article.id)
        .select(PublishedRow::as_select())
        .first(conn)
        .await
        .optional()
        .unwrap();
    assert_eq!(published.is_some(), article.status == ArticleStatus::Published);
    assert_eq!(published.as_ref().map(|row| row.revision), article.published_revision);
    let killed: i64 = kills::table.find(article.id).count().get_result(conn).await.unwrap();
    assert_eq!(killed == 1, article.status == ArticleStatus::Killed);
    let Some(row) = published else { return };
    let revision: RevisionRow = revisions::table
        .find((article.id, row.revision))
        .select(RevisionRow::as_select())
        .first(conn)
        .await
        .unwrap();
    let content = revision.content;
    assert_eq!(
        (
            &row.slug,
            &row.title,
            &row.kicker,
            &row.standfirst,
            &row.body_html,
            row.word_count
        ),
        (
            &content.slug,
            &content.title,
            &content.kicker,
            &content.standfirst,
            &content.body_html,
            content.word_count
        )
    );
    assert_eq!(row.section_id, content.section.as_ref().map(|section| section.0.id));
    assert_eq!(
        (row.featured, row.breaking_until),
        (article.featured, article.breaking_until)
    );
    assert_eq!(
        (
            Some(row.published_at),
            Some(row.first_published_at),
            Some(row.content_updated_at)
        ),
        (
            article.published_at,
            article.first_published_at,
            article.content_updated_at
        )
    );
    let owner: Option<Uuid> = public_slugs::table
        .find(&row.slug)
        .select(public_slugs::article_id)
        .first(conn)
        .await
        .unwrap();
    assert_eq!(owner, Some(article.id), "{}", row.slug);
    let ids = |named: &[NamedRef]| named.iter().map(|named| named.id).collect::<Vec<_>>();
    assert_eq!(row.listing.tags, ids(&content.tags.0));
    assert_eq!(row.listing.authors, ids(&content.authors.0));
    assert_eq!(
        row.listing.sections.contains(&row.section_id.unwrap_or_default()),
        row.section_id.is_some()
    );
    stands_in_its_lists(conn, &row).await;
}

/// Once in each list that it names and in no other, under its own dates.
async fn stands_in_its_lists(conn: &mut Connection, article: &PublishedRow) {
    macro_rules! stands {
        ($table:ident, $of:ident, $named:expr) => {{
            let mut rows: Vec<(Uuid, DateTime<Utc>, DateTime<Utc>)> = $table::table
                .filter($table::article_id.eq(article.id))
                .select(($table::$of, $table::published_at, $table::content_updated_at))
                .load(conn)
                .await
                .unwrap();
            let dated = |id: &Uuid| (*id, article.published_at, article.content_updated_at);
            let mut named: Vec<_> = $named.iter().map(dated).collect();
            rows.sort_unstable();
            named.sort_unstable();
            assert_eq!(rows, named);
        }};
    }
    stands!(published_article_sections, section_id, article.listing.sections);
    stands!(published_article_tags, tag_id, article.listing.tags);
    stands!(published_article_authors, author_id, article.listing.authors);
}

/// From its first entry to its last, the audit log leads to where the article stands, a version at a time, and the
/// publication log to what readers have.
async fn the_logs_replay(conn: &mut Connection, article: &ArticleRow) {
    let entries: Vec<Entry> = audit_log::table
        .filter(audit_log::subject_kind.eq("article"))
        .filter(audit_log::subject_id.eq(article.id))
        .select((
            audit_log::action,
            audit_log::details,
            audit_log::before_hash,
            audit_log::after_hash,
        ))
        .load(conn)
        .await
        .unwrap();
    let by_version: BTreeMap<i64, &Entry> = entries
        .iter()
        .map(|entry| (entry.1["version"].as_i64().unwrap(), entry))
        .collect();
    assert_eq!(by_version.len(), entries.len(), "each version is made once");
    let versions: Vec<i64> = by_version.keys().copied().collect();
    assert_eq!(versions, (1..=i64::from(article.version)).collect::<Vec<_>>());
    let (mut state, mut hash) = (State::NEW, None);
    for (action, _, before, after) in by_version.values() {
        assert_eq!(*before, hash, "{action} begins with what was there");
        hash = after.clone();
        let verb = match action.as_str() {
            "create_article" | "save_article" | "restore_revision" | "postpone_article" => continue,
            action => action.trim_end_matches("_article").parse::<ArticleVerb>().unwrap(),
        };
        let next = state.after(verb);
        state = match (next, verb) {
            (Some(next), _) => next,
            // Publishing under an embargo plans anew what was planned already.
            (None, ArticleVerb::Schedule) => state,
            (None, _) => panic!("{action} from {state:?}"),
        };
    }
    assert_eq!(state, article.state());
    assert_eq!(hash, Some(Fingerprint::of(article).to_vec()));

    let last: Option<PublicationRow> = publications::table
        .filter(publications::article_id.eq(article.id))
        .order(publications::version.desc())
        .select(PublicationRow::as_select())
        .first(conn)
        .await
        .optional()
        .unwrap();
    assert_eq!(last.as_ref().and_then(|last| last.revision), article.published_revision);
    let told = last.and_then(|last| last.content_updated_at);
    if article.status == ArticleStatus::Published {
        assert_eq!(told, article.content_updated_at);
    }
}

async fn plans_agree(conn: &mut Connection, article: &ArticleRow) {
    let planned: Vec<PlannedRow> = schedule::table
        .filter(schedule::article_id.eq(article.id))
        .select(PlannedRow::as_select())
        .load(conn)
        .await
        .unwrap();
    let due = |action: PlannedAction| {
        let found = planned.iter().find(|planned| planned.action == action);
        found.map(|planned| planned.due_at)
    };
    assert_eq!(due(PlannedAction::Publish), article.publish_at);
    assert_eq!(due(PlannedAction::Unpublish), article.unpublish_at);
    let scheduled = article.stage == Some(ArticleStage::Scheduled);
    assert_eq!(article.publish_at.is_some(), scheduled);
    assert_eq!(
        article.submitted_revision.is_some(),
        article.stage == Some(ArticleStage::InReview)
    );
    if let (Some(at), Some(until)) = (article.publish_at, article.embargo_until) {
        assert!(at >= until, "planned for {at}, held back until {until}");
    }
}

async fn counts_agree(conn: &mut Connection) {
    let counted = |rows: Vec<Uuid>| {
        let mut counts = BTreeMap::<Uuid, i32>::new();
        for id in rows {
            *counts.entry(id).or_default() += 1;
        }
        counts
    };
    let kept = |rows: Vec<(Uuid, i32)>| rows.into_iter().filter(|row| row.1 > 0).collect::<BTreeMap<_, _>>();
    let sections = published_article_sections::table.select(published_article_sections::section_id);
    assert_eq!(
        kept(section_counts::table.load(conn).await.unwrap()),
        counted(sections.load(conn).await.unwrap())
    );
    let tags = published_article_tags::table.select(published_article_tags::tag_id);
    assert_eq!(
        kept(tag_counts::table.load(conn).await.unwrap()),
        counted(tags.load(conn).await.unwrap())
    );
    let told = article_counts::table.select((article_counts::article_id, article_counts::corrections));
    let notes = corrections::table.select(corrections::article_id);
    assert_eq!(
        kept(told.load(conn).await.unwrap()),
        counted(notes.load(conn).await.unwrap())
    );
    let slugs: Vec<String> = articles::table.select(articles::slug).load(conn).await.unwrap();
    assert_eq!(slugs.iter().collect::<BTreeSet<_>>().len(), slugs.len());
}
