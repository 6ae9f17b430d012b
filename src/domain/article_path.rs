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
    let mut filled = String::with_capacity(template.len() + article.slug.len());
    let mut left = template;
    while let Some((text, (placeholder, rest))) = left
        .split_once('{')
        .and_then(|(text, rest)| Some((text, rest.split_once('}')?)))
    {
        filled.push_str(text);
        fill_in(&mut filled, placeholder, timezone, article);
        left = rest;
    }
    filled.push_str(left);
    let mut path = String::with_capacity(filled.len());
    for segment in filled.split('/').filter(|segment| !segment.is_empty()) {
        path.push('/');
        path.push_str(segment);
    }
    path
}

fn fill_in(path: &mut String, placeholder: &str, timezone: Tz, article: &Addressed<'_>) {
    let (section, section_path) = article.section.unwrap_or_default();
    let date = || article.published_at.with_timezone(&timezone).date_naive();
    match placeholder {
        "section" => path.push_str(section),
        "section_path" => path.push_str(section_path),
        "yyyy" => path.push_str(&format!("{:04}", date().year())),
        "mm" => path.push_str(&format!("{:02}", date().month())),
        "dd" => path.push_str(&format!("{:02}", date().day())),
        "slug" => path.push_str(article.slug),
        "id" => path.push_str(article.id.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
        other => path.extend(["{", other, "}"]),
    }
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
            ("/{unknown}/{slug}/{", "/{unknown}/flood-warning/{"),
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
