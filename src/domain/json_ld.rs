//! What search engines read about an article: schema.org's `NewsArticle`, as Google's rules for articles ask for it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

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

impl NewsArticle<'_> {
    /// The text for a `<script type="application/ld+json">` element. Nothing in it can end that element.
    #[must_use]
    pub fn json_ld(&self) -> String {
        let mut thing = json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": self.url},
            "url": self.url,
            "headline": excerpt(self.headline, MAX_HEADLINE),
            "datePublished": instant(self.published_at),
            "dateModified": instant(self.modified_at.max(self.published_at)),
            "author": self.authors(),
            "publisher": self.publisher.thing(),
            "inLanguage": self.language,
            "wordCount": self.word_count,
            "isAccessibleForFree": true,
        });
        let corrected = self.corrections.iter().map(correction).collect::<Vec<_>>();
        let cited = self.sources.iter().map(citation).collect::<Vec<_>>();
        let optional = [
            ("description", self.description.map(Value::from)),
            ("image", self.image.map(|image| json!([picture(image)]))),
            ("articleSection", self.section.map(Value::from)),
            ("keywords", (!self.keywords.is_empty()).then(|| json!(self.keywords))),
            ("dateline", self.dateline.map(Value::from)),
            ("citation", (!cited.is_empty()).then(|| json!(cited))),
            ("correction", (!corrected.is_empty()).then(|| json!(corrected))),
        ];
        add(&mut thing, optional);
        escape(&thing.to_string())
    }

    fn authors(&self) -> Vec<Value> {
        if self.authors.is_empty() {
            return vec![self.publisher.thing()];
        }
        let thing = |author: &Writer<'_>| {
            let kind = match author.kind {
                AuthorKind::Person => "Person",
                AuthorKind::Agency => "Organization",
            };
            json!({"@type": kind, "name": author.name, "url": author.url})
        };
        self.authors.iter().map(thing).collect()
    }
}

impl Organisation<'_> {
    fn thing(&self) -> Value {
        let mut thing = json!({"@type": "Organization", "name": self.name, "url": self.url});
        add(&mut thing, [("logo", self.logo.map(picture))]);
        thing
    }
}

fn picture(image: &Image) -> Value {
    let mut thing = json!({"@type": "ImageObject", "url": image.url});
    let optional = [
        ("width", image.width.map(Value::from)),
        ("height", image.height.map(Value::from)),
        (
            "caption",
            image.caption.as_deref().or(image.alt.as_deref()).map(Value::from),
        ),
        ("creditText", image.credit.as_deref().map(Value::from)),
    ];
    add(&mut thing, optional);
    thing
}

fn citation(source: &Source) -> Value {
    let mut thing = json!({"@type": "CreativeWork", "name": source.name});
    add(&mut thing, [("url", source.url.as_deref().map(Value::from))]);
    thing
}

fn correction(note: &Correction) -> Value {
    json!({"@type": "CorrectionComment", "text": note.text, "datePublished": instant(note.published_at)})
}

/// Adds what is known; an empty property would be a fault.
fn add<const N: usize>(thing: &mut Value, properties: [(&str, Option<Value>); N]) {
    if let Value::Object(thing) = thing {
        let known = properties
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        thing.extend(known);
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// These characters mean something to HTML or to JavaScript, and stand only inside JSON's strings.
fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
