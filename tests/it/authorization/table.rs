//! The table: what each operation answers to each caller.

use super::callers::Caller;
use crate::openapi::Operation;

/// What an operation answers, by who asks.
#[derive(Clone, Copy)]
pub enum Row {
    /// The same to everyone: it reads no credential.
    Open(u16),
    /// The same to everyone, but a bad credential is refused.
    OpenUnlessBad(u16),
    /// For accounts: reader, other reporter, owner, moderator, editor, admin. Everyone else is answered 401.
    Accounts([u16; 6]),
}

use Row::{Accounts, Open, OpenUnlessBad};

impl Row {
    fn status(self, caller: Caller) -> u16 {
        match (self, caller) {
            (Open(status), _) => status,
            (_, Caller::Disabled | Caller::Expired) => 401,
            (OpenUnlessBad(status), _) => status,
            (Accounts(_), Caller::Anonymous) => 401,
            (Accounts([status, ..]), Caller::Reader)
            | (Accounts([_, status, ..]), Caller::OtherReporter)
            | (Accounts([_, _, status, ..]), Caller::Owner)
            | (Accounts([_, _, _, status, ..]), Caller::Moderator)
            | (Accounts([_, _, _, _, status, _]), Caller::Editor)
            | (Accounts([_, _, _, _, _, status]), Caller::Admin | Caller::Key | Caller::KeyElsewhere) => status,
        }
    }
}

fn row(operation: &str) -> Row {
    let row = TABLE.iter().find(|(id, _)| *id == operation);
    row.unwrap_or_else(|| panic!("{operation} has no row")).1
}

/// What the operation answers to this caller.
pub fn expected(operation: &Operation, caller: Caller) -> u16 {
    let row = row(operation.id());
    match (row, caller) {
        (Open(status), _) => status,
        (_, Caller::Key | Caller::KeyElsewhere) if is_for_people(operation) => 403,
        // What it could do to articles, it can do to those that are there for it.
        (Accounts(_), Caller::KeyElsewhere) if operation.path.starts_with("/api/v1/desk/articles/{id}") => 404,
        (Accounts(_), Caller::KeyElsewhere) => match operation.id() {
            "list_desk_articles" | "list_schedule" => 200,
            // Its section is none that the key could see.
            "create_article" => 403,
            _ if operation.method == "GET" && is_taxonomy(operation) => 200,
            _ => 403,
        },
        _ => row.status(caller),
    }
}

/// What is signed by a person, or is about people and keys: for no key, whatever its scopes.
fn is_for_people(operation: &Operation) -> bool {
    let rooms = ["/api/v1/auth/", "/api/v1/desk/users", "/api/v1/desk/api-keys"];
    let signed = [
        "create_comment",
        "report_comment",
        "create_staff_comment",
        "lock_article",
        "unlock_article",
    ];
    rooms.iter().any(|room| operation.path.starts_with(room)) || signed.contains(&operation.id())
}

fn is_taxonomy(operation: &Operation) -> bool {
    let rooms = ["sections", "tags", "authors"].map(|room| format!("/api/v1/desk/{room}"));
    rooms.iter().any(|room| operation.path.starts_with(room))
}

/// Everyone with an account.
const fn signed_in(status: u16) -> Row {
    Accounts([status; 6])
}

/// Reads of articles and taxonomy on the desk: not for readers and moderators.
const fn newsroom(status: u16) -> Row {
    Accounts([403, status, status, 403, status, status])
}

const fn owner_and_editors(status: u16) -> Row {
    Accounts([403, 403, status, 403, status, status])
}

const fn editors(status: u16) -> Row {
    Accounts([403, 403, 403, 403, status, status])
}

const fn moderators(status: u16) -> Row {
    Accounts([403, 403, 403, status, status, status])
}

const fn staff(status: u16) -> Row {
    Accounts([403, status, status, status, status, status])
}

const fn admins(status: u16) -> Row {
    Accounts([403, 403, 403, 403, 403, status])
}

