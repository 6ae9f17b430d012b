//! Asking the paper's own service about a comment, before it is taken and while no connection is held.

use actix_web::ResponseError;

use super::new::{NewComment, Posted};
use crate::api::delivery::cards::front_end_path;
use crate::app::App;
use crate::auth::guard::MaybeSignedIn;
use crate::db::comment_queue;
use crate::db::{Connection, Pooled};
use crate::domain::actor::Act;
use crate::domain::comment_rules::HookOpinion;
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::{Error, Result};
use crate::newsroom::{self, Foreseen, Own, OwnChange, Written};
use crate::outbound::comment_hook::{AskedArticle, AskedComment, CommentHook, Event, Question};

/// What the service says about a new comment; none when no rule will be asked about it.
pub async fn of_new(
    hook: &CommentHook,
    guard: &MaybeSignedIn,
    app: &App,
    named: &IdOrSlug,
    body: &NewComment,
    posted: &Posted<'_>,
) -> Result<Option<HookOpinion>> {
    let mut conn = guard.connect().await?;
    // What is wrong is told later, by who takes the comment: a repeated request is answered before that.
    let new = match body.clone().read(&conn, app, named, posted).await {
        Ok((_, new)) => new,
        Err(error) if error.status_code().is_client_error() => return Ok(Some(HookOpinion::not_asked())),
        Err(error) => return Err(error),
    };
    let foreseen = newsroom::foresee_comment(&mut conn, &guard.act, &app.rule_book, &new).await?;
    ask(hook, &guard.act, app, conn, Event::Submitted, foreseen).await
}

/// What the service says about the new text of a comment.
pub async fn of_edit(
    hook: &CommentHook,
    act: &Act,
    app: &App,
    mut conn: Pooled,
    own: Own<'_>,
    change: &OwnChange,
) -> Result<Option<HookOpinion>> {
    let window = app.config.comments.edit_window;
    let foreseen = newsroom::foresee_own_edit(&mut conn, act, &app.rule_book, own, window, change).await?;
    ask(hook, act, app, conn, Event::Edited, foreseen).await
}

/// Gives the connection back, and then asks.
async fn ask(
    hook: &CommentHook,
    act: &Act,
    app: &App,
    mut conn: Pooled,
    event: Event,
    foreseen: Foreseen,
) -> Result<Option<HookOpinion>> {
    let written = match foreseen {
        Foreseen::Unjudged => return Ok(None),
        Foreseen::Decided => return Ok(Some(HookOpinion::not_asked())),
        Foreseen::Open(written) => written,
    };
    let (slug, url) = address(&mut conn, app, &written).await?;
    drop(conn);
    let question = Question {
        comment: AskedComment {
            id: written.id,
            parent_id: written.parent_id,
            author_name: &written.author_name,
            body: &written.body,
        },
        article: AskedArticle {
            id: written.article_id,
            slug: &slug,
            url,
        },
    };
    Ok(Some(hook.ask(act.now, event, &question).await))
}

/// The slug of the article, and where readers find it.
async fn address(conn: &mut Connection, app: &App, written: &Written) -> Result<(String, String)> {
    let found = comment_queue::articles(conn, &[written.article_id]).await?;
    let article = found
        .get(&written.article_id)
        .ok_or_else(|| Error::not_found("article"))?;
    let (place, site) = (article.addressed(), &app.config.site);
    let path = front_end_path(site, article.timezone.as_deref(), &place);
    Ok((place.slug.to_owned(), site.url.join(&path)))
}
