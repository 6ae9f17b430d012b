//! E-mail addresses in one spelling, so that one account is found by every way of writing its address.

use thiserror::Error;
use url::Host;

use super::text::Coded;

/// The longest address that mail can be sent to.
pub const MAX_EMAIL: usize = 254;

const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EmailError {
    /// Nobody's address looks like this.
    #[error("must be an e-mail address, such as ana@news.example")]
    NotAnAddress,
    /// Over the limit.
    #[error("must have at most {MAX_EMAIL} characters, this has {0}")]
    TooLong(usize),
}

impl Coded for EmailError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAnAddress => "invalid_email",
            Self::TooLong(_) => "too_long",
        }
    }
}

/// An address, trimmed, in lower case, its domain in ASCII. Only the shape is checked: whether mail arrives, only mail
/// can tell.
///
/// # Errors
/// Not the shape of an address, or over [`MAX_EMAIL`] characters.
pub fn email(value: &str) -> Result<String, EmailError> {
    let value = value.trim();
    let length = value.chars().count();
    if length > MAX_EMAIL {
        return Err(EmailError::TooLong(length));
    }
    let (local, domain) = value.rsplit_once('@').ok_or(EmailError::NotAnAddress)?;
    let domain = match Host::parse(domain) {
        Ok(Host::Domain(domain)) => domain,
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => return Err(EmailError::NotAnAddress),
    };
    if !is_local(local) || !is_domain(&domain) {
        return Err(EmailError::NotAnAddress);
    }
    let email = format!("{}@{domain}", local.to_ascii_lowercase());
    // A domain grows when it is written in ASCII.
    if email.len() > MAX_EMAIL {
        return Err(EmailError::TooLong(email.len()));
    }
    Ok(email)
}

/// Words of letters, digits and the signs that mail allows unquoted, with dots between.
fn is_local(local: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    local.len() <= MAX_LOCAL
        && local
            .split('.')
            .all(|word| !word.is_empty() && word.bytes().all(allowed))
}

/// At least two labels: `ana@gmail` is a slip of the hand.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_spelling() {
        for given in [
            "ana@news.example",
            " Ana@News.Example\n",
            "ANA@NEWS.EXAMPLE",
            "ana@ｎews.example",
        ] {
            assert_eq!(email(given), Ok("ana@news.example".to_owned()), "{given:?}");
        }
        assert_eq!(email("Ana@Müller.de"), Ok("ana@xn--mller-kva.de".to_owned()));
        assert_eq!(email("a.b+c_d@x-y.co.uk"), Ok("a.b+c_d@x-y.co.uk".to_owned()));
    }

    #[test]
    fn other_shapes_are_refused() {
        for given in [
            "",
            "ana",
            "@news.example",
            "ana@",
            "ana@gmail",
            "ana@news..example",
            "ana@-news.example",
            "ana@news_room.example",
            "ana@news.example.",
            "ana@127.0.0.1",
            "ana@[::1]",
            "a..b@news.example",
            ".a@news.example",
            "a b@news.example",
            "a\0b@news.example",
            "ana@news.exam\0ple",
            "ana\r\nBcc:all@news.example",
            "Ana <ana@news.example>",
            "ana@@news.example",
            "anä@news.example",
        ] {
            assert_eq!(email(given), Err(EmailError::NotAnAddress), "{given:?}");
        }
        let local = "a".repeat(65);
        assert_eq!(email(&format!("{local}@news.example")), Err(EmailError::NotAnAddress));
        let label = "b".repeat(64);
        assert_eq!(email(&format!("ana@{label}.example")), Err(EmailError::NotAnAddress));
    }

    #[test]
    fn length_is_measured_as_given_and_as_kept() {
        let domain = format!("{0}.{0}.{0}.example", "b".repeat(60));
        let fits = format!("{}@{domain}", "a".repeat(254 - 1 - domain.len()));
        assert_eq!(email(&fits), Ok(fits.clone()));
        assert_eq!(email(&format!("a{fits}")), Err(EmailError::TooLong(255)));
        let grows = format!("a@{}example", "ü.".repeat(60));
        assert!(matches!(email(&grows), Err(EmailError::TooLong(255..))), "{grows}");
    }
}
