//! A body of a given length, in the forms that rendering it would give.
//!
//! A body is paragraphs and headings of plain words, so that no reader of Markdown or HTML is needed to know what becomes
//! of it; a test holds that to what the reader says.

use super::words::{Words, capitalised};
use crate::domain::body::{
    Block, Body, HeadingBlock, HeadingBlockType, OutlineEntry, ParagraphBlock, ParagraphBlockType, Part,
};

/// About so many characters a body.
const LENGTH: std::ops::Range<usize> = 2_900..4_500;
/// A paragraph ends behind so many.
const PARAGRAPH: usize = 420;
/// Paragraphs of the lead and of each part behind it.
const PARAGRAPHS: usize = 2;

/// A sentence, and how many words it has.
pub(super) fn sentence(words: &Words, dice: &mut fastrand::Rng) -> (String, usize) {
    let length = dice.usize(7..20);
    (phrase(words, dice, length) + ".", length)
}

/// So many words, the first one capitalised.
pub(super) fn phrase(words: &Words, dice: &mut fastrand::Rng, length: usize) -> String {
    let mut phrase = capitalised(words.draw(dice));
    for _ in 1..length {
        phrase.push(' ');
        phrase.push_str(words.draw(dice));
    }
    phrase
}

/// A body as Markdown, and what that renders to.
pub(super) fn body(words: &Words, dice: &mut fastrand::Rng) -> (String, Body) {
    let length = dice.usize(LENGTH);
    let mut writer = Writer::default();
    for paragraph in 0.. {
        if writer.source.len() >= length {
            break;
        }
        if paragraph > 0 && paragraph % PARAGRAPHS == 0 {
            writer.heading(words, dice);
        }
        writer.paragraph(words, dice);
    }
    (writer.source, writer.body)
}

#[derive(Default)]
struct Writer {
    source: String,
    body: Body,
}

impl Writer {
    fn heading(&mut self, words: &Words, dice: &mut fastrand::Rng) {
        let mut text = phrase(words, dice, 4);
        while self.body.outline.iter().any(|heading| heading.text == text) {
            text = phrase(words, dice, 4);
        }
        let anchor = text.to_lowercase().replace(' ', "-");
        let html = format!("<h2 id=\"{anchor}\">{text}</h2>");
        self.block(&format!("## {text}"), &text);
        self.body.outline.push(OutlineEntry {
            level: 2,
            text: text.clone(),
            anchor: anchor.clone(),
        });
        self.body.parts.push(Part {
            anchor: Some(anchor.clone()),
            level: 2,
            heading: Some(text.clone()),
            ..Part::default()
        });
        let block = HeadingBlock {
            id: self.next_id(),
            r#type: HeadingBlockType::Heading,
            part: Some(anchor.clone()),
            html: html.clone(),
            level: 2,
            text,
            anchor,
        };
        self.show(Block::Heading(block), &html, 4);
    }

    fn paragraph(&mut self, words: &Words, dice: &mut fastrand::Rng) {
        let (mut text, mut count) = sentence(words, dice);
        while text.len() < PARAGRAPH {
            let (next, more) = sentence(words, dice);
            text.push(' ');
            text.push_str(&next);
            count += more;
        }
        let html = format!("<p>{text}</p>");
        self.block(&text, &text);
        if self.body.parts.is_empty() {
            self.body.parts.push(Part::default());
        }
        let block = ParagraphBlock {
            id: self.next_id(),
            r#type: ParagraphBlockType::Paragraph,
            part: self.body.outline.last().map(|heading| heading.anchor.clone()),
            html: html.clone(),
        };
        self.show(Block::Paragraph(block), &html, count);
    }

    fn next_id(&self) -> String {
        format!("b{}", self.body.blocks.len() + 1)
    }

    fn block(&mut self, source: &str, text: &str) {
        if !self.source.is_empty() {
            self.source.push_str("\n\n");
            self.body.text.push_str("\n\n");
        }
        self.source.push_str(source);
        self.body.text.push_str(text);
    }

    fn show(&mut self, block: Block, html: &str, words: usize) {
        self.body.blocks.push(block);
        self.body.html.push_str(html);
        self.body.word_count += words;
        if let Some(part) = self.body.parts.last_mut() {
            part.html.push_str(html);
            part.word_count += words;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::body::{BodyFormat, BodyRules, render};

    #[test]
    fn a_body_is_what_rendering_its_source_gives() {
        let words = Words::new();
        for seed in 0..50 {
            let (source, body) = body(&words, &mut fastrand::Rng::with_seed(seed));
            let rules = BodyRules::default();
            assert_eq!(body, render(&source, BodyFormat::Markdown, &rules));
            // Publishing renders the HTML once more.
            assert_eq!(body, render(&body.html, BodyFormat::Html, &rules));
            assert!((2_900..5_600).contains(&body.html.len()), "{}", body.html.len());
        }
    }
}
