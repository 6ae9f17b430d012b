//! The query string: every parameter known, each given once, lists as `tag=a,b` or `tag=a&tag=b`.

use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::after_guard;
use crate::domain::check::FieldError;
use crate::error::{Code, Error, Result};

/// The query string, read as `T`, a struct with `#[serde(deny_unknown_fields)]`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = parse(request.query_string()).map(Self);
        after_guard(request.clone(), query).boxed_local()
    }
}

type Wrong = serde::de::value::Error;

/// All that was given for one parameter.
struct Values(Vec<String>);

pub(super) fn parse<T: DeserializeOwned>(query: &str) -> Result<T> {
    let mut parameters: BTreeMap<String, Values> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name, pair)?, decode(value, pair)?);
        parameters
            .entry(name)
            .or_insert_with(|| Values(Vec::new()))
            .0
            .push(value);
    }
    let map = MapDeserializer::<_, Wrong>::new(parameters.into_iter());
    serde_path_to_error::deserialize(map).map_err(|error| {
        let parameter = error.path().to_string();
        let parameter = parameter.split('[').next().unwrap_or_default();
        refuse(parameter, &error.inner().to_string())
    })
}

/// Percent-decoding that refuses what is not UTF-8, and NUL, which no value of ours can hold.
///
/// # Errors
/// 400 with the name of `pair`.
pub fn decode(text: &str, pair: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    let invalid = || {
        let name = pair.split('=').next().unwrap_or_default();
        Error::parameter(
            Code::InvalidParameter,
            FieldError::parameter(name, "invalid_encoding", "must be percent-encoded UTF-8 without NUL"),
        )
    };
    let mut bytes = Vec::with_capacity(spaced.len());
    let mut rest = spaced.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = |digit: Option<u8>| digit.and_then(|digit| char::from(digit).to_digit(16));
            let (Some(high), Some(low)) = (hex(rest.next()), hex(rest.next())) else {
                return Err(invalid());
            };
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
        .ok_or_else(invalid)
}

fn refuse(parameter: &str, message: &str) -> Error {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (name, known) = (
        quoted.first().copied().unwrap_or_default(),
        quoted.get(1..).unwrap_or_default(),
    );
    if message.starts_with("unknown field") {
        let problem =
            FieldError::parameter(name, "unknown_parameter", "is not known here").allowing(known.iter().copied());
        Error::parameter(Code::UnknownParameter, problem)
    } else if message.starts_with("missing field") {
        Error::parameter(
            Code::InvalidParameter,
            FieldError::parameter(name, "required", "must be given"),
        )
    } else if message.starts_with("unknown variant") {
        let problem = FieldError::parameter(parameter, "unknown_value", format!("`{name}` is not one of the values"));
        Error::parameter(Code::InvalidParameter, problem.allowing(known.iter().copied()))
    } else {
        Error::parameter(
            Code::InvalidParameter,
            FieldError::parameter(parameter, "invalid_value", message),
        )
    }
}

impl IntoDeserializer<'_, Wrong> for Values {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Values {
    fn single(self) -> std::result::Result<String, Wrong> {
        let mut values = self.0.into_iter();
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(Wrong::custom("must be given once")),
        }
    }

    fn number<N: std::str::FromStr>(self) -> std::result::Result<N, Wrong> {
        let text = self.single()?;
        text.parse()
            .map_err(|_| Wrong::custom(format!("`{text}` is not a whole number in range")))
    }
}

impl<'de> Deserializer<'de> for Values {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Wrong> {
        visitor.visit_string(self.single()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Wrong> {
        match self.single()?.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(Wrong::custom(format!("`{other}` must be true or false"))),
        }
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Wrong> {
        visitor.visit_i32(self.number()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Wrong> {
        visitor.visit_i64(self.number()?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Wrong> {
        visitor.visit_u32(self.number()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Wrong> {
        let split = self.0.iter().flat_map(|value| value.split(','));
        let items: Vec<String> = split
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect();
        visitor.visit_seq(SeqDeserializer::new(items.into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Wrong> {
        let value = self.single()?;
        IntoDeserializer::<Wrong>::into_deserializer(value).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> std::result::Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map
        struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Filters {
        #[serde(default)]
        tag: Vec<String>,
        limit: Option<u32>,
        breaking: Option<bool>,
    }

    fn refusal(query: &str) -> (Code, Option<String>) {
        let error = parse::<Filters>(query).expect_err(query);
        let parameter = error.errors.first().and_then(|error| error.parameter.clone());
        (error.code, parameter)
    }

    #[test]
    fn lists_are_read_in_both_forms() {
        let read = |query| parse::<Filters>(query).expect(query).tag;
        assert_eq!(read("tag=a,b"), ["a", "b"]);
        assert_eq!(read("tag=a&tag=b"), ["a", "b"]);
        assert_eq!(read("tag=a%2Cb&tag=c"), ["a", "b", "c"]);
        assert!(read("").is_empty());
    }

    #[test]
    fn numbers_and_truths_are_read() {
        let filters = parse::<Filters>("limit=20&breaking=true").expect("valid");
        assert_eq!((filters.limit, filters.breaking), (Some(20), Some(true)));
    }

    #[test]
    fn every_refusal_names_the_parameter() {
        assert_eq!(refusal("nope=1"), (Code::UnknownParameter, Some("nope".into())));
        assert_eq!(refusal("limit=-1"), (Code::InvalidParameter, Some("limit".into())));
        assert_eq!(refusal("limit=1e9"), (Code::InvalidParameter, Some("limit".into())));
        assert_eq!(
            refusal("limit=1&limit=2"),
            (Code::InvalidParameter, Some("limit".into()))
        );
        assert_eq!(
            refusal("breaking=yes"),
            (Code::InvalidParameter, Some("breaking".into()))
        );
        assert_eq!(refusal("tag=%00"), (Code::InvalidParameter, Some("tag".into())));
        assert_eq!(refusal("tag=%ff"), (Code::InvalidParameter, Some("tag".into())));
        assert_eq!(refusal("tag=%4"), (Code::InvalidParameter, Some("tag".into())));
    }
}
