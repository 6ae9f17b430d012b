//! What is told of articles, and that none of it can do harm where it is put.

use serde_json::{Value, json};

use super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).expect("an instant")
}

fn picture_of(url: &str) -> Image {
    Image {
        id: None,
        url: url.to_owned(),
        alt: Some("A harbour".to_owned()),
        caption: None,
        credit: Some("Jo Ek".to_owned()),
        width: Some(1600),
        height: Some(900),
        focal_point: None,
        variants: Vec::new(),
    }
}

fn article<'a>(headline: &'a str, image: Option<&'a Image>, sources: &'a [Source]) -> NewsArticle<'a> {
    NewsArticle {
        url: "https://paper.example/world/harbour",
        headline,
        description: Some("It opens again."),
        image,
        published_at: at(1_767_225_600),
        modified_at: at(1_767_225_601),
        authors: vec![
            Writer {
                kind: AuthorKind::Person,
                name: "Ana Lima",
                url: "https://paper.example/authors/ana-lima",
            },
            Writer {
                kind: AuthorKind::Agency,
                name: "Northwire",
                url: "https://paper.example/authors/northwire",
            },
        ],
        publisher: Organisation {
            name: "The Paper",
            url: "https://paper.example",
            logo: image,
        },
        section: Some("World"),
        keywords: vec!["Harbours", "Ana's island"],
        language: "en",
        word_count: 420,
        dateline: Some("PORT"),
        sources,
        corrections: &[],
    }
}

fn read(article: &NewsArticle<'_>) -> Value {
    serde_json::from_str(&article.json_ld().expect("JSON")).expect("JSON")
}

#[test]
fn everything_that_is_known_is_told() {
    let image = picture_of("https://img.example/harbour.jpg");
    let sources = [Source {
        name: "Harbour office".to_owned(),
        url: Some("https://harbour.example".to_owned()),
        note: None,
    }];
    let told = read(&article("The harbour opens", Some(&image), &sources));
    let expected = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": "https://paper.example/world/harbour"},
        "url": "https://paper.example/world/harbour",
        "headline": "The harbour opens",
        "description": "It opens again.",
        "image": [{
            "@type": "ImageObject", "url": "https://img.example/harbour.jpg", "width": 1600, "height": 900,
            "caption": "A harbour", "creditText": "Jo Ek",
        }],
        "datePublished": "2026-01-01T00:00:00Z",
        "dateModified": "2026-01-01T00:00:01Z",
        "author": [
            {"@type": "Person", "name": "Ana Lima", "url": "https://paper.example/authors/ana-lima"},
            {"@type": "Organization", "name": "Northwire", "url": "https://paper.example/authors/northwire"},
        ],
        "publisher": {
            "@type": "Organization", "name": "The Paper", "url": "https://paper.example",
            "logo": {
                "@type": "ImageObject", "url": "https://img.example/harbour.jpg", "width": 1600, "height": 900,
                "caption": "A harbour", "creditText": "Jo Ek",
            },
        },
        "articleSection": "World",
        "keywords": ["Harbours", "Ana's island"],
        "inLanguage": "en",
        "wordCount": 420,
        "isAccessibleForFree": true,
        "dateline": "PORT",
        "citation": [{"@type": "CreativeWork", "name": "Harbour office", "url": "https://harbour.example"}],
    });
    assert_eq!(told, expected);
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut bare = article("The harbour opens", None, &[]);
    bare.description = None;
    bare.section = None;
    bare.keywords.clear();
    bare.dateline = None;
    bare.authors.clear();
    let told = read(&bare);
    for absent in [
        "description",
        "image",
        "articleSection",
        "keywords",
        "dateline",
        "citation",
    ] {
        assert!(told.get(absent).is_none(), "{absent}");
    }
    assert_eq!(told["author"], json!([told["publisher"]]));
}

#[test]
fn a_headline_has_at_most_110_characters_and_ends_with_a_word() {
    let long = "word ".repeat(40);
    let told = read(&article(&long, None, &[]));
    let headline = told["headline"].as_str().expect("a headline");
    assert!(
        headline.chars().count() <= 110 && headline.ends_with("word…"),
        "{headline}"
    );
    let unbroken = "字".repeat(200);
    let told = read(&article(&unbroken, None, &[]));
    assert_eq!(
        told["headline"].as_str().map(|headline| headline.chars().count()),
        Some(110)
    );
    let fits = "字".repeat(110);
    assert_eq!(read(&article(&fits, None, &[]))["headline"], fits);
}

#[test]
fn no_text_can_end_the_script_it_stands_in() {
    let evil = "</script><!-- & x\u{2028}y\u{2029}z \" \\ 'x'";
    let mut article = article(evil, None, &[]);
    article.description = Some(evil);
    let told = article.json_ld().expect("JSON");
    assert!(!told.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{told}");
    let read: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(read["description"], evil);
}

#[test]
fn an_article_is_never_older_than_its_date_line() {
    let mut dated = article("The harbour opens", None, &[]);
    dated.modified_at = at(0);
    let told = read(&dated);
    assert_eq!(told["dateModified"], told["datePublished"]);
}
