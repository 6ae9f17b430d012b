//! What a save makes of an article's content.

use uuid::Uuid;

use super::Result;
use super::articles::{ArticleChange, BodyChange};
use super::references::{self, Mention};
use crate::db::articles::ArticleRow;
use crate::db::revisions::{Content, ids};
use crate::db::{self, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::body::{Body, BodyFormat, BodyRules, render};
use crate::domain::check::{Check, FieldError};
use crate::domain::content::{NamedRef, Seo};
use crate::domain::patch::Patch;
use crate::domain::taxonomy::Taxonomy;

/// What an article holds that nobody has written anything in.
pub(super) fn blank(language: String) -> Content {
    Content {
        slug: String::new(),
        kicker: None,
        title: String::new(),
        standfirst: None,
        dateline: None,
        language,
        body_source: String::new(),
        body_format: BodyFormat::default(),
        body_html: String::new(),
        outline: Json(Vec::new()),
        word_count: 0,
        section: None,
        tags: Json(Vec::new()),
        authors: Json(Vec::new()),
        sources: Json(Vec::new()),
        related: Vec::new(),
        seo: Json(Seo::default()),
        hero: None,
    }
}

/// Brings `change` into `content`, and the ids of its relations into `article`. The slug is left to the caller. Problems
/// with references join those in `check`.
pub(super) async fn rewrite(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    mut check: Check,
    article: &mut ArticleRow,
    content: &mut Content,
    change: ArticleChange,
) -> Result<()> {
    relate(conn, act, &mut check, article, content, &change).await?;
    check.done()?;
    if let Some(title) = change.title {
        content.title = title;
    }
    content.kicker = change.kicker.apply(content.kicker.take());
    content.standfirst = change.standfirst.apply(content.standfirst.take());
    content.dateline = change.dateline.apply(content.dateline.take());
    match change.language {
        Patch::Absent => {}
        Patch::Clear => content.language = db::site::load(conn).await?.default_language,
        Patch::Set(language) => content.language = language,
    }
    match change.body {
        Patch::Absent => {}
        Patch::Clear => {
            let (source, format) = (Patch::Clear, Patch::Absent);
            write_body(rules, content, BodyChange { source, format }).await;
        }
        Patch::Set(body) => write_body(rules, content, body).await,
    }
    content.sources = Json(
        change
            .sources
            .apply(Some(std::mem::take(&mut content.sources.0)))
            .unwrap_or_default(),
    );
    let seo = std::mem::take(&mut content.seo.0);
    content.seo = Json(match change.seo {
        Patch::Absent => seo,
        Patch::Clear => Seo::default(),
        Patch::Set(change) => change.apply(seo),
    });
    content.hero = change.hero.map(Json).apply(content.hero.take());
    article.title.clone_from(&content.title);
    Ok(())
}

/// Resolves the relations that `change` names. One that names what is there already leaves the snapshot as it is.
async fn relate(
    conn: &mut Connection,
    act: &Act,
    check: &mut Check,
    article: &mut ArticleRow,
    content: &mut Content,
    change: &ArticleChange,
) -> Result<()> {
    let section = change.section.clone().map(|given| vec![given]);
    let section = replacing(&section, article.section_id.as_slice());
    let tags = replacing(&change.tags, &article.tag_ids);
    let authors = replacing(&change.authors, &article.author_ids);
    let mut mentions = Vec::new();
    mentions.extend(section.into_iter().flatten().map(|given| Mention {
        kind: Taxonomy::Section,
        pointer: "/section".to_owned(),
        given,
    }));
    for (kind, list, given) in [(Taxonomy::Tag, "/tags", tags), (Taxonomy::Author, "/authors", authors)] {
        let given = given.into_iter().flatten().enumerate();
        mentions.extend(given.map(|(place, given)| Mention {
            kind,
            pointer: format!("{list}/{place}"),
            given,
        }));
    }
    let found = references::resolve(conn, check, &mentions).await?;
    let of = |kind| -> Vec<NamedRef> {
        let of_kind = found.iter().filter(|(found, _)| *found == kind);
        of_kind.map(|(_, now)| now.clone()).collect()
    };
    if section.is_some() {
        let now = of(Taxonomy::Section).into_iter().next();
        let id = now.as_ref().map(|section| section.id);
        if id != article.section_id {
            (article.section_id, content.section) = (id, now.map(Json));
        }
    }
    if tags.is_some() {
        replace(of(Taxonomy::Tag), &mut article.tag_ids, &mut content.tags.0);
    }
    if authors.is_some() {
        replace(of(Taxonomy::Author), &mut article.author_ids, &mut content.authors.0);
    }
    match &change.related {
        Patch::Absent => {}
        Patch::Clear => content.related.clear(),
        Patch::Set(given) => content.related = related(conn, act, check, article.id, given).await?,
    }
    Ok(())
}

/// The names that take the place of what is `held`; none when that stays. Just the ids that are held already need not be
/// looked up.
fn replacing<'a>(change: &'a Patch<Vec<String>>, held: &[Uuid]) -> Option<&'a [String]> {
    let is_held = |(text, id): (&String, &Uuid)| Uuid::try_parse(text) == Ok(*id);
    match change {
        Patch::Absent => None,
        Patch::Clear => Some(&[]),
        Patch::Set(given) if given.len() == held.len() && given.iter().zip(held).all(is_held) => None,
        Patch::Set(given) => Some(given),
    }
}

