//! A big newsroom, to see how everything behaves that is quick with forty articles: the same each time, but for the hour.
//!
//! The words come as Zipf's law has them, and so do sections, tags, authors and comments. What is written agrees with what
//! the newsroom's own functions would have written, so that it can be gone on with.

mod paper;
mod story;
mod text;
mod threads;
mod words;

use std::str::FromStr;
use std::sync::Arc;

use diesel_async::AsyncConnection;

use self::paper::Paper;
use self::story::Calendar;
use self::threads::Shares;
use super::{DemoError, Loaded, MARKER, Tools};
use crate::db::{self, Connection};
use crate::domain::comment_rules::RuleSet;
use crate::newsroom::{Consignment, RuleBook, Tally};

/// So many articles are made and written at a time.
const BATCH: usize = 500;

/// How big a newsroom is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    pub articles: usize,
    pub comments: usize,
}

/// What is no scale.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("must be S (10,000 articles), M (1,000,000) or a number of articles from 1 to 20000000")]
pub struct ScaleError;

impl FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Self, ScaleError> {
        let articles = match text {
            "S" | "s" => 10_000,
            "M" | "m" => 1_000_000,
            number => number.parse().map_err(|_| ScaleError)?,
        };
        match articles {
            1..=20_000_000 => Ok(Self {
                articles,
                // Five an article, but there are only so many readers.
                comments: articles.saturating_mul(5).min(200_000),
            }),
            _ => Err(ScaleError),
        }
    }
}

/// Writes a newsroom of this size, in one transaction, into a database that holds no accounts. Tells `progress` how many
/// articles are written.
///
/// # Errors
/// When the database holds accounts or fails; nothing is left behind.
pub async fn load_scale(
    conn: &mut Connection,
    tools: &Tools<'_>,
    scale: Scale,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Loaded, DemoError> {
    conn.transaction(async |conn| {
        db::bounds::lift(conn).await?;
        db::markers::set(conn, MARKER, tools.now).await?;
        let paper = Arc::new(Paper::found(conn, tools).await?);
        let rules = RuleBook::default().current(conn).await?;
        let calendar = Calendar {
            articles: scale.articles,
            now: tools.now,
        };
        let mut shares = Shares::new(scale.articles, scale.comments);
        let mut tally = Tally::default();
        let (mut next, mut written) = (0, 0);
        let mut made = batch(&paper, &rules, calendar, &mut shares, &mut next);
        while let Some(ready) = made.take() {
            let ready = joined(ready).await;
            // The next ones are made while these are written.
            made = batch(&paper, &rules, calendar, &mut shares, &mut next);
            ready.write(conn, &mut tally).await?;
            written += ready.len();
            progress(written);
        }
        tally.write(conn).await?;
        Ok(Loaded {
            sections: paper.sections.len(),
            tags: paper.tags.len(),
            authors: paper.authors.len(),
            articles: scale.articles,
            comments: scale.comments,
            users: 4,
        })
    })
    .await
}

type Making = tokio::task::JoinHandle<Consignment>;

/// Begins to make the articles from `next` on, beside the thread that writes; none when all are made.
fn batch(
    paper: &Arc<Paper>,
    rules: &Arc<RuleSet>,
    calendar: Calendar,
    shares: &mut Shares,
    next: &mut usize,
) -> Option<Making> {
    let end = calendar.articles.min(*next + BATCH);
    let numbers: Vec<(usize, usize)> = (*next..end).map(|number| (number, shares.next(number))).collect();
    *next = end;
    if numbers.is_empty() {
        return None;
    }
    let (paper, rules) = (Arc::clone(paper), Arc::clone(rules));
    Some(tokio::task::spawn_blocking(move || {
        let mut made = Consignment::default();
        for (number, comments) in numbers {
            let (mut article, mut dice) = story::article(&paper, calendar, number);
            let place = (article.id, article.published_at, calendar.now);
            article.comments = threads::thread(&paper, &rules, place, comments, &mut dice);
            made.add(article);
        }
        made
    }))
}

async fn joined(making: Making) -> Consignment {
    match making.await {
        Ok(made) => made,
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_a_letter_or_a_number() {
        let articles = |text: &str| text.parse::<Scale>().map(|scale| scale.articles).ok();
        assert_eq!(articles("S"), Some(10_000));
        assert_eq!(articles("M"), Some(1_000_000));
        assert_eq!(articles("300"), Some(300));
        for wrong in ["", "0", "-1", "L", "99999999999", "1e6"] {
            assert_eq!(articles(wrong), None, "{wrong}");
        }
    }
}
