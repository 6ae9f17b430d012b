//! Where an article stands, and which verb leads where. Status is what readers have, stage is where the working copy
//! stands. Permission, not status, keeps a reporter from publishing: this table knows states only.

use super::permission::Permission;
use super::text_enum;

text_enum! {
    /// What readers have of an article.
    pub enum Status {
        /// Nothing yet.
        Draft = "draft",
        /// A published revision.
        Published = "published",
        /// Nothing any more.
        Unpublished = "unpublished",
        /// A public notice that it was withdrawn.
        Killed = "killed",
        /// Nothing; the desk has thrown it away and can still bring it back.
        Trashed = "trashed",
    }
}

text_enum! {
    /// Where the working copy stands.
    pub enum Stage {
        /// An editor is to look at it.
        InReview = "in_review",
        /// It will be published by itself.
        Scheduled = "scheduled",
    }
}

text_enum! {
    /// What can be done to an article.
    pub enum Verb {
        Edit = "edit",
        Submit = "submit",
        Return = "return",
        Schedule = "schedule",
        Unschedule = "unschedule",
        Publish = "publish",
        Unpublish = "unpublish",
        Kill = "kill",
        Reinstate = "reinstate",
        Trash = "trash",
        Untrash = "untrash",
        Purge = "purge",
    }
}

/// Who may use a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// To write this article: one's own, or any.
    Writing,
    /// This permission, whoever's article it is.
    Permission(Permission),
}

impl Verb {
    /// The verbs that the desk offers.
    pub const OFFERED: &'static [Self] = &[
        Self::Edit,
        Self::Publish,
        Self::Unpublish,
        Self::Trash,
        Self::Untrash,
        Self::Purge,
    ];

    /// Who may use it.
    #[must_use]
    pub fn needs(self) -> Needs {
        match self {
            Self::Edit | Self::Submit | Self::Trash | Self::Untrash => Needs::Writing,
            Self::Return | Self::Schedule | Self::Unschedule | Self::Publish | Self::Unpublish => {
                Needs::Permission(Permission::PublishArticles)
            }
            Self::Kill | Self::Reinstate => Needs::Permission(Permission::KillArticles),
            Self::Purge => Needs::Permission(Permission::PurgeArticles),
        }
    }
}

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub status: Status,
    pub stage: Option<Stage>,
    /// What a trashed article was.
    pub trashed_from: Option<Status>,
}

impl State {
    /// A new article.
    pub const NEW: Self = Self {
        status: Status::Draft,
        stage: None,
        trashed_from: None,
    };

    /// Where `verb` leads, or `None` when it is not possible here. (A purged article stands nowhere: it stays what it is
    /// until it is gone.)
    #[must_use]
    pub fn after(self, verb: Verb) -> Option<Self> {
        use Status as S;
        let alive = matches!(self.status, S::Draft | S::Published | S::Unpublished);
        let at = |status, stage| {
            Some(Self {
                status,
                stage,
                trashed_from: None,
            })
        };
        match (verb, self.status, self.stage) {
            (Verb::Edit, ..) if alive => Some(self),
            (Verb::Submit, status, None) if alive => at(status, Some(Stage::InReview)),
            (Verb::Return, status, Some(Stage::InReview)) if alive => at(status, None),
            (Verb::Schedule, status, None | Some(Stage::InReview)) if alive => at(status, Some(Stage::Scheduled)),
            (Verb::Unschedule, status, Some(Stage::Scheduled)) if alive => at(status, None),
            (Verb::Publish, ..) if alive => at(S::Published, None),
            (Verb::Unpublish, S::Published, stage) => at(S::Unpublished, stage),
            (Verb::Kill, S::Published | S::Unpublished, _) => at(S::Killed, None),
            (Verb::Reinstate, S::Killed, _) => at(S::Unpublished, None),
            (Verb::Trash, was @ (S::Draft | S::Unpublished), _) => Some(Self {
                status: S::Trashed,
                stage: None,
                trashed_from: Some(was),
            }),
            (Verb::Untrash, S::Trashed, _) => at(self.trashed_from.unwrap_or(S::Draft), None),
            (Verb::Purge, S::Trashed, _) => Some(self),
            _ => None,
        }
    }

