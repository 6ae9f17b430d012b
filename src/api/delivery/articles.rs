//! Articles, as readers see them.

pub mod article;
mod depends;
pub mod query;

use actix_web::{HttpRequest, HttpResponse, Responder, get, web};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use self::article::{Article, Forms};
pub use self::depends::newest_change;
use self::depends::{beside, list_tags, told_beside};
use self::query::{ArticleQuery, Asked, PageAsked};
use super::cards::{ArticleCard, card_tags, count_tags, front_end_path, next_change};
use super::{Moved, missing};
use crate::api::extract::{Path, Query};
use crate::api::page::{Cursors, DEFAULT_LIMIT, MAX_TOTAL, Page, next_link};
use crate::api::response::{NewPlace, Public, moved};
use crate::app::Shared;
use crate::auth::guard::Anyone;
use crate::config::SiteConfig;
use crate::db::Connection;
use crate::db::published::cards::{self, CardData};
use crate::db::published::detail;
use crate::db::published::lists;
use crate::domain::article_path::Addressed;
use crate::domain::id_or_slug::IdOrSlug;
use crate::error::Result;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_articles)
        .service(get_article)
        .service(list_related_articles);
}

/// A page of articles.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleCardList {
    pub data: Vec<ArticleCard>,
    pub page: Page,
}

/// List published articles
///
/// Cards, newest first. A page of a rare combination of filters may be shorter than `limit`: only
/// `next_cursor: null` ends a list.
#[utoipa::path(
    tag = "Articles",
    operation_id = "list_articles",
    params(ArticleQuery),
    responses((status = 200, description = "A page of articles.", body = ArticleCardList))
)]
#[get("/articles")]
pub async fn list_articles(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    cursors: web::Data<Cursors>,
    query: Query<ArticleQuery>,
) -> Result<Public<ArticleCardList>> {
    let asked = query.0.read(&cursors)?;
    let now = app.clock.now();
    let conn = anyone.join(asked.most()).await?;
    let (cards, page, mut tags, until) = match asked {
        Asked::These { ids, slugs } => {
            let cards = cards::load(&conn, &ids, &slugs).await?;
            let page = Page::whole(cards.len());
            (cards, page, vec!["articles".to_owned()], None)
        }
        Asked::Page(asked) => page(&conn, &asked, &cursors, now).await?,
    };
    let (modified, until) = (
        newest_change(&cards),
        next_change(&cards, now).into_iter().chain(until).min(),
    );
    let data = ArticleCard::all(cards, &app.config.site, now);
    tags.extend(card_tags(&data));
    let counts = count_tags(&data);
    let next = next_link(&request, &page);
    Ok(Public::new(ArticleCardList { data, page }, tags)
        .untold(counts)
        .modified(modified)
        .until(until)
        .next(next))
}

/// What `GET /articles/{slug}` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FormsQuery {
    /// Other forms of the body that are wanted as well.
    #[serde(default)]
    #[param(inline)]
    formats: Vec<Forms>,
}

impl FormsQuery {
    /// The forms that are wanted.
    pub fn formats(&self) -> &[Forms] {
        &self.formats
    }
}

/// Read one article
///
/// By slug or id. A slug that it had before answers 301, a withdrawn article 404, a killed one 410 with its notice.
#[utoipa::path(
    tag = "Articles",
    operation_id = "get_article",
    params(("slug" = String, Path, description = "Slug or id.", example = "harbour-bridge-reopens"), FormsQuery),
    responses(
        (status = 200, description = "The article.", body = Article),
        (status = 301, description = "It has another slug now.", body = Moved),
    )
)]
#[get("/articles/{slug}")]
pub async fn get_article(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    path: Path<IdOrSlug>,
    query: Query<FormsQuery>,
) -> Result<HttpResponse> {
    let conn = anyone.join(1).await?;
    let Some(data) = detail::find(&conn, &path.0, !query.0.formats.is_empty()).await? else {
        return elsewhere(&request, &conn, &path.0, &app.config.site, "").await;
    };
    let related = data.related.iter().map(|related| related.article.content_updated_at);
    let modified = related.chain([data.card.article.content_updated_at]).max();
    let relations = &data.card.relations;
    let mut tags = vec![format!("article:{}", data.card.article.id)];
    let sections = &data.card.article.listing.sections;
    tags.extend(sections.iter().map(|id| format!("section:{id}")));
    tags.extend(relations.tags.iter().map(|tag| format!("tag:{}", tag.id)));
    tags.extend(relations.authors.iter().map(|author| format!("author:{}", author.id)));
    let related = data
        .related
        .iter()
        .map(|related| format!("article:{}", related.article.id));
    tags.extend(related.chain(["names".to_owned()]));
    let cards = || data.related.iter().chain([&data.card]);
    let counts = cards().map(|card| format!("count:{}", card.article.id));
    let untold: Vec<String> = counts.chain(beside(&data.body.related)).collect();
    tags.extend(told_beside(&data.body.related, &data.related));
    let now = app.clock.now();
    let until = next_change(cards(), now);
    let article = Article::of(data, &query.0.formats, &app.config.site, now)?;
    Ok(Public::new(article, tags)
        .untold(untold)
        .modified(modified)
        .until(until)
        .respond_to(&request))
}

