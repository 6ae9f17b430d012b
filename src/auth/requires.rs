//! What a guard requires: a permission, and of whom.

use std::marker::PhantomData;

use crate::domain::actor::{Account, Actor};
use crate::domain::permission::Permission;

/// Names a permission in a handler's signature.
pub trait Requires: 'static {
    /// What whoever asks must be allowed to do; none for what every signed-in account may do.
    const PERMISSION: Option<Permission>;
    /// Who may ask at all.
    type Asker: Asker;
}

/// Who may ask: anybody with a credential, or people alone.
pub trait Asker: Sized + 'static {
    /// This one of them, unless they may not ask.
    fn admit(actor: &Actor) -> Option<Self>;
}

impl Asker for Actor {
    fn admit(actor: &Actor) -> Option<Self> {
        Some(actor.clone())
    }
}

impl Asker for Account {
    fn admit(actor: &Actor) -> Option<Self> {
        actor.account().cloned()
    }
}

macro_rules! requires {
    ($($name:ident)+) => {
        $(
            #[doc = concat!("Requires `Permission::", stringify!($name), "`.")]
            pub struct $name;

            impl Requires for $name {
                const PERMISSION: Option<Permission> = Some(Permission::$name);
                type Asker = Actor;
            }
        )+
    };
}

requires! {
    ReadArticles WriteOwnArticles WriteAnyArticle
    ReadTaxonomy ManageTaxonomy CommentAsStaff ModerateComments CommentAsReader UploadMedia
    ManageUsers ManageSite Operate
}

/// Requires an account, whatever it may do.
pub struct SignedIn;

impl Requires for SignedIn {
    const PERMISSION: Option<Permission> = None;
    type Asker = Account;
}

/// Requires what `P` does, of an account: no key may do it, whatever its scopes.
pub struct ByPerson<P>(PhantomData<P>);

impl<P: Requires> Requires for ByPerson<P> {
    const PERMISSION: Option<Permission> = P::PERMISSION;
    type Asker = Account;
}
