//! A service of the paper's own that is asked about each comment of a reader.
//!
//! It is told what readers would see and nothing of who writes: no e-mail address, no network address. It may hold or
//! reject; when it does not answer in time, comments go their usual way.

mod opinion;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Letter, Outbound, OutboundError, SigningKeys};
use crate::clock::new_id;
use crate::config::CommentHookConfig;
use crate::domain::comment_rules::HookOpinion;

/// The longest answer that is read, in bytes.
const MOST_ANSWER: usize = 16 * 1024;
/// How many questions are open at a time; further comments go their usual way.
const MOST_QUESTIONS: usize = 64;

/// What the service is asked.
#[derive(Clone, Debug, Serialize)]
pub struct Question<'a> {
    pub comment: AskedComment<'a>,
    pub article: AskedArticle<'a>,
}

/// The comment, as readers would see it.
#[derive(Clone, Debug, Serialize)]
pub struct AskedComment<'a> {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub author_name: &'a str,
    /// Plain text.
    pub body: &'a str,
}

/// What it is written below.
#[derive(Clone, Debug, Serialize)]
pub struct AskedArticle<'a> {
    pub id: Uuid,
    pub slug: &'a str,
    pub url: String,
}

/// What happened.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum Event {
    #[serde(rename = "comment.submitted")]
    Submitted,
    #[serde(rename = "comment.edited")]
    Edited,
}

#[derive(Serialize)]
struct Payload<'a> {
    r#type: Event,
    timestamp: DateTime<Utc>,
    data: &'a Question<'a>,
}

/// The service, ready to be asked.
#[derive(Clone, Debug)]
pub struct CommentHook {
    outbound: Outbound,
    url: String,
    keys: SigningKeys,
    timeout: Duration,
    places: Arc<Semaphore>,
}

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
enum Silence {
    #[error("too many questions are open")]
    Saturated,
    #[error(transparent)]
    NoAnswer(#[from] OutboundError),
    #[error("it answered {0}")]
    Status(u16),
    #[error("its answer is no decision: {0}")]
    Unreadable(String),
    #[error("the question cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

impl CommentHook {
    /// The service that the settings name.
    #[must_use]
    pub fn new(outbound: Outbound, config: &CommentHookConfig) -> Self {
        Self {
            outbound,
            url: config.url.as_str().to_owned(),
            keys: SigningKeys::new(&config.secrets),
            timeout: config.timeout,
            places: Arc::new(Semaphore::new(MOST_QUESTIONS)),
        }
    }

    /// What the service says. When it says nothing that can be used, nothing is held against the comment; the log and
    /// the decision trail tell.
    pub async fn ask(&self, now: DateTime<Utc>, event: Event, question: &Question<'_>) -> HookOpinion {
        match self.answer(now, event, question).await {
            Ok(opinion) => opinion,
            Err(silence) => {
                tracing::warn!(comment = %question.comment.id, %silence, "the comment hook was skipped");
                HookOpinion::unavailable(format!("Skipped: {silence}."))
            }
        }
    }

    async fn answer(&self, now: DateTime<Utc>, event: Event, question: &Question<'_>) -> Result<HookOpinion, Silence> {
        let _place = self.places.try_acquire().map_err(|_| Silence::Saturated)?;
        let body = serde_json::to_vec(&Payload {
            r#type: event,
            timestamp: now,
            data: question,
        })?;
        let answer = self
            .outbound
            .post(Letter {
                url: &self.url,
                headers: self.keys.headers(&format!("msg_{}", new_id(now).simple()), now, &body),
                body,
                timeout: self.timeout,
                most_answer: MOST_ANSWER,
            })
            .await?;
        match answer.status {
            204 => Ok(HookOpinion::default()),
            200 => opinion::read(&answer.body).map_err(Silence::Unreadable),
            status => Err(Silence::Status(status)),
        }
    }
}
