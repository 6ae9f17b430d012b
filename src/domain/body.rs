//! The body of an article: Markdown or HTML in, one clean normal form out, and all that is read off it.
//!
//! source → HTML → `parse` (a well-formed tree of allowed elements) → `tidy` → ammonia → the same two again on what
//! ammonia let through. Rendering the result once more changes nothing.

mod allow;
mod block;
mod bounds;
mod gate;
mod markdown;
mod open;
mod parse;
mod review;
mod text;
mod tidy;
mod tree;
mod values;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::tree::Element;
use super::preflight::FindingCode;
use super::text_enum;

pub use self::block::*;
pub use self::text::reading_time_minutes;

text_enum! {
    /// How a body is written.
    #[derive(Default)]
    pub enum BodyFormat {
        /// CommonMark with tables, footnotes and strikethrough; HTML inside it is read as HTML.
        #[default]
        Markdown = "markdown",
        Html = "html",
    }
}

/// What a newsroom decides about its bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyRules {
    /// Hosts whose https frames are shown, matched whole. A frame of any other becomes a link.
    pub embed_hosts: Vec<String>,
    /// What preflight may find that keeps an article from readers.
    pub blockers: Vec<FindingCode>,
}

impl Default for BodyRules {
    fn default() -> Self {
        let hosts = [
            "www.youtube.com",
            "www.youtube-nocookie.com",
            "player.vimeo.com",
            "open.spotify.com",
            "w.soundcloud.com",
            "datawrapper.dwcdn.net",
            "flo.uri.sh",
        ];
        Self {
            embed_hosts: hosts.map(str::to_owned).into(),
            blockers: FindingCode::BLOCKERS.to_vec(),
        }
    }
}

/// A body, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    pub html: String,
    pub outline: Vec<OutlineEntry>,
    pub parts: Vec<Part>,
    pub blocks: Vec<Block>,
    /// Plain text, blocks parted by blank lines.
    pub text: String,
    pub word_count: usize,
    /// Pictures without a description.
    pub undescribed_pictures: usize,
    /// Links that are not https.
    pub insecure_links: usize,
}

/// A heading of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutlineEntry {
    /// 2 to 6; the title of the article is level 1.
    #[schema(minimum = 2, maximum = 6)]
    pub level: u8,
    pub text: String,
    /// The `id` of the heading, for links to it.
    pub anchor: String,
}

/// A headed stretch of the body, its heading included. The lead comes first and has none. Joined, the parts are the body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Part {
    /// The `id` of its heading; `null` for the lead.
    #[schema(required)]
    pub anchor: Option<String>,
    /// 2 to 6; 0 for the lead.
    #[schema(minimum = 0, maximum = 6)]
    pub level: u8,
    /// The text of its heading; `null` for the lead.
    #[schema(required)]
    pub heading: Option<String>,
    pub html: String,
    #[schema(minimum = 0)]
    #[schema(value_type = i64, minimum = 0)]
    pub word_count: usize,
}

/// Renders a body. Whatever the source is, the result is safe to show.
///
/// Source that no person wrote, made to grow or to stall its reader, is shown as plain text.
#[must_use]
pub fn render(source: &str, format: BodyFormat, rules: &BodyRules) -> Body {
    let html = match format {
        BodyFormat::Markdown => markdown::to_html(source),
        BodyFormat::Html => Some(source.to_owned()),
    };
    let html = html
        .filter(|html| bounds::are_kept(html))
        .unwrap_or_else(|| super::text::comment_html(source));
    let written = tree::html(&tidy::tidy(parse::parse(&html, rules)));
    let clean = gate::sanitise(&written, rules);
    Body::of(&tidy::tidy(parse::parse(&clean, rules)))
}

impl Body {
    fn of(elements: &[Element]) -> Self {
        let mut body = Self {
            html: tree::html(elements),
            text: text::text_of(elements),
            undescribed_pictures: review::undescribed_pictures(elements),
            insecure_links: review::insecure_links(elements),
            ..Self::default()
        };
        let mut part: Vec<&Element> = Vec::new();
        for (place, element) in elements.iter().enumerate() {
            if let (Some(level), Some(anchor)) = (element.heading_level(), element.attribute("id")) {
                body.end_part(&part);
                part.clear();
                body.outline.push(OutlineEntry {
                    level,
                    text: text::plain_text(element),
                    anchor: anchor.to_owned(),
                });
            }
            part.push(element);
            let anchor = body.outline.last().map(|heading| heading.anchor.clone());
            body.blocks.push(Block::new(place + 1, anchor, element));
        }
        body.end_part(&part);
        body
    }

    fn end_part(&mut self, elements: &[&Element]) {
        if elements.is_empty() {
            return;
        }
        let heading = self.outline.last();
        let part = Part {
            anchor: heading.map(|heading| heading.anchor.clone()),
            level: heading.map_or(0, |heading| heading.level),
            heading: heading.map(|heading| heading.text.clone()),
            html: elements.iter().map(|element| element.html()).collect(),
            word_count: text::count_words(&text::text_of(elements.iter().copied())),
        };
        self.word_count += part.word_count;
        self.parts.push(part);
    }
}
