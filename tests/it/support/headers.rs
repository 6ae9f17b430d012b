//! What the headers of every answer must say, whoever asked for what.

use reqwest::Method;

use super::client::Answer;

/// Panics when they do not.
#[track_caller]
pub fn check(method: &Method, path: &str, origin: Option<&str>, answer: &Answer) {
    let what = format!("{method} {path} {}", answer.status);
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(
        answer.header("referrer-policy"),
        "strict-origin-when-cross-origin",
        "{what}"
    );
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
    assert_eq!(answer.headers.get_all("cache-control").iter().count(), 1, "{what}");
    let (cache, vary) = (answer.header("cache-control"), answer.header("vary").to_lowercase());
    let allowed = answer.header("access-control-allow-origin");
    match path
        .strip_prefix("/api/v1/")
        .map(|rest| rest.split('/').next().unwrap_or_default())
    {
        Some("desk" | "auth") => {
            assert_eq!(cache, "private, no-store", "{what}");
            assert_ne!(allowed, "*", "{what}");
            // A page of another origin is named only if that page asked, and whoever keeps the answer is told.
            assert!(
                allowed.is_empty() || origin == Some(allowed.as_str()),
                "{what}: {allowed}"
            );
            assert!(allowed.is_empty() || vary.contains("origin"), "{what}: {vary}");
        }
        // What only the holder of a token may read.
        Some("previews") => assert!(
            cache.contains("no-store") && !cache.contains("public"),
            "{what}: {cache}"
        ),
        Some(_) => {
            let is_read = matches!(*method, Method::GET | Method::HEAD);
            // A decision is for the author of the comment alone.
            let is_read = is_read && !(path.ends_with("/decision") && answer.status == 200);
            let kept = is_read && matches!(answer.status, 200 | 301 | 304 | 404 | 410);
            if kept {
                assert!(cache.starts_with("public, max-age=0, s-maxage="), "{what}: {cache}");
                assert!(
                    vary.contains("accept-encoding") && !vary.contains("origin"),
                    "{what}: {vary}"
                );
            } else if *method != Method::OPTIONS {
                assert!(cache.ends_with("no-store"), "{what}: {cache}");
            }
            assert_eq!(allowed, "*", "{what}");
            assert!(answer.header("access-control-allow-credentials").is_empty(), "{what}");
        }
        None => {
            assert!(!cache.is_empty() && !cache.contains("s-maxage"), "{what}: {cache}");
            assert_eq!(allowed, "", "{what}");
        }
    }
    assert!(answer.headers.get("set-cookie").is_none(), "{what}");
}
