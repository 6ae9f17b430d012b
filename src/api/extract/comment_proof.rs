//! `Comment-Token`: the proof that a comment is the caller's own.

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use uuid::Uuid;

use crate::auth::comment_token::CommentToken;
use crate::auth::keyed_hash::Hash;
use crate::error::{Error, Result};
use crate::newsroom::Own;

const COMMENT_TOKEN: HeaderName = HeaderName::from_static("comment-token");

/// The hash of the token shown; none when none was, or none of ours. Whose it is, only the comment can tell.
pub struct CommentProof(pub Option<Hash>);

impl CommentProof {
    /// What it is to prove: that this comment is the caller's own.
    #[must_use]
    pub fn of(&self, article: Uuid, id: Uuid) -> Own<'_> {
        Own {
            article,
            id,
            proof: self.0.as_ref().map(Hash::as_slice),
        }
    }
}

impl FromRequest for CommentProof {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = request.headers().get(COMMENT_TOKEN);
        let token = shown.and_then(|header| CommentToken::parse(header.to_str().ok()?.trim()));
        ready(Ok(Self(token.map(|token| token.hash()))))
    }
}
