//! A new password for somebody who lost theirs.

use actix_web::post;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::auth::passwords;
use crate::api::extract::{IfMatch, Json, Once, Path};
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ManageUsers;
use crate::domain::check::Check;
use crate::error::{Error, Result};
use crate::newsroom;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(reset_password);
}

/// A new password for somebody else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    pub password: SecretString,
}

/// Reset an account's password
///
/// Every session of the account ends.
#[utoipa::path(
    tag = "Admin",
    operation_id = "reset_password",
    params(
        ("id" = Uuid, Path, description = "The account's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = PasswordReset, example = json!({"password": "a few unrelated words"})),
    responses((status = 204, description = "It is reset."))
)]
#[post("/users/{id}/password")]
pub async fn reset_password(
    guard: Guard<ManageUsers>,
    app: Shared,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<PasswordReset>,
    once: Once,
) -> Result<Reply<()>> {
    let user = super::find(&mut *guard.connect().await?, path.0).await?;
    let mut check = Check::new();
    passwords::check(&mut check, "/password", &body.0.password, &user.email);
    check.done().map_err(Error::invalid)?;
    let hash = passwords::hash(&app, &body.0.password).await?;
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        newsroom::reset_password(conn, &guard.act, user.id, if_match.0, hash).await?;
        Ok(Reply::done())
    })
    .await
}
