//! Articles as the desk shows them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::delivery::cards::{AuthorRef, SectionRef};
use crate::api::desk::user_ref::UserRef;
use crate::api::page::Page;
use crate::db::edit_locks::HeldLock;
use crate::domain::body::{BodyFormat, OutlineEntry};
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::{Image, Seo, Source};
use crate::domain::taxonomy::TagRef;
use crate::domain::workflow::{ArticleStage, ArticleStatus, ArticleVerb};

/// Declares an article's two forms: the card that lists show, and the whole, which is the card and the heavy fields.
macro_rules! article_shapes {
    ($($(#[$meta:meta])* $field:ident: $type:ty,)+) => {
        /// An article in the desk's lists: everything but `body`, `sources`, `seo` and `kill`.
        #[derive(Clone, Debug, Serialize, ToSchema)]
        pub struct DeskArticleCard {
            $($(#[$meta])* pub $field: $type,)+
        }

        /// An article as the desk works on it: its newest revision, and where it stands.
        #[derive(Clone, Debug, Serialize, ToSchema)]
        pub struct DeskArticle {
            $($(#[$meta])* pub $field: $type,)+
            pub body: DeskBody,
            /// Where its facts come from.
            pub sources: Vec<Source>,
            pub seo: Seo,
            /// Why it was killed, while it is.
            #[schema(required)]
            pub kill: Option<KillNote>,
        }

        impl DeskArticle {
            /// The whole of what `card` shows in short.
            #[must_use]
            pub fn of(card: DeskArticleCard, body: DeskBody, sources: Vec<Source>, seo: Seo, kill: Option<KillNote>) -> Self {
                Self { $($field: card.$field,)+ body, sources, seo, kill }
            }
        }
    };
}

article_shapes! {
    id: Uuid,
    slug: String,
    /// What readers have of it.
    status: ArticleStatus,
    /// Where the working copy stands.
    #[schema(required)]
    stage: Option<ArticleStage>,
    /// Counts every change; the ETag is `"v<version>"`.
    version: i32,
    /// The newest revision. Counts changes of content.
    revision: i32,
    /// The revision that readers see.
    #[schema(required)]
    published_revision: Option<i32>,
    /// The revision that waits for review.
    #[schema(required)]
    submitted_revision: Option<i32>,
    /// Whether readers see another revision than the newest.
    has_unpublished_changes: bool,
    /// The short text over the headline.
    #[schema(required)]
    kicker: Option<String>,
    title: String,
    /// The summary under the headline.
    #[schema(required)]
    standfirst: Option<String>,
    /// Where the story was reported from.
    #[schema(required)]
    dateline: Option<String>,
    /// A BCP 47 tag.
    language: String,
    #[schema(required)]
    section: Option<SectionRef>,
    tags: Vec<Arc<TagRef>>,
    /// The byline.
    authors: Vec<AuthorRef>,
    related: Vec<DeskArticleRef>,
    #[schema(required)]
    hero: Option<Image>,
    /// It is breaking news until then.
    #[schema(required)]
    breaking_until: Option<DateTime<Utc>>,
    featured: bool,
    comments_policy: CommentsPolicy,
    /// Who works on it.
    #[schema(required)]
    assignee: Option<UserRef>,
    /// When it will be published by itself.
    #[schema(required)]
    publish_at: Option<DateTime<Utc>>,
    /// When it will be unpublished by itself.
    #[schema(required)]
    unpublish_at: Option<DateTime<Utc>>,
    /// No reader sees it earlier.
    #[schema(required)]
    embargo_until: Option<DateTime<Utc>>,
    /// The date line.
    #[schema(required)]
    published_at: Option<DateTime<Utc>>,
    #[schema(required)]
    first_published_at: Option<DateTime<Utc>>,
    #[schema(required)]
    created_by: Option<UserRef>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[schema(required)]
    last_edited_by: Option<UserRef>,
    /// Who is editing it at the moment.
    #[schema(required)]
    lock: Option<EditLock>,
    /// What the caller may do to it now.
    allowed_actions: Vec<ArticleVerb>,
}

/// Why an article was killed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KillNote {
    /// For the desk alone.
    pub reason: String,
    /// What readers are told.
    pub notice: String,
    #[schema(required)]
    pub killed_by: Option<UserRef>,
    pub killed_at: DateTime<Utc>,
}

/// A body as it was written, and what readers would see of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskBody {
    /// As an editor wrote it.
    pub source: String,
    pub format: BodyFormat,
    /// Clean and safe to show.
    pub html: String,
    /// Its headings, with their anchors.
    pub outline: Vec<OutlineEntry>,
}

/// Another article, as one refers to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskArticleRef {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
}

/// Who asks others not to edit an article, and until when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EditLock {
    pub owner: UserRef,
    pub acquired_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl From<HeldLock> for EditLock {
    fn from(HeldLock { lock, owner }: HeldLock) -> Self {
        Self {
            owner: UserRef {
                id: lock.user_id,
                name: owner,
            },
            acquired_at: lock.acquired_at,
            expires_at: lock.expires_at,
        }
    }
}

/// A page of articles on the desk.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeskArticleCardList {
    pub data: Vec<DeskArticleCard>,
    pub page: Page,
}
