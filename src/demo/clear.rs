//! Takes the demonstration newsroom away, and nothing that anybody else wrote.

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;

use super::content::Content;
use super::{DemoError, EDITOR, MARKER};
use crate::db::{self, Connection};
use crate::domain::actor::Act;
use crate::domain::patch::Patch;
use crate::domain::version::Expected;
use crate::domain::workflow::{ArticleStatus, ArticleVerb};
use crate::newsroom::{self, Refusal, SiteChange};

/// Removes the demo's articles with their slugs and comments, its people, what of its sections, tags and authors nobody
/// uses, and its facts of the site unless somebody has edited them. Answers how many articles went. It is not loaded again by itself.
///
/// # Errors
/// When the database fails; nothing is removed then.
pub async fn clear(conn: &mut Connection, now: DateTime<Utc>) -> Result<usize, DemoError> {
    let content = Content::read()?;
    let act = Act::system(now);
    conn.transaction(async |conn| {
        db::markers::set(conn, MARKER, now).await?;
        let mut gone = 0;
        for article in &content.articles {
            gone += usize::from(remove_article(conn, &act, &article.slug).await?);
        }
        for author in &content.authors {
            if let Some(row) = db::authors::find_by_slug(conn, &author.slug).await? {
                unless_used(newsroom::delete_author(conn, &act, row.author.id, Expected::Any, None).await)?;
            }
        }
        for tag in &content.tags {
            if let Some(row) = db::tags::find_by_slug(conn, &tag.slug).await? {
                unless_used(newsroom::delete_tag(conn, &act, row.tag.id, Expected::Any, None).await)?;
            }
        }
        // Children stand behind their parents in the content, so they go first.
        for section in content.sections.iter().rev() {
            let rows = db::sections::lock_all(conn).await?;
            if let Some(row) = rows.iter().find(|row| row.slug == section.slug) {
                unless_used(newsroom::delete_section(conn, &act, row.id, Expected::Any, None).await)?;
            }
        }
        clear_site(conn, &act).await?;
        for user in &content.users {
            db::users::delete_by_email(conn, &user.email).await?;
        }
        Ok(gone)
    })
    .await
}

/// The site as it was before the demo came, when nobody had an account to edit it with. One that was edited since stays.
async fn clear_site(conn: &mut Connection, act: &Act) -> Result<(), DemoError> {
    let site = db::site::lock(conn).await?;
    // The demo's site and its accounts were written in the same hour, and every edit of the site notes its own.
    let founded = db::users::find_by_email(conn, EDITOR)
        .await?
        .map(|user| user.created_at);
    if founded != Some(site.updated_at) {
        return Ok(());
    }
    let before = SiteChange {
        name: Patch::Clear,
        tagline: Patch::Clear,
        logo: Patch::Clear,
        languages: Some(vec!["en".to_owned()]),
        default_language: Some("en".to_owned()),
        call_to_action: Patch::Clear,
        publisher: Patch::Clear,
        social: Some(Vec::new()),
        ..SiteChange::default()
    };
    newsroom::update_site(conn, act, Expected::Any, before).await?;
    Ok(())
}

/// An article of somebody else's that has the same slug stays.
async fn remove_article(conn: &mut Connection, act: &Act, slug: &str) -> Result<bool, DemoError> {
    let Some(article) = db::articles::find_by_slug(conn, slug).await? else {
        return Ok(false);
    };
    let author = match article.created_by_id {
        Some(id) => db::users::find(conn, id).await?,
        None => None,
    };
    if !author.is_some_and(|user| user.email.ends_with("@demo.local")) {
        return Ok(false);
    }
    if article.status == ArticleStatus::Published {
        newsroom::unpublish_article(conn, act, article.id, Expected::Any).await?;
    }
    if article.status != ArticleStatus::Trashed {
        newsroom::move_article(conn, act, article.id, Expected::Any, ArticleVerb::Trash, None).await?;
    }
    db::public_slugs::forget(conn, article.id).await?;
    newsroom::purge_article(conn, act, article.id, Expected::Any).await?;
    Ok(true)
}

fn unless_used(deleted: newsroom::Result<()>) -> Result<(), DemoError> {
    match deleted {
        Ok(()) | Err(Refusal::InUse(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}
