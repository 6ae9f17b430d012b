//! One function per change, one file per verb. Each takes a connection and the [`Act`](crate::domain::actor::Act)
//! (who, when), opens the one transaction, loads and locks, lets `domain` decide, and has `db` write the row, its
//! audit row, and last the kept counts. The only room that opens a writing transaction; api, jobs and the command line
//! all call it. Never names HTTP.

mod accounts;
mod after_restore;
mod api_keys;
mod appeal_comment;
mod article_content;
mod article_placement;
mod article_relations;
mod article_slugs;
mod articles;
mod authors;
mod bring_in;
mod change_password;
mod comment_bans;
mod comment_intake;
mod comment_trail;
mod comments;
mod correct_article;
mod corrections;
mod count_words;
mod create_api_key;
mod create_article;
mod create_author;
mod create_section;
mod create_tag;
mod create_user;
mod decide_on_comment;
mod decide_on_comments;
mod delete_author;
mod delete_section;
mod delete_tag;
mod edit_comment;
mod edit_correction;
mod edit_own_comment;
mod end_session;
mod entry;
mod erase_comment;
mod erase_person;
mod export_person;
mod foresee_comment;
mod go_live;
mod judge_comment;
mod kill_article;
mod lock_article;
mod merge_tag;
mod move_article;
pub mod once;
mod open_preview;
mod post_comment;
mod post_staff_comment;
mod preflight;
mod preview_tokens;
mod prune;
mod publish_article;
mod purge_article;
mod purge_shared_caches;
mod read_own_comment;
mod reassign;
mod references;
mod refresh_session;
mod register_reader;
mod remove_own_comment;
mod replace_comment_rules;
mod report_comment;
mod reset_password;
mod restore_revision;
mod revoke_api_key;
mod rule_book;
mod run_schedule;
mod save_article;
mod schedule_article;
mod sections;
mod sign_in;
mod slugs;
mod tags;
mod unpublish_article;
mod update_api_key;
mod update_author;
mod update_section;
mod update_site;
mod update_tag;
mod update_user;
mod withdraw;

pub use accounts::{MAX_ACCOUNT_NAME, NewAccount, NewSession, SignedIn};
pub use after_restore::{Parked, Settled, after_restore};
pub use api_keys::{ApiKeyChange, MAX_KEY_NAME, MAX_KEY_SECTIONS, NewApiKey};
pub use appeal_comment::appeal_comment;
pub use articles::{ArticleChange, BodyChange, WorkingCopy, allowed_actions, require_permission, visible};
pub use authors::AuthorChange;
pub use bring_in::{BroughtIn, Consignment, Said, Tally};
pub use change_password::change_password;
pub use comment_bans::{Banned, NewBan, create_comment_ban, delete_comment_ban};
pub use comment_intake::CommentIntake;
pub use comments::Own;
pub use correct_article::{Corrected, NewCorrection, correct_article};
pub use count_words::count_words;
pub use create_api_key::create_api_key;
pub use create_article::create_article;
pub use create_author::create_author;
pub use create_section::create_section;
pub use create_tag::create_tag;
pub use create_user::create_user;
pub use decide_on_comment::{Ruling, decide_on_comment};
pub use decide_on_comments::{Ruled, decide_on_comments};
pub use delete_author::delete_author;
pub use delete_section::delete_section;
pub use delete_tag::delete_tag;
pub use edit_comment::edit_comment;
pub use edit_correction::{CorrectionChange, delete_correction, update_correction};
pub use edit_own_comment::{OwnChange, edit_own_comment};
pub use end_session::end_session;
pub use erase_comment::erase_comment;
pub use erase_person::{AccountFate, ErasedPerson, erase_person};
pub use export_person::{Handed, export_person};
pub use foresee_comment::{Foreseen, Written, foresee_comment, foresee_own_edit};
pub use judge_comment::Commenter;
pub use kill_article::{Killing, kill_article, reinstate_article};
pub use lock_article::{lock_article, unlock_article};
pub use merge_tag::merge_tag;
pub use move_article::move_article;
pub use open_preview::{Preview, open_preview};
pub use post_comment::{NewComment, post_comment};
pub use post_staff_comment::{NewStaffComment, post_staff_comment};
pub use preflight::preflight;
pub use preview_tokens::{create_preview_token, revoke_preview_token};
pub use prune::{Pruned, prune};
pub use publish_article::{Publication, publish_article};
pub use purge_article::purge_article;
pub use purge_shared_caches::{Told, purge_shared_cache};
pub use read_own_comment::read_own_comment;
pub use refresh_session::{Refreshed, refresh_session};
pub use register_reader::register_reader;
pub use remove_own_comment::remove_own_comment;
pub use replace_comment_rules::replace_comment_rules;
pub use report_comment::{NewReport, report_comment};
pub use reset_password::reset_password;
pub use restore_revision::restore_revision;
pub use revoke_api_key::revoke_api_key;
pub use rule_book::RuleBook;
pub use run_schedule::{Ran, Turn, run_next};
pub use save_article::save_article;
pub use schedule_article::{Plan, schedule_article};
pub use sections::SectionChange;
pub use sign_in::sign_in;
pub use tags::TagChange;
pub use unpublish_article::unpublish_article;
pub use update_api_key::update_api_key;
pub use update_author::update_author;
pub use update_section::update_section;
pub use update_site::{SiteChange, update_site};
pub use update_tag::update_tag;
pub use update_user::{UserChange, update_user};

