//! Correct an article: say what was wrong, and mend it for readers, without publishing anything else.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::articles::{ArticleChange, open};
use super::corrections::{MAX_CORRECTIONS, retell, told};
use super::entry::Entry;
use super::go_live::{GoLive, go_live};
use super::{Refusal, Result, article_content, article_slugs};
use crate::clock::new_id;
use crate::db::articles::ArticleRow;
use crate::db::corrections::CorrectionRow;
use crate::db::revisions::{Content, RevisionRow, ids};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::body::BodyRules;
use crate::domain::correction::{Correction, CorrectionKind};
use crate::domain::text::excerpt;
use crate::domain::version::Expected;
use crate::domain::workflow::{ArticleStage, ArticleVerb};

/// How much of a correction the note of its revision quotes, in characters.
const QUOTED: usize = 200;

/// What was wrong, and what mends it.
#[derive(Clone, Debug)]
pub struct NewCorrection {
    pub kind: CorrectionKind,
    pub text: String,
    /// Content only; without it the text stays as it is.
    pub patch: Option<ArticleChange>,
}

/// What a correction did.
#[derive(Clone, Debug)]
pub struct Corrected {
    pub correction: Correction,
    pub article: ArticleRow,
    /// Fields of the patch that the working copy keeps as they are, because they had been changed there too.
    pub not_applied: Vec<&'static str>,
    /// A revision that waits for review or publication, and lacks the patch.
    pub unpatched_revision: Option<i32>,
}

/// Tells readers what was wrong. With a patch, what they have and the patch become the next revision, which they get;
/// the newest revision and the patch become the one after it. What waits as the newest revision waits on as that one.
///
/// # Errors
/// When the article is gone, changed or not published, or has too many corrections; or the patch does not fit.
pub async fn correct_article(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    id: Uuid,
    expected: Expected,
    new: NewCorrection,
) -> Result<Corrected> {
    conn.transaction(async |conn| {
        db::taxonomy_gate::enter(conn).await?;
        let (mut article, state) = open(conn, act, id, expected, ArticleVerb::Correct).await?;
        let mut entry = Entry::begin("correct_article", &article);
        let row = CorrectionRow {
            id: new_id(act.now),
            article_id: id,
            kind: new.kind,
            text: new.text,
            published_at: act.now,
            created_by_id: act.user_id(),
            updated_at: act.now,
        };
        db::corrections::insert(conn, &row).await?;
        let correction = Correction::from(row);
        let corrections = told(conn, id).await?;
        if corrections.len() > MAX_CORRECTIONS {
            let message = format!("An article has {MAX_CORRECTIONS} corrections at most.");
            return Err(Refusal::Conflict(message));
        }
        entry.tell("correction", json!(correction));
        let (live, head) = live_and_head(conn, &article).await?;
        let quote = || format!("{}: {}", correction.kind, excerpt(&correction.text, QUOTED));
        let note = new
            .patch
            .as_ref()
            .and_then(|patch| patch.note.clone())
            .unwrap_or_else(quote);
        let mended = match new.patch {
            Some(patch) => mend(conn, act, rules, &article, &live.content, patch).await?,
            None => None,
        };
        let Some(mended) = mended else {
            retell(conn, act, &mut article, &live, corrections, entry).await?;
            return Ok(Corrected {
                correction,
                article,
                not_applied: Vec::new(),
                unpatched_revision: None,
            });
        };
        let carried = carry(conn, act, &mut article, &live, head, mended, note).await?;
        entry.tell("not_applied", json!(carried.not_applied));
        let live = GoLive {
            entry,
            revision: &carried.revision,
            before: Some(&live),
            date: None,
            corrections: Some(corrections),
        };
        go_live(conn, act, rules, &mut article, state, live).await?;
        Ok(Corrected {
            correction,
            article,
            not_applied: carried.not_applied,
            unpatched_revision: carried.unpatched_revision,
        })
    })
    .await
}

