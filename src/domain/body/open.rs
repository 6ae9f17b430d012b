//! The elements that are open while a body is read, and the rules by which they open and close each other.

use super::allow::{self, Kind};
use super::tree::{Attributes, Element, Node, push_text};

/// Containers nest this deep at most; what stands deeper stays in the last of them.
const MAX_BLOCKS: usize = 48;
/// Inline elements nest up to this depth, counted from the body.
const MAX_DEPTH: usize = 64;

pub(super) struct Open {
    body: Element,
    elements: Vec<Element>,
    /// Start tags that opened nothing, with the depth they stood at: their end tags must close nothing.
    skipped: Vec<(usize, &'static str)>,
    /// A link that a block interrupted before it had any content: it moves into the block.
    link: Option<Attributes>,
}

impl Default for Open {
    fn default() -> Self {
        let body = Element::new("", Kind::Wrapper, Vec::new());
        Self {
            body,
            elements: Vec::new(),
            skipped: Vec::new(),
            link: None,
        }
    }
}

impl Open {
    /// Closes everything.
    pub(super) fn finish(mut self) -> Element {
        self.close_to(0);
        self.body
    }

    pub(super) fn text(&mut self, text: &str) {
        if text.chars().all(char::is_whitespace) {
            if !self.takes_blocks_only() {
                push_text(&mut self.top().children, text);
            }
        } else {
            self.before_inline();
            push_text(&mut self.top().children, text);
        }
    }

    pub(super) fn start_inline(&mut self, name: &'static str, attributes: Attributes) {
        match name {
            "a" => {
                self.link = None;
                self.close_inline_from("a");
            }
            "rt" | "rp" => {
                self.close_inline_from("rt");
                self.close_inline_from("rp");
            }
            _ => {}
        }
        let pointless = match name {
            "a" => attributes.iter().all(|(name, _)| *name != "href"),
            "span" => attributes.is_empty(),
            "rt" | "rp" => self.elements.last().is_none_or(|top| top.name != "ruby"),
            _ => false,
        };
        if !pointless {
            self.before_inline();
        }
        if pointless || self.elements.len() >= MAX_DEPTH {
            self.skipped.push((self.elements.len(), name));
        } else {
            self.elements.push(Element::new(name, Kind::Inline, attributes));
        }
    }

    pub(super) fn end_inline(&mut self, name: &'static str) {
        if self
            .skipped
            .pop_if(|skipped| *skipped == (self.elements.len(), name))
            .is_some()
        {
            return;
        }
        if name == "a" {
            self.link = None;
        }
        self.close_inline_from(name);
    }

    pub(super) fn inline_void(&mut self, name: &'static str, attributes: Attributes) {
        if name == "img" {
            self.before_inline();
        }
        if !self.takes_blocks_only() {
            self.top()
                .children
                .push(Node::Element(Element::new(name, Kind::InlineVoid, attributes)));
        }
    }

    /// A block without content.
    pub(super) fn void(&mut self, name: &'static str, attributes: Attributes) {
        self.close_leaf();
        self.fill(name);
        self.top()
            .children
            .push(Node::Element(Element::new(name, Kind::Void, attributes)));
    }

    pub(super) fn start_block(&mut self, name: &'static str, kind: Kind, attributes: Attributes) {
        if self.is_only_a_gap(name, kind) {
            self.skipped.push((self.block_depth(), name));
            let gap = if self.leaf() == Some("pre") { "\n" } else { " " };
            push_text(&mut self.top().children, gap);
            return;
        }
        self.close_leaf();
        if !self.go_home(name) {
            self.gap();
            return;
        }
        self.fill(name);
        if self.has_room(name, kind) {
            self.elements.push(Element::new(name, kind, attributes));
        } else {
            self.skipped.push((self.elements.len(), name));
            self.gap();
        }
    }

    pub(super) fn end_block(&mut self, name: &'static str) {
        if self
            .skipped
            .pop_if(|(_, skipped)| is_closed_by(skipped, name))
            .is_some()
        {
            if self.leaf().is_none_or(|leaf| leaf == "p") {
                self.gap();
            }
            return;
        }
        let crosses_cells = matches!(
            name,
            "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption"
        );
        let open = self.elements.iter().rposition(|element| {
            is_closed_by(element.name, name) || !crosses_cells && matches!(element.name, "td" | "th" | "caption")
        });
        match open.and_then(|place| Some((place, self.elements.get(place)?.name))) {
            Some((place, found)) if is_closed_by(found, name) => {
                self.link = None;
                self.close_to(place);
            }
            _ => self.gap(),
        }
    }

