//! `Idempotency-Key`: a POST that is sent again, because its answer was lost, is answered again and done once.

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{CallerAddress, after_guard};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::db::Connection;
use crate::domain::actor::Act;
use crate::domain::check::FieldError;
use crate::domain::hex::hex;
use crate::domain::network::home;
use crate::error::{Code, Error, Result};
use crate::newsroom::once::{self, RequestKey};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The most characters of a key.
pub const MAX_KEY: usize = 255;

/// The hash of the request's body, left in its extensions by whoever read it.
#[derive(Clone, Copy, Debug)]
pub struct BodyHash(pub [u8; 32]);

impl BodyHash {
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }
}

/// How often the request may be done: once for each key, or as often as it comes when it has none.
pub struct Once {
    request: HttpRequest,
    key: Option<String>,
}

impl FromRequest for Once {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let key = read(&request);
            let key = after_guard(request.clone(), key).await?;
            Ok(Self { request, key })
        }
        .boxed_local()
    }
}

fn read(request: &HttpRequest) -> Result<Option<String>> {
    let mut given = request.headers().get_all(IDEMPOTENCY_KEY);
    let (Some(header), another) = (given.next(), given.next()) else {
        return Ok(None);
    };
    let text = header.to_str().unwrap_or_default().trim();
    if another.is_some() || text.is_empty() || text.len() > MAX_KEY {
        let message = format!("must be given once, as 1 to {MAX_KEY} visible ASCII characters");
        let problem = FieldError::parameter("Idempotency-Key", "invalid_value", message);
        return Err(Error::parameter(Code::InvalidParameter, problem));
    }
    Ok(Some(text.to_owned()))
}

impl Once {
    /// Whether the request has a key.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Does `work`, or gives again what it answered the first time.
    ///
    /// # Errors
    /// Those of `work`; 409 when the key came before with another body.
    pub async fn answer<T: Serialize>(
        &self,
        conn: &mut Connection,
        act: &Act,
        work: impl AsyncFnOnce(&mut Connection) -> Result<Reply<T>>,
    ) -> Result<Reply<T>> {
        self.answer_hiding(&[], conn, act, work).await
    }

    /// The same for an answer with secrets, which are `null` when it is given again.
    ///
    /// # Errors
    /// Those of [`Once::answer`].
    pub async fn answer_hiding<T: Serialize>(
        &self,
        secrets: &[&str],
        conn: &mut Connection,
        act: &Act,
        work: impl AsyncFnOnce(&mut Connection) -> Result<Reply<T>>,
    ) -> Result<Reply<T>> {
        let Some(key) = self.request_key(act)? else {
            return work(conn).await;
        };
        if let Some(kept) = once::begin(conn, &key, act.now).await? {
            return Reply::repeated(kept).map_err(|error| unreadable(&error));
        }
        let answered = match work(conn).await {
            Ok(reply) => reply
                .keep(secrets)
                .map(|kept| (reply, kept))
                .map_err(|error| unreadable(&error)),
            Err(error) => Err(error),
        };
        match answered {
            Ok((reply, kept)) => {
                once::keep(conn, key, kept, act.now).await?;
                Ok(reply)
            }
            Err(error) => {
                once::abandon(conn).await?;
                Err(error)
            }
        }
    }

    fn request_key(&self, act: &Act) -> Result<Option<RequestKey>> {
        let Some(key) = self.key.clone() else { return Ok(None) };
        let owner = match (act.user_id(), act.key_id()) {
            (Some(user), _) => format!("user:{user}"),
            (None, Some(key)) => format!("key:{key}"),
            (None, None) => self.address()?,
        };
        let body = self.request.extensions().get::<BodyHash>().copied();
        let body = body.unwrap_or_else(|| BodyHash::of(b""));
        Ok(Some(RequestKey {
            owner,
            route: format!("{} {}", self.request.method(), self.request.path()),
            key,
            // Keyed, because a body may hold a password and little else that cannot be guessed.
            request_hashes: self.app()?.requests.all(&body.0).collect(),
        }))
    }

    /// Who asks without an account: a hash of where they ask from.
    fn address(&self) -> Result<String> {
        let address = CallerAddress::of(&self.request).0;
        let address = address.map(|address| home(address).to_string()).unwrap_or_default();
        Ok(format!(
            "address:{}",
            hex(&self.app()?.addresses.hash(address.as_bytes()))
        ))
    }

    fn app(&self) -> Result<&Shared> {
        let app = self.request.app_data::<Shared>();
        app.ok_or_else(|| Error::new(Code::InternalError, "The server was built without its parts."))
    }
}

fn unreadable(error: &serde_json::Error) -> Error {
    tracing::error!(%error, "an answer cannot be kept or given again");
    Error::new(Code::InternalError, Code::InternalError.help())
}
