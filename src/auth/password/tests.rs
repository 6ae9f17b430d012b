//! Passwords: which are taken, and that a hash fits its own alone.

use super::*;

fn check(text: &str) -> Result<(), WeakPassword> {
    check_password(&text.into(), "ana@news.example")
}

#[test]
fn length_counts_and_the_first_guesses_are_refused() {
    for right in [
        "masthead-demo",
        "three green goats",
        "пароль для газеты",
        &"ab cd e".repeat(18),
    ] {
        assert_eq!(check(right), Ok(()), "{right}");
    }
    assert_eq!(check("eleven char"), Err(WeakPassword::TooShort));
    assert_eq!(check(&"abcdefg ".repeat(17)), Err(WeakPassword::TooLong));
    for common in [
        "password1234",
        "PasswordPassword",
        "Ana@News.example",
        "aaaaaaaaaaaa",
        "121212121212",
    ] {
        assert_eq!(check(common), Err(WeakPassword::TooCommon), "{common}");
    }
}

#[test]
fn the_common_ones_are_long_enough_to_matter() {
    for common in COMMON {
        assert!(
            common.chars().count() >= MIN_CHARS && common == common.to_lowercase(),
            "{common}"
        );
    }
}

#[tokio::test]
async fn a_hash_fits_its_password_alone() {
    let hasher = Hasher::new(MIN_MEMORY_KIB).expect("a hasher");
    let password = SecretString::from("masthead-demo");
    let hash = hasher.hash(&password).await.expect("a hash");
    assert!(hash.starts_with("$argon2id$v=19$m=33792,t=2,p=1$"), "{hash}");
    assert_ne!(
        hash,
        hasher.hash(&password).await.expect("a hash"),
        "each has its own salt"
    );

    let right = hasher.verify(&password, Some(&hash)).await.expect("checked");
    assert_eq!(right, Verdict::Right { rehash: false });
    let wrong = hasher
        .verify(&"masthead-dem0".into(), Some(&hash))
        .await
        .expect("checked");
    assert_eq!(wrong, Verdict::Wrong);
}

#[tokio::test]
async fn nobody_is_checked_too_and_never_right() {
    let hasher = Hasher::new(MIN_MEMORY_KIB).expect("a hasher");
    assert_eq!(hasher.verify(&"".into(), None).await.expect("checked"), Verdict::Wrong);
    let nobody = PasswordHash::new(&hasher.nobody).expect("a hash");
    assert!(
        !hasher.is_weaker(&nobody).expect("readable"),
        "it takes as long as a real one"
    );
}

#[tokio::test]
async fn a_letter_written_in_two_ways_is_one_letter() {
    let hasher = Hasher::new(MIN_MEMORY_KIB).expect("a hasher");
    let hash = hasher.hash(&"caf\u{e9} du marché".into()).await.expect("a hash");
    let decomposed = hasher
        .verify(&"cafe\u{301} du marché".into(), Some(&hash))
        .await
        .expect("checked");
    assert_eq!(decomposed, Verdict::Right { rehash: false });
}

#[tokio::test]
async fn weaker_hashes_still_open_and_ask_to_be_made_again() {
    let hasher = Hasher::new(MIN_MEMORY_KIB).expect("a hasher");
    let params = Params::new(1024, 1, 1, None).expect("params");
    let weak: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(b"masthead-demo")
        .expect("a hash");
    let verdict = hasher
        .verify(&"masthead-demo".into(), Some(&weak.to_string()))
        .await
        .expect("checked");
    assert_eq!(verdict, Verdict::Right { rehash: true });
}

#[tokio::test]
async fn a_damaged_hash_is_an_error_and_not_a_wrong_password() {
    let hasher = Hasher::new(MIN_MEMORY_KIB).expect("a hasher");
    for damaged in ["", "plain text", "$argon2id$v=19$m=x$c2FsdHNhbHQ$aGFzaA"] {
        assert!(
            hasher.verify(&"masthead-demo".into(), Some(damaged)).await.is_err(),
            "{damaged}"
        );
    }
}
