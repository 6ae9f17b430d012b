//! The guard: a handler that names [`Guard<P>`] runs only for an account or a key that may do `P`, and only the guard
//! gives it a connection. No guard, no database.

mod anyone;

use std::marker::PhantomData;
use std::net::IpAddr;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Ready, Shared, ready};
use tokio::sync::oneshot;
use uuid::Uuid;

pub use self::anyone::Anyone;
use super::rate_limit::Limits;
pub use super::requires::{
    Asker, ByPerson, CommentAsReader, CommentAsStaff, ManageSite, ManageTaxonomy, ManageUsers, ModerateComments,
    Operate, ReadArticles, ReadTaxonomy, Requires, SignedIn, UploadMedia, WriteAnyArticle, WriteOwnArticles,
};
use super::sign_ins::{Attempt, SignIns};
use super::{AuthError, Authenticator};
use crate::db::Pooled;
use crate::db::pool::PoolError;
use crate::domain::actor::{Act, Actor};

/// The request's id, left in its extensions by the outermost middleware.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Who asked, left in the request's extensions for its log line.
#[derive(Clone, Copy, Debug)]
pub enum ActorId {
    User(Uuid),
    Key(Uuid),
}

/// Somebody who may do `P`.
pub struct Guard<P: Requires> {
    /// The account or the key; where people alone may ask, the account.
    pub actor: P::Asker,
    /// By whom, when, and asked for by which request: what every change is told.
    pub act: Act,
    authenticator: web::Data<Authenticator>,
    permission: PhantomData<P>,
}

impl<P: Requires> Guard<P> {
    /// A connection for what they may do.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn connect(&self) -> Result<Pooled, PoolError> {
        self.authenticator.pool.get().await
    }
}

impl Guard<SignedIn> {
    /// Asks whether the present password of this account, given by a caller at `from`, may be looked at.
    ///
    /// # Errors
    /// When there were too many wrong ones, or the database cannot tell.
    pub async fn attempt<'a>(&self, sign_ins: &'a SignIns, from: Option<IpAddr>) -> Result<Attempt<'a>, AuthError> {
        sign_ins.enter(&self.authenticator.pool, from, &self.actor.email).await
    }

    /// The password was right.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn succeeded(&self, attempt: Attempt<'_>) -> Result<(), AuthError> {
        attempt.succeeded(&self.authenticator.pool, self.actor.user_id).await
    }
}

impl<P: Requires> Deref for Guard<P> {
    type Target = P::Asker;

    fn deref(&self) -> &P::Asker {
        &self.actor
    }
}

impl<P: Requires> FromRequest for Guard<P> {
    type Error = AuthError;
    type Future = LocalBoxFuture<'static, Result<Self, AuthError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = request.clone();
        first(request, async move {
            let authenticator = authenticator(&asked)?;
            let now = authenticator.clock.now();
            let token = bearer(&asked)?.ok_or(AuthError::NotAuthenticated)?;
            let actor = authenticator.authenticate(&token, now).await?;
            let act = act(&asked, Some(actor.clone()), now);
            count(&asked, &actor)?;
            let asker = P::Asker::admit(&actor).ok_or(AuthError::PeopleOnly)?;
            if let Some(permission) = P::PERMISSION
                && !actor.may(permission)
            {
                return Err(match actor {
                    Actor::Key(_) => AuthError::ScopeMissing(permission),
                    Actor::Account(account) => AuthError::PermissionDenied {
                        role: account.role,
                        permission,
                    },
                });
            }
            Ok(Self {
                actor: asker,
                act,
                authenticator,
                permission: PhantomData,
            })
        })
    }
}

/// Left in a request's extensions by its guard: resolves when the guard is done.
#[derive(Clone)]
struct Checked(Shared<LocalBoxFuture<'static, ()>>);

/// Waits until the guard of this request, if it has one, is done. Extractors run side by side: one that refuses waits
/// first, so that a caller who may not pass learns nothing else.
pub async fn after(request: &HttpRequest) {
    let checked = request.extensions().get::<Checked>().cloned();
    if let Some(checked) = checked {
        checked.0.await;
    }
}

/// Makes those who call [`after`] wait for `check`.
fn first<T: 'static>(
    request: &HttpRequest,
    check: impl Future<Output = Result<T, AuthError>> + 'static,
) -> LocalBoxFuture<'static, Result<T, AuthError>> {
    let (done, waiting) = oneshot::channel::<()>();
    // Nothing is sent: the other end resolves when `done` is dropped.
    let waiting = waiting.map(drop).boxed_local().shared();
    request.extensions_mut().insert(Checked(waiting));
    async move {
        let checked = check.await;
        drop(done);
        checked
    }
    .boxed_local()
}

