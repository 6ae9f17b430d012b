//! Under which key an answer is kept: equal questions, however they are written, have one.
//!
//! What is not listed here is kept as it was written: that costs a second entry, and never gives a wrong answer.

use crate::api::extract::decode;

/// Longer questions are answered, but not kept.
const MAX_KEY: usize = 4096;

/// What is known of a route's parameters.
struct Known {
    /// What saying them changes nothing: name and value.
    defaults: &'static [(&'static str, &'static str)],
    /// Lists whose order means nothing.
    sets: &'static [&'static str],
}

const NOTHING: Known = Known {
    defaults: &[],
    sets: &[],
};

/// The key of this question; none when it cannot be read, or is too long to be kept.
pub fn of(path: &str, query: &str) -> Option<String> {
    if path.len() + query.len() > MAX_KEY {
        return None;
    }
    if query.is_empty() {
        return Some(path.to_owned());
    }
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decode(name, pair).ok()?, decode(value, pair).ok()?));
    }
    // Those who name the articles themselves may say nothing else, not even what changes nothing.
    let names_all = |(name, _): &(String, String)| name == "ids" || name == "slugs";
    let known = if pairs.iter().any(names_all) {
        NOTHING
    } else {
        known(path)
    };
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in &pairs {
        let values = match known.sets.contains(&name.as_str()) {
            true => value
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .collect(),
            false => vec![value.as_str()],
        };
        match said.iter_mut().find(|(other, _)| other == name) {
            Some((_, others)) => others.extend(values),
            None => said.push((name, values)),
        }
    }
    said.retain(|(name, values)| {
        !known
            .defaults
            .iter()
            .any(|(other, default)| name == other && *values == [*default])
    });
    said.sort_unstable_by_key(|(name, _)| *name);
    let mut key = path.to_owned();
    for (name, mut values) in said {
        if known.sets.contains(&name) {
            values.sort_unstable();
        }
        // NUL is in no name and no value.
        key.push_str("\0\0");
        key.push_str(name);
        for value in values {
            key.push('\0');
            key.push_str(value);
        }
    }
    Some(key)
}

/// The filters of lists of articles.
const LISTS: &[&str] = &[
    "section",
    "tag",
    "tag_all",
    "author",
    "kicker",
    "language",
    "exclude_ids",
];

fn known(path: &str) -> Known {
    let below = path.strip_prefix("/api/v1/").unwrap_or_default();
    let segments: Vec<&str> = below.split('/').collect();
    match segments.as_slice() {
        ["articles"] => Known {
            defaults: &[("limit", "20"), ("sort", "-published_at"), ("with_total", "false")],
            sets: LISTS,
        },
        ["search"] => Known {
            defaults: &[("limit", "20"), ("with_total", "false")],
            sets: LISTS,
        },
        ["articles", _] => Known {
            defaults: &[],
            sets: &["formats"],
        },
        ["articles", _, "comments"] => Known {
            defaults: &[("limit", "20"), ("sort", "newest"), ("with_total", "false")],
            sets: &[],
        },
        ["articles", _, "comments", _, "replies"] => Known {
            defaults: &[("limit", "20"), ("with_total", "false")],
            sets: &[],
        },
        ["sections"] | ["sections", _] => Known {
            defaults: &[("latest", "0")],
            sets: &[],
        },
        ["tags"] | ["authors"] => Known {
            defaults: &[("limit", "20"), ("sort", "name"), ("with_total", "false")],
            sets: &[],
        },
        ["corrections"] => Known {
            defaults: &[("limit", "20")],
            sets: &[],
        },
        _ => NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "/api/v1/articles";

    fn same(one: &str, other: &str) -> bool {
        of(LIST, one) == of(LIST, other)
    }

    #[test]
    fn equal_questions_have_one_key() {
        for (one, other) in [
            ("", "limit=20"),
            ("", "&&sort=-published_at&with_total=false"),
            ("tag=a,b&limit=5", "limit=5&tag=b&tag=a"),
            ("tag=%61", "tag=a"),
            ("kicker=Top+story", "kicker=Top%20story"),
            ("tag=a,,b", "tag=b,a"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn other_questions_have_other_keys() {
        for (one, other) in [
            ("tag=a", "tag=b"),
            ("tag=a,b", "tag_all=a,b"),
            ("ids=a,b", "ids=b,a"),
            ("slugs=a", "slugs=a&limit=20"),
            ("limit=20&limit=20", "limit=20"),
            ("sort=newest", ""),
            ("tag=", ""),
            ("tag=a&tag=a", "tag=a"),
            ("q=a%00b", "q=a"),
            ("tag=a%26limit=5", "tag=a&limit=5"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
        assert_ne!(of("/api/v1/tags", "sort=name"), of("/api/v1/articles", "sort=name"));
        assert_ne!(of("/api/v1/site", "limit=20"), of("/api/v1/site", ""));
    }

    #[test]
    fn what_cannot_be_read_or_is_long_has_none() {
        assert_eq!(of(LIST, "tag=%zz"), None);
        assert_eq!(of(LIST, &"tag=a&".repeat(1000)), None);
    }
}
