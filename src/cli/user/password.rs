//! A password, typed twice or piped in; never an argument, which every user of the machine can read.

use std::io::{Read, stdin};

use secrecy::{ExposeSecret, SecretString};

use crate::auth::password::check_password;
use crate::cli::Failure;

/// More than any password; a file given by mistake is not read whole.
const MAX_BYTES: u64 = 16_384;

/// Reads a password for the account with this address, and checks it.
pub(super) fn read(from_stdin: bool, email: &str) -> Result<SecretString, Failure> {
    let password = if from_stdin { piped()? } else { typed()? };
    check_password(&password, email).map_err(|weak| Failure::new(format!("the password {weak}")))?;
    Ok(password)
}

/// All of standard input but the line's end.
fn piped() -> Result<SecretString, Failure> {
    let mut text = String::new();
    stdin()
        .take(MAX_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| Failure::new(format!("cannot read the password from standard input: {error}")))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).into())
}

fn typed() -> Result<SecretString, Failure> {
    let ask = |prompt: &str| {
        let typed = rpassword::prompt_password(prompt).map_err(|error| {
            Failure::new(format!(
                "cannot ask for the password here ({error}); pipe it in with --password-stdin"
            ))
        })?;
        Ok::<SecretString, Failure>(typed.into())
    };
    let (first, second) = (ask("Password: ")?, ask("Once more: ")?);
    if first.expose_secret() != second.expose_secret() {
        return Err(Failure::new("the two passwords are not the same"));
    }
    Ok(first)
}
