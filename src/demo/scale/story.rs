//! One article of the big newsroom: the same number gives the same article, however many there are.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::paper::Paper;
use super::text::{body, phrase, sentence};
use super::words::Zipf;
use crate::db::Json;
use crate::db::revisions::Content;
use crate::domain::actor::Act;
use crate::domain::body::BodyFormat;
use crate::domain::content::{Image, NamedRef, Seo, Source};
use crate::newsroom::BroughtIn;

/// Where the numbers begin that look random.
const SEED: u64 = 20_261_126;
/// From one publication to the next.
const APART: TimeDelta = TimeDelta::minutes(5);
/// How long an article is worked on before.
const WRITING: TimeDelta = TimeDelta::minutes(90);
/// A related article is at most so many articles older.
const NEAR: usize = 1_000;

/// Where the articles stand in time.
#[derive(Clone, Copy)]
pub(super) struct Calendar {
    pub articles: usize,
    pub now: DateTime<Utc>,
}

impl Calendar {
    /// When this article is published; the last one a while ago.
    pub fn published(&self, number: usize) -> DateTime<Utc> {
        let before = i32::try_from(self.articles.saturating_sub(number)).unwrap_or(i32::MAX);
        self.now - APART * before
    }

    fn id(&self, number: usize) -> Uuid {
        id_at(self.published(number), &mut dice(number))
    }
}

/// Numbers that look random, for this article alone.
pub(super) fn dice(number: usize) -> fastrand::Rng {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    fastrand::Rng::with_seed(SEED.wrapping_add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}

/// An id that sorts by this instant, as all do, but the same each time.
pub(super) fn id_at(at: DateTime<Utc>, dice: &mut fastrand::Rng) -> Uuid {
    let mut random = [0; 10];
    dice.fill(&mut random);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// The article with this number, without comments; and its dice, for what follows.
pub(super) fn article(paper: &Paper, calendar: Calendar, number: usize) -> (BroughtIn, fastrand::Rng) {
    let mut dice = dice(number);
    let published_at = calendar.published(number);
    let id = id_at(published_at, &mut dice);
    let words = &paper.words;
    let length = dice.usize(5..10);
    let title = phrase(words, &mut dice, length);
    let slug = format!("{}-{number}", title.to_lowercase().replace(' ', "-"));
    let standfirst = sentence(words, &mut dice).0;
    let (source, body) = body(words, &mut dice);
    let (section, sections) = paper.sections.get(paper.section.draw(&mut dice)).cloned().unzip();
    let (tags, authors) = (dice.usize(3..6), dice.usize(1..3));
    let kicker = ["Breaking", "Analysis", "Opinion", "Live"].get(dice.usize(..12));
    let related = match dice.usize(..5) {
        0 if number > 0 => vec![calendar.id(number - 1 - dice.usize(..number.min(NEAR)))],
        _ => Vec::new(),
    };
    let content = Content {
        slug,
        kicker: kicker.map(|kicker| (*kicker).to_owned()),
        standfirst: Some(standfirst.clone()),
        dateline: Some(words.name(dice.usize(..500))),
        language: if dice.usize(..10) == 0 { "pt" } else { "en" }.to_owned(),
        body_source: source,
        body_format: BodyFormat::Markdown,
        body_html: body.html.clone(),
        outline: Json(body.outline.clone()),
        word_count: i32::try_from(body.word_count).unwrap_or(i32::MAX),
        section: section.map(Json),
        tags: Json(some(&paper.tags, &paper.tag, tags, &mut dice)),
        authors: Json(some(&paper.authors, &paper.author, authors, &mut dice)),
        sources: Json(vec![Source {
            name: format!("{} News", words.name(dice.usize(..100))),
            url: Some(format!("https://news.example.com/{number}")),
            note: None,
        }]),
        related,
        seo: Json(Seo {
            description: Some(standfirst),
            ..Seo::default()
        }),
        hero: (dice.usize(..2) == 0).then(|| Json(picture(number, &title))),
        title,
    };
    let written = Act {
        actor: paper.editor.clone(),
        now: published_at - WRITING,
        request_id: None,
    };
    let entries = [id_at(written.now, &mut dice), id_at(published_at, &mut dice)];
    let article = BroughtIn {
        id,
        written,
        published_at,
        entries,
        content,
        body,
        sections: sections.unwrap_or_default(),
        featured: dice.usize(..100) == 0,
        comments: Vec::new(),
    };
    (article, dice)
}

/// So many different ones, the first in the list most often.
fn some(of: &[NamedRef], zipf: &Zipf, many: usize, dice: &mut fastrand::Rng) -> Vec<NamedRef> {
    let mut some: Vec<NamedRef> = Vec::with_capacity(many);
    while some.len() < many.min(of.len()) {
        let drawn = of.get(zipf.draw(dice));
        some.extend(
            drawn
                .filter(|drawn| !some.iter().any(|other| other.id == drawn.id))
                .cloned(),
        );
    }
    some
}

fn picture(number: usize, title: &str) -> Image {
    Image {
        id: None,
        url: format!("https://images.example.com/{number}.jpg"),
        alt: Some(title.to_owned()),
        caption: None,
        credit: None,
        width: Some(1_600),
        height: Some(900),
        focal_point: None,
        variants: Vec::new(),
    }
}
