//! Access tokens: what they carry, when they end, and every way to forge one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::clock::Clock;

const OLD: &str = "an-old-secret-of-more-than-32-bytes";
const NEW: &str = "the-new-secret-of-more-than-32-bytes";
const ISSUER: &str = "https://api.news.example";
const USER: Uuid = Uuid::from_u128(1);
const SESSION: Uuid = Uuid::from_u128(2);

fn tokens(secrets: &str) -> AccessTokens {
    let secrets = Secrets::parse(secrets).expect("secrets");
    AccessTokens::new(&secrets, ISSUER, Duration::from_secs(900))
}

fn clock() -> Clock {
    Clock::manual(DateTime::from_timestamp(1_800_000_000, 0).expect("an instant"))
}

fn issue(tokens: &AccessTokens, clock: &Clock) -> String {
    let issued = tokens.issue(USER, SESSION, clock.now()).expect("a token");
    assert_eq!(issued.expires_in, 900);
    issued.token.expose_secret().to_owned()
}

fn right_claims(clock: &Clock) -> Value {
    let now = clock.now().timestamp();
    json!({"iss": ISSUER, "aud": "masthead", "sub": USER, "sid": SESSION, "typ": "access",
           "exp": now + 900, "nbf": now, "iat": now, "jti": Uuid::from_u128(3)})
}

/// Signs any claims with the right key and header.
fn signed(tokens: &AccessTokens, claims: &Value) -> String {
    encode(&tokens.header, claims, &tokens.signing).expect("a token")
}

fn with(clock: &Clock, claim: &str, value: Value) -> Value {
    let mut claims = right_claims(clock);
    claims[claim] = value;
    claims
}

#[test]
fn what_is_issued_is_accepted() {
    let (tokens, clock) = (tokens(OLD), clock());
    let accepted = tokens.verify(&issue(&tokens, &clock), clock.now()).expect("accepted");
    assert_eq!((accepted.user_id, accepted.session_id), (USER, SESSION));
    assert_eq!(accepted.expires_at, clock.now() + TimeDelta::seconds(900));
    let by_hand = signed(&tokens, &right_claims(&clock));
    assert!(
        tokens.verify(&by_hand, clock.now()).is_ok(),
        "the claims the refusals below start from are right"
    );
}

#[test]
fn the_clock_decides_when_it_is_over() {
    let (tokens, clock) = (tokens(OLD), clock());
    let token = issue(&tokens, &clock);
    clock.advance(TimeDelta::seconds(900 + LEEWAY_SECONDS - 1));
    assert!(tokens.verify(&token, clock.now()).is_ok());
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(tokens.verify(&token, clock.now()), Err(TokenError::Expired));
}

#[test]
fn a_wrong_token_that_is_also_over_is_called_wrong() {
    let (tokens, clock) = (tokens(OLD), clock());
    let token = signed(&tokens, &with(&clock, "aud", json!("other")));
    clock.advance(TimeDelta::days(1));
    assert_eq!(tokens.verify(&token, clock.now()), Err(TokenError::Invalid));
}

#[test]
fn a_token_of_the_future_is_refused_beyond_the_leeway() {
    let (tokens, clock) = (tokens(OLD), clock());
    let now = clock.now().timestamp();
    for claim in ["nbf", "iat"] {
        let near = signed(&tokens, &with(&clock, claim, json!(now + LEEWAY_SECONDS)));
        assert!(tokens.verify(&near, clock.now()).is_ok(), "{claim}");
        let far = signed(&tokens, &with(&clock, claim, json!(now + LEEWAY_SECONDS + 1)));
        assert_eq!(tokens.verify(&far, clock.now()), Err(TokenError::Invalid), "{claim}");
    }
}

#[test]
fn every_claim_is_required_and_must_be_right() {
    let (tokens, clock) = (tokens(OLD), clock());
    for claim in ["iss", "aud", "sub", "sid", "typ", "exp", "nbf", "iat", "jti"] {
        let mut claims = right_claims(&clock);
        claims.as_object_mut().expect("an object").remove(claim);
        assert_eq!(
            tokens.verify(&signed(&tokens, &claims), clock.now()),
            Err(TokenError::Invalid),
            "without {claim}"
        );
    }
    let now = clock.now().timestamp();
    for (claim, value) in [
        ("iss", json!("https://other.example")),
        ("aud", json!("other")),
        ("aud", json!(["masthead", "other"])),
        ("typ", json!("refresh")),
        ("sub", json!("admin")),
        ("sid", json!(7)),
        ("exp", json!("never")),
        ("exp", json!(i64::MAX)),
        ("exp", json!(now - 1)),
        ("nbf", json!(1.5e300)),
    ] {
        let token = signed(&tokens, &with(&clock, claim, value.clone()));
        assert_eq!(
            tokens.verify(&token, clock.now()),
            Err(TokenError::Invalid),
            "{claim} {value}"
        );
    }
}

#[test]
fn the_algorithm_is_not_the_tokens_choice() {
    let (tokens, clock) = (tokens(OLD), clock());
    let token = issue(&tokens, &clock);
    let parts: Vec<&str> = token.split('.').collect();
    let kid = tokens.header.kid.clone().expect("a kid");
    for alg in ["none", "None", "HS384", "RS256"] {
        let header = URL_SAFE_NO_PAD.encode(json!({"typ": "JWT", "alg": alg, "kid": kid}).to_string());
        for forged in [
            format!("{header}.{}.", parts[1]),
            format!("{header}.{}.{}", parts[1], parts[2]),
        ] {
            assert_eq!(tokens.verify(&forged, clock.now()), Err(TokenError::Invalid), "{alg}");
        }
    }
    let header = Header {
        kid: Some(kid),
        ..Header::new(Algorithm::HS512)
    };
    let well_signed = encode(&header, &right_claims(&clock), &tokens.signing).expect("a token");
    assert_eq!(tokens.verify(&well_signed, clock.now()), Err(TokenError::Invalid));
}

#[test]
fn a_changed_token_is_refused() {
    let (tokens, clock) = (tokens(OLD), clock());
    let token = issue(&tokens, &clock);
    let parts: Vec<&str> = token.split('.').collect();
    let admin = URL_SAFE_NO_PAD.encode(with(&clock, "sub", json!(Uuid::from_u128(9))).to_string());
    let without_kid = encode(&Header::new(Algorithm::HS256), &right_claims(&clock), &tokens.signing).expect("a token");
    for changed in [
        format!("{}.{admin}.{}", parts[0], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{token}.x"),
        format!(" {token}"),
        without_kid,
        "x".repeat(MAX_BYTES + 1),
        String::new(),
    ] {
        assert_eq!(
            tokens.verify(&changed, clock.now()),
            Err(TokenError::Invalid),
            "{changed}"
        );
    }
}

#[test]
fn the_secret_can_be_changed_and_the_old_one_dropped() {
    let clock = clock();
    let (old, both, new) = (tokens(OLD), tokens(&format!("{NEW},{OLD}")), tokens(NEW));
    let by_old = issue(&old, &clock);
    let by_both = issue(&both, &clock);
    assert!(both.verify(&by_old, clock.now()).is_ok());
    assert!(new.verify(&by_both, clock.now()).is_ok(), "the first secret signs");
    assert_eq!(new.verify(&by_old, clock.now()), Err(TokenError::Invalid));

    // A right `kid` over a wrong signature.
    let forged = encode(&old.header, &right_claims(&clock), &new.signing).expect("a token");
    assert_eq!(old.verify(&forged, clock.now()), Err(TokenError::Invalid));
}
