//! Whatever is asked for has a defined answer, and whatever is published can be saved.

use serde_json::json;

use super::{about, found, paper, search, slugs};
use crate::support::{TestApp, make};

#[tokio::test]
async fn what_holds_no_word_finds_nothing() {
    let (_app, reader) = paper(&[("one", "The tide & the & moon 😀.")]).await;
    for q in [
        "& | ! ( ) :* <-> - \\",
        ":*",
        "\"\"",
        "\"",
        "''",
        "-",
        "-tide",
        "the",
        "the of and",
        "😀",
        "or",
        "or or",
        "!!tide -tide",
        "*",
        "\u{202e}\u{200d}",
        "\u{e000}\u{e001}",
        "<->",
        "%",
    ] {
        let answer = search(&reader, q, "&with_total=true").await.expect(200);
        assert!(slugs(&answer).is_empty(), "{q}: {}", answer.text);
        assert_eq!(answer.at("/page/total").as_i64(), Some(0), "{q}");
        assert!(
            answer.at("/page/next_cursor").is_null() && answer.at("/did_you_mean").is_null(),
            "{q}"
        );
    }
    for q in [
        "tide:*",
        "'tide'",
        "tide & !moon",
        "(tide | sun)",
        "tide <-> moon",
        "tide \"",
        "tide 😀",
        "\\tide\\",
        "tide:A",
    ] {
        let answer = search(&reader, q, "").await.expect(200);
        assert!(slugs(&answer).len() <= 1, "{q}");
    }
    assert_eq!(found(&reader, "tide:*").await, ["one"]);
    assert_eq!(found(&reader, "tide'); drop table sections; --").await, [""; 0]);
}

#[tokio::test]
async fn what_is_no_query_is_refused() {
    let (_app, reader) = paper(&[("one", "tide")]).await;
    let words = "word ".repeat(2_000);
    for q in ["", "   ", &"a".repeat(201), &words] {
        let refused = search(&reader, q, "").await;
        assert_eq!(refused.problem(400, "invalid_parameter"), ["q"], "{q}");
        assert_eq!(refused.header("cache-control"), "no-store");
    }
    for (query, code, parameter) in [
        ("", "invalid_parameter", "q"),
        ("q=a%00b", "invalid_parameter", "q"),
        ("q=%ff", "invalid_parameter", "q"),
        ("q=a&q=b", "invalid_parameter", "q"),
        ("q=a&sort=-published_at", "unknown_parameter", "sort"),
        (
            "q=a&ids=00000000-0000-7000-8000-000000000000",
            "unknown_parameter",
            "ids",
        ),
        ("q=a&limit=101", "invalid_parameter", "limit"),
        ("q=a&tag=", "invalid_parameter", "tag"),
        ("q=a&cursor=AAAA", "invalid_cursor", "cursor"),
    ] {
        let refused = reader.get(&format!("/api/v1/search?{query}")).await;
        assert_eq!(refused.problem(400, code), [parameter], "{query}");
    }
    search(&reader, &"é ".repeat(100), "").await.expect(200);
}

#[tokio::test]
async fn a_body_of_any_length_is_saved_and_its_beginning_found() {
    let app = TestApp::start().await;
    let editor = app.editor().await;
    let letters = |number: u32| {
        let letter = |at: u32| char::from_u32(0x430 + number / 30_u32.pow(at) % 30).unwrap();
        (0..4).map(letter).collect::<String>()
    };
    let cyrillic: String = (0..100_000).map(|number| letters(number) + " ").collect();
    let latin: String = (0..62_500).map(|number| format!("w{number:06} ")).collect();
    let letter = "日本".repeat(250_000);
    for (title, language, body) in [
        ("Cyrillic", "ru", cyrillic.as_str()),
        ("Latin", "en", &latin),
        ("Hyphens", "en", &latin.replace(' ', "-")),
        ("Letters", "ja", &letter),
    ] {
        assert!(body.chars().count() >= 500_000, "{title}");
        // The text alone, without what the desk makes of it.
        let story = about(&title.to_lowercase(), &format!("Firstword {body} lastword"));
        app.publish(story.with(|row| row.language = language.to_owned())).await;
    }
    let reader = app.anonymous();
    assert_eq!(found(&reader, "firstword").await.len(), 4);
    assert_eq!(found(&reader, "w000100").await.len(), 2);
    let source = latin.get(..200_000).unwrap();
    make::published(&editor, "Long", json!({"body": {"source": source}})).await;
    assert_eq!(found(&reader, "w000100").await.len(), 3);
}

