//! The blocks of a body as clients get them: a union told apart by `type`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text::plain_text;
use super::tree::Element;
use super::values;

/// Declares the variants of [`Block`]: for each a struct with the fields that all share, and the enum of its one `type`.
macro_rules! blocks {
    ($($(#[$doc:meta])* $variant:ident($name:ident, $type:ident = $text:tt) { $($(#[$field_meta:meta])* $field:ident: $field_type:ty),* })+) => {
        /// One top-level element of a body. A client that does not know a `type` shows `html`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(untagged)]
        #[schema(discriminator(property_name = "type", mapping(
            $(($text = concat!("#/components/schemas/", stringify!($name)))),+
        )))]
        pub enum Block {
            $($variant($name),)+
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
            pub struct $name {
                /// `b1`, `b2` and so on, by place in the body.
                pub id: String,
                pub r#type: $type,
                /// The anchor of the part it stands in; `null` in the lead.
                #[schema(required)]
                pub part: Option<String>,
                /// The whole block, ready to show.
                pub html: String,
                $($(#[$field_meta])* pub $field: $field_type,)*
            }

            #[doc = concat!("Always `", $text, "`.")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
            pub enum $type {
                #[serde(rename = $text)]
                $variant,
            }
        )+
    };
}

blocks! {
    /// A paragraph.
    Paragraph(ParagraphBlock, ParagraphBlockType = "paragraph") {}

    /// A heading; it begins a part.
    Heading(HeadingBlock, HeadingBlockType = "heading") {
        /// 2 to 6; the title of the article is level 1.
        #[schema(minimum = 2, maximum = 6)]
        level: u8,
        text: String,
        /// The `id` of the heading, for links to it.
        anchor: String
    }

    /// A list.
    List(ListBlock, ListBlockType = "list") {
        /// Whether its items are numbered.
        ordered: bool
    }

    /// A quotation set off from the text.
    Quote(QuoteBlock, QuoteBlockType = "quote") {}

    /// Preformatted text, mostly code.
    Code(CodeBlock, CodeBlockType = "code") {
        /// The language it was marked with.
        #[schema(required)]
        language: Option<String>
    }

    /// A table.
    Table(TableBlock, TableBlockType = "table") {}

    /// A picture.
    Figure(FigureBlock, FigureBlockType = "figure") {
        /// The address of the picture.
        #[schema(format = "uri")]
        url: String,
        /// What the picture shows, for those who cannot see it; empty when it only decorates.
        alt: String,
        #[schema(required)]
        caption: Option<String>
    }

    /// A frame with content of another site.
    Embed(EmbedBlock, EmbedBlockType = "embed") {
        /// The address of the frame.
        #[schema(format = "uri")]
        url: String,
        /// The host in that address, to choose a player or ask for consent.
        host: String
    }

    /// A line between two stretches of text.
    Divider(DividerBlock, DividerBlockType = "divider") {}

    /// Anything else.
    Html(HtmlBlock, HtmlBlockType = "html") {}
}

impl Block {
    pub(super) fn new(place: usize, part: Option<String>, element: &Element) -> Self {
        let id = format!("b{place}");
        let html = element.html();
        if let Some(level) = element.heading_level() {
            let anchor = element.attribute("id").unwrap_or_default().to_owned();
            return Self::Heading(HeadingBlock {
                id,
                r#type: HeadingBlockType::Heading,
                part,
                html,
                level,
                text: plain_text(element),
                anchor,
            });
        }
        // A figure is what it shows.
        let shown = match element.name {
            "figure" => element
                .find(&["img", "iframe", "table", "blockquote", "pre"])
                .unwrap_or(element),
            _ => element,
        };
        match shown.name {
            "p" => Self::Paragraph(ParagraphBlock {
                id,
                r#type: ParagraphBlockType::Paragraph,
                part,
                html,
            }),
            "ul" | "ol" => Self::List(ListBlock {
                id,
                r#type: ListBlockType::List,
                part,
                html,
                ordered: shown.name == "ol",
            }),
            "blockquote" => Self::Quote(QuoteBlock {
                id,
                r#type: QuoteBlockType::Quote,
                part,
                html,
            }),
            "pre" => {
                let class = shown.elements().next().and_then(|code| code.attribute("class"));
                let language = class
                    .and_then(|class| class.strip_prefix("language-"))
                    .map(str::to_owned);
                Self::Code(CodeBlock {
                    id,
                    r#type: CodeBlockType::Code,
                    part,
                    html,
                    language,
                })
            }
            "table" => Self::Table(TableBlock {
                id,
                r#type: TableBlockType::Table,
                part,
                html,
            }),
            "img" => {
                let said = |name| shown.attribute(name).unwrap_or_default().to_owned();
                let caption = element
                    .find(&["figcaption"])
                    .map(plain_text)
                    .filter(|caption| !caption.is_empty());
                Self::Figure(FigureBlock {
                    id,
                    r#type: FigureBlockType::Figure,
                    part,
                    html,
                    url: said("src"),
                    alt: said("alt"),
                    caption,
                })
            }
            "iframe" => {
                let url = shown.attribute("src").unwrap_or_default().to_owned();
                let host = values::host(&url);
                Self::Embed(EmbedBlock {
                    id,
                    r#type: EmbedBlockType::Embed,
                    part,
                    html,
                    url,
                    host,
                })
            }
            "hr" => Self::Divider(DividerBlock {
                id,
                r#type: DividerBlockType::Divider,
                part,
                html,
            }),
            _ => Self::Html(HtmlBlock {
                id,
                r#type: HtmlBlockType::Html,
                part,
                html,
            }),
        }
    }
}