    fn top(&mut self) -> &mut Element {
        self.elements.last_mut().unwrap_or(&mut self.body)
    }

    fn takes_blocks_only(&self) -> bool {
        let top = self.elements.last().unwrap_or(&self.body);
        matches!(top.kind, Kind::Structure | Kind::Wrapper)
    }

    /// How many of the open elements are no inline elements.
    fn block_depth(&self) -> usize {
        self.elements
            .iter()
            .rposition(|element| element.kind != Kind::Inline)
            .map_or(0, |place| place + 1)
    }

    /// The paragraph or heading being written.
    fn leaf(&self) -> Option<&'static str> {
        let block = self.elements.get(self.block_depth().checked_sub(1)?)?;
        (block.kind == Kind::Leaf).then_some(block.name)
    }

    /// Paragraphs and wrappers inside a heading part its words and nothing else, as headings do inside a summary.
    fn is_only_a_gap(&self, name: &str, kind: Kind) -> bool {
        let is_heading = |name: &str| matches!(name, "h2" | "h3" | "h4" | "h5" | "h6");
        self.leaf().is_some_and(|leaf| {
            leaf != "p" && (kind == Kind::Wrapper || name == "p" || is_heading(name) && !is_heading(leaf))
        })
    }

    /// Closes what stands between a part of a list or table and its home; false when it has none.
    fn go_home(&mut self, name: &str) -> bool {
        let homes = allow::homes(name);
        if homes.is_empty() {
            return true;
        }
        // Cells find their row through anything; list items and captions do not reach out of other blocks.
        let is_cell = homes.contains(&"table");
        let place = self.elements.iter().rposition(|element| {
            homes.contains(&element.name)
                || !is_cell && !matches!(element.name, "li" | "dt" | "dd" | "div" | "figcaption")
        });
        match place {
            Some(place)
                if self
                    .elements
                    .get(place)
                    .is_some_and(|element| homes.contains(&element.name)) =>
            {
                self.close_to(place + 1);
                true
            }
            _ => false,
        }
    }

    /// Opens the parts that must stand between the top and what comes next.
    fn fill(&mut self, child: &str) {
        while let Some((name, kind)) =
            allow::between(self.elements.last().map_or("", |top| top.name), child).and_then(allow::element)
        {
            self.elements.push(Element::new(name, kind, Vec::new()));
        }
    }

    /// Whether a block may open here. Lists and tables need room for their parts, which never fail then.
    fn has_room(&self, name: &str, kind: Kind) -> bool {
        let needed = match name {
            "table" => 4,
            "ul" | "ol" | "dl" => 2,
            _ => 1,
        };
        kind == Kind::Leaf || !allow::homes(name).is_empty() || self.elements.len() + needed <= MAX_BLOCKS
    }

    fn before_inline(&mut self) {
        self.fill("#text");
        if let Some(attributes) = self.link.take()
            && self.elements.len() < MAX_DEPTH
        {
            self.elements.push(Element::new("a", Kind::Inline, attributes));
        }
    }

    /// Ends the line, and keeps words apart where lines are not paragraphs.
    fn gap(&mut self) {
        self.close_leaf();
        if !self.takes_blocks_only() {
            push_text(&mut self.top().children, " ");
        }
    }

    /// Ends the paragraph or heading being written; a link without content yet waits for the next.
    fn close_leaf(&mut self) {
        if let Some(place) = self.elements.iter().position(|element| element.name == "a") {
            self.close_to(place + 1);
            if self.elements.last().is_some_and(Element::is_blank) {
                self.link = self.elements.pop().map(|link| link.attributes);
            }
        }
        self.close_to(if self.leaf().is_some() {
            self.block_depth() - 1
        } else {
            self.block_depth()
        });
    }

    fn close_inline_from(&mut self, name: &str) {
        let depth = self.block_depth();
        if let Some(place) = self
            .elements
            .iter()
            .skip(depth)
            .rposition(|element| element.name == name)
        {
            self.close_to(depth + place);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.elements.len() > depth
            && let Some(element) = self.elements.pop()
        {
            self.top().children.push(Node::Element(element));
        }
        while self.skipped.pop_if(|(at, _)| *at > self.elements.len()).is_some() {}
    }
}

/// Any heading's end tag closes a heading, and any wrapper's a wrapper.
fn is_closed_by(open: &str, end: &str) -> bool {
    let class = |name: &str| match name {
        "h2" | "h3" | "h4" | "h5" | "h6" => 1,
        "div" | "section" => 2,
        _ => 0,
    };
    open == end || class(open) != 0 && class(open) == class(end)
}
