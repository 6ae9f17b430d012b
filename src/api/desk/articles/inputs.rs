//! Articles as editors write them, and the checks of their fields.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::desk::inputs::{ImageInput, SeoInput};
use crate::domain::body::BodyFormat;
use crate::domain::check::{Check, FieldError};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::Source;
use crate::domain::instant::Instant;
use crate::domain::language::language;
use crate::domain::patch::Patch;
use crate::domain::slug::Slug;
use crate::domain::text::Coded;
use crate::newsroom::{ArticleChange, BodyChange};

/// The longest body, in characters of its source: some 80,000 words.
const MAX_BODY: usize = 500_000;

/// A new article. Only the title must be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Made from the title when left out.
    #[schema(min_length = 1, max_length = 120)]
    pub slug: Option<String>,
    /// The short text over the headline.
    #[schema(min_length = 1, max_length = 60)]
    pub kicker: Option<String>,
    /// The summary under the headline.
    #[schema(min_length = 1, max_length = 1000)]
    pub standfirst: Option<String>,
    /// Where the story was reported from.
    #[schema(min_length = 1, max_length = 120)]
    pub dateline: Option<String>,
    /// A BCP 47 tag; the site's language when left out.
    #[schema(pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length = 35)]
    pub language: Option<String>,
    pub body: Option<BodyInput>,
    /// Id or slug of its section.
    pub section: Option<String>,
    /// Ids or slugs of its tags.
    #[schema(max_items = 50)]
    pub tags: Option<Vec<String>>,
    /// Ids or slugs of its byline; the author linked to the caller when left out.
    #[schema(max_items = 20)]
    pub authors: Option<Vec<String>>,
    /// Where its facts come from.
    #[schema(max_items = 50)]
    pub sources: Option<Vec<SourceInput>>,
    /// Ids or slugs of other articles.
    #[schema(max_items = 20)]
    pub related: Option<Vec<String>>,
    pub seo: Option<SeoInput>,
    pub hero: Option<ImageInput>,
    /// Needs the permission `articles:publish`, as `featured` and `comments_policy` do.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub breaking_until: Option<Instant>,
    pub featured: Option<bool>,
    pub comments_policy: Option<CommentsPolicy>,
    /// Id of the account that works on it.
    pub assignee: Option<Uuid>,
    /// No reader sees it earlier, whatever is pressed.
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub embargo_until: Option<Instant>,
    /// Why this revision was made.
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<String>,
}

/// What changes about an article: what is left out stays, `null` clears. Content makes a new revision; `breaking_until`,
/// `featured`, `comments_policy` and `assignee` act at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticlePatch {
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub title: Patch<String>,
    /// `null` makes it from the title again. Readers get a new one when the article is published; the old one leads there.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub slug: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub kicker: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub standfirst: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub dateline: Patch<String>,
    /// A BCP 47 tag; `null` makes it the site's.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length = 35)]
    pub language: Patch<String>,
    /// Merged: `source` and `format` may be given apart.
    #[serde(default)]
    #[schema(value_type = Option<BodyInput>)]
    pub body: Patch<BodyInput>,
    /// Id or slug.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub section: Patch<String>,
    /// Ids or slugs; the list replaces the list.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    pub tags: Patch<Vec<String>>,
    /// Ids or slugs; the list replaces the list.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    pub authors: Patch<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<SourceInput>>, max_items = 50)]
    pub sources: Patch<Vec<SourceInput>>,
    /// Ids or slugs of other articles; the list replaces the list.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    pub related: Patch<Vec<String>>,
    /// Merged into what is there.
    #[serde(default)]
    #[schema(value_type = Option<SeoInput>)]
    pub seo: Patch<SeoInput>,
    #[serde(default)]
    #[schema(value_type = Option<ImageInput>)]
    pub hero: Patch<ImageInput>,
    /// Acts at once. Needs the permission `articles:publish`, as `featured` and `comments_policy` do.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub breaking_until: Patch<Instant>,
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    pub featured: Patch<bool>,
    #[serde(default)]
    #[schema(value_type = Option<CommentsPolicy>)]
    pub comments_policy: Patch<CommentsPolicy>,
    /// Id of the account that works on it.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub assignee: Patch<Uuid>,
    /// No reader sees it earlier, whatever is pressed. Acts at once.
    #[serde(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub embargo_until: Patch<Instant>,
    /// Why this revision is made. Kept only with a new revision.
    #[schema(min_length = 1, max_length = 500)]
    pub note: Option<String>,
    /// Whether a program saves, not a person: such a revision is hidden from history.
    #[serde(default)]
    pub autosave: bool,
}

