//! Bytes as hexadecimal text, in lower case.

use std::fmt::Write;

/// Two digits for each byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to memory does not fail.
        let _written = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(hex(&[0x00, 0x0a, 0x7f, 0xff]), "000a7fff");
        assert_eq!(hex(&[]), "");
    }
}
