//! Where a comment stands, and what may be done to it there.

use super::{CommentAction, CommentQueue, CommentStatus};

/// Where a comment stands, and in which pile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub status: CommentStatus,
    pub queue: Option<CommentQueue>,
}

impl Place {
    /// In no pile.
    #[must_use]
    pub fn at(status: CommentStatus) -> Self {
        Self { status, queue: None }
    }

    /// In this pile, until a moderator decides.
    #[must_use]
    pub fn waiting(queue: CommentQueue) -> Self {
        Self {
            status: CommentStatus::Pending,
            queue: Some(queue),
        }
    }

    /// Where a comment goes from here whose author changed it, and which the rules would put there: what waits goes on
    /// waiting, and what was reported stays so, until a moderator has seen it.
    #[must_use]
    pub fn edited(self, judged: Self) -> Self {
        match (self.status, judged.status) {
            (_, CommentStatus::Rejected) => judged,
            (CommentStatus::Approved, CommentStatus::Pending) if self.queue.is_some() => Self {
                queue: self.queue,
                ..judged
            },
            (CommentStatus::Approved, CommentStatus::Pending) => judged,
            (CommentStatus::Approved, _) if self.queue.is_none() => judged,
            _ => self,
        }
    }
}

/// Where a comment stands, as far as it decides what may be done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub place: Place,
    /// Whether a moderator brought it there.
    pub moderated: bool,
    pub erased: bool,
}

impl Standing {
    /// Where `action` leads; none when it is not possible.
    #[must_use]
    pub fn after(self, action: CommentAction) -> Option<Place> {
        use CommentAction as A;
        use CommentStatus as S;
        let removed = Place::at(S::Removed);
        match (self.place.status, action) {
            // What its author took away stays away, and what is erased is not there to be shown.
            (S::Removed, A::Restore) if self.moderated && !self.erased => Some(Place::waiting(CommentQueue::Pending)),
            (S::Removed, A::Update | A::Approve | A::Reject | A::Spam | A::Restore) => None,
            (_, A::Update) => Some(self.place),
            (_, A::Approve) => Some(Place::at(S::Approved)),
            (_, A::Reject) => Some(Place::at(S::Rejected)),
            (_, A::Spam) => Some(Place {
                status: S::Rejected,
                queue: Some(CommentQueue::Spam),
            }),
            (S::Rejected, A::Restore) => Some(Place::waiting(CommentQueue::Pending)),
            (_, A::Restore) => Some(self.place),
            (_, A::Delete | A::Erase) => Some(removed),
        }
    }

    /// Whether `action`, which leads to `place`, would change something.
    #[must_use]
    pub fn changes(self, action: CommentAction, place: Place) -> bool {
        match action {
            CommentAction::Update => true,
            CommentAction::Erase => !self.erased,
            _ => place != self.place,
        }
    }

    /// What would change something now.
    #[must_use]
    pub fn allowed_actions(self) -> Vec<CommentAction> {
        let changes = |action: &CommentAction| self.after(*action).is_some_and(|place| self.changes(*action, place));
        CommentAction::ALL.iter().copied().filter(changes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CommentAction as A;
    use CommentStatus as S;

    fn standing(place: Place, moderated: bool) -> Standing {
        Standing {
            place,
            moderated,
            erased: false,
        }
    }

    const SPAM: Place = Place {
        status: S::Rejected,
        queue: Some(CommentQueue::Spam),
    };
    const REPORTED: Place = Place {
        status: S::Approved,
        queue: Some(CommentQueue::Reported),
    };

    #[test]
    fn what_may_be_done_depends_on_where_a_comment_stands() {
        let pending = Place::waiting(CommentQueue::Pending);
        for (place, actions) in [
            (
                pending,
                vec![A::Update, A::Approve, A::Reject, A::Spam, A::Delete, A::Erase],
            ),
            (
                Place::at(S::Approved),
                vec![A::Update, A::Reject, A::Spam, A::Delete, A::Erase],
            ),
            (
                REPORTED,
                vec![A::Update, A::Approve, A::Reject, A::Spam, A::Delete, A::Erase],
            ),
            (
                Place::at(S::Rejected),
                vec![A::Update, A::Approve, A::Spam, A::Restore, A::Delete, A::Erase],
            ),
            (
                SPAM,
                vec![A::Update, A::Approve, A::Reject, A::Restore, A::Delete, A::Erase],
            ),
            (Place::at(S::Removed), vec![A::Restore, A::Erase]),
        ] {
            assert_eq!(standing(place, true).allowed_actions(), actions, "{place:?}");
        }
        assert_eq!(standing(Place::at(S::Removed), false).allowed_actions(), [A::Erase]);
        let erased = Standing {
            erased: true,
            ..standing(Place::at(S::Removed), true)
        };
        assert!(erased.allowed_actions().is_empty());
    }

    #[test]
    fn an_edit_brings_nothing_past_the_moderators() {
        let (pending, held) = (
            Place::waiting(CommentQueue::Pending),
            Place::waiting(CommentQueue::Held),
        );
        let (approved, reported) = (Place::at(S::Approved), Place::waiting(CommentQueue::Reported));
        for (was, judged, is) in [
            (approved, approved, approved),
            (approved, held, held),
            (approved, SPAM, SPAM),
            (REPORTED, approved, REPORTED),
            (REPORTED, held, reported),
            (REPORTED, SPAM, SPAM),
            (reported, approved, reported),
            (held, approved, held),
            (held, pending, held),
            (pending, SPAM, SPAM),
        ] {
            assert_eq!(was.edited(judged), is, "{was:?} {judged:?}");
        }
    }

    #[test]
    fn a_verb_that_changes_nothing_is_possible() {
        for (place, action) in [
            (Place::at(S::Approved), A::Approve),
            (Place::at(S::Rejected), A::Reject),
            (SPAM, A::Spam),
            (Place::waiting(CommentQueue::Held), A::Restore),
            (Place::at(S::Removed), A::Delete),
        ] {
            assert_eq!(standing(place, true).after(action), Some(place), "{action}");
        }
    }
}
