//! Which comments an action would bring elsewhere: what `domain::comment::Standing` says of one, said of all.

use diesel::dsl::not;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use crate::db::schema::comments;
use crate::domain::comment::{CommentAction, CommentQueue, CommentStatus};

/// Something that is asked of each comment.
pub(super) type Condition<'a> = Box<dyn BoxableExpression<comments::table, Pg, SqlType = Nullable<Bool>> + 'a>;

/// That this action would change a comment.
pub(super) fn changed_by(action: CommentAction) -> Condition<'static> {
    use CommentStatus as S;
    let is = |status: S| comments::status.eq(status);
    let there = comments::status.ne(S::Removed);
    match action {
        CommentAction::Approve => Box::new(
            there
                .and(not(is(S::Approved).and(comments::queue.is_null())))
                .nullable(),
        ),
        CommentAction::Reject => Box::new(
            there
                .and(not(is(S::Rejected).and(comments::queue.is_null())))
                .nullable(),
        ),
        CommentAction::Spam => {
            let spam = comments::queue.is_not_distinct_from(CommentQueue::Spam);
            Box::new(there.and(not(is(S::Rejected).and(spam))).nullable())
        }
        CommentAction::Restore => {
            // What its author took away stays away.
            let by_moderator = comments::moderated_at.is_not_null().and(comments::erased_at.is_null());
            Box::new(is(S::Rejected).or(is(S::Removed).and(by_moderator)).nullable())
        }
        CommentAction::Delete => Box::new(there.nullable()),
        CommentAction::Erase => Box::new(comments::erased_at.is_null().nullable()),
        CommentAction::Update => Box::new(there.nullable()),
    }
}
