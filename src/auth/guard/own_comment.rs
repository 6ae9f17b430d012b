//! The guard of those who change a comment of their own: they show its token, and no other credential is read.

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::{Ready, ready};

use super::{act, authenticator};
use crate::auth::comment_token::CommentToken;
use crate::auth::keyed_hash::Hash;
use crate::auth::{AuthError, Authenticator};
use crate::db::Pooled;
use crate::db::pool::PoolError;
use crate::domain::actor::Act;

const COMMENT_TOKEN: HeaderName = HeaderName::from_static("comment-token");

/// Somebody who says that a comment is theirs. Whether it is, only the comment can tell.
pub struct Claimant {
    /// When, and asked for by which request; by nobody who is known.
    pub act: Act,
    /// The hash of the token shown; none when none was, or none of ours.
    pub proof: Option<Hash>,
    authenticator: web::Data<Authenticator>,
}

impl Claimant {
    /// A connection.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn connect(&self) -> Result<Pooled, PoolError> {
        self.authenticator.pool.get().await
    }
}

impl FromRequest for Claimant {
    type Error = AuthError;
    type Future = Ready<Result<Self, AuthError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = request.headers().get(COMMENT_TOKEN);
        let token = shown.and_then(|header| CommentToken::parse(header.to_str().ok()?.trim()));
        let proof = token.map(|token| token.hash());
        ready(authenticator(request).map(|authenticator| {
            let act = act(request, None, authenticator.clock.now());
            Self {
                act,
                proof,
                authenticator,
            }
        }))
    }
}
