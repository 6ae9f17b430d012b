//! The token of a preview link: the id of a row, signed. Nobody can make one up, and the table alone opens nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::keyed_hash::{HASH_BYTES, KeyedHash};
use crate::config::Secrets;

const PREFIX: &str = "mhp_";
const ID_BYTES: usize = 16;

/// Signs preview tokens and reads them.
#[derive(Clone, Debug)]
pub struct PreviewTokens(KeyedHash);

impl PreviewTokens {
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        Self(KeyedHash::new(secrets, "preview-token"))
    }

    /// The token that opens the preview with this id.
    #[must_use]
    pub fn sign(&self, id: Uuid) -> SecretString {
        let signature = self.0.hash(id.as_bytes());
        let bytes = [&id.as_bytes()[..], &signature].concat();
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)).into()
    }

    /// The id that a token opens; none when it was not signed here.
    #[must_use]
    pub fn read(&self, token: &str) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
        let (id, signature) = bytes.split_at_checked(ID_BYTES)?;
        let id = Uuid::from_slice(id).ok()?;
        let right = |hash: [u8; HASH_BYTES]| bool::from(hash.as_slice().ct_eq(signature));
        self.0.all(id.as_bytes()).any(right).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn tokens(secret: &str) -> PreviewTokens {
        PreviewTokens::new(&Secrets::parse(secret).expect("a secret"))
    }

    const OLD: &str = "an-old-secret-of-more-than-32-bytes";
    const NEW: &str = "the-new-secret-of-more-than-32-bytes";

    #[test]
    fn a_token_opens_what_it_was_signed_for_and_outlives_a_change_of_secret() {
        let id = Uuid::from_u128(7);
        let token = tokens(OLD).sign(id);
        assert_eq!(tokens(OLD).read(token.expose_secret()), Some(id));
        assert_eq!(tokens(&format!("{NEW},{OLD}")).read(token.expose_secret()), Some(id));
        assert_eq!(tokens(NEW).read(token.expose_secret()), None);
    }

    #[test]
    fn nobody_makes_one_up() {
        let tokens = tokens(OLD);
        let token = tokens.sign(Uuid::from_u128(7));
        let text = token.expose_secret();
        let mut bytes = URL_SAFE_NO_PAD.decode(&text[PREFIX.len()..]).expect("base64");
        for place in 0..bytes.len() {
            bytes[place] ^= 1;
            let forged = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&bytes));
            assert_eq!(tokens.read(&forged), None, "byte {place}");
            bytes[place] ^= 1;
        }
        for wrong in ["", PREFIX, "mhp_AAAA", &text[..text.len() - 2], &text[PREFIX.len()..]] {
            assert_eq!(tokens.read(wrong), None, "{wrong}");
        }
    }
}
