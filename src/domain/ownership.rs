//! Whose article it is: one's own is what one created or is assigned to.

use uuid::Uuid;

use super::actor::Act;
use super::permission::Permission;
use super::workflow::Needs;

/// Those whose own an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owners {
    pub created_by: Option<Uuid>,
    pub assignee: Option<Uuid>,
}

impl Owners {
    /// Whether the article is this account's own.
    #[must_use]
    pub fn include(self, user: Uuid) -> bool {
        self.created_by == Some(user) || self.assignee == Some(user)
    }

    /// Whether whoever acts may use a verb that needs `needs` on the article.
    #[must_use]
    pub fn permit(self, act: &Act, needs: Needs) -> bool {
        match needs {
            Needs::Permission(permission) => act.may(permission),
            Needs::Writing => {
                let own = act.user_id().is_some_and(|user| self.include(user));
                act.may(Permission::WriteAnyArticle) || (own && act.may(Permission::WriteOwnArticles))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::actor::{Account, Actor};
    use crate::domain::permission::Role;

    fn act(role: Role, user: u128) -> Act {
        let account = Account {
            user_id: Uuid::from_u128(user),
            session_id: Uuid::nil(),
            name: "Someone".to_owned(),
            email: "someone@example.org".to_owned(),
            role,
        };
        Act {
            actor: Some(Actor::Account(account)),
            ..Act::system(DateTime::UNIX_EPOCH)
        }
    }

    #[test]
    fn reporters_write_what_they_created_or_are_assigned_to() {
        let owners = Owners {
            created_by: Some(Uuid::from_u128(1)),
            assignee: Some(Uuid::from_u128(2)),
        };
        for (role, user, may) in [
            (Role::Reporter, 1, true),
            (Role::Reporter, 2, true),
            (Role::Reporter, 3, false),
            (Role::Editor, 3, true),
            (Role::Admin, 3, true),
            (Role::Moderator, 1, false),
            (Role::Reader, 1, false),
        ] {
            assert_eq!(owners.permit(&act(role, user), Needs::Writing), may, "{role} {user}");
        }
        assert!(owners.permit(&Act::system(DateTime::UNIX_EPOCH), Needs::Writing));
    }

    #[test]
    fn owning_an_article_is_no_permission_to_publish_it() {
        let owners = Owners {
            created_by: Some(Uuid::from_u128(1)),
            assignee: None,
        };
        let publish = Needs::Permission(Permission::PublishArticles);
        assert!(!owners.permit(&act(Role::Reporter, 1), publish));
        assert!(owners.permit(&act(Role::Editor, 2), publish));
    }
}