#[tokio::test]
async fn a_stretch_of_letters_without_blanks_is_found_and_marked_in_a_moment() {
    let app = TestApp::start().await;
    // As many languages as a paper may have: each of them reads what is asked for in its own way.
    for language in ["en", "de", "fr", "es", "it", "ru", "pt"] {
        let spoken = about(language, "Something else.").with(|row| row.language = language.to_owned());
        app.publish(spoken).await;
    }
    let kana = |number: u32| char::from_u32(0x3042 + number * 37 % 80).unwrap();
    let text: String = (0..600).map(kana).collect();
    app.publish(about("ja", &text).with(|row| row.language = "ja".to_owned()))
        .await;
    let reader = app.anonymous();
    for letters in [2, 24, 150] {
        let asked: String = text.chars().skip(100).take(letters).collect();
        let answer = search(&reader, &asked, "").await.expect(200);
        assert_eq!(slugs(&answer), ["ja"], "{letters} letters");
        assert!(
            answer.text_at("/data/0/snippet").contains("<mark>"),
            "{letters} letters"
        );
    }
}

#[tokio::test]
async fn a_phrase_that_repeats_itself_is_found_and_marked_in_a_moment() {
    let app = TestApp::start().await;
    let laughter = "ha ".repeat(900);
    app.publish(about("ja", &"日".repeat(900)).with(|row| row.language = "ja".to_owned()))
        .await;
    app.publish(about("en", &format!("The parrot said {laughter}."))).await;
    let reader = app.anonymous();
    for (slug, asked) in [
        ("ja", "日".repeat(150)),
        ("ja", "日".repeat(4)),
        ("en", format!("\"{}\"", "ha ".repeat(60))),
        ("en", "ha ".repeat(60)),
        ("en", "\"ha ha ha\"".to_owned()),
    ] {
        let answer = search(&reader, &asked, "").await.expect(200);
        assert_eq!(slugs(&answer), [slug], "{asked}");
        assert!(answer.text_at("/data/0/snippet").contains("<mark>"), "{asked}");
    }
}

#[tokio::test]
async fn nothing_but_words_is_taken_for_an_operator() {
    let texts = [("one", "The tide and the moon."), ("two", "Another story.")];
    let (_app, reader) = paper(&texts).await;
    // What would ask for whatever does not hold the word.
    for q in [
        "(-zzq1",
        "“-zzq1",
        "!-zzq1",
        "|-zzq1",
        "①-zzq1",
        "a(-zzq1",
        "zzq1 “or zzq2",
    ] {
        assert_eq!(found(&reader, q).await, [""; 0], "{q}");
    }
    for q in [format!("({}x", "-".repeat(190)), "(-".repeat(99) + "x"] {
        search(&reader, &q, "").await.expect(200);
    }
    assert_eq!(found(&reader, "(-tide").await, ["one"]);
    assert_eq!(found(&reader, "tide “or another").await.len(), 2);
}

#[tokio::test]
async fn many_common_letters_are_ranked_in_a_moment() {
    let app = TestApp::start().await;
    let thai = "านรกเองมยลวสทตหปคดบแไขจชำพผศถญณภธซฐฉฏฬฮ";
    let story = about("th", "").with(|row| row.language = "th".to_owned());
    let letters: Vec<char> = thai.chars().collect();
    let text: String = (0..4_000).map(|at| letters[at * 7 % letters.len()]).collect();
    app.publish(story.with(|row| row.body_text = text)).await;
    app.multiply("th", 200).await;
    let asked: Vec<String> = letters.iter().map(char::to_string).collect();
    let answer = search(&app.anonymous(), &asked.join(" "), "&with_total=true")
        .await
        .expect(200);
    assert_eq!(answer.at("/page/total").as_i64(), Some(201), "{}", answer.text);
}
