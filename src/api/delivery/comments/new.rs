//! A new comment as readers send it, and the article that it is for.

use std::net::IpAddr;

use futures_util::future::join;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::commenter::{Known, commenter};
use super::thread;
use crate::app::App;
use crate::auth::comment_token::CommentToken;
use crate::db::Connection;
use crate::db::comment_threads::ThreadArticle;
use crate::domain::actor::Act;
use crate::domain::check::{Check, FieldError};
use crate::domain::comment::{MAX_BODY, MAX_NAME};
use crate::domain::comment_rules::HookOpinion;
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::permission::Permission;
use crate::error::{Error, Result};
use crate::newsroom;

/// The longest text in the field that nobody sees, in characters.
const MAX_WEBSITE: usize = 500;

/// A new comment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// The name to show. Needed without a token; who is signed in writes under the name of the account.
    #[schema(min_length = 1, max_length = 80)]
    pub author_name: Option<String>,
    /// Never shown, and kept only as a hash: it gives its owner the same `avatar_key` throughout an article.
    #[schema(format = "email", max_length = 254)]
    pub author_email: Option<String>,
    /// Plain text; line breaks are kept and addresses become links.
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
    /// The approved comment that it answers; left out for a comment on the article itself.
    pub parent_id: Option<Uuid>,
    /// Leave it empty, and hide its field from people: what programs fill in here makes the comment spam.
    #[schema(max_length = 500)]
    pub website: Option<String>,
}

/// Where a new comment comes from, and what it will be known by.
pub(super) struct Posted<'a> {
    pub act: &'a Act,
    pub id: Uuid,
    pub address: Option<IpAddr>,
    pub token: &'a CommentToken,
    pub hook: Option<HookOpinion>,
}

impl NewComment {
    /// The article that it is for, and what is to be posted, checked.
    pub(super) async fn read(
        self,
        conn: &Connection,
        app: &App,
        named: &IdOrSlug,
        posted: &Posted<'_>,
    ) -> Result<(ThreadArticle, newsroom::NewComment)> {
        let texts = self.texts(posted.act);
        // Asked at once. That there is no such article is told first.
        let commenter = async {
            let known = match &texts {
                Ok(texts) => texts.known(posted.act),
                Err(_) => Known::Claimed(None),
            };
            commenter(conn, app, known, posted.address).await
        };
        let (article, commenter) = join(thread::article_or_former(conn, named), commenter).await;
        let (article, texts, commenter) = (article?, texts?, commenter?);
        let new = newsroom::NewComment {
            id: posted.id,
            article_id: article.id,
            parent_id: self.parent_id,
            author_name: texts.author_name,
            commenter,
            body: texts.body,
            honeypot: texts.honeypot,
            hook: posted.hook.clone(),
            edit_token_hash: Some(posted.token.hash().to_vec()),
        };
        Ok((article, new))
    }

    fn texts(&self, act: &Act) -> Result<Texts> {
        let mut check = Check::new();
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let author_name = given(&self.author_name).map(|name| check.line("/author_name", &name, MAX_NAME));
        let email = given(&self.author_email).map(|email| check.email("/author_email", &email));
        let body = check.block("/body", &self.body, MAX_BODY);
        let (author_name, email) = match act.account() {
            Some(account) => {
                only(&mut check, "/author_name", author_name, &account.name);
                only(&mut check, "/author_email", email, &account.email);
                (account.name.clone(), None)
            }
            None => {
                let name = author_name.unwrap_or_else(|| {
                    let message = "must be given when nobody is signed in";
                    check.refuse(FieldError::field("/author_name", "required", message));
                    String::new()
                });
                (name, email)
            }
        };
        let website = check.optional_line("/website", self.website.as_deref(), MAX_WEBSITE);
        check.done().map_err(Error::invalid)?;
        Ok(Texts {
            author_name,
            email,
            body,
            honeypot: website.is_some(),
        })
    }
}

/// What a new comment says, checked.
struct Texts {
    author_name: String,
    /// Given by somebody who is not signed in.
    email: Option<String>,
    body: String,
    honeypot: bool,
}

impl Texts {
    /// What its author is known by.
    fn known<'a>(&'a self, act: &'a Act) -> Known<'a> {
        match act.account() {
            Some(account) => {
                let is_reader = !account.role.may(Permission::CommentAsStaff);
                Known::SignedIn(account.user_id, is_reader.then_some(account.email.as_str()))
            }
            None => Known::Claimed(self.email.as_deref()),
        }
    }
}

/// Who is signed in may repeat what the account says, but not say something else.
fn only(check: &mut Check, pointer: &str, given: Option<String>, own: &str) {
    if given.is_some_and(|given| given != own) {
        let message = "is that of the account that is signed in: leave it out, or send no token";
        check.refuse(FieldError::field(pointer, "not_your_own", message));
    }
}
