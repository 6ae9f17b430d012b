//! Articles on the desk.

pub mod corrections;
pub mod history;
pub mod inputs;
pub mod kill;
pub mod lock;
pub mod preflight;
pub mod preview_tokens;
pub mod publish;
pub mod query;
pub mod schedule;
pub mod shapes;
pub mod show;
pub mod verbs;

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::inputs::{ArticlePatch, NewArticle};
use self::query::DeskArticleQuery;
use self::shapes::{DeskArticle, DeskArticleCardList};
use crate::api::extract::{Json, Once, Path, Query, RequiredIfMatch};
use crate::api::page::{Cursors, MAX_TOTAL, Window, next_link};
use crate::api::response::{Reply, no_content};
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::{ReadArticles, WriteOwnArticles};
use crate::clock::new_id;
use crate::db;
use crate::db::articles::ArticlePosition;
use crate::domain::workflow::{ArticleStatus, ArticleVerb};
use crate::error::Result;
use crate::newsroom;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_desk_articles)
        .service(create_article)
        .service(get_desk_article)
        .service(update_article)
        .service(delete_article)
        .service(lock::lock_article)
        .service(lock::unlock_article)
        .service(preflight::get_preflight)
        .service(preview_tokens::list_preview_tokens)
        .service(preview_tokens::create_preview_token)
        .service(preview_tokens::revoke_preview_token)
        .service(schedule::list_schedule);
}

/// The verbs of the workflow.
pub fn configure_verbs(config: &mut ServiceConfig<'_>) {
    config
        .service(publish::publish_article)
        .service(verbs::unpublish_article)
        .service(verbs::untrash_article)
        .service(verbs::submit_article)
        .service(verbs::return_article)
        .service(schedule::schedule_article)
        .service(schedule::unschedule_article)
        .service(kill::kill_article)
        .service(kill::reinstate_article);
}

/// List articles on the desk
///
/// Working copies, published or not, last changed first. Trashed ones only with `status=trashed`.
#[utoipa::path(
    tag = "Desk: articles",
    operation_id = "list_desk_articles",
    params(DeskArticleQuery),
    responses((status = 200, description = "A page of articles.", body = DeskArticleCardList))
)]
#[get("/articles")]
pub async fn list_desk_articles(
    request: HttpRequest,
    guard: Guard<ReadArticles>,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<DeskArticleQuery>,
) -> Result<Reply<DeskArticleCardList>> {
    let query = query.0;
    let window = Window::<ArticlePosition>::read(&cursors, query.scope(), query.limit, query.cursor.as_deref())?;
    let mut conn = guard.connect().await?;
    let filter = query.filter(&mut conn, &guard.actor).await?;
    let mut rows = db::articles::list(&mut conn, &filter, query.sort, window.after.as_ref(), window.fetch()).await?;
    let page = window.close(&cursors, &mut rows, |row| ArticlePosition::of(query.sort, row));
    let total = match query.with_total {
        true => Some(db::articles::count(&mut conn, &filter, MAX_TOTAL + 1).await?),
        false => None,
    };
    let page = page.with_total(total);
    let data = show::cards(&mut conn, &app.config.site, &guard.act, rows).await?;
    let next = next_link(&request, &page);
    Ok(Reply::ok(DeskArticleCardList { data, page }).next(next))
}

/// Create an article
///
/// Always a draft; its own verb publishes it. Only the title must be given.
#[utoipa::path(
    tag = "Desk: articles",
    operation_id = "create_article",
    request_body(content = NewArticle, example = json!({"title": "Council votes on the harbour budget"})),
    responses((status = 201, description = "The new article.", body = DeskArticle))
)]
#[post("/articles")]
pub async fn create_article(
    guard: Guard<WriteOwnArticles>,
    app: Shared,
    body: Json<NewArticle>,
    once: Once,
) -> Result<Reply<DeskArticle>> {
    let change = ArticlePatch::from(body.0).check();
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let site = &app.config.site;
        let copy =
            newsroom::create_article(conn, &guard.act, &site.body_rules(), new_id(guard.act.now), change).await?;
        let (id, version) = (copy.article.id, copy.article.version);
        let article = show::whole(conn, site, &guard.act, copy).await?;
        Ok(Reply::created(article, format!("/api/v1/desk/articles/{id}"))
            .version(version)
            .unseen(true))
    })
    .await
}

/// Read an article on the desk
///
/// Its newest revision, and where it stands. Its ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Desk: articles",
    operation_id = "get_desk_article",
    params(("id" = Uuid, Path, description = "The article's id.")),
    responses((status = 200, description = "The article.", body = DeskArticle))
)]
#[get("/articles/{id}")]
pub async fn get_desk_article(guard: Guard<ReadArticles>, app: Shared, path: Path<Uuid>) -> Result<Reply<DeskArticle>> {
    let mut conn = guard.connect().await?;
    let copy = show::find(&mut conn, &guard.act, path.0).await?;
    show::reply(&mut conn, &app.config.site, &guard.act, copy).await
}

/// Save an article
///
/// New content becomes the next revision, which readers see once it is published. What changes nothing makes no revision.
#[utoipa::path(
    tag = "Desk: articles",
    operation_id = "update_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    request_body(content = ArticlePatch, example = json!({"standfirst": "The vote is on Thursday."})),
    responses((status = 200, description = "The article as it is now.", body = DeskArticle))
)]
#[patch("/articles/{id}")]
pub async fn update_article(
    guard: Guard<WriteOwnArticles>,
    app: Shared,
    path: Path<Uuid>,
    if_match: RequiredIfMatch,
    body: Json<ArticlePatch>,
) -> Result<Reply<DeskArticle>> {
    let change = body.0.check();
    let mut conn = guard.connect().await?;
    let site = &app.config.site;
    let copy = newsroom::save_article(&mut conn, &guard.act, &site.body_rules(), path.0, if_match.0, change).await?;
    let unseen = copy.article.status != ArticleStatus::Published;
    Ok(show::reply(&mut conn, site, &guard.act, copy).await?.unseen(unseen))
}

/// Whether an article is thrown away or erased.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteArticleQuery {
    /// Erases a trashed article for good. Needs the permission `articles:purge`.
    #[serde(default)]
    pub purge: bool,
}

/// Trash or purge an article
///
/// A published article is unpublished first. From the trash it can be brought back, or erased with `purge=true`.
#[utoipa::path(
    tag = "Desk: articles",
    operation_id = "delete_article",
    params(
        ("id" = Uuid, Path, description = "The article's id."),
        DeleteArticleQuery,
        ("If-Match" = String, Header, description = "The ETag that was read; `*` means any.", example = "*"),
    ),
    responses((status = 204, description = "It is in the trash, or gone."))
)]
#[delete("/articles/{id}")]
pub async fn delete_article(
    guard: Guard<WriteOwnArticles>,
    path: Path<Uuid>,
    query: Query<DeleteArticleQuery>,
    if_match: RequiredIfMatch,
) -> Result<HttpResponse> {
    let mut conn = guard.connect().await?;
    if query.0.purge {
        newsroom::purge_article(&mut conn, &guard.act, path.0, if_match.0).await?;
    } else {
        newsroom::move_article(&mut conn, &guard.act, path.0, if_match.0, ArticleVerb::Trash, None).await?;
    }
    Ok(no_content())
}
