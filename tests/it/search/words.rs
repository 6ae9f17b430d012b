//! Which words find which articles, and which of these come first.

use masthead::db::published::PublishedRow;
use serde_json::json;

use super::{about, found, paper, search, slugs};
use crate::support::TestApp;
use crate::support::store::story;

#[tokio::test]
async fn where_a_word_stands_says_how_well_it_fits() {
    let app = TestApp::start().await;
    let with = |slug: &str, change: fn(&mut PublishedRow)| about(slug, "Nothing.").with(change);
    app.publish(with("body", |row| {
        row.body_text = "The lighthouse. And much more.".to_owned();
    }))
    .await;
    app.publish(with("often", |row| {
        row.body_text = "Lighthouse, a lighthouse, two lighthouses.".to_owned();
    }))
    .await;
    app.publish(with("heading", |row| {
        row.outline = masthead::db::Json(json!([{"level": 2, "text": "Lighthouses", "anchor": "a"}]));
    }))
    .await;
    app.publish(with("standfirst", |row| {
        row.standfirst = Some("Of lighthouses.".to_owned());
    }))
    .await;
    app.publish(with("title", |row| row.title = "A lighthouse".to_owned()))
        .await;
    app.publish(with("other", |_| {})).await;
    let reader = app.anonymous();
    let all = ["title", "standfirst", "heading", "often", "body"];
    assert_eq!(found(&reader, "lighthouse").await, all);
    assert_eq!(found(&reader, "LIGHTHOUSES").await, all, "in any form");
    let answer = search(&reader, "lighthouse", "").await.expect(200);
    let scores: Vec<f64> = (0..5)
        .map(|at| answer.at(&format!("/data/{at}/score")).as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
    app.publish(with("kicker", |row| row.kicker = Some("Lighthouse".to_owned())))
        .await;
    assert_eq!(found(&reader, "lighthouse").await[1..3].len(), 2);
    assert!(found(&reader, "lighthouse").await[1..3].contains(&"kicker".to_owned()));
}

#[tokio::test]
async fn of_equals_the_newer_comes_first_and_age_takes_no_more_than_some() {
    let app = TestApp::start().await;
    let ancient = -24 * 365 * 2_024;
    for (slug, hours) in [
        ("old", -24 * 300),
        ("new", -1),
        ("older", -24 * 900),
        ("ancient", ancient),
        ("ahead", 24),
    ] {
        app.publish(about(slug, "A lighthouse.").hours(hours, hours)).await;
    }
    app.publish(
        story("title")
            .hours(-24 * 900, 0)
            .with(|row| row.title = "Lighthouse".to_owned()),
    )
    .await;
    let reader = app.anonymous();
    let order = ["title", "ahead", "new", "old", "older", "ancient"];
    assert_eq!(found(&reader, "lighthouse").await, order);
    let answer = search(&reader, "lighthouse", "").await.expect(200);
    let score = |at: usize| answer.at(&format!("/data/{at}/score")).as_f64().unwrap();
    assert!((score(5) - 0.4 * score(1)).abs() < 1e-6, "{answer:?}");
}

#[tokio::test]
async fn all_words_must_be_there_phrases_in_order_and_exclusions_not() {
    let (_app, reader) = paper(&[
        ("both", "The bridge over the old harbour."),
        ("phrase", "The harbour bridge is long-term work, not cheap."),
        ("one", "A bridge."),
    ])
    .await;
    for (q, slugs) in [
        ("harbour bridge", &["phrase", "both"][..]),
        ("\"harbour bridge\"", &["phrase"]),
        ("\"harbour bridge", &["phrase"]),
        ("\"bridge harbour\"", &[]),
        ("bridge -harbour", &["one"]),
        ("bridge -harbours", &["one"]),
        ("bridge -\"harbour bridge\"", &["one", "both"]),
        ("harbour or cheap", &["both", "phrase"]),
        ("long-term", &["phrase"]),
        ("bridge nowhere", &[]),
    ] {
        let mut there = found(&reader, q).await;
        let mut expected = slugs.to_vec();
        there.sort();
        expected.sort_unstable();
        assert_eq!(there, expected, "{q}");
    }
}

#[tokio::test]
async fn each_language_has_its_own_forms_and_no_accents() {
    let app = TestApp::start().await;
    for (slug, language, body) in [
        ("english", "en-GB", "The cafés were running."),
        ("german", "de", "Die Häuser der Fischer."),
        ("russian", "ru", "Новые маяки на побережье."),
        ("spanish", "es", "Las elecciones fueron ayer."),
        ("urdu", "ur", "پل دوبارہ کھل گیا"),
        ("japanese", "ja", "海へ向かう夜行列車、港の記事。"),
        ("greek", "el", "Ο φούρνος της γειτονιάς."),
    ] {
        let at = |row: &mut PublishedRow| row.language = language.to_owned();
        app.publish(about(slug, body).with(at)).await;
    }
    let reader = app.anonymous();
    for (q, slug) in [
        ("cafe run", "english"),
        ("Café runs", "english"),
        ("haus fischer", "german"),
        ("häusern", "german"),
        ("маяк", "russian"),
        ("МАЯКАМИ", "russian"),
        ("eleccion", "spanish"),
        ("elección", "spanish"),
        ("دوبارہ پل", "urdu"),
        ("列車", "japanese"),
        ("夜行列車 港", "japanese"),
        ("φουρνος", "greek"),
    ] {
        assert_eq!(found(&reader, q).await, [slug], "{q}");
    }
    assert!(found(&reader, "車列").await.is_empty(), "letters stand in their order");
    let snippet = search(&reader, "列車", "").await.expect(200).text_at("/data/0/snippet");
    assert!(snippet.contains("<mark>列車</mark>、"), "{snippet}");
}

#[tokio::test]
async fn a_result_is_a_card_with_a_snippet_in_which_nothing_is_markup() {
    let app = TestApp::start().await;
    let body = "It said <mark>nothing</mark> & \u{e000}more\u{e001} <script>alert(1)</script> \"to\" the lighthouses’ keeper’s dog – 😀.";
    app.publish(about("one", body)).await;
    let reader = app.anonymous();
    let answer = search(&reader, "lighthouse keeper", "").await.expect(200);
    assert_eq!(slugs(&answer), ["one"]);
    let snippet = answer.text_at("/data/0/snippet");
    assert!(snippet.contains("<mark>lighthouses</mark>"), "{snippet}");
    assert!(
        snippet.contains("<mark>keeper</mark>") && snippet.contains('😀'),
        "{snippet}"
    );
    let rest = snippet.replace("<mark>", "").replace("</mark>", "");
    assert!(!rest.contains(['<', '>', '\u{e000}', '\u{e001}']), "{snippet}");
    assert_eq!(snippet.matches("<mark>").count(), 2);
    assert_eq!(answer.text_at("/searched_for"), "lighthouse keeper");
    assert!(answer.at("/did_you_mean").is_null());
    let tags = answer.header("cache-tag");
    assert_eq!(
        tags,
        format!("articles,article:{},names", answer.text_at("/data/0/article/id"))
    );
    assert!(answer.header("cache-control").starts_with("public"));
}

/// Letters that become two without their accents do not move the place.
#[tokio::test]
async fn a_snippet_is_cut_where_the_word_stands() {
    let filling = "«Die große Straße» heißt „Schloßstraße“. ".repeat(60);
    let (_app, reader) = paper(&[("long", &format!("{filling}Am Ende steht ein Leuchtturm. {filling}"))]).await;
    let snippet = search(&reader, "leuchtturm", "")
        .await
        .expect(200)
        .text_at("/data/0/snippet");
    assert!(snippet.contains("<mark>Leuchtturm</mark>"), "{snippet}");
}

/// Snippets are cut out around the words, which may stand far from each other and from the beginning.
#[tokio::test]
async fn a_snippet_shows_the_words_wherever_they_stand() {
    let filling = "Nothing happens in this part of the text. ".repeat(150);
    let body = format!("The port. {filling}The mayor told a story of whales. {filling}At last a \"reporter\" came.");
    let (_app, reader) = paper(&[("long", &body)]).await;
    for (q, marked) in [
        ("port", &["port"][..]),
        ("stories", &["story"]),
        ("whale mayor", &["mayor", "whales"]),
        ("reporter whale", &["whales"]),
        ("\"story of whales\"", &["story", "whales"]),
    ] {
        let answer = search(&reader, q, "&limit=100").await.expect(200);
        let snippet = answer.text_at("/data/0/snippet");
        for word in marked {
            assert!(snippet.contains(&format!("<mark>{word}</mark>")), "{q}: {snippet}");
        }
    }
}
