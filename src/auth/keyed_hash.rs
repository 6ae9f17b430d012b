//! HMAC-SHA256 under keys that are derived from the token secrets, one key for each purpose.
//!
//! A hash for one purpose says nothing about a hash for another, and without the secret nobody can try out
//! e-mail addresses against a stolen table.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::config::Secrets;

/// The length of a hash, in bytes.
pub const HASH_BYTES: usize = 32;

/// A hash.
pub type Hash = [u8; HASH_BYTES];

/// Makes hashes for one purpose. When the secret is changed to `new,old`, new hashes are made under the new key, and
/// [`KeyedHash::all`] also gives the old ones, so that rows hashed before the change are still found.
#[derive(Clone, Debug)]
pub struct KeyedHash {
    current: Hmac<Sha256>,
    older: Vec<Hmac<Sha256>>,
}

impl KeyedHash {
    /// `purpose` is a fixed label, like `comment-email`; two purposes share no key.
    #[must_use]
    pub fn new(secrets: &Secrets, purpose: &str) -> Self {
        Self {
            current: derived(secrets.current(), purpose),
            older: secrets.all().skip(1).map(|secret| derived(secret, purpose)).collect(),
        }
    }

    /// The hash under the current key: what is stored.
    #[must_use]
    pub fn hash(&self, data: &[u8]) -> Hash {
        finish(&self.current, data)
    }

    /// The hash under each accepted key, the current one first: what is looked for.
    pub fn all<'a>(&'a self, data: &'a [u8]) -> impl Iterator<Item = Hash> + 'a {
        std::iter::once(&self.current)
            .chain(&self.older)
            .map(move |key| finish(key, data))
    }
}

fn derived(secret: &SecretString, purpose: &str) -> Hmac<Sha256> {
    let secret_hash: Hash = Sha256::digest(secret.expose_secret()).into();
    keyed(&finish(&keyed(&secret_hash), format!("masthead/{purpose}").as_bytes()))
}

/// HMAC fills a key shorter than its block with zeros; doing that here leaves no length that could be refused.
fn keyed(key: &Hash) -> Hmac<Sha256> {
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::new(&block.into())
}

fn finish(key: &Hmac<Sha256>, data: &[u8]) -> Hash {
    key.clone().chain_update(data).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Secrets {
        Secrets::parse(text).expect("secrets")
    }

    const OLD: &str = "an-old-secret-of-more-than-32-bytes";
    const NEW: &str = "the-new-secret-of-more-than-32-bytes";

    #[test]
    fn keys_are_those_of_hmac() {
        let key = [7; HASH_BYTES];
        let usual = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
        assert_eq!(finish(&keyed(&key), b"data"), finish(&usual, b"data"));
    }

    #[test]
    fn purpose_secret_and_data_each_change_the_hash() {
        let base = KeyedHash::new(&secrets(OLD), "email").hash(b"a@b.example");
        assert_eq!(base, KeyedHash::new(&secrets(OLD), "email").hash(b"a@b.example"));
        assert_ne!(base, KeyedHash::new(&secrets(OLD), "other").hash(b"a@b.example"));
        assert_ne!(base, KeyedHash::new(&secrets(NEW), "email").hash(b"a@b.example"));
        assert_ne!(base, KeyedHash::new(&secrets(OLD), "email").hash(b"a@c.example"));
    }

    #[test]
    fn after_a_change_of_secret_old_hashes_are_still_found() {
        let stored = KeyedHash::new(&secrets(OLD), "email").hash(b"a@b.example");
        let rotated = KeyedHash::new(&secrets(&format!("{NEW},{OLD}")), "email");
        assert_ne!(rotated.hash(b"a@b.example"), stored);
        let found: Vec<Hash> = rotated.all(b"a@b.example").collect();
        assert_eq!(found, [rotated.hash(b"a@b.example"), stored]);
    }
}
