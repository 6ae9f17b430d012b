//! Codings of a body: which one a caller wants, and how it is made.

use std::io::{Read, Write};

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// A coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
}

/// Good for text, and quick enough to be made while readers wait elsewhere.
const QUALITY: i32 = 5;
/// Articles are shorter than this window: 2^18 bytes.
const WINDOW: i32 = 18;

impl Coding {
    pub const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    pub fn index(self) -> usize {
        match self {
            Self::Brotli => 0,
            Self::Gzip => 1,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gzip",
        }
    }

    /// The ETag of a body in this coding: other bytes have another.
    pub fn suffixed(self, etag: &HeaderValue) -> HeaderValue {
        let plain = etag.to_str().unwrap_or_default().trim_matches('"');
        HeaderValue::from_str(&format!("\"{plain}{}\"", self.suffix())).unwrap_or_else(|_| etag.clone())
    }

    /// What an ETag is before a coding's suffix, and the coding.
    pub fn of_tag(tag: &str) -> (&str, Option<Self>) {
        Self::ALL
            .into_iter()
            .find_map(|coding| Some((tag.strip_suffix(coding.suffix())?, Some(coding))))
            .unwrap_or((tag, None))
    }

    /// The body in this coding. (Writing to memory does not fail; were it to, there would be none.)
    pub fn encode(self, body: &[u8]) -> Option<Bytes> {
        let mut coded = Vec::with_capacity(body.len() / 2);
        let done = match self {
            Self::Brotli => {
                let params = BrotliEncoderParams {
                    quality: QUALITY,
                    lgwin: WINDOW,
                    size_hint: body.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut &*body, &mut coded, &params).map(drop)
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(&mut coded, Compression::default());
                encoder.write_all(body).and_then(|()| encoder.finish().map(drop))
            }
        };
        done.ok().map(|()| Bytes::from(coded))
    }
}

/// Whether this coding may be sent.
pub fn takes(headers: &HeaderMap, coding: Coding) -> bool {
    let Weights { coded, .. } = weights(headers);
    coded.get(coding.index()).is_some_and(|weight| *weight > 0)
}

/// What was coded with gzip: of our own files, whose length we know.
///
/// # Errors
/// When it is damaged.
pub fn gunzip(coded: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    GzDecoder::new(coded).read_to_end(&mut plain)?;
    Ok(plain)
}

/// The coding that `Accept-Encoding` asks for: the one it likes better, Brotli when it likes both alike; none when it names
/// neither, or says that it likes the plain text better.
pub fn wanted(headers: &HeaderMap) -> Option<Coding> {
    let Weights { coded, plain } = weights(headers);
    match coded {
        [brotli, gzip] if brotli.max(gzip) <= plain => None,
        [brotli, gzip] if brotli >= gzip => Some(Coding::Brotli),
        _ => Some(Coding::Gzip),
    }
}

/// How well each coding is liked, in thousandths, and the plain text: 0 where that is not said.
#[derive(Default)]
struct Weights {
    coded: [u32; 2],
    plain: u32,
}

fn weights(headers: &HeaderMap) -> Weights {
    let (mut coded, mut plain, mut others) = ([None, None], 0, 0);
    for given in headers.get_all(ACCEPT_ENCODING) {
        let Ok(given) = given.to_str() else {
            return Weights::default();
        };
        for item in given.split(',') {
            let mut parts = item.split(';');
            let name = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(quality).map_or(1000, thousandths);
            // `x-gzip` is its name of old.
            let name = name.strip_prefix("x-").unwrap_or(name);
            for coding in Coding::ALL {
                if name.eq_ignore_ascii_case(coding.name())
                    && let Some(place) = coded.get_mut(coding.index())
                {
                    *place = Some(weight);
                }
            }
            if name.eq_ignore_ascii_case("identity") {
                // Alike, what is coded is shorter.
                plain = weight.saturating_sub(1);
            }
            if name == "*" {
                others = weight;
            }
        }
    }
    Weights {
        coded: coded.map(|weight| weight.unwrap_or(others)),
        plain,
    }
}

fn quality(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    name.trim().eq_ignore_ascii_case("q").then_some(value)
}

/// A weight between 0 and 1; what is none is 0.
fn thousandths(text: &str) -> u32 {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let mut digits = rest.bytes().chain(*b"000").take(3);
    let part = digits.try_fold(0_u32, |sum, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        Some(sum * 10 + u32::from(digit))
    });
    match (whole, part) {
        ("1", Some(0)) => 1000,
        ("0" | "", Some(part)) if !text.trim().is_empty() => part,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(accepted: &str) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(accepted).expect("a header"));
        wanted(&headers)
    }

    #[test]
    fn the_coding_that_is_liked_better_is_taken() {
        for (accepted, coding) in [
            ("", None),
            ("identity", None),
            ("deflate, zstd", None),
            ("gzip", Some(Coding::Gzip)),
            ("gzip, deflate, br", Some(Coding::Brotli)),
            ("br;q=0.5, gzip;q=0.8", Some(Coding::Gzip)),
            ("br;q=0, gzip;q=0.001", Some(Coding::Gzip)),
            ("br;q=0,*", Some(Coding::Gzip)),
            ("*", Some(Coding::Brotli)),
            ("*;q=0", None),
            ("GZIP;q=1.000", Some(Coding::Gzip)),
            ("gzip;q=2", None),
            ("gzip;q=x", None),
            ("gzip;q=", None),
            ("br;Q=0, gzip ; Q = 0.5", Some(Coding::Gzip)),
            ("x-gzip", Some(Coding::Gzip)),
            ("gzip;q=0.5, identity;q=0.9", None),
            ("identity, gzip", Some(Coding::Gzip)),
        ] {
            assert_eq!(wants(accepted), coding, "{accepted}");
        }
        assert_eq!(wanted(&HeaderMap::new()), None);
        assert!(!takes(&HeaderMap::new(), Coding::Gzip));
        assert_eq!(wants(&"gzip;q=0,".repeat(10_000)), None);
    }

    #[test]
    fn what_was_coded_can_be_read_again() {
        let text = "The harbour bridge reopened this morning. ".repeat(200);
        let gzip = Coding::Gzip.encode(text.as_bytes()).expect("gzip");
        assert_eq!(gunzip(&gzip).expect("gzip"), text.as_bytes());
        let mut read = Vec::new();
        let coded = Coding::Brotli.encode(text.as_bytes()).expect("brotli");
        brotli::BrotliDecompress(&mut &*coded, &mut read).expect("brotli");
        assert_eq!(read, text.as_bytes());
        assert!(coded.len() * 10 < text.len() && gzip.len() * 10 < text.len());
    }

    #[test]
    fn an_etag_says_its_coding() {
        let etag = Coding::Brotli.suffixed(&HeaderValue::from_static("\"abc\""));
        assert_eq!(etag, "\"abc-br\"");
        assert_eq!(Coding::of_tag("abc-gzip"), ("abc", Some(Coding::Gzip)));
        assert_eq!(Coding::of_tag("abc"), ("abc", None));
    }
}
