//! The last touch on a tree: wrappers dissolve, white space and empty elements go, pictures become figures, headings and
//! footnotes get their anchors. Nothing here deepens the tree, and doing it twice changes nothing more.

use std::collections::{HashMap, HashSet};

use super::allow::{EVERYWHERE, Kind};
use super::text::plain_text;
use super::tree::{Element, Node, push_text};
use crate::domain::slug::{self, Slug};

/// The finished blocks of a body.
pub(super) fn tidy(body: Element) -> Vec<Element> {
    let mut nodes = Vec::new();
    for child in body.children {
        tidy_into(&mut nodes, child);
    }
    let mut blocks: Vec<Element> = nodes
        .into_iter()
        .filter_map(|node| match node {
            Node::Element(element) => Some(as_figure(element)),
            Node::Text(_) => None,
        })
        .collect();
    let mut anchors = keep_footnotes(&mut blocks);
    for block in &mut blocks {
        block.visit(&mut |element| {
            if element.heading_level().is_some() {
                let anchor = anchors.for_heading(&plain_text(element));
                element.attributes.retain(|(name, _)| *name != "id");
                element.attributes.insert(0, ("id", anchor));
            }
        });
    }
    blocks
}

fn tidy_into(nodes: &mut Vec<Node>, node: Node) {
    let mut element = match node {
        Node::Text(text) => return push_text(nodes, &text),
        Node::Element(element) => element,
    };
    for child in std::mem::take(&mut element.children) {
        tidy_into(&mut element.children, child);
    }
    match element.kind {
        Kind::Wrapper if element.name == "div" => dissolve(nodes, element),
        Kind::Inline => match element.children.as_slice() {
            [] => {}
            [Node::Text(text)] if text.chars().all(char::is_whitespace) => push_text(nodes, text),
            _ => nodes.push(Node::Element(element)),
        },
        Kind::Leaf | Kind::Container | Kind::Structure | Kind::Wrapper => {
            if element.name == "pre" {
                trim_code(&mut element.children);
            } else {
                trim(&mut element.children);
            }
            // An empty cell still holds its place in the row.
            if matches!(element.name, "td" | "th") || !element.is_blank() {
                nodes.push(Node::Element(element));
            }
        }
        Kind::Void | Kind::InlineVoid => nodes.push(Node::Element(element)),
    }
}

/// Puts what stands in a wrapper in its place. What the wrapper said of language and direction, its blocks say now.
fn dissolve(nodes: &mut Vec<Node>, mut wrapper: Element) {
    let inherited = EVERYWHERE.map(|name| (name, wrapper.take(name)));
    for child in wrapper.children {
        let Node::Element(mut block) = child else { continue };
        for (name, value) in &inherited {
            let own = block.take(name);
            if let Some(value) = own.as_ref().or(value.as_ref()) {
                block.attributes.push((name, value.clone()));
            }
        }
        nodes.push(Node::Element(block));
    }
}

/// Takes away white space at the ends and beside blocks, where it means nothing.
fn trim(nodes: &mut Vec<Node>) {
    let is_edge: Vec<bool> = nodes
        .iter()
        .map(|node| matches!(node, Node::Element(element) if !matches!(element.kind, Kind::Inline | Kind::InlineVoid)))
        .collect();
    for (place, node) in nodes.iter_mut().enumerate() {
        let Node::Text(text) = node else { continue };
        let before = place
            .checked_sub(1)
            .and_then(|before| is_edge.get(before))
            .copied()
            .unwrap_or(true);
        let after = is_edge.get(place + 1).copied().unwrap_or(true);
        if after {
            text.truncate(text.trim_end().len());
        }
        if before {
            *text = text.trim_start().to_owned();
        }
    }
    nodes.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
}

/// Code keeps its indentation. A line break at its start is not shown by browsers, and lost on the way through parsers.
fn trim_code(nodes: &mut Vec<Node>) {
    if let Some(Node::Text(first)) = nodes.first_mut() {
        *first = first.trim_start_matches('\n').to_owned();
    }
    if let Some(Node::Text(last)) = nodes.last_mut() {
        last.truncate(last.trim_end().len());
    }
    nodes.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
}

/// A paragraph of one picture, linked or not, is a figure; the picture's title is its caption.
fn as_figure(mut block: Element) -> Element {
    let picture = match block.children.as_mut_slice() {
        [Node::Element(only)] if block.name == "p" => match only.children.as_mut_slice() {
            [] if only.name == "img" => only,
            [Node::Element(image)] if only.name == "a" && image.name == "img" => image,
            _ => return block,
        },
        _ => return block,
    };
    let title = picture.take("title");
    block.name = "figure";
    block.kind = Kind::Container;
    if let Some(title) = title {
        let mut caption = Element::new("figcaption", Kind::Container, Vec::new());
        push_text(&mut caption.children, &title);
        block.children.push(Node::Element(caption));
    }
    block
}

/// Keeps each footnote anchor where it is met first, so that links lead to one place.
fn keep_footnotes(blocks: &mut [Element]) -> Anchors {
    let mut anchors = Anchors::default();
    for block in blocks {
        block.visit(&mut |element| {
            if matches!(element.name, "a" | "li")
                && let Some(id) = element.attribute("id")
                && !anchors.taken.insert(id.to_owned())
            {
                element.attributes.retain(|(name, _)| *name != "id");
            }
        });
    }
    anchors
}

/// The anchors of one body.
#[derive(Default)]
struct Anchors {
    taken: HashSet<String>,
    /// The last number given to headings of the same words.
    numbers: HashMap<String, u32>,
}

impl Anchors {
    fn for_heading(&mut self, text: &str) -> String {
        // A heading of signs alone is still a part that can be linked to.
        let words = Slug::from_title(text).map_or_else(|| "part".to_owned(), String::from);
        let mut anchor = words.clone();
        while self.taken.contains(&anchor) {
            let number = self.numbers.entry(words.clone()).or_insert(1);
            *number += 1;
            anchor = slug::numbered(&words, *number);
        }
        self.taken.insert(anchor.clone());
        anchor
    }
}