/// List related articles
///
/// Those that the editor put beside it and that are published, in the editor's order.
#[utoipa::path(
    tag = "Articles",
    operation_id = "list_related_articles",
    params(("slug" = String, Path, description = "Slug or id.", example = "harbour-bridge-reopens")),
    responses(
        (status = 200, description = "All related articles.", body = ArticleCardList),
        (status = 301, description = "The article has another slug now.", body = Moved),
    )
)]
#[get("/articles/{slug}/related")]
pub async fn list_related_articles(
    request: HttpRequest,
    anyone: Anyone,
    app: Shared,
    path: Path<IdOrSlug>,
) -> Result<HttpResponse> {
    let conn = anyone.join(DEFAULT_LIMIT).await?;
    let Some((id, related, cards)) = detail::related(&conn, &path.0).await? else {
        return elsewhere(&request, &conn, &path.0, &app.config.site, "/related").await;
    };
    let now = app.clock.now();
    let (modified, until) = (newest_change(&cards), next_change(&cards, now));
    let to_come = told_beside(&related, &cards);
    let data = ArticleCard::all(cards, &app.config.site, now);
    let tags: Vec<String> = std::iter::once(format!("article:{id}"))
        .chain(card_tags(&data))
        .chain(to_come)
        .collect();
    let untold: Vec<String> = count_tags(&data).into_iter().chain(beside(&related)).collect();
    let page = Page::whole(data.len());
    Ok(Public::new(ArticleCardList { data, page }, tags)
        .untold(untold)
        .modified(modified)
        .until(until)
        .respond_to(&request))
}

/// How long a list is kept that is about what is breaking at this moment: what stops to be is on another list.
const MOMENT: TimeDelta = TimeDelta::seconds(1);

/// A page of a list: its cards, where it goes on, what it depends on, and when it is over by itself.
async fn page(
    conn: &Connection,
    asked: &PageAsked,
    cursors: &Cursors,
    now: DateTime<Utc>,
) -> Result<(Vec<CardData>, Page, Vec<String>, Option<DateTime<Utc>>)> {
    let PageAsked { sort, window, .. } = asked;
    let filter = asked.filters.at(now);
    let count_to = asked.with_total.then_some(MAX_TOTAL);
    let found = lists::page(conn, &filter, *sort, window.after, window.limit, count_to).await?;
    let page = window.close_at(cursors, found.next.as_ref());
    let page = match found.counted {
        Some(counted) => page.counted(counted.total, counted.capped),
        None => page,
    };
    let until = filter.breaking.map(|(_, now)| now + MOMENT);
    Ok((found.cards, page, list_tags(&filter, &found.names), until))
}

/// Leads an old slug to the article that had it, and there to the same path below.
///
/// # Errors
/// 410 when the article was killed; 404 when no published article ever had it.
pub async fn elsewhere(
    request: &HttpRequest,
    conn: &Connection,
    named: &IdOrSlug,
    site: &SiteConfig,
    below: &str,
) -> Result<HttpResponse> {
    let formerly = async {
        match named {
            IdOrSlug::Id(_) => Ok(None),
            IdOrSlug::Slug(slug) => Ok(detail::formerly(conn, slug).await?),
        }
    };
    // Where nothing is, neither question waits for the other.
    let (formerly, missing) = try_join(formerly, missing(conn, named)).await?;
    let Some(now) = formerly else { return Err(missing) };
    let whereabouts = Addressed {
        id: now.id,
        slug: &now.slug,
        section: now
            .section
            .as_ref()
            .map(|section| (section.slug.as_str(), section.path.as_str())),
        published_at: now.published_at,
    };
    let path = front_end_path(site, now.timezone.as_deref(), &whereabouts);
    let to = NewPlace {
        resource: "articles",
        id: now.id,
        below,
        named,
    };
    let body = Moved {
        url: site.url.join(&path),
        path,
        slug: now.slug,
    };
    Ok(moved(request, &to, &body))
}
