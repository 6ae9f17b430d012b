//! Posting a comment, and changing one's own for a while.

use actix_web::{HttpResponse, delete, patch, post};
use uuid::Uuid;

use super::commenter::here;
use super::new::{NewComment, Posted};
use super::{Comment, CommentPatch, CreatedComment, hook, thread};
use crate::api::extract::{CallerAddress, CommentProof, Json, Once, Path};
use crate::api::response::{Reply, no_content};
use crate::app::{App, Shared};
use crate::auth::comment_token::CommentToken;
use crate::auth::guard::{MaybeSignedIn, Newcomer};
use crate::clock::new_id;
use crate::db::comment_threads::ThreadArticle;
use crate::db::comments::CommentRow;
use crate::domain::comment::{CommentQueue, CommentStatus};
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::{Code, Error, Result};
use crate::newsroom::{self, OwnChange, Refusal};

/// Post a comment
///
/// Without a token under a name of one's choice, or signed in under the name of the account. Its `status` says what the
/// paper's rules made of it: `approved` is shown at once, `pending` waits for a moderator, of `rejected` the author may
/// read the reasons with `edit_token`, which for a while also lets them change or delete it. What an account of the
/// newsroom posts is marked `staff` and shown at once. Closed comments answer 409 with the code
/// `invalid_state_transition`, the same words again 409 `conflict`, too many within a minute 429 with `Retry-After`; an
/// article that is not published answers 404. Sent again under its `Idempotency-Key` after the comment was erased, the
/// request answers 410 and writes nothing.
#[utoipa::path(
    tag = "Comments",
    operation_id = "create_comment",
    security((), ("bearer" = [])),
    params(("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens")),
    request_body(
        content = NewComment,
        example = json!({"author_name": "Runa Eik", "author_email": "runa@reader.example", "body": "I was on the second bus."})
    ),
    responses(
        (status = 201, description = "The comment, with the token to change it.", body = CreatedComment),
        (status = 403, description = "The account may not comment, or its holder is banned."),
        (status = 429, description = "Too many comments within a minute."),
    )
)]
#[post("/articles/{slug}/comments")]
pub async fn create_comment(
    guard: MaybeSignedIn,
    app: Shared,
    address: CallerAddress,
    path: Path<IdOrSlug>,
    body: Json<NewComment>,
    once: Once,
) -> Result<Reply<CreatedComment>> {
    let token = CommentToken::generate().map_err(|error| {
        tracing::error!(%error, "the system gives no random bytes");
        Error::new(Code::InternalError, "This is our fault.")
    })?;
    let mut posted = Posted {
        act: &guard.act,
        id: new_id(guard.act.now),
        address: address.0,
        token: &token,
        hook: None,
    };
    if let Some(hook) = &app.comment_hook {
        posted.hook = hook::of_new(hook, &guard, &app, &path.0, &body.0, &posted).await?;
    }
    let mut conn = guard.connect().await?;
    if !once.has_key() {
        let (article, new) = body.0.read(&conn, &app, &path.0, &posted).await?;
        drop(conn);
        let lending = (async || guard.connect().await, app.config.database.pool_wait);
        let intake = &app.comment_intake;
        let posted = intake.post(lending, &guard.act, &app.rule_book, new).await?;
        return created(&app, &article, &token, posted);
    }
    once.answer_hiding(&["edit_token"], &mut conn, &guard.act, async |conn| {
        let (article, new) = body.0.read(conn, &app, &path.0, &posted).await?;
        let posted = newsroom::post_comment(conn, &guard.act, &app.rule_book, new).await;
        created(&app, &article, &token, posted)
    })
    .await
}

/// What is answered to who posted a comment.
fn created(
    app: &App,
    article: &ThreadArticle,
    token: &CommentToken,
    posted: newsroom::Result<CommentRow>,
) -> Result<Reply<CreatedComment>> {
    if let Some(decision) = decision(&posted) {
        app.metrics.comments.count(decision);
    }
    let row = posted?;
    let location = format!("/api/v1/articles/{}/comments/{}", article.slug, row.id);
    let (id, unseen) = (row.id, row.status != CommentStatus::Approved);
    let created = CreatedComment::new(Comment::whole(row), token.expose());
    Ok(Reply::created(created, location).unseen(unseen).about([id]))
}

