//! What stands between an article and its readers, and what an editor would want to mend first.

use serde::Serialize;
use utoipa::ToSchema;

use super::body::Body;
use super::content::{Image, Seo, Source};
use super::text_enum;

text_enum! {
    /// What preflight found.
    pub enum FindingCode {
        NoTitle = "no_title",
        NoBody = "no_body",
        NoSection = "no_section",
        NoAuthor = "no_author",
        NoMetaDescription = "no_meta_description",
        LongMetaDescription = "long_meta_description",
        NoStandfirst = "no_standfirst",
        LongHeadline = "long_headline",
        NoAltText = "no_alt_text",
        NoSource = "no_source",
        /// Another article went out under this headline within a day.
        SameHeadline = "same_headline",
        /// A link without https.
        InsecureLink = "insecure_link",
    }
}

impl FindingCode {
    /// Those that keep an article from readers when nothing else is set.
    pub const BLOCKERS: &'static [Self] = &[Self::NoTitle, Self::NoBody, Self::NoSection, Self::NoAuthor];
}

text_enum! {
    /// What a finding means for publishing.
    pub enum Severity {
        /// The article cannot be published.
        Blocker = "blocker",
        /// It can be.
        Warning = "warning",
    }
}

/// One thing that preflight found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    pub code: FindingCode,
    pub severity: Severity,
    /// JSON Pointer to the field of the article.
    pub pointer: String,
    /// A sentence for people.
    pub message: String,
}

/// Search engines cut a meta description here.
const MAX_META_DESCRIPTION: usize = 160;
/// Search engines cut a headline here.
const MAX_HEADLINE: usize = 110;

/// A revision, as far as preflight looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub title: &'a str,
    pub standfirst: Option<&'a str>,
    pub body: &'a Body,
    /// Its section still exists.
    pub has_section: bool,
    /// How many of its authors still exist.
    pub authors: usize,
    pub hero: Option<&'a Image>,
    pub sources: &'a [Source],
    pub seo: &'a Seo,
    /// Another article went out under this headline within a day.
    pub same_headline: bool,
}