fn replace(named: Vec<NamedRef>, held: &mut Vec<Uuid>, snapshot: &mut Vec<NamedRef>) {
    if ids(&named) != *held {
        *held = ids(&named);
        *snapshot = named;
    }
}

/// The ids of the other articles that `given` names, by id or slug.
async fn related(
    conn: &mut Connection,
    act: &Act,
    check: &mut Check,
    own: Uuid,
    given: &[String],
) -> Result<Vec<Uuid>> {
    let by_id: Vec<Uuid> = given.iter().filter_map(|text| Uuid::try_parse(text).ok()).collect();
    let by_slug: Vec<String> = given.iter().filter(|text| !text.contains('\0')).cloned().collect();
    let found = db::articles::named(conn, &by_id, &by_slug, act.sections()).await?;
    let mut related = Vec::with_capacity(given.len());
    for (place, text) in given.iter().enumerate() {
        let id = Uuid::try_parse(text).ok();
        let article = found
            .iter()
            .find(|article| Some(article.id) == id || article.slug == *text);
        match article.filter(|article| article.id != own) {
            Some(article) if related.contains(&article.id) => {}
            Some(article) => related.push(article.id),
            None => {
                let message = format!("`{text}` is the id or slug of no other article");
                check.refuse(FieldError::field(
                    format!("/related/{place}"),
                    "unknown_reference",
                    message,
                ));
            }
        }
    }
    Ok(related)
}

async fn write_body(rules: &BodyRules, content: &mut Content, change: BodyChange) {
    let source = change
        .source
        .apply(Some(content.body_source.clone()))
        .unwrap_or_default();
    let format = change.format.apply(Some(content.body_format)).unwrap_or_default();
    if source == content.body_source && format == content.body_format {
        return;
    }
    let body = rendered(source.clone(), format, rules).await;
    content.body_source = source;
    content.body_format = format;
    content.body_html = body.html;
    content.outline = Json(body.outline);
    content.word_count = i32::try_from(body.word_count).unwrap_or(i32::MAX);
}

/// The body that `source` makes, worked out beside the threads that answer requests: a long one takes a while.
pub(super) async fn rendered(source: String, format: BodyFormat, rules: &BodyRules) -> Body {
    let rules = rules.clone();
    match tokio::task::spawn_blocking(move || render(&source, format, &rules)).await {
        Ok(body) => body,
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}
