//! Where an article stands, and which verb leads where. Status is what readers have, stage is where the working copy
//! stands. Permission, not status, keeps a reporter from publishing: this table knows states only.

use super::permission::Permission;
use super::text_enum;

text_enum! {
    /// What readers have of an article.
    pub enum ArticleStatus {
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
    pub enum ArticleStage {
        /// An editor is to look at it.
        InReview = "in_review",
        /// It will be published by itself.
        Scheduled = "scheduled",
    }
}

text_enum! {
    /// What can be done to an article.
    pub enum ArticleVerb {
        Edit = "edit",
        Submit = "submit",
        Return = "return",
        Schedule = "schedule",
        Unschedule = "unschedule",
        Publish = "publish",
        Unpublish = "unpublish",
        Correct = "correct",
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

impl ArticleVerb {
    /// Who may use it.
    #[must_use]
    pub fn needs(self) -> Needs {
        match self {
            Self::Edit | Self::Submit | Self::Trash | Self::Untrash => Needs::Writing,
            Self::Return | Self::Schedule | Self::Unschedule | Self::Publish | Self::Unpublish => {
                Needs::Permission(Permission::PublishArticles)
            }
            Self::Correct => Needs::Permission(Permission::CorrectArticles),
            Self::Kill | Self::Reinstate => Needs::Permission(Permission::KillArticles),
            Self::Purge => Needs::Permission(Permission::PurgeArticles),
        }
    }
}

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub status: ArticleStatus,
    pub stage: Option<ArticleStage>,
    /// What a trashed article was.
    pub trashed_from: Option<ArticleStatus>,
}

impl State {
    /// A new article.
    pub const NEW: Self = Self {
        status: ArticleStatus::Draft,
        stage: None,
        trashed_from: None,
    };

    /// Where `verb` leads, or `None` when it is not possible here. (A purged article stands nowhere: it stays what it is
    /// until it is gone.)
    #[must_use]
    pub fn after(self, verb: ArticleVerb) -> Option<Self> {
        use ArticleStage as Stage;
        use ArticleStatus as S;
        use ArticleVerb as V;
        let alive = matches!(self.status, S::Draft | S::Published | S::Unpublished);
        let at = |status, stage| {
            Some(Self {
                status,
                stage,
                trashed_from: None,
            })
        };
        match (verb, self.status, self.stage) {
            (V::Edit, ..) if alive => Some(self),
            (V::Submit, status, None) if alive => at(status, Some(Stage::InReview)),
            (V::Return, status, Some(Stage::InReview)) if alive => at(status, None),
            (V::Schedule, status, None | Some(Stage::InReview)) if alive => at(status, Some(Stage::Scheduled)),
            (V::Unschedule, status, Some(Stage::Scheduled)) if alive => at(status, None),
            (V::Publish, ..) if alive => at(S::Published, None),
            (V::Unpublish, S::Published, stage) => at(S::Unpublished, stage),
            (V::Correct, S::Published, _) => Some(self),
            (V::Kill, S::Published | S::Unpublished, _) => at(S::Killed, None),
            (V::Reinstate, S::Killed, _) => at(S::Unpublished, None),
            (V::Trash, was @ (S::Draft | S::Unpublished), _) => Some(Self {
                status: S::Trashed,
                stage: None,
                trashed_from: Some(was),
            }),
            (V::Untrash, S::Trashed, _) => at(self.trashed_from.unwrap_or(S::Draft), None),
            (V::Purge, S::Trashed, _) => Some(self),
            _ => None,
        }
    }

    /// What is possible here for someone who may do what `may` says.
    #[must_use]
    pub fn allowed_actions(self, may: impl Fn(Needs) -> bool) -> Vec<ArticleVerb> {
        let possible = |verb: &ArticleVerb| self.after(*verb).is_some() && may(verb.needs());
        ArticleVerb::ALL.iter().copied().filter(possible).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(status: ArticleStatus, stage: Option<ArticleStage>) -> State {
        State {
            status,
            stage,
            trashed_from: None,
        }
    }

    /// Every state that an article can be in.
    fn states() -> Vec<State> {
        let mut states = Vec::new();
        for status in [
            ArticleStatus::Draft,
            ArticleStatus::Published,
            ArticleStatus::Unpublished,
        ] {
            for stage in [None, Some(ArticleStage::InReview), Some(ArticleStage::Scheduled)] {
                states.push(at(status, stage));
            }
        }
        states.push(at(ArticleStatus::Killed, None));
        for was in [ArticleStatus::Draft, ArticleStatus::Unpublished] {
            states.push(State {
                status: ArticleStatus::Trashed,
                stage: None,
                trashed_from: Some(was),
            });
        }
        states
    }

    #[test]
    fn every_step_leads_to_a_state_that_exists() {
        for state in states() {
            for verb in ArticleVerb::ALL {
                if let Some(after) = state.after(*verb) {
                    assert!(states().contains(&after), "{state:?} {verb} leads to {after:?}");
                }
            }
        }
    }

    #[test]
    fn the_life_of_an_article() {
        let steps = [
            (
                ArticleVerb::Submit,
                at(ArticleStatus::Draft, Some(ArticleStage::InReview)),
            ),
            (ArticleVerb::Publish, at(ArticleStatus::Published, None)),
            (
                ArticleVerb::Schedule,
                at(ArticleStatus::Published, Some(ArticleStage::Scheduled)),
            ),
            (
                ArticleVerb::Unpublish,
                at(ArticleStatus::Unpublished, Some(ArticleStage::Scheduled)),
            ),
            (ArticleVerb::Kill, at(ArticleStatus::Killed, None)),
            (ArticleVerb::Reinstate, at(ArticleStatus::Unpublished, None)),
        ];
        let mut state = State::NEW;
        for (verb, expected) in steps {
            state = state.after(verb).unwrap_or_else(|| panic!("{verb} from {state:?}"));
            assert_eq!(state, expected, "after {verb}");
        }
        let trashed = state.after(ArticleVerb::Trash).expect("trashed");
        assert_eq!(trashed.after(ArticleVerb::Untrash), Some(state));
    }

    #[test]
    fn what_is_refused() {
        for (status, verb) in [
            (ArticleStatus::Published, ArticleVerb::Trash),
            (ArticleStatus::Draft, ArticleVerb::Unpublish),
            (ArticleStatus::Draft, ArticleVerb::Kill),
            (ArticleStatus::Draft, ArticleVerb::Correct),
            (ArticleStatus::Unpublished, ArticleVerb::Correct),
            (ArticleStatus::Killed, ArticleVerb::Publish),
            (ArticleStatus::Killed, ArticleVerb::Edit),
            (ArticleStatus::Killed, ArticleVerb::Trash),
            (ArticleStatus::Trashed, ArticleVerb::Edit),
            (ArticleStatus::Trashed, ArticleVerb::Publish),
            (ArticleStatus::Draft, ArticleVerb::Purge),
        ] {
            assert_eq!(at(status, None).after(verb), None, "{verb} on {status}");
        }
        assert_eq!(
            at(ArticleStatus::Draft, Some(ArticleStage::Scheduled)).after(ArticleVerb::Submit),
            None
        );
    }

    #[test]
    fn what_is_offered_follows_state_and_permission() {
        let writer = |needs| needs == Needs::Writing;
        assert_eq!(
            State::NEW.allowed_actions(writer),
            [ArticleVerb::Edit, ArticleVerb::Submit, ArticleVerb::Trash]
        );
        assert_eq!(State::NEW.allowed_actions(|_| false), []);
        let everything = at(ArticleStatus::Published, None).allowed_actions(|_| true);
        assert_eq!(
            everything,
            [
                ArticleVerb::Edit,
                ArticleVerb::Submit,
                ArticleVerb::Schedule,
                ArticleVerb::Publish,
                ArticleVerb::Unpublish,
                ArticleVerb::Correct,
                ArticleVerb::Kill
            ]
        );
        let trashed = State::NEW.after(ArticleVerb::Trash).expect("trashed");
        assert_eq!(
            trashed.allowed_actions(|_| true),
            [ArticleVerb::Untrash, ArticleVerb::Purge]
        );
    }
}
