//! Everyone who may ask.

use masthead::domain::permission::{Role, Scope};
use serde_json::json;

use crate::support::TestApp;
use crate::support::client::Client;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    Anonymous,
    Reader,
    /// A reporter who asks for what another one wrote.
    OtherReporter,
    /// The reporter who wrote what is asked for.
    Owner,
    Moderator,
    Editor,
    Admin,
    /// An admin whose account was disabled, with a token that still runs.
    Disabled,
    /// An admin with a token that has run out.
    Expired,
    /// A key with every scope.
    Key,
    /// A key with every scope of articles, for a section in which there are none.
    KeyElsewhere,
}

impl Caller {
    pub const ALL: [Self; 11] = [
        Self::Anonymous,
        Self::Reader,
        Self::OtherReporter,
        Self::Owner,
        Self::Moderator,
        Self::Editor,
        Self::Admin,
        Self::Disabled,
        Self::Expired,
        Self::Key,
        Self::KeyElsewhere,
    ];

    /// A new account of this kind, signed in.
    pub async fn client(self, app: &TestApp) -> Client {
        match self {
            Self::Anonymous => app.anonymous(),
            Self::Reader => app.reader().await,
            Self::OtherReporter | Self::Owner => app.reporter().await,
            Self::Moderator => app.moderator().await,
            Self::Editor => app.editor().await,
            Self::Admin => app.admin().await,
            Self::Disabled => {
                let disabled = app.admin().await;
                let account = format!("/api/v1/desk/users/{}", disabled.account().id);
                let admin = app.admin().await;
                admin.patch(&account, json!({"disabled": true})).await.expect(200);
                disabled
            }
            Self::Expired => app.user_with_expired_token(Role::Admin).await,
            Self::Key => app.key(json!({"scopes": Scope::ALL})).await,
            Self::KeyElsewhere => {
                let about_articles = Scope::ALL.iter().filter(|scope| scope.is_about_articles());
                let scopes: Vec<&Scope> = about_articles.collect();
                let section = json!({"name": "Elsewhere", "slug": "elsewhere"});
                app.admin().await.post("/api/v1/desk/sections", section).await;
                app.key(json!({"scopes": scopes, "sections": ["elsewhere"]})).await
            }
        }
    }

    /// Whether a refusal depends on whose it is, so that a missing thing is answered otherwise.
    pub fn owns_what_is_asked_for(self) -> bool {
        matches!(self, Self::OtherReporter | Self::Owner)
    }
}