pub const TABLE: &[(&str, Row)] = &[
    // Delivery.
    ("list_articles", Open(200)),
    ("get_article", Open(200)),
    ("list_related_articles", Open(200)),
    ("list_article_corrections", Open(200)),
    ("list_corrections", Open(200)),
    // By its token.
    ("get_preview", Open(200)),
    ("search_articles", Open(200)),
    ("list_sections", Open(200)),
    ("get_section", Open(200)),
    ("list_tags", Open(200)),
    ("get_tag", Open(200)),
    ("list_authors", Open(200)),
    ("get_author", Open(200)),
    ("get_site", Open(200)),
    ("list_comments", Open(200)),
    ("get_comment", Open(200)),
    ("list_comment_replies", Open(200)),
    ("create_comment", OpenUnlessBad(201)),
    // By the comment's own token.
    ("update_comment", Open(200)),
    ("delete_comment", Open(204)),
    ("get_comment_decision", Open(200)),
    ("appeal_comment", Open(200)),
    ("report_comment", OpenUnlessBad(200)),
    // Desk: articles.
    ("list_desk_articles", newsroom(200)),
    ("create_article", newsroom(201)),
    ("get_desk_article", newsroom(200)),
    ("update_article", owner_and_editors(200)),
    ("delete_article", owner_and_editors(204)),
    ("lock_article", owner_and_editors(200)),
    // Of those without a lock nothing is taken.
    ("unlock_article", newsroom(204)),
    // Desk: history.
    ("list_revisions", newsroom(200)),
    ("get_revision", newsroom(200)),
    ("restore_revision", owner_and_editors(200)),
    ("get_diff", newsroom(200)),
    // Nothing of a draft was ever published.
    ("get_published_as_of", newsroom(404)),
    // Desk: workflow.
    ("get_preflight", newsroom(200)),
    ("list_preview_tokens", newsroom(200)),
    ("create_preview_token", owner_and_editors(201)),
    ("revoke_preview_token", owner_and_editors(204)),
    ("publish_article", editors(200)),
    ("unpublish_article", editors(200)),
    ("untrash_article", owner_and_editors(200)),
    ("submit_article", owner_and_editors(200)),
    ("return_article", editors(200)),
    ("schedule_article", editors(200)),
    ("unschedule_article", editors(200)),
    ("list_schedule", newsroom(200)),
    ("list_desk_corrections", newsroom(200)),
    ("create_correction", editors(201)),
    ("update_correction", editors(200)),
    ("delete_correction", editors(204)),
    ("kill_article", editors(200)),
    ("reinstate_article", editors(200)),
    // Desk: taxonomy.
    ("list_desk_sections", newsroom(200)),
    ("create_section", editors(201)),
    ("get_desk_section", newsroom(200)),
    ("update_section", editors(200)),
    ("delete_section", editors(204)),
    ("list_desk_tags", newsroom(200)),
    ("create_tag", editors(201)),
    ("get_desk_tag", newsroom(200)),
    ("update_tag", editors(200)),
    ("delete_tag", editors(204)),
    ("merge_tag", editors(200)),
    ("list_desk_authors", newsroom(200)),
    ("create_author", editors(201)),
    ("get_desk_author", newsroom(200)),
    ("update_author", editors(200)),
    ("delete_author", editors(204)),
    // Desk: comments.
    ("list_desk_comments", moderators(200)),
    ("create_staff_comment", staff(201)),
    ("get_desk_comment", moderators(200)),
    ("update_desk_comment", moderators(200)),
    ("delete_desk_comment", moderators(204)),
    ("approve_comment", moderators(200)),
    ("reject_comment", moderators(200)),
    ("spam_comment", moderators(200)),
    ("restore_comment", moderators(200)),
    ("erase_comment", moderators(200)),
    ("moderate_comments", moderators(200)),
    ("list_comment_queues", moderators(200)),
    ("get_comment_rules", moderators(200)),
    ("replace_comment_rules", moderators(200)),
    ("preview_comment_rules", moderators(200)),
    ("list_comment_rule_editions", moderators(200)),
    ("list_comment_bans", moderators(200)),
    ("create_comment_ban", moderators(201)),
    ("delete_comment_ban", moderators(204)),
    // Admin.
    ("list_users", admins(200)),
    ("create_user", admins(201)),
    ("get_user", admins(200)),
    ("update_user", admins(200)),
    ("reset_password", admins(204)),
    ("list_api_keys", admins(200)),
    ("create_api_key", admins(201)),
    ("get_api_key", admins(200)),
    ("update_api_key", admins(200)),
    ("revoke_api_key", admins(204)),
    ("list_audit", admins(200)),
    ("get_desk_site", admins(200)),
    ("update_site", admins(200)),
    // Auth: by password or refresh token.
    ("login", Open(200)),
    ("create_token", Open(200)),
    ("refresh_session", Open(200)),
    ("register", Open(201)),
    // Auth: by access token.
    ("logout", signed_in(204)),
    ("get_me", signed_in(200)),
    ("update_me", signed_in(200)),
    ("change_password", signed_in(204)),
    ("list_sessions", signed_in(200)),
    ("delete_session", signed_in(204)),
    // System.
    ("get_index", Open(200)),
    ("get_openapi", Open(200)),
    ("get_health", Open(200)),
    ("get_readiness", Open(200)),
    ("list_problem_types", Open(200)),
    ("get_problem_type", Open(200)),
];
