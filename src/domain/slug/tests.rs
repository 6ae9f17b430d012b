//! Slugs: made from titles of any script, and given ones checked.

use super::*;
use proptest::prelude::*;

fn from_title(title: &str) -> Option<String> {
    Slug::from_title(title).map(String::from)
}

#[test]
fn titles_become_words_in_ascii() {
    for (title, slug) in [
        (
            "Council Votes 7–2 on “Harbour” Budget!",
            "council-votes-7-2-on-harbour-budget",
        ),
        ("China's Mayor's Day: it’s on", "chinas-mayors-day-its-on"),
        (
            "Žižek & Crème Brûlée — Straße, Łódź, Ærø",
            "zizek-creme-brulee-strasse-lodz-aero",
        ),
        ("  --Already-a--slug--  ", "already-a-slug"),
        ("C++ 20", "c-20"),
        ("Выборы в Москве", "vybory-v-moskve"),
        ("Εκλογές στην Αθήνα", "ekloges-sten-athena"),
        ("北京的春天", "bei-jing-de-chun-tian"),
        ("انتخابات في القاهرة", "antkhabat-fy-alqahr"),
        ("پاکستان میں سیلاب", "pakhstan-myn-sylab"),
        ("東京オリンピック", "dong-jing-orinpituku"),
    ] {
        assert_eq!(from_title(title).as_deref(), Some(slug), "{title}");
    }
}

#[test]
fn right_to_left_and_indic_titles_give_something_to_read() {
    for title in [
        "انتخابات في القاهرة",
        "پاکستان میں سیلاب",
        "بحران آب در تهران می\u{200C}ماند",
        "चुनाव के नतीजे",
        "ฝนตกหนัก",
        "선거 결과",
    ] {
        let slug = from_title(title).unwrap_or_default();
        assert!(slug.len() >= 6, "{title} gave {slug:?}");
    }
}

#[test]
fn titles_without_letters_give_none() {
    for title in [
        "",
        " ",
        "🎉🎉",
        "👩\u{200D}🚀 ❤\u{FE0F}",
        "!?…",
        "«»",
        "550e8400-e29b-41d4-a716-446655440000",
        "550E8400E29B41D4A716446655440000",
    ] {
        assert_eq!(from_title(title), None, "{title}");
    }
}

#[test]
fn long_titles_end_after_a_word() {
    let slug = from_title(&"seven77 ".repeat(40)).expect("a slug");
    assert_eq!(slug.len(), 15 * 8 - 1);
    assert!(slug.ends_with("-seven77"));
    assert_eq!(from_title(&"a".repeat(500)).expect("a slug").len(), MAX_SLUG);
}

#[test]
fn given_slugs_may_be_of_any_script() {
    for (given, kept) in [
        (" Budget-2026 ", "budget-2026"),
        ("выборы", "выборы"),
        ("ÉTÉ", "été"),
        ("e\u{301}te\u{301}", "été"),
        ("चुनाव-के-नतीजे", "चुनाव-के-नतीजे"),
        ("北京-2024", "北京-2024"),
        ("سیلاب", "سیلاب"),
    ] {
        assert_eq!(Slug::parse(given).map(String::from), Ok(kept.to_owned()), "{given}");
    }
}

#[test]
fn what_is_refused() {
    for (given, error) in [
        ("  ", SlugError::Blank),
        ("two words", SlugError::Character(' ')),
        ("under_score", SlugError::Character('_')),
        ("a/b", SlugError::Character('/')),
        ("nul\0", SlugError::Character('\0')),
        ("over\u{202E}ride", SlugError::Character('\u{202E}')),
        ("party🎉", SlugError::Character('🎉')),
        ("\u{301}a", SlugError::Character('\u{301}')),
        ("-a", SlugError::Hyphen),
        ("a-", SlugError::Hyphen),
        ("a--b", SlugError::Hyphen),
        ("550E8400-e29b-41d4-a716-446655440000", SlugError::LooksLikeId),
        ("550e8400e29b41d4a716446655440000", SlugError::LooksLikeId),
    ] {
        assert_eq!(Slug::parse(given), Err(error), "{given:?}");
    }
    assert_eq!(Slug::parse(&"ж".repeat(121)), Err(SlugError::TooLong(121)));
    assert!(Slug::parse(&"ж".repeat(120)).is_ok());
}

#[test]
fn numbers_stay_within_the_limit() {
    let slug = Slug::parse("news").expect("a slug");
    assert_eq!(slug.numbered(2).as_str(), "news-2");
    let long = Slug::parse(&format!("{}-b", "a".repeat(118))).expect("a slug");
    assert_eq!(long.numbered(12).as_str(), format!("{}-12", "a".repeat(117)));
    assert_eq!(
        Slug::parse(&"ж".repeat(120))
            .expect("a slug")
            .numbered(u32::MAX)
            .as_str()
            .chars()
            .count(),
        MAX_SLUG
    );
}

proptest! {
    #[test]
    fn a_made_slug_is_one_that_could_be_given(title in "\\PC{0,200}", number in 2_u32..) {
        if let Some(slug) = Slug::from_title(&title) {
            prop_assert!(slug.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
            let numbered = slug.numbered(number);
            prop_assert_eq!(Slug::parse(numbered.as_str()), Ok(numbered.clone()));
        }
    }

    #[test]
    fn a_given_slug_is_kept_as_it_is(given in "(?s)(\\w|-|.){0,40}") {
        if let Ok(slug) = Slug::parse(&given) {
            prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
        }
    }
}
