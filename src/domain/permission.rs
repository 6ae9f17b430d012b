//! Who may do what: one table from roles and from the scopes of API keys to permissions. Code asks for permissions alone.

use super::text_enum;

text_enum! {
    /// What an account is for.
    pub enum Role {
        Admin = "admin",
        Editor = "editor",
        Reporter = "reporter",
        Moderator = "moderator",
        Reader = "reader",
    }
}

text_enum! {
    /// One thing that someone may do.
    pub enum Permission {
        /// Read every article on the desk.
        ReadArticles = "articles:read",
        /// Create articles, and edit and submit one's own.
        WriteOwnArticles = "articles:write_own",
        /// Edit any article.
        WriteAnyArticle = "articles:write_any",
        /// Publish, unpublish, schedule and place articles.
        PublishArticles = "articles:publish",
        /// Publish corrections.
        CorrectArticles = "articles:correct",
        /// Withdraw an article with a public notice, and bring it back.
        KillArticles = "articles:kill",
        /// Erase a trashed article for good.
        PurgeArticles = "articles:purge",
        /// Read sections, tags and authors on the desk.
        ReadTaxonomy = "taxonomy:read",
        /// Create, change, merge and delete sections, tags and authors.
        ManageTaxonomy = "taxonomy:manage",
        /// Comment as staff.
        CommentAsStaff = "comments:staff",
        /// Read, edit and decide on readers' comments.
        ModerateComments = "comments:moderate",
        /// Comment under one's own name.
        CommentAsReader = "comments:reader",
        /// Upload pictures and files.
        UploadMedia = "media:upload",
        /// Create accounts, change their roles, disable them.
        ManageUsers = "users:manage",
        /// Change the facts of the site.
        ManageSite = "site:manage",
        /// Manage keys and webhooks, read the audit log.
        Operate = "operations:manage",
    }
}

impl Role {
    /// What this role may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Admin => Permission::ALL,
            Self::Editor => &[
                P::ReadArticles,
                P::WriteOwnArticles,
                P::WriteAnyArticle,
                P::PublishArticles,
                P::CorrectArticles,
                P::KillArticles,
                P::ReadTaxonomy,
                P::ManageTaxonomy,
                P::CommentAsStaff,
                P::ModerateComments,
                P::UploadMedia,
            ],
            Self::Reporter => &[
                P::ReadArticles,
                P::WriteOwnArticles,
                P::ReadTaxonomy,
                P::CommentAsStaff,
                P::UploadMedia,
            ],
            Self::Moderator => &[P::CommentAsStaff, P::ModerateComments],
            Self::Reader => &[P::CommentAsReader],
        }
    }

    /// Whether this role may do `permission`.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

text_enum! {
    /// What an API key may be for. What is signed by a person (comments, locks, accounts, keys) has no scope.
    pub enum Scope {
        ReadArticles = "articles:read",
        WriteArticles = "articles:write",
        PublishArticles = "articles:publish",
        KillArticles = "articles:kill",
        ReadTaxonomy = "taxonomy:read",
        WriteTaxonomy = "taxonomy:write",
        ModerateComments = "comments:moderate",
        ManageSite = "site:manage",
        Operate = "operations:manage",
    }
}

impl Scope {
    /// What a key with this scope may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::ReadArticles => &[P::ReadArticles, P::ReadTaxonomy],
            // A key owns no article, so it writes any.
            Self::WriteArticles => &[
                P::ReadArticles,
                P::ReadTaxonomy,
                P::WriteOwnArticles,
                P::WriteAnyArticle,
                P::UploadMedia,
            ],
            Self::PublishArticles => &[P::ReadArticles, P::ReadTaxonomy, P::PublishArticles, P::CorrectArticles],
            Self::KillArticles => &[P::ReadArticles, P::ReadTaxonomy, P::KillArticles],
            Self::ReadTaxonomy => &[P::ReadTaxonomy],
            Self::WriteTaxonomy => &[P::ReadTaxonomy, P::ManageTaxonomy],
            Self::ModerateComments => &[P::ModerateComments],
            Self::ManageSite => &[P::ManageSite],
            Self::Operate => &[P::Operate],
        }
    }

    /// Whether a key with this scope can be limited to sections: whether all that it gives is about articles.
    #[must_use]
    pub fn is_about_articles(self) -> bool {
        matches!(
            self,
            Self::ReadArticles | Self::WriteArticles | Self::PublishArticles | Self::KillArticles
        )
    }

    /// The scopes that give `permission`; none when no key may have it.
    pub fn giving(permission: Permission) -> impl Iterator<Item = Self> {
        let gives = move |scope: &Self| scope.permissions().contains(&permission);
        Self::ALL.iter().copied().filter(gives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_manages_accounts_or_speaks_as_a_person() {
        for permission in [
            Permission::ManageUsers,
            Permission::CommentAsStaff,
            Permission::CommentAsReader,
            Permission::PurgeArticles,
        ] {
            assert_eq!(Scope::giving(permission).count(), 0, "{permission}");
        }
    }

    #[test]
    fn a_scope_that_can_be_limited_to_sections_changes_nothing_else() {
        let elsewhere = [
            Permission::ManageTaxonomy,
            Permission::ModerateComments,
            Permission::ManageSite,
            Permission::Operate,
        ];
        for scope in Scope::ALL.iter().filter(|scope| scope.is_about_articles()) {
            assert!(
                !scope.permissions().iter().any(|given| elsewhere.contains(given)),
                "{scope}"
            );
        }
    }

    #[test]
    fn only_staff_above_reporter_publish() {
        let publishers: Vec<Role> = Role::ALL
            .iter()
            .copied()
            .filter(|role| role.may(Permission::PublishArticles))
            .collect();
        assert_eq!(publishers, [Role::Admin, Role::Editor]);
    }

    #[test]
    fn a_moderator_sees_no_article_on_the_desk() {
        assert!(!Role::Moderator.may(Permission::ReadArticles));
        assert!(Role::Moderator.may(Permission::ModerateComments));
    }

    #[test]
    fn only_an_admin_manages_users() {
        assert!(
            Role::ALL
                .iter()
                .all(|role| role.may(Permission::ManageUsers) == (*role == Role::Admin))
        );
    }
}