/// Looks the article over. What is in `blockers` blocks, everything else warns; blockers stand first.
#[must_use]
pub fn findings(subject: &Subject<'_>, blockers: &[FindingCode]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut note = |code: FindingCode, pointer: &str, message: String| {
        let severity = match blockers.contains(&code) {
            true => Severity::Blocker,
            false => Severity::Warning,
        };
        let pointer = pointer.to_owned();
        found.push(Finding {
            code,
            severity,
            pointer,
            message,
        });
    };
    if subject.title.trim().is_empty() {
        note(FindingCode::NoTitle, "/title", "needs a title".to_owned());
    }
    if subject.body.text.trim().is_empty() {
        note(FindingCode::NoBody, "/body", "needs text".to_owned());
    }
    if !subject.has_section {
        note(
            FindingCode::NoSection,
            "/section",
            "needs a section that exists".to_owned(),
        );
    }
    if subject.authors == 0 {
        note(
            FindingCode::NoAuthor,
            "/authors",
            "needs a byline: at least one author that exists".to_owned(),
        );
    }
    match subject.seo.description.as_deref().map(|text| text.chars().count()) {
        None => note(
            FindingCode::NoMetaDescription,
            "/seo/description",
            "has no meta description; search engines choose a sentence of their own".to_owned(),
        ),
        Some(length) if length > MAX_META_DESCRIPTION => note(
            FindingCode::LongMetaDescription,
            "/seo/description",
            format!("has {length} characters; search engines show {MAX_META_DESCRIPTION}"),
        ),
        Some(_) => {}
    }
    if subject.standfirst.is_none() {
        note(
            FindingCode::NoStandfirst,
            "/standfirst",
            "has no standfirst; cards show the title alone".to_owned(),
        );
    }
    let headline = subject.title.chars().count();
    if headline > MAX_HEADLINE {
        let message = format!("has {headline} characters; search engines show {MAX_HEADLINE}");
        note(FindingCode::LongHeadline, "/title", message);
    }
    if subject.hero.is_some_and(|hero| hero.alt.is_none()) {
        note(
            FindingCode::NoAltText,
            "/hero/alt",
            "does not say what the picture shows".to_owned(),
        );
    }
    if subject.body.undescribed_pictures > 0 {
        let message = format!("has {} pictures without alt text", subject.body.undescribed_pictures);
        note(FindingCode::NoAltText, "/body/source", message);
    }
    if subject.sources.is_empty() {
        note(FindingCode::NoSource, "/sources", "names no source".to_owned());
    }
    if subject.same_headline {
        let message = "another article went out under this headline within the last 24 hours".to_owned();
        note(FindingCode::SameHeadline, "/title", message);
    }
    if subject.body.insecure_links > 0 {
        let message = format!("has {} links without https", subject.body.insecure_links);
        note(FindingCode::InsecureLink, "/body/source", message);
    }
    for (place, source) in subject.sources.iter().enumerate() {
        if source.url.as_deref().is_some_and(|url| url.starts_with("http:")) {
            note(
                FindingCode::InsecureLink,
                &format!("/sources/{place}/url"),
                "is a link without https".to_owned(),
            );
        }
    }
    found.sort_by_key(|finding| finding.severity);
    found
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::domain::body::{BodyFormat, BodyRules, render};

    fn found(
        body: &str,
        change: impl FnOnce(&mut Subject<'_>),
        blockers: &[FindingCode],
    ) -> Vec<(FindingCode, String)> {
        let body = render(body, BodyFormat::Markdown, &BodyRules::default());
        let source = Source {
            name: "Reuters".to_owned(),
            url: None,
            note: None,
        };
        let seo = Seo {
            description: Some("What it is about.".to_owned()),
            ..Seo::default()
        };
        let mut subject = Subject {
            title: "Bridge opens",
            standfirst: Some("After two years."),
            body: &body,
            has_section: true,
            authors: 1,
            hero: None,
            sources: &[source],
            seo: &seo,
            same_headline: false,
        };
        change(&mut subject);
        let found = findings(&subject, blockers);
        found
            .into_iter()
            .map(|finding| (finding.code, finding.pointer))
            .collect()
    }

    #[test]
    fn an_article_that_lacks_nothing() {
        assert_eq!(found("Text.", |_| {}, FindingCode::BLOCKERS), []);
    }

    #[test]
    fn each_rule_finds_its_own() {
        static LONG: LazyLock<String> = LazyLock::new(|| "x".repeat(161));
        static WORDY: LazyLock<Seo> = LazyLock::new(|| Seo {
            description: Some(LONG.clone()),
            ..Seo::default()
        });
        static NONE: LazyLock<Seo> = LazyLock::new(Seo::default);
        use FindingCode as F;
        for (body, change, code, pointer) in [
            (
                "T.",
                (|s| s.title = " ") as for<'a, 'b> fn(&'a mut Subject<'b>),
                F::NoTitle,
                "/title",
            ),
            ("<p> </p>", |_| {}, F::NoBody, "/body"),
            ("T.", |s| s.has_section = false, F::NoSection, "/section"),
            ("T.", |s| s.authors = 0, F::NoAuthor, "/authors"),
            ("T.", |s| s.standfirst = None, F::NoStandfirst, "/standfirst"),
            ("T.", |s| s.sources = &[], F::NoSource, "/sources"),
            ("T.", |s| s.same_headline = true, F::SameHeadline, "/title"),
            ("T. ![](https://a.example/b.png)", |_| {}, F::NoAltText, "/body/source"),
            ("T. [here](http://a.example/)", |_| {}, F::InsecureLink, "/body/source"),
        ] {
            assert_eq!(found(body, change, &[]), [(code, pointer.to_owned())], "{body}");
        }
        assert_eq!(
            found("T.", |s| s.title = &LONG, &[]),
            [(F::LongHeadline, "/title".to_owned())]
        );
        let description = || "/seo/description".to_owned();
        assert_eq!(
            found("T.", |s| s.seo = &WORDY, &[]),
            [(F::LongMetaDescription, description())]
        );
        assert_eq!(
            found("T.", |s| s.seo = &NONE, &[]),
            [(F::NoMetaDescription, description())]
        );
    }

    #[test]
    fn what_blocks_is_a_setting_and_stands_first() {
        let change = |s: &mut Subject<'_>| (s.standfirst, s.sources) = (None, &[]);
        let codes = |blockers: &[FindingCode]| found("", change, blockers);
        assert_eq!(
            codes(&[FindingCode::NoSource]).first().map(|f| f.0),
            Some(FindingCode::NoSource)
        );
        assert_eq!(
            codes(&[FindingCode::NoBody]).first().map(|f| f.0),
            Some(FindingCode::NoBody)
        );
        assert_eq!(codes(&[]).len(), 3);
    }
}
