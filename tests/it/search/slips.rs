//! Slips of the pen are corrected, by words of published articles alone.

use masthead::newsroom;

use super::{about, paper, search, slugs};
use crate::support::{TestApp, until};

async fn count(app: &TestApp) {
    until(async || newsroom::count_words(&mut *app.conn().await).await.unwrap() == 0).await;
}

#[tokio::test]
async fn what_finds_nothing_is_corrected_and_named() {
    let (app, reader) = paper(&[
        ("one", "The harbour bridge reopens on Sunday, world."),
        ("two", "A château near the harbour."),
    ])
    .await;
    count(&app).await;
    for (q, meant, expected) in [
        ("harbuor", "harbour", &["two", "one"][..]),
        ("Harbor bridge", "harbour bridge", &["one"]),
        ("\"harbour brdge\" -ferry", "\"harbour bridge\" -ferry", &["one"]),
        ("wrold", "world", &["one"]),
        ("chateaux near", "chateau near", &["two"]),
    ] {
        let answer = search(&reader, q, "").await.expect(200);
        let mut there = slugs(&answer);
        there.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(there, expected, "{q}");
        assert_eq!(answer.text_at("/searched_for"), meant, "{q}");
        assert_eq!(answer.text_at("/did_you_mean"), meant, "{q}");
        assert!(answer.text_at("/data/0/snippet").contains("<mark>"), "{q}");
    }
    for q in ["harbour", "qqqqqqqq", "hxrxoxr", "harbuor or bridge"] {
        let answer = search(&reader, q, "").await.expect(200);
        assert!(answer.at("/did_you_mean").is_null(), "{q}");
        assert_eq!(answer.text_at("/searched_for"), q);
    }
    // The second page goes on with what the first was about.
    let first = search(&reader, "harbuor", "&limit=1").await.expect(200);
    let cursor = first.text_at("/page/next_cursor");
    let second = search(&reader, "harbuor", &format!("&limit=1&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(second.text_at("/searched_for"), "harbour");
    assert_ne!(slugs(&first), slugs(&second));
    assert!(second.at("/page/next_cursor").is_null());
}

#[tokio::test]
async fn a_much_rarer_word_is_searched_for_and_the_usual_one_offered() {
    let app = TestApp::start().await;
    for number in 0..60 {
        app.publish(about(&format!("story-{number}"), "The government.")).await;
    }
    app.publish(about("slip", "The goverment.")).await;
    count(&app).await;
    let answer = search(&app.anonymous(), "goverment", "").await.expect(200);
    assert_eq!(slugs(&answer), ["slip"]);
    assert_eq!(answer.text_at("/searched_for"), "goverment");
    assert_eq!(answer.text_at("/did_you_mean"), "government");
}

#[tokio::test]
async fn a_word_that_no_article_holds_any_more_is_never_offered() {
    let app = TestApp::start().await;
    let withdrawn = app.publish(about("secret", "Halvorsen was named. The tide.")).await;
    app.publish(about("open", "The tide.")).await;
    count(&app).await;
    let reader = app.anonymous();
    let before = search(&reader, "halvorsn", "").await.expect(200);
    assert_eq!(before.text_at("/did_you_mean"), "halvorsen");
    app.withdraw(withdrawn).await;
    for q in ["halvorsn", "tide halvorsn", "tide or halvorsn", "tide -halvorsn"] {
        let after = search(&reader, q, "").await.expect(200);
        assert!(after.at("/did_you_mean").is_null(), "{q}: {}", after.text);
        assert!(!after.text.contains("halvorsen"), "{}", after.text);
    }
}
