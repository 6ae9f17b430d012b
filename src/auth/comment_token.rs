//! The token that a reader gets with a comment of theirs: for a while it lets them change or delete it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

use super::keyed_hash::Hash;

const PREFIX: &str = "mhc_";
const BYTES: usize = 32;

/// A comment's token. Never prints; [`CommentToken::expose`] gives the text that is sent.
pub struct CommentToken(SecretBox<[u8; BYTES]>);

impl CommentToken {
    /// A new token, from the system's random bytes.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    /// Reads a token; none when it cannot be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let bytes: [u8; BYTES] = bytes.try_into().ok()?;
        Some(Self(SecretBox::new(Box::new(bytes))))
    }

    /// The text that the reader keeps.
    #[must_use]
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0.expose_secret()))
    }

    /// What is stored. The token is random, so a plain hash cannot be reversed by trying.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.0.expose_secret()).into()
    }
}

impl fmt::Debug for CommentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CommentToken(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_never_printed() {
        let token = CommentToken::generate().expect("random bytes");
        let text = token.expose();
        assert_eq!(text.len(), 4 + 43);
        assert_eq!(CommentToken::parse(&text).expect("our own").hash(), token.hash());
        assert_ne!(CommentToken::generate().expect("random bytes").expose(), text);
        assert_eq!(format!("{token:?}"), "CommentToken(hidden)");
    }

    #[test]
    fn other_texts_are_no_token() {
        let text = CommentToken::generate().expect("random bytes").expose();
        for wrong in ["", "mhc_", &text[4..], &text[..46], &format!("{text}="), "mhc_!"] {
            assert!(CommentToken::parse(wrong).is_none(), "{wrong}");
        }
    }
}