/// A body, or what changes about it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyInput {
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500_000)]
    pub source: Patch<String>,
    /// `markdown` when nothing was ever said.
    #[serde(default)]
    #[schema(value_type = Option<BodyFormat>)]
    pub format: Patch<BodyFormat>,
}

/// Where a fact comes from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceInput {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[schema(format = "uri", max_length = 2048)]
    pub url: Option<String>,
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

impl From<NewArticle> for ArticlePatch {
    fn from(new: NewArticle) -> Self {
        Self {
            title: Patch::Set(new.title),
            slug: new.slug.into(),
            kicker: new.kicker.into(),
            standfirst: new.standfirst.into(),
            dateline: new.dateline.into(),
            language: new.language.into(),
            body: new.body.into(),
            section: new.section.into(),
            tags: new.tags.into(),
            authors: new.authors.into(),
            sources: new.sources.into(),
            related: new.related.into(),
            seo: new.seo.into(),
            hero: new.hero.into(),
            breaking_until: new.breaking_until.into(),
            featured: new.featured.into(),
            comments_policy: new.comments_policy.into(),
            assignee: new.assignee.into(),
            embargo_until: new.embargo_until.into(),
            note: new.note,
            autosave: false,
        }
    }
}

impl ArticlePatch {
    /// Checks every text. What is wrong goes along, to be told at once with what is wrong with the references.
    #[must_use]
    pub fn check(self) -> ArticleChange {
        let mut check = Check::new();
        let c = &mut check;
        if self.title == Patch::Clear {
            c.refuse(FieldError::field(
                "/title",
                "required",
                "an article always has a title; leave it out to keep it",
            ));
        }
        let mut change = ArticleChange {
            check: Check::new(),
            title: self.title.map(|title| c.line("/title", &title, 300)).apply(None),
            slug: self.slug.map(|slug| check_slug(c, slug)),
            kicker: self.kicker.map(|kicker| c.line("/kicker", &kicker, 60)),
            standfirst: self.standfirst.map(|text| c.block("/standfirst", &text, 1000)),
            dateline: self.dateline.map(|dateline| c.line("/dateline", &dateline, 120)),
            language: self.language.map(|tag| check_language(c, tag)),
            body: self.body.map(|body| body.check(c)),
            section: self.section,
            tags: self.tags.map(|tags| at_most(c, "/tags", tags, 50)),
            authors: self.authors.map(|authors| at_most(c, "/authors", authors, 20)),
            sources: self.sources.map(|sources| check_sources(c, sources)),
            related: self.related.map(|related| at_most(c, "/related", related, 20)),
            seo: self.seo.map(|seo| seo.check(c, "/seo")),
            hero: self.hero.map(|hero| hero.check(c, "/hero")),
            breaking_until: self.breaking_until.map(|at| at.0),
            featured: self.featured,
            comments_policy: self.comments_policy,
            assignee: self.assignee,
            embargo_until: self.embargo_until.map(|at| at.0),
            note: self.note.map(|note| c.block("/note", &note, 500)),
            autosave: self.autosave,
        };
        change.check = check;
        change
    }
}

impl BodyInput {
    fn check(self, check: &mut Check) -> BodyChange {
        let source = |text: String| {
            check
                .optional_block("/body/source", Some(&text), MAX_BODY)
                .unwrap_or_default()
        };
        BodyChange {
            source: self.source.map(source),
            format: self.format,
        }
    }
}

fn check_slug(check: &mut Check, given: String) -> String {
    if let Err(error) = Slug::parse(&given) {
        check.refuse(FieldError::field("/slug", error.code(), error.to_string()));
    }
    given
}

fn check_language(check: &mut Check, tag: String) -> String {
    language(&tag).unwrap_or_else(|error| {
        check.refuse(FieldError::field("/language", error.code(), error.to_string()));
        tag
    })
}

/// The list, or none of it when it is too long: it is refused, and nobody looks at its entries.
fn at_most<T>(check: &mut Check, pointer: &str, mut list: Vec<T>, most: usize) -> Vec<T> {
    check.at_most(pointer, &list, most);
    if list.len() > most {
        list.clear();
    }
    list
}

fn check_sources(check: &mut Check, sources: Vec<SourceInput>) -> Vec<Source> {
    let sources = at_most(check, "/sources", sources, 50);
    let checked = sources.into_iter().enumerate().map(|(place, source)| {
        let at = format!("/sources/{place}");
        Source {
            name: check.line(&format!("{at}/name"), &source.name, 200),
            url: source.url.map(|url| check.link(&format!("{at}/url"), &url)),
            note: check.optional_block(&format!("{at}/note"), source.note.as_deref(), 1000),
        }
    });
    checked.collect()
}
