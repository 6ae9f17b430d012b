//! Bodies that nobody would write in good faith: safe, bounded, and stable all the same.

use proptest::prelude::*;

use super::*;

/// What must hold for every body, whatever it was made from.
fn check(body: &Body) {
    let rules = BodyRules::default();
    assert_eq!(gate::sanitise(&body.html, &rules), body.html, "ammonia would change it");
    assert_eq!(
        render(&body.html, BodyFormat::Html, &rules),
        *body,
        "rendering again changes it"
    );
    assert_eq!(
        body.parts.iter().map(|part| part.html.as_str()).collect::<String>(),
        body.html
    );
    assert_eq!(
        body.outline.len(),
        body.parts.iter().filter(|part| part.anchor.is_some()).count()
    );

    // Angle brackets and quotes are escaped in text and values, so each `<` begins a tag and each `="` a value.
    let mut ids = std::collections::HashSet::new();
    for tag in body.html.split('<').skip(1).filter_map(|from| from.split('>').next()) {
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(
            !matches!(
                name,
                "script"
                    | "style"
                    | "object"
                    | "embed"
                    | "form"
                    | "input"
                    | "svg"
                    | "math"
                    | "base"
                    | "meta"
                    | "h1"
                    | "div"
            ),
            "{tag}"
        );
        for attribute in tag.split("\" ").filter_map(|pair| pair.rsplit_once("=\"")) {
            let (name, value) = (
                attribute.0.rsplit(' ').next().unwrap_or_default(),
                attribute.1.trim_end_matches('"'),
            );
            assert!(!name.starts_with("on") && name != "style" && name != "srcdoc", "{tag}");
            if name == "id" {
                assert!(ids.insert(value.to_owned()), "two of {value}");
            }
            if matches!(name, "href" | "src") {
                let scheme = value.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
                let scheme =
                    scheme.filter(|scheme| scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)));
                let known = ["http", "https", "mailto", "tel"];
                assert!(scheme.is_none_or(|scheme| known.contains(&scheme.as_str())), "{tag}");
            }
        }
    }
}

/// Pieces of markup, parted by `¦`.
const TAGS: &str = concat!(
    "a¦a href='/x'¦a href='https://e.example/'¦a href='javascript:x'¦a id=fnref-1 href='#fn-1'¦b¦i¦code¦",
    "span¦span lang=en¦sup¦ruby¦rt¦rp¦q¦p¦p dir=rtl¦div¦div lang=ar¦section¦section class=footnotes¦",
    "article¦h1¦h2¦h6 id=x¦pre¦blockquote¦ul¦ol¦li¦li id=fn-1¦dl¦dt¦dd¦table¦caption¦thead¦tbody¦tr¦td¦",
    "th¦figure¦figcaption¦details¦summary¦aside¦br¦hr¦wbr¦img src='https://e.example/a' alt=b title=c¦",
    "img src=x onerror=y¦iframe src='https://www.youtube.com/x'¦iframe src='https://e.example/x'¦script¦",
    "style¦svg¦math¦mtext¦foreignObject¦template¦select¦option¦button¦form¦textarea¦title¦noscript¦",
    "object¦marquee¦plaintext¦frameset¦body¦nobr¦font¦input¦annotation-xml",
);
const TEXTS: &str = "x¦ ¦\n¦&nbsp;¦&lt;script>¦a b¦&#13;¦&#0;¦&#x202e;¦é¦字¦\"¦'¦=¦<!--¦-->¦<![CDATA[¦]]>¦<¦>";
const MARKS: &str = concat!(
    "*¦**¦_¦`¦```\n¦~~¦[¦]¦(¦)¦![¦](https://e.example/)¦](javascript:x)¦[^1]¦\n[^1]: ¦> ¦- ¦1. ¦# ¦\n¦",
    "\n\n¦    ¦|¦|-|-|\n¦<b>¦</div>¦<script>¦<¦>¦&amp;¦\\¦https://e.example¦a@e.example¦x¦字¦\t¦---¦===¦",
    "\0¦<!--¦\u{feff}¦<a b=",
);