/// The revision that readers have, and the newest.
async fn live_and_head(conn: &mut Connection, article: &ArticleRow) -> Result<(RevisionRow, RevisionRow)> {
    let numbers: Vec<i32> = article
        .published_revision
        .into_iter()
        .chain([article.revision])
        .collect();
    let found = db::revisions::numbered(conn, article.id, &numbers).await?;
    let of = |number: i32| found.iter().find(|revision| revision.number == number).cloned();
    let live = article.published_revision.and_then(of);
    live.zip(of(article.revision)).ok_or(Refusal::NotFound("revision"))
}

/// What readers have, mended.
struct Mended {
    content: Content,
    /// The article, referring to what that content names.
    refs: ArticleRow,
}

/// What the patch makes of what readers have; nothing when they would see no difference.
async fn mend(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    article: &ArticleRow,
    live: &Content,
    mut patch: ArticleChange,
) -> Result<Option<Mended>> {
    let mut refs = ArticleRow {
        section_id: live.section.as_ref().map(|section| section.0.id),
        tag_ids: ids(&live.tags.0),
        author_ids: ids(&live.authors.0),
        ..article.clone()
    };
    let mut content = live.clone();
    let (check, slug) = (std::mem::take(&mut patch.check), std::mem::take(&mut patch.slug));
    let rewritten = article_content::rewrite(conn, act, rules, check, &mut refs, &mut content, patch).await;
    rewritten.map_err(|refusal| refusal.below("/patch"))?;
    article_slugs::change(conn, article.id, &mut content, slug).await?;
    let differs = !content.differences(live).is_empty();
    Ok(differs.then_some(Mended { content, refs }))
}

/// How the patch reached the working copy.
struct Carried {
    /// What readers get.
    revision: RevisionRow,
    not_applied: Vec<&'static str>,
    unpatched_revision: Option<i32>,
}

/// Writes the revision for readers and, when the working copy is ahead of them, the one that brings the patch into it.
async fn carry(
    conn: &mut Connection,
    act: &Act,
    article: &mut ArticleRow,
    live: &RevisionRow,
    mut head: RevisionRow,
    mended: Mended,
    note: String,
) -> Result<Carried> {
    let head_number = head.number;
    let merged = head.content.merge(&live.content, &mended.content);
    let revision = |number, content| RevisionRow {
        article_id: live.article_id,
        number,
        content,
        note: Some(note.clone()),
        autosave: false,
        created_by_id: act.user_id(),
        created_at: act.now,
    };
    let for_readers = revision(head_number + 1, mended.content);
    db::revisions::insert(conn, &for_readers).await?;
    article.revision = for_readers.number;
    article.slug.clone_from(&head.content.slug);
    article.title.clone_from(&head.content.title);
    if head_number != live.number {
        article.revision += 1;
        db::revisions::insert(conn, &revision(article.revision, head.content)).await?;
    }
    for field in &merged.applied {
        match *field {
            "section" => article.section_id = mended.refs.section_id,
            "tags" => article.tag_ids.clone_from(&mended.refs.tag_ids),
            "authors" => article.author_ids.clone_from(&mended.refs.author_ids),
            _ => {}
        }
    }
    article.last_edited_by_id = act.user_id();
    Ok(Carried {
        revision: for_readers,
        not_applied: merged.not_applied,
        unpatched_revision: follow(conn, article, head_number).await?,
    })
}

/// Lets what waits as the revision that was the newest wait as the one that is. Answers what waits without the patch.
async fn follow(conn: &mut Connection, article: &mut ArticleRow, was_head: i32) -> Result<Option<i32>> {
    let waiting = match article.stage {
        None => None,
        Some(ArticleStage::InReview) => article.submitted_revision,
        Some(ArticleStage::Scheduled) => db::schedule::revision(conn, article.id).await?,
    };
    if waiting != Some(was_head) {
        return Ok(waiting);
    }
    match article.stage {
        Some(ArticleStage::Scheduled) => db::schedule::replan(conn, article.id, article.revision).await?,
        _ => article.submitted_revision = Some(article.revision),
    }
    Ok(None)
}