    /// What is possible here for someone who may do what `may` says.
    #[must_use]
    pub fn allowed_actions(self, may: impl Fn(Needs) -> bool) -> Vec<Verb> {
        let possible = |verb: &Verb| self.after(*verb).is_some() && may(verb.needs());
        Verb::OFFERED.iter().copied().filter(possible).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(status: Status, stage: Option<Stage>) -> State {
        State {
            status,
            stage,
            trashed_from: None,
        }
    }

    /// Every state that an article can be in.
    fn states() -> Vec<State> {
        let mut states = Vec::new();
        for status in [Status::Draft, Status::Published, Status::Unpublished] {
            for stage in [None, Some(Stage::InReview), Some(Stage::Scheduled)] {
                states.push(at(status, stage));
            }
        }
        states.push(at(Status::Killed, None));
        for was in [Status::Draft, Status::Unpublished] {
            states.push(State {
                status: Status::Trashed,
                stage: None,
                trashed_from: Some(was),
            });
        }
        states
    }

    #[test]
    fn every_step_leads_to_a_state_that_exists() {
        for state in states() {
            for verb in Verb::ALL {
                if let Some(after) = state.after(*verb) {
                    assert!(states().contains(&after), "{state:?} {verb} leads to {after:?}");
                }
            }
        }
    }

    #[test]
    fn the_life_of_an_article() {
        let steps = [
            (Verb::Submit, at(Status::Draft, Some(Stage::InReview))),
            (Verb::Publish, at(Status::Published, None)),
            (Verb::Schedule, at(Status::Published, Some(Stage::Scheduled))),
            (Verb::Unpublish, at(Status::Unpublished, Some(Stage::Scheduled))),
            (Verb::Kill, at(Status::Killed, None)),
            (Verb::Reinstate, at(Status::Unpublished, None)),
        ];
        let mut state = State::NEW;
        for (verb, expected) in steps {
            state = state.after(verb).unwrap_or_else(|| panic!("{verb} from {state:?}"));
            assert_eq!(state, expected, "after {verb}");
        }
        let trashed = state.after(Verb::Trash).expect("trashed");
        assert_eq!(trashed.after(Verb::Untrash), Some(state));
    }

    #[test]
    fn what_is_refused() {
        for (status, verb) in [
            (Status::Published, Verb::Trash),
            (Status::Draft, Verb::Unpublish),
            (Status::Draft, Verb::Kill),
            (Status::Killed, Verb::Publish),
            (Status::Killed, Verb::Edit),
            (Status::Killed, Verb::Trash),
            (Status::Trashed, Verb::Edit),
            (Status::Trashed, Verb::Publish),
            (Status::Draft, Verb::Purge),
        ] {
            assert_eq!(at(status, None).after(verb), None, "{verb} on {status}");
        }
        assert_eq!(at(Status::Draft, Some(Stage::Scheduled)).after(Verb::Submit), None);
    }

    #[test]
    fn what_is_offered_follows_state_and_permission() {
        let writer = |needs| needs == Needs::Writing;
        assert_eq!(State::NEW.allowed_actions(writer), [Verb::Edit, Verb::Trash]);
        assert_eq!(State::NEW.allowed_actions(|_| false), []);
        let everything = at(Status::Published, None).allowed_actions(|_| true);
        assert_eq!(everything, [Verb::Edit, Verb::Publish, Verb::Unpublish]);
        let trashed = State::NEW.after(Verb::Trash).expect("trashed");
        assert_eq!(trashed.allowed_actions(|_| true), [Verb::Untrash, Verb::Purge]);
    }
}
