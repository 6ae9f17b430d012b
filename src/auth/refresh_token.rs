//! Refresh tokens, the pure part: how they look, what is stored of them, and which one follows which.
//!
//! A token is random and only its SHA-256 is stored. Its successor is not random but an HMAC of it under a server key:
//! a client that lost the answer presents the same token again, and the same successor is computed without having been
//! stored. Whoever has the table alone can compute none of them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

use super::keyed_hash::{Hash, KeyedHash};
use crate::config::Secrets;

const PREFIX: &str = "mhr_";
const BYTES: usize = 32;

/// A refresh token. Never prints; [`RefreshToken::expose`] gives the text that is sent.
pub struct RefreshToken(SecretBox<[u8; BYTES]>);

impl RefreshToken {
    /// The first token of a sign-in, from the system's random bytes.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self::from_bytes(bytes))
    }

    /// Reads a token; none when it cannot be one of ours. Each token has exactly one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// The text that the client keeps.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0.expose_secret()))
    }

    /// What is stored. The token is random, so a plain hash cannot be reversed by trying.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.0.expose_secret()).into()
    }

    fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(hidden)")
    }
}

/// Knows which token follows which.
#[derive(Clone, Debug)]
pub struct Succession(KeyedHash);

impl Succession {
    /// Successors under these secrets.
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        Self(KeyedHash::new(secrets, "refresh-token-successor"))
    }

    /// The tokens that may follow this one: the first is given out, the others could have been before the secret was
    /// changed.
    pub fn successors<'a>(&'a self, token: &'a RefreshToken) -> impl Iterator<Item = RefreshToken> + 'a {
        self.0.all(token.0.expose_secret()).map(RefreshToken::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "an-old-secret-of-more-than-32-bytes";
    const NEW: &str = "the-new-secret-of-more-than-32-bytes";

    fn succession(secrets: &str) -> Succession {
        Succession::new(&Secrets::parse(secrets).expect("secrets"))
    }

    #[test]
    fn a_token_is_read_back_and_never_printed() {
        let token = RefreshToken::generate().expect("random bytes");
        let text = token.expose();
        assert_eq!(text.len(), 4 + 43);
        assert_eq!(RefreshToken::parse(&text).expect("our own").hash(), token.hash());
        assert_ne!(RefreshToken::generate().expect("random bytes").expose(), text);
        assert_eq!(format!("{token:?}"), "RefreshToken(hidden)");
    }

    #[test]
    fn other_spellings_are_refused() {
        let text = RefreshToken::from_bytes([0; BYTES]).expose();
        let other_last_bits = format!("{}B", &text[..text.len() - 1]);
        for wrong in [
            "",
            "mhr_",
            &text[4..],
            &text[..46],
            &format!("{text}="),
            &format!(" {text}"),
            &other_last_bits,
        ] {
            assert!(RefreshToken::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_successor_is_the_same_each_time_and_differs_by_secret() {
        let token = RefreshToken::from_bytes([1; BYTES]);
        let hashes = |secrets: &str| -> Vec<Hash> {
            let succession = succession(secrets);
            succession.successors(&token).map(|next| next.hash()).collect()
        };
        assert_eq!(hashes(OLD), hashes(OLD));
        assert_ne!(hashes(OLD), hashes(NEW));
        assert_ne!(hashes(OLD), [token.hash()]);
        assert_eq!(hashes(&format!("{NEW},{OLD}")), [hashes(NEW), hashes(OLD)].concat());
    }
}
