//! An article as it is read: its card, its body, and what stands around it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::delivery::cards::{ArticleCard, with_card_fields};
use crate::api::response::unwritten;
use crate::config::SiteConfig;
use crate::db::published::detail::{ArticleData, FormsRow, PaperRow};
use crate::domain::body::{Block, OutlineEntry, Part};
use crate::domain::content::{Image, Seo, Source};
use crate::domain::correction::Correction;
use crate::domain::json_ld::{NewsArticle, Organisation, Writer};
use crate::domain::text_enum;
use crate::error::Result;

text_enum! {
    /// A form of a body that is sent when it is asked for.
    pub enum Forms {
        /// One entry for each headed stretch.
        Parts = "parts",
        /// One entry for each paragraph, picture, table and so on.
        Blocks = "blocks",
        /// Plain text.
        Text = "text",
    }
}

with_card_fields! {
    /// A published article, whole.
    pub struct Article {
        pub body: ArticleBody,
        /// Public notes that say what was wrong, oldest first.
        pub corrections: Vec<Correction>,
        /// Those that the editor put beside it and that are published.
        pub related: Vec<ArticleCard>,
        pub sources: Vec<Source>,
        pub seo: ArticleSeo,
    }
}

/// The text of an article, ready to show.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArticleBody {
    pub html: String,
    /// Its headings.
    pub outline: Vec<OutlineEntry>,
    /// With `formats=parts`: headed stretches, the lead first; joined they are `html`.
    #[schema(required)]
    pub parts: Option<Vec<Part>>,
    /// With `formats=blocks`: top-level elements.
    #[schema(required)]
    pub blocks: Option<Vec<Block>>,
    /// With `formats=text`: plain text, paragraphs parted by blank lines.
    #[schema(required)]
    pub text: Option<String>,
}

/// What search engines and social networks are told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ArticleSeo {
    /// The editor's, else the article's title.
    pub title: String,
    /// The editor's, else the standfirst.
    #[schema(required)]
    pub description: Option<String>,
    /// The editor's, else the article's address.
    #[schema(format = "uri")]
    pub canonical_url: String,
    /// The editor's, else the hero.
    #[schema(required)]
    pub image: Option<Image>,
    /// schema.org's NewsArticle as JSON, for a script element of type `application/ld+json`: put it there as it is.
    pub json_ld: String,
}

impl Article {
    /// Shows a published article as it is at this instant, its body in these further forms.
    ///
    /// # Errors
    /// When what search engines are told cannot be written.
    pub fn of(data: ArticleData, formats: &[Forms], site: &SiteConfig, now: DateTime<Utc>) -> Result<Self> {
        let card = ArticleCard::of(data.card, site, now);
        let sources = data.body.sources.0;
        let corrections = data.corrections;
        let seo = ArticleSeo::of(data.body.seo.0, &card, &sources, &corrections, &data.paper, site)?;
        let wanted = |format| formats.contains(&format);
        let forms = data.forms.map_or((None, None, None), |forms| {
            let FormsRow {
                parts,
                blocks,
                body_text,
            } = forms;
            (Some(parts.0), Some(blocks.0), Some(body_text))
        });
        let body = ArticleBody {
            html: data.body.body_html,
            outline: data.body.outline.0,
            parts: forms.0.filter(|_| wanted(Forms::Parts)),
            blocks: forms.1.filter(|_| wanted(Forms::Blocks)),
            text: forms.2.filter(|_| wanted(Forms::Text)),
        };
        let related = ArticleCard::all(data.related, site, now);
        Ok(Self::behind(card, body, corrections, related, sources, seo))
    }
}

impl ArticleSeo {
    fn of(
        given: Seo,
        card: &ArticleCard,
        sources: &[Source],
        corrections: &[Correction],
        paper: &PaperRow,
        site: &SiteConfig,
    ) -> Result<Self> {
        let mut seo = Self {
            title: given.title.unwrap_or_else(|| card.title.clone()),
            description: given.description.or_else(|| card.standfirst.clone()),
            canonical_url: given.canonical_url.unwrap_or_else(|| card.url.clone()),
            image: given.image.or_else(|| card.hero.clone()),
            json_ld: String::new(),
        };
        let writers = card.authors.iter().map(|author| Writer {
            kind: author.kind,
            name: &author.name,
            url: &author.url,
        });
        let told = NewsArticle {
            url: &seo.canonical_url,
            headline: &card.title,
            description: seo.description.as_deref(),
            image: seo.image.as_ref(),
            published_at: card.published_at,
            modified_at: card.content_updated_at,
            authors: writers.collect(),
            publisher: publisher(paper, site),
            section: card.section.as_ref().map(|section| section.name.as_str()),
            keywords: card.tags.iter().map(|tag| tag.name.as_str()).collect(),
            language: &card.language,
            word_count: card.word_count,
            dateline: card.dateline.as_deref(),
            sources,
            corrections,
        };
        seo.json_ld = told.json_ld().map_err(|error| unwritten(&error))?;
        Ok(seo)
    }
}

/// Who publishes: as the site says, else the site itself.
fn publisher<'a>(paper: &'a PaperRow, site: &'a SiteConfig) -> Organisation<'a> {
    let publisher = paper.publisher.as_ref().map(|publisher| &publisher.0);
    let name = paper.name.as_deref().unwrap_or(&site.name);
    Organisation {
        name: publisher.map_or(name, |publisher| &publisher.name),
        url: publisher
            .and_then(|publisher| publisher.url.as_deref())
            .unwrap_or(site.url.as_str()),
        logo: publisher
            .and_then(|publisher| publisher.logo.as_ref())
            .or(paper.logo.as_ref().map(|logo| &logo.0)),
    }
}
