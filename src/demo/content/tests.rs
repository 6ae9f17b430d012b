//! The files are all read, and hold enough of everything.

mod references;

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::domain::taxonomy::{AuthorKind, TagKind};

fn content() -> Content {
    Content::read().unwrap()
}

fn with_status(status: ArticleStatus) -> Vec<Article> {
    content().articles.into_iter().filter(|a| a.status == status).collect()
}

#[test]
fn every_article_of_the_folder_is_embedded_in_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/content/articles");
    let mut on_disk: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    on_disk.sort();
    let embedded: Vec<&str> = files::ARTICLES.iter().map(|(file, _)| *file).collect();
    assert_eq!(embedded, on_disk);
    for (file, article) in embedded.iter().zip(content().articles) {
        assert!(
            file.ends_with(&format!("-{}.md", article.slug)),
            "{file} holds {}",
            article.slug
        );
    }
}

#[test]
fn an_article_without_front_matter_is_refused_by_name() {
    let error = parse_article("none.md", "Only a body.\n").unwrap_err();
    assert!(error.to_string().contains("none.md"), "{error}");
    let error = parse_article(
        "odd.md",
        "---\n{\"slug\": \"odd\", \"colour\": \"blue\"}\n---\n\nText.\n",
    )
    .unwrap_err();
    assert!(matches!(error, ContentError::Json { file: "odd.md", .. }), "{error}");
}

#[test]
fn there_is_enough_of_everything() {
    let content = content();
    let published = with_status(ArticleStatus::Published);
    assert!(content.sections.len() >= 8);
    assert!(content.tags.len() >= 16);
    assert!(content.authors.len() >= 6);
    assert!(content.articles.len() >= 42);
    assert!(content.comments.len() >= 25);
    assert!(published.len() >= 34);
    for status in [
        ArticleStatus::Draft,
        ArticleStatus::InReview,
        ArticleStatus::Unpublished,
    ] {
        assert!(!with_status(status).is_empty(), "no article is {status:?}");
    }
    use CommentStatus::{Approved, Pending, Rejected, Removed};
    for status in [Approved, Pending, Rejected, Removed] {
        assert!(
            content.comments.iter().any(|comment| comment.status == status),
            "no comment is {status:?}"
        );
    }
    for kind in [TagKind::Topic, TagKind::Person, TagKind::Place, TagKind::Organisation] {
        assert!(content.tags.iter().any(|tag| tag.kind == kind), "no tag is a {kind:?}");
    }
    assert!(content.authors.iter().any(|author| author.kind == AuthorKind::Agency));
    let breaking = published.iter().filter(|article| article.breaking).count();
    let featured = published.iter().filter(|article| article.featured).count();
    assert!(
        (1..=2).contains(&breaking) && (3..=4).contains(&featured),
        "{breaking} breaking, {featured} featured"
    );
}

#[test]
fn the_examples_of_the_documentation_have_something_to_show() {
    let published = with_status(ArticleStatus::Published);
    let bridge = published
        .iter()
        .find(|article| article.slug == "harbour-bridge-reopens")
        .unwrap();
    assert_eq!(bridge.kicker.as_deref(), Some("Breaking"));
    assert!(bridge.breaking && bridge.section == "world");
    assert!(bridge.body.matches("\n## ").count() == 5 && bridge.body.contains("\n## Conclusion\n"));
    assert!(
        content()
            .comments
            .iter()
            .any(|c| c.article == bridge.slug && c.reply_to.is_some())
    );

    let content = content();
    let under_world = |slug: &str| {
        slug == "world"
            || content
                .sections
                .iter()
                .any(|s| s.slug == slug && s.parent.as_deref() == Some("world"))
    };
    assert!(published.iter().filter(|article| under_world(&article.section)).count() >= 5);
    assert!(
        published
            .iter()
            .filter(|article| article.authors.iter().any(|slug| slug == "ana-lima"))
            .count()
            >= 5
    );

    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for tag in published.iter().flat_map(|article| &article.tags) {
        *uses.entry(tag).or_default() += 1;
    }
    assert_eq!(
        uses.iter().max_by_key(|(_, count)| **count).map(|(tag, _)| *tag),
        Some("harbour")
    );
    assert!(uses.len() >= 16);
}

#[test]
fn every_kind_of_text_occurs() {
    let published = with_status(ArticleStatus::Published);
    let forms = [
        ("a heading", "\n## "),
        ("a quotation", "\n> "),
        ("a quotation with its address", "<blockquote cite="),
        ("a table", "|--"),
        ("a bulleted list", "\n- "),
        ("a numbered list", "\n1. "),
        ("a footnote", "[^1]: "),
        ("an embed", "<iframe src=\"https://www.youtube-nocookie.com/embed/"),
        ("a figure", "<figcaption>"),
        ("code", "\n```"),
        ("struck text", "~~"),
    ];
    for (form, mark) in forms {
        assert!(
            published.iter().any(|article| article.body.contains(mark)),
            "no article has {form}"
        );
    }
    for language in content().site.languages {
        assert!(
            published.iter().any(|article| article.language == language),
            "no article is in {language}"
        );
    }
}