/// Where the rules put a comment, in one word.
fn decision(posted: &newsroom::Result<CommentRow>) -> Option<&'static str> {
    match posted {
        Ok(row) => Some(row.queue.map_or(row.status.as_str(), CommentQueue::as_str)),
        Err(Refusal::NotFound(_) | Refusal::Database(_)) => None,
        Err(_) => Some("refused"),
    }
}

/// Change one's own comment
///
/// Within ten minutes of posting it (or as long as the paper allows), with its token. The rules judge it anew; one that
/// waits for a moderator goes on waiting. A wrong token answers 403; a comment that is too old, rejected, removed or changed
/// by the newsroom 409 with the code `invalid_state_transition`.
#[utoipa::path(
    tag = "Comments",
    operation_id = "update_comment",
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        (
            "id" = Uuid,
            Path,
            description = "The comment's id.",
            example = "019a0000-0000-7000-8000-00000000000c"
        ),
        (
            "Comment-Token" = String,
            Header,
            description = "The `edit_token` that was given with the comment.",
            example = "mhc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ),
    ),
    request_body(content = CommentPatch, example = json!({"body": "I was on the third bus."})),
    responses(
        (status = 200, description = "The comment as it is now.", body = Comment),
        (status = 403, description = "The token is not that of the comment."),
        (status = 409, description = "It can be changed no more."),
    )
)]
#[patch("/articles/{slug}/comments/{id}")]
pub async fn update_comment(
    newcomer: Newcomer,
    app: Shared,
    address: CallerAddress,
    path: Path<(IdOrSlug, Uuid)>,
    proof: CommentProof,
    body: Json<CommentPatch>,
) -> Result<Reply<Comment>> {
    let (named, id) = path.0;
    let mut change = OwnChange {
        body: body.0.check()?,
        commenter: here(&app, address.0),
        hook: None,
    };
    let mut conn = newcomer.connect().await?;
    let article = thread::article_or_former(&conn, &named).await?;
    let own = proof.of(article.id, id);
    if let Some(hook) = app.comment_hook.as_ref().filter(|_| change.body.is_some()) {
        change.hook = hook::of_edit(hook, &newcomer.act, &app, conn, own, &change).await?;
        conn = newcomer.connect().await?;
    }
    let window = app.config.comments.edit_window;
    let row = newsroom::edit_own_comment(&mut conn, &newcomer.act, &app.rule_book, own, window, change).await?;
    Ok(Reply::ok(Comment::whole(row)))
}

/// Delete one's own comment
///
/// Within ten minutes of posting it (or as long as the paper allows), with its token. It keeps its place while readers
/// see replies below it, without name and text. One that was rejected is not shown, and stays as it is: 409.
#[utoipa::path(
    tag = "Comments",
    operation_id = "delete_comment",
    params(
        ("slug" = String, Path, description = "The article's slug or id.", example = "harbour-bridge-reopens"),
        (
            "id" = Uuid,
            Path,
            description = "The comment's id.",
            example = "019a0000-0000-7000-8000-00000000000c"
        ),
        (
            "Comment-Token" = String,
            Header,
            description = "The `edit_token` that was given with the comment.",
            example = "mhc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "The token is not that of the comment."),
        (status = 409, description = "It can be deleted no more."),
    )
)]
#[delete("/articles/{slug}/comments/{id}")]
pub async fn delete_comment(
    newcomer: Newcomer,
    app: Shared,
    path: Path<(IdOrSlug, Uuid)>,
    proof: CommentProof,
) -> Result<HttpResponse> {
    let (named, id) = path.0;
    let mut conn = newcomer.connect().await?;
    let article = thread::article_or_former(&conn, &named).await?;
    let window = app.config.comments.edit_window;
    newsroom::remove_own_comment(&mut conn, &newcomer.act, proof.of(article.id, id), window).await?;
    Ok(no_content())
}