fn one_of(pieces: &'static str) -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(pieces.split('¦').collect::<Vec<_>>())
}

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => one_of(TAGS).prop_map(|tag| format!("<{tag}>")),
        3 => one_of(TAGS).prop_map(|tag| format!("</{}>", tag.split(' ').next().unwrap_or_default())),
        3 => one_of(TEXTS).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn marks() -> impl Strategy<Value = String> {
    prop::collection::vec(one_of(MARKS), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn tag_soup_is_made_safe_and_stable(source in soup()) {
        check(&render(&source, BodyFormat::Html, &BodyRules::default()));
    }

    #[test]
    fn markdown_soup_is_made_safe_and_stable(source in marks()) {
        check(&render(&source, BodyFormat::Markdown, &BodyRules::default()));
    }

    #[test]
    fn any_text_is_made_safe_and_stable(source in "(?s).{0,200}") {
        check(&render(&source, BodyFormat::Html, &BodyRules::default()));
        check(&render(&source, BodyFormat::Markdown, &BodyRules::default()));
    }
}

#[test]
fn attacks_from_the_books_leave_nothing_behind() {
    for source in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)//",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg><iframe><a title=\"</iframe><img src onerror=alert(1)>\">test",
        "<a href=\"&#x6A;avascript:alert(1)\">x</a><a href=\"\u{1}javascript:alert(1)\">y</a>",
        "<iframe src=\"https://www.youtube.com/\" srcdoc=\"<script>alert(1)</script>\" onload=\"alert(1)\"></iframe>",
        "<base href=//e.example><meta http-equiv=refresh content=0><link rel=stylesheet href=//e.example>",
        "<p style=\"background:url(javascript:alert(1))\" class=x data-x=1>x</p>",
    ] {
        check(&render(source, BodyFormat::Html, &BodyRules::default()));
        check(&render(source, BodyFormat::Markdown, &BodyRules::default()));
    }
}

#[test]
fn deep_nesting_is_flattened_and_keeps_its_text() {
    let deep = |open: &str, close: &str, depth: usize| {
        let source = format!("{}core{}", open.repeat(depth), close.repeat(depth));
        let body = render(&source, BodyFormat::Html, &BodyRules::default());
        assert_eq!(body.text, "core", "{open}");
        check(&body);
    };
    deep("<div>", "</div>", 100_000);
    for (open, close) in [
        ("<blockquote>", "</blockquote>"),
        ("<b>", "</b>"),
        ("<ul><li>", "</li></ul>"),
        ("<table><tr><td>", "</table>"),
        ("<span lang=en>", "</span>"),
        ("<b title=x>", ""),
        ("<details>", ""),
        ("<dl>", ""),
    ] {
        deep(open, close, 1_000);
    }
    for (mark, times) in [
        (">", 100_000),
        ("[", 100_000),
        ("> ", 10_000),
        ("- ", 10_000),
        ("1. ", 10_000),
        ("*", 10_000),
        ("**a ", 10_000),
        ("![", 10_000),
        ("[a](", 10_000),
        ("<b>", 10_000),
    ] {
        let body = markdown(&format!("{}core", mark.repeat(times)));
        assert!(body.text.ends_with("core"), "{mark}");
        let mut depth = 0_i32;
        for tag in body.html.split('<').skip(1) {
            depth += if tag.starts_with('/') { -1 } else { 1 };
            assert!(depth <= 64, "{mark}");
        }
    }
}

#[test]
fn siblings_after_deep_nesting_stay_apart() {
    let source = format!(
        "{}<p>one</p><p>two</p>{}<p>three</p>",
        "<blockquote>".repeat(100),
        "</blockquote>".repeat(100)
    );
    assert_eq!(
        render(&source, BodyFormat::Html, &BodyRules::default()).text,
        "one\n\ntwo\n\nthree"
    );
}

#[test]
fn long_bodies_take_time_in_proportion() {
    let rules = BodyRules::default();
    let repeated = |part: &str, length: usize| render(&part.repeat(length / part.len()), BodyFormat::Html, &rules);
    assert_eq!(repeated("&amp; ", 300_000).text.len(), 99_999);
    assert_eq!(repeated("° ", 300_000).word_count, 0);
    assert_eq!(repeated("x ", 300_000).word_count, 150_000);
    for part in [
        "<p>x",
        "<b a=1>",
        "<table><tr></tr>x",
        "<a href=/x>",
        "</p>",
        "<td>",
        "<!--",
        "<a <",
        "<div lang=en><p>x",
        "<li>x",
        "<h2>a</h2>",
        "<img src=https://e.example>",
    ] {
        let body = repeated(part, 20_000);
        assert!(body.html.len() < 200_000, "{part}: {}", body.html.len());
    }
    let attributes: String = (0..100_000).map(|n| format!(" a{n}")).collect();
    let body = render(&format!("<p{attributes}>x"), BodyFormat::Html, &rules);
    assert!(body.html.starts_with("<p>&lt;p a0 a1"), "shown as typed");
    let title = "&".repeat(500_000);
    assert!(
        render(&format!("<abbr title=\"{title}\">x</abbr>"), BodyFormat::Html, &rules)
            .html
            .len()
            < 6_000
    );
}

#[test]
fn markdown_that_explodes_is_shown_as_it_was_typed() {
    let wide = format!("{}\n{}\n{}", "|a".repeat(2000), "|-".repeat(2000), "|a\n".repeat(2000));
    let noted = format!("{}\n\n[^1]: x", "[^1]".repeat(50_000));
    for source in [wide, noted] {
        let body = markdown(&source);
        assert!(
            !body.html.contains("<table") && !body.html.contains("<section"),
            "{}",
            body.html.len()
        );
        assert!(body.html.len() < 8 * source.len());
    }
}
