//! That a change reaches another text whole, and never over what was changed there.

use super::*;

fn named(number: u128) -> NamedRef {
    NamedRef {
        id: Uuid::from_u128(number),
        slug: format!("number-{number}"),
        name: format!("Number {number}"),
    }
}

/// A content that differs in every field from that of another number.
fn content(number: u128) -> Content {
    let text = |field: &str| format!("{field} {number}");
    let image = Image {
        id: None,
        url: text("https://paper.example/"),
        alt: None,
        caption: None,
        credit: None,
        width: None,
        height: None,
        focal_point: None,
        variants: Vec::new(),
    };
    let source = Source {
        name: text("source"),
        url: None,
        note: None,
    };
    let seo = Seo {
        title: Some(text("seo")),
        ..Seo::default()
    };
    Content {
        slug: text("slug"),
        kicker: Some(text("kicker")),
        title: text("title"),
        standfirst: Some(text("standfirst")),
        dateline: Some(text("dateline")),
        language: text("language"),
        body_source: text("body"),
        body_format: BodyFormat::Markdown,
        body_html: text("<p>"),
        outline: Json(Vec::new()),
        word_count: i32::try_from(number).expect("a small number"),
        section: Some(Json(named(number))),
        tags: Json(vec![named(number)]),
        authors: Json(vec![named(number)]),
        sources: Json(vec![source]),
        related: vec![Uuid::from_u128(number)],
        seo: Json(seo),
        hero: Some(Json(image)),
    }
}

#[test]
fn every_field_that_changed_is_brought_in() {
    let (before, after) = (content(1), content(2));
    let every = after.differences(&before);
    assert_eq!(every, after.given(), "the two differ in everything");
    let mut text = before.clone();
    let merged = text.merge(&before, &after);
    assert_eq!(merged.applied, every);
    assert!(merged.not_applied.is_empty());
    assert!(text.differences(&after).is_empty());
    assert_eq!((&text.body_html, text.word_count), (&after.body_html, after.word_count));
}

#[test]
fn what_was_changed_here_stays() {
    let (before, after, own) = (content(1), content(2), content(3));
    let mut text = own.clone();
    let merged = text.merge(&before, &after);
    assert_eq!(merged.not_applied, after.given());
    assert!(text.differences(&own).is_empty());
    let mut same = after.clone();
    assert_eq!(same.merge(&before, &after), Merged::default(), "it says so already");

    let mut title_changed = before.clone();
    title_changed.title = "Own".to_owned();
    let merged = title_changed.merge(&before, &after);
    assert_eq!(merged.not_applied, ["title"]);
    assert_eq!(title_changed.differences(&after), ["title"]);
}
