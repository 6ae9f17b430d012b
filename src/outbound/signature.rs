//! Signatures in the style of Standard Webhooks: who gets a request can tell that it is ours, whole, and new.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;

use crate::config::Secrets;

/// Signs under every secret that is accepted, so that a receiver may learn the new one before or after us.
#[derive(Clone)]
pub struct SigningKeys(Vec<Hmac<Sha256>>);

impl SigningKeys {
    /// The keys are the bytes of the secrets as they are written.
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        // HMAC takes a key of any length.
        let keyed = |text: &str| Hmac::new_from_slice(text.as_bytes()).ok();
        Self(
            secrets
                .all()
                .filter_map(|secret| keyed(secret.expose_secret()))
                .collect(),
        )
    }

    /// The headers that belong to a message: `webhook-id`, `webhook-timestamp`, and `webhook-signature` over both and
    /// the body.
    #[must_use]
    pub fn headers(&self, id: &str, now: DateTime<Utc>, body: &[u8]) -> Vec<(&'static str, String)> {
        let timestamp = now.timestamp().to_string();
        let signed = |key: &Hmac<Sha256>| {
            let mac = key
                .clone()
                .chain_update(format!("{id}.{timestamp}."))
                .chain_update(body);
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        };
        let signatures: Vec<String> = self.0.iter().map(signed).collect();
        vec![
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signatures.join(" ")),
        ]
    }
}

/// Never prints.
impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKeys(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the Standard Webhooks libraries, whose key is 24 bytes; ours ask for longer ones in settings.
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let keys = SigningKeys(vec![Hmac::new_from_slice(&key).expect("any length")]);
        let at = DateTime::from_timestamp(1_614_265_330, 0).expect("an instant");
        let headers = keys.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, br#"{"test": 2432232314}"#);
        assert_eq!(
            headers,
            [
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned()),
                ("webhook-timestamp", "1614265330".to_owned()),
                (
                    "webhook-signature",
                    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn while_a_secret_is_changed_both_sign() {
        let (new, old) = (
            "the new secret is long enough to be one",
            "the old secret is long enough to be one",
        );
        let at = DateTime::from_timestamp(0, 0).expect("an instant");
        let signed = |text: &str| {
            let keys = SigningKeys::new(&Secrets::parse(text).expect("secrets"));
            keys.headers("msg_1", at, b"{}").pop().expect("a signature").1
        };
        assert_eq!(
            signed(&format!("{new},{old}")),
            format!("{} {}", signed(new), signed(old))
        );
        assert_ne!(signed(new), signed(old));
    }
}
