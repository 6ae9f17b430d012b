//! Who may do what: one table from roles to permissions. Code asks for permissions, never for roles.

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

#[cfg(test)]
mod tests {
    use super::*;

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
