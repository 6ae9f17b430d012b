//! What the verbs on authors share.

use uuid::Uuid;

use super::{Refusal, Result, slugs};
use crate::db::authors::AuthorRow;
use crate::db::constraint::is_unique_violation;
use crate::db::{self, Connection};
use crate::domain::check::FieldError;
use crate::domain::content::{Image, Link};
use crate::domain::email::email;
use crate::domain::patch::Patch;
use crate::domain::taxonomy::{AuthorKind, Taxonomy};

/// What an editor says about an author, its texts checked already. What is absent stays.
#[derive(Clone, Debug, Default)]
pub struct AuthorChange {
    pub slug: Option<String>,
    pub name: Option<String>,
    pub kind: Patch<AuthorKind>,
    pub bio: Patch<String>,
    pub avatar: Patch<Image>,
    pub links: Patch<Vec<Link>>,
    /// The id or e-mail address of the account that writes under this name.
    pub user: Patch<String>,
}

/// The account that a change links author `id` to, which is `current` now.
pub(super) async fn user(
    conn: &mut Connection,
    id: Uuid,
    change: &Patch<String>,
    current: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let given = match change {
        Patch::Absent => return Ok(current),
        Patch::Clear => return Ok(None),
        Patch::Set(given) => given,
    };
    let user = match (Uuid::try_parse(given.trim()), email(given)) {
        (Ok(user), _) => db::users::find(conn, user).await?,
        (_, Ok(address)) => db::users::find_by_email(conn, &address).await?,
        _ => None,
    };
    let Some(user) = user else {
        let message = "there is no such account; name one by id or e-mail address";
        return Err(vec![FieldError::field("/user", "unknown_reference", message)].into());
    };
    match db::authors::find_by_user(conn, user.id).await? {
        Some(other) if other.id != id => Err(linked(&other.slug)),
        _ => Ok(Some(user.id)),
    }
}

fn linked(slug: &str) -> Refusal {
    let message = format!("the account is linked to the author `{slug}` already; unlink it there first");
    vec![FieldError::field("/user", "already_linked", message)].into()
}

/// What a failed write says when somebody else took the slug or the account since they were looked up.
pub(super) fn lost_race(author: &AuthorRow) -> impl FnOnce(diesel::result::Error) -> Refusal {
    let slug = slugs::lost_race(Taxonomy::Author, &author.slug);
    move |error| {
        if is_unique_violation(&error, "authors_user_id_key") {
            let message = "the account was linked to another author at the same time";
            vec![FieldError::field("/user", "already_linked", message)].into()
        } else {
            slug(error)
        }
    }
}
