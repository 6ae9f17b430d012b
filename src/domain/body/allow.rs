//! The one list of what a body may hold: elements and their attributes. What those may say stands in `values`.
//!
//! The parser reads it to build the tree, ammonia is configured from it to let the tree pass. Nothing is allowed twice.

/// How an element behaves in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `div` and its kin: dissolved in the end, but what stands in one is a paragraph of its own.
    Wrapper,
    /// Holds blocks or inline content.
    Container,
    /// Lists and tables: holds its own parts only.
    Structure,
    /// A block of inline content.
    Leaf,
    /// A block without content: `hr`, `iframe`.
    Void,
    /// Part of a line.
    Inline,
    /// Part of a line without content: `br`, `img`, `wbr`.
    InlineVoid,
}

/// Every element that may leave the house, for ammonia.
pub(super) const ELEMENTS: [&str; 61] = [
    "a",
    "abbr",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements whose content ammonia drops, should one ever come so far.
pub(super) const DROPPED: [&str; 5] = ["noscript", "script", "style", "textarea", "title"];

/// Elements in which tokenizers find no markup, only text that is none of the body's.
pub(super) const RAW: [&str; 9] = [
    "iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp",
];

/// Attributes of every element; they come last.
pub(super) const EVERYWHERE: [&str; 2] = ["lang", "dir"];

/// The name under which an element of the source is known here, and how it behaves. Unknown tags leave their content behind.
pub(super) fn element(name: &str) -> Option<(&'static str, Kind)> {
    let kind = match name {
        "blockquote" | "li" | "dt" | "dd" | "td" | "th" | "caption" | "figure" | "figcaption" | "aside" | "details" => {
            Kind::Container
        }
        "ul" | "ol" | "dl" | "table" | "thead" | "tbody" | "tfoot" | "tr" => Kind::Structure,
        "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "summary" => Kind::Leaf,
        "hr" | "iframe" => Kind::Void,
        "br" | "img" | "wbr" => Kind::InlineVoid,
        "section" => Kind::Wrapper,
        // The title of the page is its h1; a body begins one level below.
        "h1" => return Some(("h2", Kind::Leaf)),
        "menu" => return Some(("ul", Kind::Structure)),
        "strike" => return Some(("s", Kind::Inline)),
        "tt" => return Some(("code", Kind::Inline)),
        "acronym" => return Some(("abbr", Kind::Inline)),
        "address" | "article" | "body" | "center" | "dialog" | "div" | "fieldset" | "footer" | "form" | "header"
        | "hgroup" | "legend" | "main" | "nav" | "option" | "search" => return Some(("div", Kind::Wrapper)),
        _ => Kind::Inline,
    };
    ELEMENTS
        .iter()
        .find(|known| **known == name)
        .map(|known| (*known, kind))
}

/// Where an element belongs; outside of these it is no more than a gap between paragraphs.
pub(super) fn homes(name: &str) -> &'static [&'static str] {
    match name {
        "li" => &["ul", "ol"],
        "dt" | "dd" => &["dl"],
        "caption" | "thead" | "tbody" | "tfoot" => &["table"],
        "tr" => &["tbody", "thead", "tfoot", "table"],
        "td" | "th" => &["tr", "tbody", "thead", "tfoot", "table"],
        "figcaption" => &["figure"],
        "summary" => &["details"],
        _ => &[],
    }
}

/// The element that must stand between a parent and what is about to be put in it (`#text` is anything inline).
pub(super) fn between(parent: &str, child: &str) -> Option<&'static str> {
    match (parent, child) {
        ("ul" | "ol", "li") | ("dl", "dt" | "dd") | ("table", "caption" | "thead" | "tbody" | "tfoot") => None,
        ("thead" | "tbody" | "tfoot", "tr") | ("tr", "td" | "th") => None,
        ("ul" | "ol", _) => Some("li"),
        ("dl", _) => Some("dd"),
        ("table", _) => Some("tbody"),
        ("thead" | "tbody" | "tfoot", _) => Some("tr"),
        ("tr", _) => Some("td"),
        ("" | "div" | "section", "#text") => Some("p"),
        _ => None,
    }
}

/// The attributes of an element, in the order in which they are written.
pub(super) fn attributes(name: &str) -> &'static [&'static str] {
    match name {
        "a" => &["id", "class", "href", "hreflang", "title", "aria-label", "rel"],
        "abbr" | "dfn" => &["title"],
        "blockquote" | "q" => &["cite"],
        "code" | "section" | "sup" => &["class"],
        "del" | "ins" => &["cite", "datetime"],
        "details" => &["open"],
        "h2" | "h3" | "h4" | "h5" | "h6" | "li" => &["id"],
        "iframe" => &[
            "src",
            "title",
            "width",
            "height",
            "loading",
            "referrerpolicy",
            "allowfullscreen",
        ],
        "img" => &["src", "alt", "title", "width", "height", "loading"],
        "ol" => &["start"],
        "td" => &["colspan", "rowspan", "align"],
        "th" => &["colspan", "rowspan", "scope", "align"],
        "time" => &["datetime"],
        _ => &[],
    }
}