use crate::domain::check::FieldError;
use crate::domain::preflight::Finding;
use crate::domain::version::Expected;

/// Why a change was not made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("{0}")]
    Denied(String),
    /// The API key has no scope for it.
    #[error("{0}")]
    ScopeMissing(String),
    /// The API key is limited to other sections.
    #[error("the API key is limited to other sections")]
    OutOfReach,
    /// What may be done to the article instead.
    #[error("{detail}")]
    NotAllowed {
        detail: String,
        allowed_actions: Vec<String>,
    },
    #[error("fields are not accepted: {0:?}")]
    Invalid(Vec<FieldError>),
    /// Readers would miss something: all that was found, what blocks first.
    #[error("it is not ready for readers: {0:?}")]
    NotReady(Vec<Finding>),
    #[error("a parameter is not accepted: {0:?}")]
    Parameter(FieldError),
    /// The idempotency key came before with another body.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// What was done under this idempotency key is erased.
    #[error("what was done under the idempotency key is erased")]
    Erased,
    #[error("the slug `{0}` belongs to another")]
    SlugTaken(String),
    #[error("{0}")]
    InUse(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{detail}")]
    Transition {
        detail: String,
        allowed_actions: Vec<String>,
    },
    /// Too often within a while; in so many seconds it may be tried again.
    #[error("{detail}")]
    TooMany { detail: String, retry_after: i64 },
    /// The version that the caller had read is no longer the newest.
    #[error("{0}")]
    Stale(String),
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

impl Refusal {
    /// The same refusal, of something that stands at `pointer` in what was sent.
    fn below(self, pointer: &str) -> Self {
        let Self::Invalid(mut problems) = self else { return self };
        for at in problems.iter_mut().filter_map(|problem| problem.pointer.as_mut()) {
            at.insert_str(0, pointer);
        }
        Self::Invalid(problems)
    }
}

/// What a change answers.
pub type Result<T> = std::result::Result<T, Refusal>;

impl From<Vec<FieldError>> for Refusal {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Invalid(errors)
    }
}

impl Expected {
    /// # Errors
    /// When the caller read another version than `current`.
    fn require(self, current: i32) -> Result<()> {
        if self.matches(current) {
            return Ok(());
        }
        Err(Refusal::Stale(format!(
            "It is at version {current} now; read it again and repeat the change."
        )))
    }
}
