//! What the files say of each other must be true before anybody loads them.

use std::collections::{BTreeMap, BTreeSet};

use super::{ArticleStatus, CommentStatus, content};
use crate::domain::comments_policy::CommentsPolicy;

fn is_slug(text: &str) -> bool {
    text.len() <= 120
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

fn unique_slugs<'a>(slugs: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for slug in slugs {
        assert!(is_slug(slug), "{slug} is no slug");
        assert!(seen.insert(slug), "{slug} occurs twice");
    }
    seen
}

#[test]
fn sections_form_a_tree_and_each_has_an_article() {
    let content = content();
    unique_slugs(content.sections.iter().map(|section| section.slug.as_str()));
    let mut seen = BTreeSet::new();
    let mut places = BTreeSet::new();
    for section in &content.sections {
        if let Some(parent) = &section.parent {
            assert!(
                seen.contains(parent),
                "{} stands before its parent {parent}",
                section.slug
            );
        }
        seen.insert(section.slug.clone());
        assert!(
            places.insert((section.parent.clone(), section.position)),
            "{} shares its place",
            section.slug
        );
        let used = content
            .articles
            .iter()
            .any(|a| a.section == section.slug && a.status == ArticleStatus::Published);
        assert!(used, "{} is empty", section.slug);
    }
}

#[test]
fn articles_name_only_what_exists() {
    let content = content();
    let slugs = unique_slugs(content.articles.iter().map(|article| article.slug.as_str()));
    let tags = unique_slugs(content.tags.iter().map(|tag| tag.slug.as_str()));
    let authors = unique_slugs(content.authors.iter().map(|author| author.slug.as_str()));
    for article in &content.articles {
        let name = &article.slug;
        assert!(
            content.sections.iter().any(|section| section.slug == article.section),
            "{name}: {}",
            article.section
        );
        assert!(
            content.users.iter().any(|user| user.email == article.created_by),
            "{name}: {}",
            article.created_by
        );
        assert!(
            content.site.languages.contains(&article.language),
            "{name}: {}",
            article.language
        );
        assert!(
            !article.tags.is_empty() && !article.authors.is_empty(),
            "{name} has no tag or no byline"
        );
        for (given, known) in [
            (&article.tags, &tags),
            (&article.authors, &authors),
            (&article.related, &slugs),
        ] {
            assert_eq!(
                given.iter().collect::<BTreeSet<_>>().len(),
                given.len(),
                "{name} names something twice"
            );
            for slug in given {
                assert!(known.contains(slug.as_str()), "{name}: {slug}");
            }
        }
        assert!(!article.related.contains(name), "{name} is related to itself");
    }
}

#[test]
fn articles_keep_the_limits() {
    for article in content().articles {
        let name = &article.slug;
        assert!(
            (1..=160).contains(&article.seo.description.chars().count()),
            "{name}: description"
        );
        assert!(
            !article.title.trim().is_empty() && !article.standfirst.trim().is_empty(),
            "{name}: title, standfirst"
        );
        assert!(article.body.chars().count() >= 500, "{name}: body");
        let was_public = matches!(article.status, ArticleStatus::Published | ArticleStatus::Unpublished);
        assert_eq!(article.published_hours_ago.is_some(), was_public, "{name}: hours");
        assert!(
            article
                .published_hours_ago
                .is_none_or(|hours| hours > 0.0 && hours.is_finite()),
            "{name}: hours"
        );
        assert!(
            was_public || !(article.breaking || article.featured),
            "{name}: placement"
        );
        if let Some(hero) = &article.hero {
            assert!(
                hero.url.starts_with("https://images.example.com/") && !hero.alt.is_empty(),
                "{name}: hero"
            );
            assert!(hero.width > 0 && hero.height > 0, "{name}: hero");
        }
        for source in &article.sources {
            assert!(
                source.url.as_ref().is_none_or(|url| url.starts_with("https://")),
                "{name}: {}",
                source.name
            );
        }
    }
}

#[test]
fn authors_and_users_belong_together() {
    let content = content();
    let emails: Vec<&str> = content.users.iter().map(|user| user.email.as_str()).collect();
    assert_eq!(
        emails,
        [
            "admin@demo.local",
            "editor@demo.local",
            "reporter@demo.local",
            "moderator@demo.local"
        ]
    );
    for user in &content.users {
        assert_eq!(user.email, format!("{}@demo.local", user.role));
    }
    let linked: BTreeMap<&str, &str> = content
        .authors
        .iter()
        .filter_map(|a| Some((a.user.as_deref()?, a.slug.as_str())))
        .collect();
    assert_eq!(linked.get("reporter@demo.local"), Some(&"ana-lima"));
    assert!(linked.contains_key("editor@demo.local"));
    assert!(linked.keys().all(|email| emails.contains(email)), "{linked:?}");
}

#[test]
fn comments_could_have_been_written_in_this_order() {
    let content = content();
    for (index, comment) in content.comments.iter().enumerate() {
        let article = content
            .articles
            .iter()
            .find(|article| article.slug == comment.article)
            .unwrap();
        assert_eq!(article.status, ArticleStatus::Published, "comment {index}");
        assert_ne!(article.comments_policy, CommentsPolicy::Closed, "comment {index}");
        assert!(comment.hours_ago > 0.0, "comment {index} lies in the future");
        assert!(
            comment.hours_ago < article.published_hours_ago.unwrap(),
            "comment {index} is older than its article"
        );
        assert!(
            !comment.body.trim().is_empty() && !comment.author_name.trim().is_empty(),
            "comment {index}"
        );
        if let Some(email) = &comment.staff {
            let user = content.users.iter().find(|user| user.email == *email).unwrap();
            assert_eq!(
                (&user.name, &comment.author_email),
                (&comment.author_name, &None),
                "comment {index}"
            );
            assert_eq!(comment.status, CommentStatus::Approved, "comment {index}");
        }
        if let Some(parent) = comment.reply_to {
            assert!(parent < index, "comment {index} answers a later one");
            let parent = &content.comments[parent];
            assert_eq!(parent.article, comment.article, "comment {index}");
            assert!(
                comment.hours_ago < parent.hours_ago,
                "comment {index} is older than what it answers"
            );
            assert!(
                matches!(parent.status, CommentStatus::Approved | CommentStatus::Removed),
                "comment {index}"
            );
        }
    }
}
