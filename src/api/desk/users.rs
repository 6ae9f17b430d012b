//! Accounts, for those who manage them.

pub mod password;

use actix_web::{HttpRequest, get, patch, post, web};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::auth::passwords;
use crate::api::extract::{IfMatch, Json, Once, Path, Query};
use crate::api::page::{Cursors, MAX_TOTAL, Page, Window, next_link};
use crate::api::prefix::prefix;
use crate::api::response::Reply;
use crate::app::Shared;
use crate::auth::Guard;
use crate::auth::guard::ManageUsers;
use crate::db::users::{UserFilter, UserPosition, UserRow, UserSort};
use crate::db::{self, Connection};
use crate::domain::check::Check;
use crate::domain::patch::given;
use crate::domain::permission::Role;
use crate::error::{Error, Result};
use crate::newsroom::{self, MAX_ACCOUNT_NAME, NewAccount, UserChange};

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_users)
        .service(create_user)
        .service(get_user)
        .service(update_user)
        .configure(password::configure);
}

/// An account that signs in.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    pub id: Uuid,
    #[schema(format = Email)]
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Whether it is kept from signing in.
    pub disabled: bool,
    #[schema(required)]
    pub disabled_at: Option<DateTime<Utc>>,
    /// The slug of the author that this account writes as.
    #[schema(required)]
    pub author: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserList {
    pub data: Vec<User>,
    pub page: Page,
}

impl User {
    fn of(user: UserRow, author: Option<String>) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            disabled: user.disabled_at.is_some(),
            disabled_at: user.disabled_at,
            author,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }

    async fn show(conn: &mut Connection, user: UserRow) -> Result<Reply<Self>> {
        let author = db::users::author_slugs(conn, &[user.id]).await?.remove(&user.id);
        let version = user.version;
        Ok(Reply::ok(Self::of(user, author)).version(version))
    }
}

/// What `GET /desk/users` takes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// Names or addresses that begin like this.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only accounts with this role.
    #[param(inline)]
    pub role: Option<Role>,
    /// Only those who may not sign in, or only those who may.
    pub disabled: Option<bool>,
    /// `name` when left out.
    #[param(inline)]
    pub sort: Option<UserSort>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the last page's `next_cursor` left off.
    pub cursor: Option<String>,
    /// Whether to count all of them.
    #[serde(default)]
    #[param(required = false)]
    pub with_total: bool,
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    pub role: Role,
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    pub password: SecretString,
}

/// What changes about an account: what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// Acts from the account's next request on.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub role: Option<Role>,
    /// `true` ends every session of the account at once.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub disabled: Option<bool>,
}

/// List accounts
///
/// All of them, readers and disabled ones too.
#[utoipa::path(
    tag = "Admin",
    operation_id = "list_users",
    params(UserQuery),
    responses((status = 200, description = "Accounts.", body = UserList))
)]
#[get("/users")]
pub async fn list_users(
    guard: Guard<ManageUsers>,
    request: HttpRequest,
    cursors: web::Data<Cursors>,
    query: Query<UserQuery>,
) -> Result<Reply<UserList>> {
    let query = query.0;
    let q = prefix(query.q.as_deref())?;
    let sort = query.sort.unwrap_or(UserSort::Name);
    let scope = format!("users {sort} {:?} {:?} {:?}", q, query.role, query.disabled);
    let window = Window::<UserPosition>::read(&cursors, scope, query.limit, query.cursor.as_deref())?;
    let filter = UserFilter {
        q,
        role: query.role,
        disabled: query.disabled,
    };
    let mut conn = guard.connect().await?;
    let mut rows = db::users::list(&mut conn, &filter, sort, window.after.as_ref(), window.fetch()).await?;
    let total = match query.with_total {
        true => Some(db::users::count(&mut conn, &filter, MAX_TOTAL + 1).await?),
        false => None,
    };
    let page = window
        .close(&cursors, &mut rows, |row| UserPosition::of(row, sort))
        .with_total(total);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut authors = db::users::author_slugs(&mut conn, &ids).await?;
    let data = rows.into_iter().map(|row| {
        let author = authors.remove(&row.id);
        User::of(row, author)
    });
    let data = data.collect();
    let link = next_link(&request, &page);
    Ok(Reply::ok(UserList { data, page }).next(link))
}

/// Create an account
///
/// Whoever it is for signs in with the address and this password, and should change it then.
#[utoipa::path(
    tag = "Admin",
    operation_id = "create_user",
    request_body(
        content = NewUser,
        example = json!({
            "email": "ana@news.example", "name": "Ana Lima", "role": "reporter", "password": "a few unrelated words"
        })
    ),
    responses((status = 201, description = "The new account.", body = User))
)]
#[post("/users")]
pub async fn create_user(
    guard: Guard<ManageUsers>,
    app: Shared,
    body: Json<NewUser>,
    once: Once,
) -> Result<Reply<User>> {
    let mut check = Check::new();
    let email = check.email("/email", &body.0.email);
    let name = check.line("/name", &body.0.name, MAX_ACCOUNT_NAME);
    passwords::check(&mut check, "/password", &body.0.password, &email);
    check.done().map_err(Error::invalid)?;
    let new = NewAccount {
        email,
        name,
        role: body.0.role,
        password_hash: passwords::hash(&app, &body.0.password).await?,
    };
    let mut conn = guard.connect().await?;
    once.answer(&mut conn, &guard.act, async |conn| {
        let user = newsroom::create_user(conn, &guard.act, new).await?;
        let (location, version) = (format!("/api/v1/desk/users/{}", user.id), user.version);
        Ok(Reply::created(User::of(user, None), location).version(version))
    })
    .await
}

/// Read one account
///
/// Its ETag is what `If-Match` takes.
#[utoipa::path(
    tag = "Admin",
    operation_id = "get_user",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses((status = 200, description = "The account.", body = User))
)]
#[get("/users/{id}")]
pub async fn get_user(guard: Guard<ManageUsers>, path: Path<Uuid>) -> Result<Reply<User>> {
    let mut conn = guard.connect().await?;
    let user = find(&mut conn, path.0).await?;
    User::show(&mut conn, user).await
}

/// Change an account
///
/// A role acts from the account's next request on; `disabled: true` ends its sessions. The last admin who can sign in
/// can be neither disabled nor given another role.
#[utoipa::path(
    tag = "Admin",
    operation_id = "update_user",
    params(
        ("id" = Uuid, Path, description = "The account's id."),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read; `*` means any."),
    ),
    request_body(content = UserPatch, example = json!({"role": "editor"})),
    responses((status = 200, description = "The account as it is now.", body = User))
)]
#[patch("/users/{id}")]
pub async fn update_user(
    guard: Guard<ManageUsers>,
    path: Path<Uuid>,
    if_match: IfMatch,
    body: Json<UserPatch>,
) -> Result<Reply<User>> {
    let mut check = Check::new();
    let change = UserChange {
        name: body.0.name.map(|name| check.line("/name", &name, MAX_ACCOUNT_NAME)),
        role: body.0.role,
        disabled: body.0.disabled,
    };
    check.done().map_err(Error::invalid)?;
    let mut conn = guard.connect().await?;
    let user = newsroom::update_user(&mut conn, &guard.act, path.0, if_match.0, change).await?;
    User::show(&mut conn, user).await
}

async fn find(conn: &mut Connection, id: Uuid) -> Result<UserRow> {
    db::users::find(conn, id).await?.ok_or_else(|| Error::not_found("user"))
}
