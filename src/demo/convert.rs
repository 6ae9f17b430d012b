//! From the demonstration's files to what the newsroom's functions take.

use chrono::{DateTime, Utc};

use super::content::{self, Article};
use crate::domain::content::{Image, Link, SeoChange, Source};
use crate::domain::patch::Patch;
use crate::newsroom::{ArticleChange, BodyChange};

pub(super) fn links(links: &[content::Link]) -> Vec<Link> {
    links
        .iter()
        .map(|link| Link {
            label: link.name.clone(),
            url: link.url.clone(),
        })
        .collect()
}

pub(super) fn change(article: &Article) -> ArticleChange {
    let sources = article.sources.iter().map(|source| Source {
        name: source.name.clone(),
        url: source.url.clone(),
        note: source.note.clone(),
    });
    ArticleChange {
        title: Some(article.title.clone()),
        slug: Patch::Set(article.slug.clone()),
        kicker: article.kicker.clone().into(),
        standfirst: Patch::Set(article.standfirst.clone()),
        dateline: article.dateline.clone().into(),
        language: Patch::Set(article.language.clone()),
        body: Patch::Set(BodyChange {
            source: Patch::Set(article.body.to_owned()),
            format: Patch::Absent,
        }),
        section: Patch::Set(article.section.clone()),
        tags: Patch::Set(article.tags.clone()),
        authors: Patch::Set(article.authors.clone()),
        sources: Patch::Set(sources.collect()),
        seo: Patch::Set(SeoChange {
            title: article.seo.title.clone().into(),
            description: Patch::Set(article.seo.description.clone()),
            ..SeoChange::default()
        }),
        hero: article.hero.as_ref().map(image).into(),
        ..ArticleChange::default()
    }
}

pub(super) fn picture(url: &str, alt: &str) -> Image {
    Image {
        id: None,
        url: url.to_owned(),
        alt: Some(alt.to_owned()),
        caption: None,
        credit: None,
        width: None,
        height: None,
        focal_point: None,
        variants: Vec::new(),
    }
}

fn image(hero: &content::Hero) -> Image {
    Image {
        caption: hero.caption.clone(),
        credit: hero.credit.clone(),
        width: Some(hero.width),
        height: Some(hero.height),
        ..picture(&hero.url, &hero.alt)
    }
}

/// What it relates to, and where it is placed.
pub(super) fn finish(article: &Article, breaking_until: DateTime<Utc>) -> ArticleChange {
    let related = !article.related.is_empty();
    ArticleChange {
        related: given(related, || article.related.clone()),
        note: related.then(|| "Related stories added".to_owned()),
        breaking_until: given(article.breaking, || breaking_until),
        featured: given(article.featured, || true),
        comments_policy: Patch::Set(article.comments_policy),
        ..ArticleChange::default()
    }
}

fn given<T>(is: bool, value: impl FnOnce() -> T) -> Patch<T> {
    if is { Patch::Set(value()) } else { Patch::Absent }
}
