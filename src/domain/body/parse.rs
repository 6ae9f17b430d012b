//! HTML as people write and paste it, read into a well-formed tree of allowed elements.
//!
//! html5ever's tokenizer does the reading; what the tokens build is kept to one shape, so that nothing later has to ask:
//! containers, in them at most one leaf (a paragraph, a heading), in that inline elements. A block ends the leaf before
//! it. Lists and tables get the parts they need. Nesting is bounded: tags beyond the limits leave only their content.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::BodyRules;
use super::allow::{self, Kind};
use super::open::Open;
use super::tree::{Attributes, Element};
use super::values;

/// Reads HTML into blocks. They still hold wrappers and white space that [`super::tidy`] takes out.
pub(super) fn parse(html: &str, rules: &BodyRules) -> Element {
    let reader = Reader {
        rules,
        state: RefCell::new(State {
            open: Open::default(),
            is_raw: false,
        }),
    };
    let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // The tokenizer pauses only for scripts and encodings, which this reader never reports.
    let _never_paused = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.state.into_inner().open.finish()
}

struct Reader<'a> {
    rules: &'a BodyRules,
    state: RefCell<State>,
}

struct State {
    open: Open,
    /// Whether a raw element is open: the tokenizer hands out its text and then its own end tag, nothing else.
    is_raw: bool,
}

impl TokenSink for Reader<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let State { open, is_raw } = &mut *self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) if !*is_raw => open.text(&values::clean(&text)),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                start(open, &tag, self.rules);
                if let Some(kind) = raw_kind(&tag.name) {
                    *is_raw = true;
                    return TokenSinkResult::RawData(kind);
                }
            }
            Token::TagToken(tag) => {
                *is_raw = false;
                end(open, &tag.name);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn start(open: &mut Open, tag: &Tag, rules: &BodyRules) {
    let Some((name, kind)) = allow::element(&tag.name) else {
        return;
    };
    let name = if name == "section" && given(tag, "class") != Some("footnotes") {
        "div"
    } else {
        name
    };
    let attributes = attributes(name, tag, rules);
    match kind {
        Kind::Inline => open.start_inline(name, attributes),
        Kind::InlineVoid if name == "img" && !has(&attributes, "src") => {}
        Kind::InlineVoid => open.inline_void(name, attributes),
        Kind::Void if name == "iframe" && !has(&attributes, "src") => instead_of_embed(open, tag),
        Kind::Void => open.void(name, attributes),
        Kind::Wrapper | Kind::Container | Kind::Structure | Kind::Leaf => open.start_block(name, kind, attributes),
    }
}

fn end(open: &mut Open, name: &str) {
    match allow::element(name) {
        Some((name, Kind::Inline)) => open.end_inline(name),
        Some((name, Kind::Wrapper | Kind::Container | Kind::Structure | Kind::Leaf)) => open.end_block(name),
        _ => {}
    }
}

/// An embed from a host that is not on the list becomes a link to it: the reader still gets there.
fn instead_of_embed(open: &mut Open, tag: &Tag) {
    let Some(url) = given(tag, "src").and_then(values::embed_url) else {
        return;
    };
    let title = values::clean(given(tag, "title").unwrap_or_default());
    let text = if title.trim().is_empty() {
        url.as_str()
    } else {
        title.trim()
    };
    let link = vec![("href", url.to_string()), ("rel", "noopener".to_owned())];
    open.start_block("p", Kind::Leaf, Vec::new());
    open.start_inline("a", link);
    open.text(text);
    open.end_block("p");
}

fn attributes(name: &'static str, tag: &Tag, rules: &BodyRules) -> Attributes {
    let names = allow::attributes(name).iter().chain(&allow::EVERYWHERE);
    let mut attributes: Attributes = names
        .filter_map(|attribute| {
            Some((
                *attribute,
                values::attribute(name, attribute, given(tag, attribute), rules)?,
            ))
        })
        .collect();
    let external = attributes
        .iter()
        .any(|(name, value)| *name == "href" && values::is_external(value));
    if name == "a" && external {
        match attributes.iter_mut().find(|(name, _)| *name == "rel") {
            Some((_, rel)) if rel.split(' ').any(|word| word == "noopener") => {}
            Some((_, rel)) => rel.push_str(" noopener"),
            None => {
                let place = attributes.iter().position(|(name, _)| allow::EVERYWHERE.contains(name));
                attributes.insert(place.unwrap_or(attributes.len()), ("rel", "noopener".to_owned()));
            }
        }
    }
    attributes
}

fn given<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs
        .iter()
        .find(|attribute| *attribute.name.local == *name)
        .map(|attribute| &*attribute.value)
}

fn has(attributes: &Attributes, name: &str) -> bool {
    attributes.iter().any(|(known, _)| *known == name)
}

/// How the tokenizer must read the content of an element that holds no markup.
fn raw_kind(name: &str) -> Option<RawKind> {
    allow::RAW.contains(&name).then_some(match name {
        "textarea" | "title" => RawKind::Rcdata,
        "script" => RawKind::ScriptData,
        _ => RawKind::Rawtext,
    })
}
