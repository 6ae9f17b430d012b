//! Who may comment on an article, and what happens to it.

use chrono::{DateTime, TimeDelta, Utc};

use super::site::SiteCommentsPolicy;
use super::text_enum;

text_enum! {
    /// What an article says about its comments.
    #[derive(Default)]
    pub enum CommentsPolicy {
        /// As the site says, which may also close comments some days after the date line.
        #[default]
        Site = "site",
        /// Shown at once.
        Open = "open",
        /// Shown once approved.
        Moderated = "moderated",
        /// The first of a reader is approved, the next are shown at once.
        ModeratedFirst = "moderated_first",
        /// None are taken.
        Closed = "closed",
    }
}

impl CommentsPolicy {
    /// What holds for an article with this policy on a site with that one.
    #[must_use]
    pub fn under(self, site: SiteCommentsPolicy) -> SiteCommentsPolicy {
        match self {
            Self::Site => site,
            Self::Open => SiteCommentsPolicy::Open,
            Self::Moderated => SiteCommentsPolicy::Moderated,
            Self::ModeratedFirst => SiteCommentsPolicy::ModeratedFirst,
            Self::Closed => SiteCommentsPolicy::Closed,
        }
    }

    /// Whether an article with this policy takes comments now. The site's days count for those articles alone that leave
    /// it to the site: an editor who says something else means it.
    #[must_use]
    pub fn is_open(
        self,
        site: SiteCommentsPolicy,
        close_after_days: Option<i32>,
        published_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> bool {
        let over = self
            .closes_at(close_after_days, published_at)
            .is_some_and(|end| now >= end);
        self.under(site) != SiteCommentsPolicy::Closed && !over
    }

    /// When time alone closes them.
    #[must_use]
    pub fn closes_at(self, close_after_days: Option<i32>, published_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = close_after_days.filter(|_| self == Self::Site)?;
        published_at.checked_add_signed(TimeDelta::days(days.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CommentsPolicy as P;
    use SiteCommentsPolicy as S;

    fn day(number: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(number * 86_400, 0).expect("an instant")
    }

    #[test]
    fn an_article_overrules_the_site() {
        for own in P::ALL.iter().filter(|own| **own != P::Site) {
            assert_eq!(own.under(S::Moderated).as_str(), own.as_str());
        }
        assert_eq!(P::Site.under(S::ModeratedFirst), S::ModeratedFirst);
        assert!(P::Open.is_open(S::Closed, None, day(0), day(1)));
        assert!(!P::Closed.is_open(S::Open, None, day(0), day(1)));
        assert!(!P::Site.is_open(S::Closed, None, day(0), day(1)));
    }

    #[test]
    fn comments_close_with_age_where_an_article_leaves_it_to_the_site() {
        let (week, last, over) = (Some(7), day(7) - TimeDelta::seconds(1), day(7));
        assert!(P::Site.is_open(S::Moderated, week, day(0), last));
        assert!(!P::Site.is_open(S::Moderated, week, day(0), over));
        assert!(P::Moderated.is_open(S::Moderated, week, day(0), over));
        assert!(P::Site.is_open(S::Moderated, None, day(0), day(5000)));
    }
}
