//! The tree of a body, and the HTML it is written as.

use super::allow::Kind;

/// Attributes in the order in which they are written.
pub(super) type Attributes = Vec<(&'static str, String)>;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) attributes: Attributes,
    pub(super) children: Vec<Node>,
}

impl Element {
    pub(super) fn new(name: &'static str, kind: Kind, attributes: Attributes) -> Self {
        Self {
            name,
            kind,
            attributes,
            children: Vec::new(),
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Takes an attribute out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let place = self.attributes.iter().position(|(known, _)| *known == name)?;
        Some(self.attributes.remove(place).1)
    }

    /// Whether there is nothing in it to see: no word, no picture, no block.
    pub(super) fn is_blank(&self) -> bool {
        self.children.iter().all(|child| match child {
            Node::Text(text) => text.chars().all(char::is_whitespace),
            Node::Element(element) => match element.kind {
                Kind::InlineVoid => element.name != "img",
                Kind::Inline => element.is_blank(),
                _ => false,
            },
        })
    }

    /// 2 to 6 for a heading.
    pub(super) fn heading_level(&self) -> Option<u8> {
        match self.name {
            "h2" => Some(2),
            "h3" => Some(3),
            "h4" => Some(4),
            "h5" => Some(5),
            "h6" => Some(6),
            _ => None,
        }
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// This element or the first inside it, in reading order, that has one of the names.
    pub(super) fn find(&self, names: &[&str]) -> Option<&Self> {
        if names.contains(&self.name) {
            Some(self)
        } else {
            self.elements().find_map(|child| child.find(names))
        }
    }

    /// Visits this element and all inside it, in reading order.
    pub(super) fn visit(&mut self, look: &mut impl FnMut(&mut Self)) {
        look(self);
        for child in &mut self.children {
            if let Node::Element(element) = child {
                element.visit(look);
            }
        }
    }

    pub(super) fn html(&self) -> String {
        let mut html = String::new();
        self.write(&mut html);
        html
    }

    fn write(&self, html: &mut String) {
        html.push('<');
        html.push_str(self.name);
        for (name, value) in &self.attributes {
            html.push(' ');
            html.push_str(name);
            html.push_str("=\"");
            escape(html, value, true);
            html.push('"');
        }
        html.push('>');
        for child in &self.children {
            match child {
                Node::Text(text) => escape(html, text, false),
                Node::Element(element) => element.write(html),
            }
        }
        if !matches!(self.name, "br" | "hr" | "img" | "wbr") {
            html.push_str("</");
            html.push_str(self.name);
            html.push('>');
        }
    }
}

/// The HTML of elements in a row.
pub(super) fn html(elements: &[Element]) -> String {
    let mut html = String::new();
    for element in elements {
        element.write(&mut html);
    }
    html
}

/// Adds text to the end of a list of nodes, to the text that stands there if one does.
pub(super) fn push_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => nodes.push(Node::Text(text.to_owned())),
    }
}

/// Escapes as the HTML standard's serialisation does, so that ammonia hands it back as it is.
fn escape(html: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' if in_attribute => html.push_str("&quot;"),
            '\u{A0}' => html.push_str("&nbsp;"),
            _ => html.push(c),
        }
    }
}
