//! Where an article is found on the front end: the site's template, filled in.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// What a template can be filled with.
#[derive(Clone, Copy, Debug)]
pub struct Addressed<'a> {
    pub id: Uuid,
    pub slug: &'a str,
    /// Slug and path of the article's section.
    pub section: Option<(&'a str, &'a str)>,
    /// The date line; its date is the one in the site's time zone.
    pub published_at: DateTime<Utc>,
}

/// Fills `template` (`/{section}/{slug}`) in. Without a section the segments that would be empty vanish.
#[must_use]
pub fn article_path(template: &str, timezone: Tz, article: &Addressed<'_>) -> String {
    let date = article.published_at.with_timezone(&timezone).date_naive();
    let (section, section_path) = article.section.unwrap_or_default();
    let filled = template
        .replace("{section}", section)
        .replace("{section_path}", section_path)
        .replace("{yyyy}", &format!("{:04}", date.year()))
        .replace("{mm}", &format!("{:02}", date.month()))
        .replace("{dd}", &format!("{:02}", date.day()))
        .replace("{slug}", article.slug)
        .replace("{id}", &article.id.to_string());
    let segments = filled.split('/').filter(|segment| !segment.is_empty());
    segments.fold(String::new(), |path, segment| format!("{path}/{segment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(template: &str, timezone: Tz, section: Option<(&str, &str)>) -> String {
        let published_at = DateTime::parse_from_rfc3339("2026-03-09T23:30:00Z")
            .expect("an instant")
            .to_utc();
        let id = Uuid::from_u128(7);
        article_path(
            template,
            timezone,
            &Addressed {
                id,
                slug: "flood-warning",
                section,
                published_at,
            },
        )
    }

    #[test]
    fn every_placeholder_is_filled() {
        let asia = Some(("asia", "world/asia"));
        for (template, filled) in [
            ("/{section}/{slug}", "/asia/flood-warning"),
            ("/{section_path}/{slug}", "/world/asia/flood-warning"),
            ("/{yyyy}/{mm}/{dd}/{slug}.html", "/2026/03/09/flood-warning.html"),
            ("/news/{id}", "/news/00000000-0000-0000-0000-000000000007"),
        ] {
            assert_eq!(path(template, Tz::UTC, asia), filled);
        }
    }

    #[test]
    fn the_date_is_the_one_where_the_paper_is_made() {
        assert_eq!(
            path("/{yyyy}-{mm}-{dd}/{slug}", Tz::Asia__Karachi, None),
            "/2026-03-10/flood-warning"
        );
    }

    #[test]
    fn without_a_section_no_empty_segment_is_left() {
        assert_eq!(path("/{section}/{slug}", Tz::UTC, None), "/flood-warning");
        assert_eq!(path("/a/{section_path}/{slug}/", Tz::UTC, None), "/a/flood-warning");
    }
}
