//! Who acts, and when.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::permission::{Permission, Role, Scope};

/// A signed-in account, as it was loaded for this request.
#[derive(Clone, Debug)]
pub struct Account {
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub name: String,
    pub email: String,
    pub role: Role,
}

/// An API key, as it was loaded for this request.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: Uuid,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// The sections that it is limited to, with all below them; `None` when it is not.
    pub sections: Option<Vec<Uuid>>,
}

/// Somebody who asks: a person, or a program with a key.
#[derive(Clone, Debug)]
pub enum Actor {
    Account(Account),
    Key(Key),
}

impl Actor {
    /// Whether they may do `permission`.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Account(account) => account.role.may(permission),
            Self::Key(key) => key.scopes.iter().any(|scope| scope.permissions().contains(&permission)),
        }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Account(account) => Some(account),
            Self::Key(_) => None,
        }
    }

    /// The key, if it is one.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        match self {
            Self::Account(_) => None,
            Self::Key(key) => Some(key),
        }
    }

    /// The sections whose articles are all that is there for them; `None` when nothing is kept from them.
    #[must_use]
    pub fn sections(&self) -> Option<&[Uuid]> {
        self.key()?.sections.as_deref()
    }
}

/// What every change is told: by whom, at which instant, asked for by which request.
///
/// `actor` is `None` when the program itself acts (the command line, the demo content, a job).
#[derive(Clone, Debug)]
pub struct Act {
    pub actor: Option<Actor>,
    pub now: DateTime<Utc>,
    pub request_id: Option<String>,
}

impl Act {
    /// An act of the program itself.
    #[must_use]
    pub fn system(now: DateTime<Utc>) -> Self {
        Self {
            actor: None,
            now,
            request_id: None,
        }
    }

    /// The account that acts.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.actor.as_ref()?.account()
    }

    /// The id of the account that acts.
    #[must_use]
    pub fn user_id(&self) -> Option<Uuid> {
        self.account().map(|account| account.user_id)
    }

    /// The id of the API key that acts.
    #[must_use]
    pub fn key_id(&self) -> Option<Uuid> {
        Some(self.actor.as_ref()?.key()?.id)
    }

    /// Whether this may be done: the program itself may do everything.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.actor.as_ref().is_none_or(|actor| actor.may(permission))
    }

    /// The sections whose articles are all that is there for whoever acts; `None` when nothing is kept from them.
    #[must_use]
    pub fn sections(&self) -> Option<&[Uuid]> {
        self.actor.as_ref()?.sections()
    }

    /// Whether an article in this section is there for whoever acts. A limited key knows none without a section.
    #[must_use]
    pub fn reaches(&self, section: Option<Uuid>) -> bool {
        let within = |sections: &[Uuid]| section.is_some_and(|section| sections.contains(&section));
        self.sections().is_none_or(within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_key(sections: Option<Vec<Uuid>>) -> Act {
        let key = Key {
            id: Uuid::from_u128(1),
            name: "The importer".to_owned(),
            scopes: vec![Scope::ReadArticles],
            sections,
        };
        Act {
            actor: Some(Actor::Key(key)),
            ..Act::system(DateTime::UNIX_EPOCH)
        }
    }

    #[test]
    fn a_limited_key_reaches_its_sections_alone() {
        let (world, sport) = (Uuid::from_u128(2), Uuid::from_u128(3));
        let limited = by_key(Some(vec![world]));
        assert!(limited.reaches(Some(world)));
        assert!(!limited.reaches(Some(sport)));
        assert!(!limited.reaches(None));
        // A limit of which nothing is left is no freedom.
        assert!(!by_key(Some(Vec::new())).reaches(Some(world)));
        assert!(by_key(None).reaches(None));
        assert!(Act::system(DateTime::UNIX_EPOCH).reaches(None));
    }

    #[test]
    fn a_key_may_what_its_scopes_give() {
        let act = by_key(None);
        assert!(act.may(Permission::ReadArticles));
        assert!(!act.may(Permission::WriteOwnArticles));
        assert_eq!((act.user_id(), act.key_id()), (None, Some(Uuid::from_u128(1))));
    }
}
