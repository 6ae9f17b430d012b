//! Forty access tokens made by hand, each wrong in one way, most of them signed with the right secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

use super::{ME, login};
use crate::support::TestApp;
use crate::support::app::SECRET;
use crate::support::raw::Raw;

/// A token that is right, taken apart.
struct Right {
    header: Value,
    claims: Value,
}

impl Right {
    fn of(token: &str) -> Self {
        let read = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        Self {
            header: read(parts[0]),
            claims: read(parts[1]),
        }
    }

    fn signed(&self) -> String {
        signed(&self.header.to_string(), &self.claims.to_string())
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header.clone();
        header[name] = value;
        signed(&header.to_string(), &self.claims.to_string())
    }

    fn with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[claim] = value;
        signed(&self.header.to_string(), &claims.to_string())
    }

    fn without(&self, claim: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().unwrap().remove(claim).unwrap();
        signed(&self.header.to_string(), &claims.to_string())
    }

    /// The claims with one more of a name that is there already.
    fn doubled(&self, claim: &str, value: &Value, last: bool) -> String {
        let whole = self.claims.to_string();
        let inside = whole.trim_start_matches('{').trim_end_matches('}');
        let claims = match last {
            true => format!("{{{inside},\"{claim}\":{value}}}"),
            false => format!("{{\"{claim}\":{value},{inside}}}"),
        };
        signed(&self.header.to_string(), &claims)
    }
}

fn body(header: &str, claims: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

/// Signed as we do it, with the right secret.
fn signed(header: &str, claims: &str) -> String {
    let body = body(header, claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn hostile(right: &Right, other: &Value) -> Vec<(&'static str, String)> {
    let whole = right.signed();
    let parts: Vec<String> = whole.split('.').map(str::to_owned).collect();
    let (header, claims) = (right.header.to_string(), right.claims.to_string());
    let unsigned = |alg: &str| {
        let mut header = right.header.clone();
        header["alg"] = json!(alg);
        format!("{}.", body(&header.to_string(), &claims))
    };
    let wider = |alg: &str| {
        let mut header = right.header.clone();
        header["alg"] = json!(alg);
        let body = body(&header.to_string(), &claims);
        let signature = match alg {
            "HS384" => {
                let mut mac = Hmac::<Sha384>::new_from_slice(SECRET.as_bytes()).unwrap();
                mac.update(body.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            _ => {
                let mut mac = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).unwrap();
                mac.update(body.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
        };
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let now = right.claims["iat"].as_i64().unwrap();
    let padded = format!("{}.{}=.{}", parts[0], parts[1], parts[2]);
    vec![
        ("no algorithm", unsigned("none")),
        ("no algorithm, in capitals", unsigned("NONE")),
        ("no algorithm, in another case", unsigned("nOnE")),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("no third part", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{whole}.{}", parts[2])),
        (
            "parts of an encrypted token",
            format!("{whole}.{}.{}", parts[2], parts[2]),
        ),
        ("HS384 with the right secret", wider("HS384")),
        ("HS512 with the right secret", wider("HS512")),
        ("RS256 by name, HS256 by hand", right.with_header("alg", json!("RS256"))),
        ("ES256 by name, HS256 by hand", right.with_header("alg", json!("ES256"))),
        ("EdDSA by name, HS256 by hand", right.with_header("alg", json!("EdDSA"))),
        (
            "an algorithm that is no text",
            right.with_header("alg", json!(["HS256"])),
        ),
        (
            "a kid that is a path",
            right.with_header("kid", json!("../../../../dev/null")),
        ),
        (
            "a kid that is an address",
            right.with_header("kid", json!("https://evil.example/key")),
        ),
        (
            "a kid that is SQL",
            right.with_header("kid", json!("x' UNION SELECT 'k' --")),
        ),
        ("an empty kid", right.with_header("kid", json!(""))),
        ("a kid that is no text", right.with_header("kid", json!(0))),
        (
            "a header without a kid",
            signed(r#"{"typ":"JWT","alg":"HS256"}"#, &claims),
        ),
        ("a key that it brings along", {
            let header = json!({"alg": "HS256", "jwk": {"kty": "oct", "k": URL_SAFE_NO_PAD.encode("k")}});
            signed(&header.to_string(), &claims)
        }),
        ("a refresh token's type", right.with("typ", json!("refresh"))),
        ("no type", right.without("typ")),
        ("another audience", right.with("aud", json!("other"))),
        ("several audiences", right.with("aud", json!(["masthead", "other"]))),
        ("no audience", right.without("aud")),
        ("another issuer", right.with("iss", json!("https://evil.example"))),
        ("no issuer", right.without("iss")),
        ("somebody else's session", right.with("sub", other.clone())),
        ("a subject that is no id", right.with("sub", json!("' OR 1=1 --"))),
        ("no session", right.without("sid")),
        ("an end that never comes", right.with("exp", json!(i64::MAX))),
        ("an end that is text", right.with("exp", json!("9999999999"))),
        ("an end that is no number", right.with("exp", json!(1e300))),
        ("no end", right.without("exp")),
        ("a beginning in the future", right.with("nbf", json!(now + 3600))),
        ("made in the future", right.with("iat", json!(now + 3600))),
        ("an end before its beginning", right.with("exp", json!(now - 1))),
        (
            "an end twice, the later one last",
            right.doubled("exp", &json!(now + 360_000), true),
        ),
        ("a subject twice, another's first", right.doubled("sub", other, false)),
        ("claims that are a list", signed(&header, "[]")),
        (
            "claims that are deep",
            signed(&header, &format!("{}{}", "[".repeat(700), "]".repeat(700))),
        ),
        ("30 kB", right.with("padding", json!("x".repeat(30_000)))),
        ("100 kB", right.with("padding", json!("x".repeat(100_000)))),
        ("padded base64", padded),
        (
            "a space in front of its parts",
            format!("{}. {}.{}", parts[0], parts[1], parts[2]),
        ),
        ("no base64", "%%%.%%%.%%%".to_owned()),
        ("three points", "...".to_owned()),
    ]
}

#[tokio::test]
async fn forty_tokens_made_by_hand_are_refused() {
    let app = TestApp::start().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let token = login(&app, &editor).await.expect(200).text_at("/access_token");
    let right = Right::of(&token);
    // What the others start from is right, down to the last byte.
    assert_eq!(right.signed().split('.').count(), 3);
    app.bearer(&right.signed()).get(ME).await.expect(200);
    let hostile = hostile(&right, &json!(admin.account().id));
    assert!(hostile.len() >= 40, "{}", hostile.len());
    for (what, token) in hostile {
        if token.len() > 60_000 {
            // A head like that is refused before it is read to its end.
            let mut raw = Raw::connect(&app).await;
            raw.say(format!(
                "GET {ME} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
            ))
            .await;
            let answer = raw.until_closed().await;
            assert!(
                answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
                "{what}: {answer}"
            );
            continue;
        }
        let answer = app.bearer(&token).get(ME).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text);
        answer.problem(401, "invalid_token");
    }
    app.bearer(&token).get(ME).await.expect(200);
}