/// Anybody, signed in or not: a bad token is refused, never taken for nobody. A key is nobody who could sign anything.
pub struct MaybeSignedIn {
    /// By whom, if by anybody, and when.
    pub act: Act,
    authenticator: web::Data<Authenticator>,
}

impl MaybeSignedIn {
    /// A connection.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn connect(&self) -> Result<Pooled, PoolError> {
        self.authenticator.pool.get().await
    }
}

impl FromRequest for MaybeSignedIn {
    type Error = AuthError;
    type Future = LocalBoxFuture<'static, Result<Self, AuthError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = request.clone();
        first(request, async move {
            let authenticator = authenticator(&asked)?;
            let now = authenticator.clock.now();
            let actor = match bearer(&asked)? {
                Some(token) => Some(authenticator.authenticate(&token, now).await?),
                None => None,
            };
            let act = act(&asked, actor, now);
            match act.key_id() {
                Some(_) => Err(AuthError::PeopleOnly),
                None => Ok(Self { act, authenticator }),
            }
        })
    }
}

/// Somebody who proves otherwise who they are: by a password, or by the token of a comment. No `Authorization` is read.
pub struct Newcomer {
    /// When, and asked for by which request; by nobody yet.
    pub act: Act,
    /// What makes their tokens.
    pub authenticator: web::Data<Authenticator>,
}

impl Newcomer {
    /// A connection.
    ///
    /// # Errors
    /// When none is to be had.
    pub async fn connect(&self) -> Result<Pooled, PoolError> {
        self.authenticator.pool.get().await
    }
}

impl FromRequest for Newcomer {
    type Error = AuthError;
    type Future = Ready<Result<Self, AuthError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(authenticator(request).map(|authenticator| {
            let now = authenticator.clock.now();
            let act = act(request, None, now);
            Self { act, authenticator }
        }))
    }
}

/// Counts a request of whoever asks, and leaves in its extensions what is left to them.
fn count(request: &HttpRequest, actor: &Actor) -> Result<(), AuthError> {
    let Some(limits) = request.app_data::<web::Data<Limits>>() else {
        return Ok(());
    };
    let credential = match actor {
        Actor::Account(account) => account.user_id,
        Actor::Key(key) => key.id,
    };
    let asked = limits.ask_as(request.method() != Method::GET, credential);
    let share = match &asked {
        Ok(share) => *share,
        Err(exhausted) => exhausted.share,
    };
    request.extensions_mut().insert(share);
    asked.map(drop).map_err(AuthError::RateLimited)
}

/// Notes who acts in the request's extensions, for its log line.
fn act(request: &HttpRequest, actor: Option<Actor>, now: DateTime<Utc>) -> Act {
    let mut extensions = request.extensions_mut();
    if let Some(actor) = &actor {
        extensions.insert(match actor {
            Actor::Account(account) => ActorId::User(account.user_id),
            Actor::Key(key) => ActorId::Key(key.id),
        });
    }
    let request_id = extensions.get::<RequestId>().map(|id| id.0.clone());
    Act { actor, now, request_id }
}

fn authenticator(request: &HttpRequest) -> Result<web::Data<Authenticator>, AuthError> {
    request
        .app_data::<web::Data<Authenticator>>()
        .cloned()
        .ok_or_else(|| AuthError::Internal("the server was built without an authenticator".to_owned()))
}

/// The bearer token, if there is one. Another scheme, or two of them, is no token of ours.
fn bearer(request: &HttpRequest) -> Result<Option<String>, AuthError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (Some(header), None) = (headers.next(), headers.next()) else {
        return if request.headers().contains_key(AUTHORIZATION) {
            Err(AuthError::InvalidToken)
        } else {
            Ok(None)
        };
    };
    let text = header.to_str().map_err(|_| AuthError::InvalidToken)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim().to_owned())),
        _ => Err(AuthError::InvalidToken),
    }
}
