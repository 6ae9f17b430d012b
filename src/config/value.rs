//! How each kind of setting is written.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use ipnet::IpNet;

/// A kind of setting. `parse(show(x))` gives `x` again.
pub(super) trait Value: Sized {
    /// Whether the text must never be repeated in a message.
    const SECRET: bool = false;

    /// Reads it; the error says what it "must be".
    fn parse(text: &str) -> Result<Self, String>;

    /// Writes it as an operator would.
    fn show(&self) -> String;
}

/// One of a few words.
pub(super) fn keyword<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!("must be {}", words.join(" or "))
        })
}

impl Value for bool {
    fn parse(text: &str) -> Result<Self, String> {
        keyword(text, &[("on", true), ("off", false)])
    }

    fn show(&self) -> String {
        if *self { "on" } else { "off" }.to_owned()
    }
}

impl Value for u32 {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "must be a whole number".to_owned())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for SocketAddr {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "must be an IP address and a port".to_owned())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// Networks, with commas between; `none` is none.
impl Value for Vec<IpNet> {
    fn parse(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::new());
        }
        let network = |text: &str| {
            let text = text.trim();
            let address = text.parse::<IpAddr>().map(IpNet::from);
            address.or_else(|_| text.parse()).map_err(|_| {
                "must be addresses or networks with commas between, like 10.0.0.0/8,192.0.2.1, or none".to_owned()
            })
        };
        text.split(',').map(network).collect()
    }

    fn show(&self) -> String {
        match self.as_slice() {
            [] => "none".to_owned(),
            networks => networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        }
    }
}

impl Value for PathBuf {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Value for Tz {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| "must be a time zone of the IANA list, like Europe/Paris".to_owned())
    }

    fn show(&self) -> String {
        self.name().to_owned()
    }
}

const DURATION_UNITS: [(&str, u64); 5] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];

/// `250ms`, `30s`, `15m`, `8h`, `30d`.
impl Value for Duration {
    fn parse(text: &str) -> Result<Self, String> {
        number_with_unit(text, &DURATION_UNITS)
            .map(Self::from_millis)
            .ok_or_else(|| "must be a whole number with a unit: 250ms, 30s, 15m, 8h or 30d".to_owned())
    }

    fn show(&self) -> String {
        show_with_unit(u64::try_from(self.as_millis()).unwrap_or(u64::MAX), &DURATION_UNITS)
    }
}

/// A number of bytes: `512B`, `512KiB`, `1MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) struct ByteSize(pub(super) u64);

const SIZE_UNITS: [(&str, u64); 3] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20)];

impl Value for ByteSize {
    fn parse(text: &str) -> Result<Self, String> {
        number_with_unit(text, &SIZE_UNITS)
            .map(Self)
            .ok_or_else(|| "must be a whole number with a unit: 4096B, 512KiB or 1MiB".to_owned())
    }

    fn show(&self) -> String {
        show_with_unit(self.0, &SIZE_UNITS)
    }
}

fn number_with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

/// In the largest unit that leaves no fraction.
fn show_with_unit(number: u64, units: &[(&str, u64)]) -> String {
    let fitting = units
        .iter()
        .rev()
        .find(|(_, factor)| number > 0 && number.is_multiple_of(*factor));
    match fitting.or(units.first()) {
        Some((name, factor)) => format!("{}{name}", number / factor),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_written_with_a_unit() {
        for (text, millis) in [
            ("250ms", 250),
            ("30s", 30_000),
            ("15m", 900_000),
            ("8h", 28_800_000),
            ("0ms", 0),
        ] {
            let parsed = Duration::parse(text).expect(text);
            assert_eq!(parsed, Duration::from_millis(millis));
            assert_eq!(parsed.show(), text);
        }
        assert_eq!(ByteSize::parse("1MiB").expect("a size"), ByteSize(1_048_576));
        assert_eq!(ByteSize(1_536).show(), "1536B");
        for wrong in [
            "",
            "15",
            "m",
            "-1s",
            "1.5h",
            "15 m",
            "15min",
            "99999999999999999999s",
            "18446744073709551615d",
        ] {
            assert!(Duration::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in ["1MB", "1", "KiB", "-1B"] {
            assert!(ByteSize::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn switches_are_on_or_off() {
        assert_eq!(bool::parse("on"), Ok(true));
        assert_eq!(bool::parse("true"), Err("must be on or off".to_owned()));
    }
}
