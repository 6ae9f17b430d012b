//! API keys, the pure part: how they look, and what is stored of them.
//!
//! `mhk_<prefix>_<secret>`: by the prefix, which is no secret, a key is looked up and told from others; of the secret only
//! its SHA-256 is stored.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::keyed_hash::Hash;
use crate::domain::hex::hex;

const MARK: &str = "mhk_";
const PREFIX_BYTES: usize = 6;
const PREFIX_CHARS: usize = PREFIX_BYTES * 2;
const SECRET_BYTES: usize = 32;

/// A key. Never prints; [`ApiKey::expose`] gives the text that is sent.
pub struct ApiKey {
    prefix: String,
    secret: SecretBox<[u8; SECRET_BYTES]>,
}

impl ApiKey {
    /// A new key, from the system's random bytes.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let (mut prefix, mut secret) = ([0; PREFIX_BYTES], [0; SECRET_BYTES]);
        getrandom::fill(&mut prefix)?;
        getrandom::fill(&mut secret)?;
        Ok(Self {
            prefix: hex(&prefix),
            secret: SecretBox::new(Box::new(secret)),
        })
    }

    /// Whether a bearer token means to be a key.
    #[must_use]
    pub fn is_meant(token: &str) -> bool {
        token.starts_with(MARK)
    }

    /// Reads a key; none when it cannot be one of ours. Each key has exactly one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, secret) = text.strip_prefix(MARK)?.split_once('_')?;
        let is_ours = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if prefix.len() != PREFIX_CHARS || !prefix.bytes().all(is_ours) {
            return None;
        }
        let secret: [u8; SECRET_BYTES] = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self {
            prefix: prefix.to_owned(),
            secret: SecretBox::new(Box::new(secret)),
        })
    }

    /// What it is looked up by.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The text that the program keeps.
    #[must_use]
    pub fn expose(&self) -> SecretString {
        let secret = URL_SAFE_NO_PAD.encode(self.secret.expose_secret());
        format!("{MARK}{}_{secret}", self.prefix).into()
    }

    /// What is stored. The secret is random, so a plain hash cannot be reversed by trying.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.secret.expose_secret()).into()
    }

    /// Whether this is what was stored: however much of it is right, finding out takes as long.
    #[must_use]
    pub fn is(&self, stored: &[u8]) -> bool {
        self.hash().as_slice().ct_eq(stored).into()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_and_never_printed() {
        let key = ApiKey::generate().expect("random bytes");
        let text = key.expose();
        let text = text.expose_secret();
        assert_eq!(text.len(), 4 + 12 + 1 + 43);
        let read = ApiKey::parse(text).expect("our own");
        assert_eq!((read.prefix(), read.hash()), (key.prefix(), key.hash()));
        assert!(read.is(&key.hash()) && !read.is(&[0; 32]) && !read.is(&[]));
        assert_eq!(format!("{key:?}"), "ApiKey(hidden)");
    }

    #[test]
    fn other_spellings_are_refused() {
        let text = ApiKey::generate().expect("random bytes").expose();
        let text = text.expose_secret();
        for wrong in [
            "",
            "mhk_",
            "mhk_abcdefabcdef",
            "mhk_abcdefabcdef_",
            &text[4..],
            &text[..59],
            &format!("{text}="),
            &format!("{text}A"),
            &text.to_uppercase(),
            &text.replacen("mhk_", "mhk_0", 1),
            &text.replacen("mhk_", "mhr_", 1),
        ] {
            assert!(ApiKey::parse(wrong).is_none(), "{wrong}");
        }
    }
}
