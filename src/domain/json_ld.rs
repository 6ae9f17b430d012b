//! What search engines read about an article: schema.org's `NewsArticle`, as Google's rules for articles ask for it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::content::{Image, Source};
use super::correction::Correction;
use super::taxonomy::AuthorKind;
use super::text::excerpt;

/// The longest headline, in characters.
const MAX_HEADLINE: usize = 110;

/// What is told about an article.
#[derive(Clone, Debug)]
pub struct NewsArticle<'a> {
    /// Its canonical address.
    pub url: &'a str,
    pub headline: &'a str,
    pub description: Option<&'a str>,
    pub image: Option<&'a Image>,
    pub published_at: DateTime<Utc>,
    pub modified_at: DateTime<Utc>,
    /// The publisher stands for nobody in particular.
    pub authors: Vec<Writer<'a>>,
    pub publisher: Organisation<'a>,
    pub section: Option<&'a str>,
    pub keywords: Vec<&'a str>,
    /// A BCP 47 tag.
    pub language: &'a str,
    pub word_count: i32,
    pub dateline: Option<&'a str>,
    pub sources: &'a [Source],
    pub corrections: &'a [Correction],
}

/// Somebody in the byline.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    pub kind: AuthorKind,
    pub name: &'a str,
    pub url: &'a str,
}

/// Who publishes.
#[derive(Clone, Copy, Debug)]
pub struct Organisation<'a> {
    pub name: &'a str,
    pub url: &'a str,
    pub logo: Option<&'a Image>,
}

/// The article as schema.org has it. What is not known is left out: an empty property would be a fault.
#[derive(Serialize)]
#[serde(tag = "@type", rename = "NewsArticle", rename_all = "camelCase")]
struct Told<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    main_entity_of_page: WebPage<'a>,
    url: &'a str,
    headline: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<[ImageObject<'a>; 1]>,
    date_published: String,
    date_modified: String,
    author: Vec<Party<'a>>,
    publisher: Party<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article_section: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    keywords: &'a [&'a str],
    in_language: &'a str,
    word_count: i32,
    is_accessible_for_free: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    dateline: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citation: Vec<CreativeWork<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<CorrectionComment<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct WebPage<'a> {
    #[serde(rename = "@id")]
    id: &'a str,
}

/// Who writes or publishes.
#[derive(Serialize)]
struct Party<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<ImageObject<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct ImageObject<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_text: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct CreativeWork<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct CorrectionComment<'a> {
    text: &'a str,
    date_published: String,
}

impl NewsArticle<'_> {
    /// The text for a `<script type="application/ld+json">` element. Nothing in it can end that element.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn json_ld(&self) -> serde_json::Result<String> {
        let told = Told {
            context: "https://schema.org",
            main_entity_of_page: WebPage { id: self.url },
            url: self.url,
            headline: excerpt(self.headline, MAX_HEADLINE),
            description: self.description,
            image: self.image.map(|image| [picture(image)]),
            date_published: instant(self.published_at),
            date_modified: instant(self.modified_at.max(self.published_at)),
            author: self.authors(),
            publisher: self.publisher.party(),
            article_section: self.section,
            keywords: &self.keywords,
            in_language: self.language,
            word_count: self.word_count,
            is_accessible_for_free: true,
            dateline: self.dateline,
            citation: self.sources.iter().map(citation).collect(),
            correction: self.corrections.iter().map(correction).collect(),
        };
        Ok(escape(&serde_json::to_string(&told)?))
    }

    fn authors(&self) -> Vec<Party<'_>> {
        if self.authors.is_empty() {
            return vec![self.publisher.party()];
        }
        self.authors.iter().map(Writer::party).collect()
    }
}

impl<'a> Writer<'a> {
    fn party(&self) -> Party<'a> {
        Party {
            kind: match self.kind {
                AuthorKind::Person => "Person",
                AuthorKind::Agency => "Organization",
            },
            name: self.name,
            url: self.url,
            logo: None,
        }
    }
}

impl Organisation<'_> {
    fn party(&self) -> Party<'_> {
        Party {
            kind: "Organization",
            name: self.name,
            url: self.url,
            logo: self.logo.map(picture),
        }
    }
}

fn picture(image: &Image) -> ImageObject<'_> {
    ImageObject {
        url: &image.url,
        width: image.width,
        height: image.height,
        caption: image.caption.as_deref().or(image.alt.as_deref()),
        credit_text: image.credit.as_deref(),
    }
}

fn citation(source: &Source) -> CreativeWork<'_> {
    CreativeWork {
        name: &source.name,
        url: source.url.as_deref(),
    }
}

fn correction(note: &Correction) -> CorrectionComment<'_> {
    CorrectionComment {
        text: &note.text,
        date_published: instant(note.published_at),
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// These characters mean something to HTML or to JavaScript, and stand only inside JSON's strings.
fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(place) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        let (harmless, from) = rest.split_at(place);
        let mut from = from.chars();
        escaped.push_str(harmless);
        escaped.extend(from.next().map(|c| format!("\\u{:04x}", u32::from(c))));
        rest = from.as_str();
    }
    escaped.push_str(rest);
    escaped
}

#[cfg(test)]
mod tests;
