//! Lists in pages: walking through one, and what every one of them refuses.

use std::collections::HashSet;

use super::client::Client;

/// The ids of a whole list, page by page. None comes twice.
#[track_caller]
pub fn assert_distinct(ids: &[String]) {
    let distinct: HashSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "an entry came twice: {ids:?}");
}

/// One field of every entry of a list, read page by page; `path` has a query.
pub async fn walk(client: &Client, path: &str, field: &str) -> Vec<String> {
    let (mut all, mut ids, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}{cursor}")).await.expect(200);
        all.extend(page.column(field));
        ids.extend(page.column("id"));
        match page.at("/page/next_cursor").as_str() {
            Some(next) => {
                let link = format!("cursor={next}>; rel=\"next\"");
                assert!(page.header("link").ends_with(&link), "{}", page.header("link"));
                cursor = format!("&cursor={next}");
            }
            None => {
                assert_eq!(page.header("link"), "");
                assert_distinct(&ids);
                return all;
            }
        }
    }
}

/// Limits out of range, unknown parameters, and cursors that were never given out. `other` is another query of the same
/// list, which must have two entries at least.
pub async fn refuses_what_it_does_not_know(client: &Client, path: &str, other: &str) {
    for limit in ["-1", "0", "101", "1e9", "1000000000", "99999999999999999999", "x", ""] {
        let refused = client.get(&format!("{path}?limit={limit}")).await;
        assert_eq!(refused.problem(400, "invalid_parameter"), ["limit"], "{limit}");
    }
    for (query, code, parameter) in [
        ("page=2", "unknown_parameter", "page"),
        ("sort=-name", "invalid_parameter", "sort"),
        ("kind=nothing", "invalid_parameter", "kind"),
        ("with_total=yes", "invalid_parameter", "with_total"),
        ("q=a%00b", "invalid_parameter", "q"),
        ("limit=1&limit=1", "invalid_parameter", "limit"),
    ] {
        let refused = client.get(&format!("{path}?{query}")).await;
        assert_eq!(refused.problem(400, code), [parameter], "{query}");
    }
    let long = "a".repeat(101);
    let refused = client.get(&format!("{path}?q={long}")).await;
    assert_eq!(refused.problem(400, "invalid_parameter"), ["q"]);
    let elsewhere = client.get(&format!("{other}&limit=1")).await.expect(200);
    let foreign = elsewhere.text_at("/page/next_cursor");
    for cursor in ["", "x", "AAAA", "W10", "%00", foreign.as_str(), &foreign[1..]] {
        let refused = client.get(&format!("{path}?cursor={cursor}")).await;
        assert_eq!(refused.status, 400, "{cursor}: {}", refused.text);
    }
    let refused = client.get(&format!("{path}?cursor={foreign}")).await;
    assert_eq!(refused.problem(400, "invalid_cursor"), ["cursor"]);
}
