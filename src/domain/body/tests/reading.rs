//! What is read off a body: outline, parts, blocks, text, and their shapes in the API.

use super::*;

#[test]
fn anchors_are_unique_and_ours() {
    let body =
        markdown("## Same\n\n## Same\n\n## Same 2\n\n<h2 id=\"mine\">Same</h2>\n\n### 🎉\n\n> ## Quoted\n\n# Выборы");
    let anchors: Vec<&str> = body.outline.iter().map(|entry| entry.anchor.as_str()).collect();
    assert_eq!(anchors, ["same", "same-2", "same-2-2", "same-3", "part", "vybory"]);
    assert!(
        body.html.contains("<blockquote><h2 id=\"quoted\">"),
        "a heading in a quotation has an anchor, but begins no part"
    );
    assert_eq!(html("<p id=a>x <b id=b>y</b></p>"), "<p>x <b>y</b></p>");
}

#[test]
fn footnotes_lead_there_and_back_past_headings_of_the_same_name() {
    let body =
        markdown("Claim[^1] and again[^1], more[^Été].\n\n## Fn 1\n\n## Fnref 1\n\n[^1]: The *source*.\n[^été]: B.");
    for id in [
        "fn-1",
        "fnref-1",
        "fnref-1-2",
        "fn-1-2",
        "fnref-1-3",
        "fn-%C3%A9t%C3%A9",
    ] {
        assert_eq!(
            body.html.matches(&format!("id=\"{id}\"")).count(),
            1,
            "{id} in {}",
            body.html
        );
    }
    for target in ["#fn-1", "#fnref-1", "#fnref-1-2"] {
        assert!(body.html.contains(&format!("href=\"{target}\"")), "{target}");
    }
    let links = body
        .html
        .split("href=\"#")
        .skip(1)
        .map(|from| from.split('"').next().expect("a target"));
    for target in links {
        assert!(
            body.html.contains(&format!("id=\"{target}\"")),
            "{target} leads nowhere in {}",
            body.html
        );
    }
    assert_eq!(
        body.text,
        "Claim and again, more.\n\nFn 1\n\nFnref 1\n\nThe source.\n\nB."
    );
}

#[test]
fn parts_and_blocks_joined_are_the_body() {
    let body = markdown(
        "Lead *one*.\n\nLead two.\n\n## First & last\n\nText.\n\n> ## Quoted\n\n### Deeper\n\n- a\n\n## Empty",
    );
    assert_eq!(
        body.parts.iter().map(|part| part.html.as_str()).collect::<String>(),
        body.html
    );
    let parts: Vec<_> = body
        .parts
        .iter()
        .map(|part| {
            (
                part.anchor.as_deref(),
                part.level,
                part.heading.as_deref(),
                part.word_count,
            )
        })
        .collect();
    assert_eq!(
        parts,
        [
            (None, 0, None, 4),
            (Some("first-last"), 2, Some("First & last"), 4),
            (Some("deeper"), 3, Some("Deeper"), 2),
            (Some("empty"), 2, Some("Empty"), 1)
        ]
    );
    assert_eq!(body.word_count, 11);
    assert_eq!(
        body.text,
        "Lead one.\n\nLead two.\n\nFirst & last\n\nText.\n\nQuoted\n\nDeeper\n\na\n\nEmpty"
    );
    assert_eq!(markdown("## No lead\n\nx").parts.len(), 1);
    assert_eq!(markdown(" \n"), Body::default());
}

#[test]
fn plain_text_keeps_lines_cells_and_code() {
    let body = markdown(
        "a  \nb &amp; c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n- i\n- ii\n\n```\nlet  a;\n\n  b\n```\n\n![alt](https://i.example/a.png \"Caption\")",
    );
    assert_eq!(
        body.text,
        "a\nb & c\n\nx\ty\n1\t2\n\ni\nii\n\nlet  a;\n\n  b\n\nCaption"
    );
}

#[test]
fn blocks_are_told_apart_by_type() {
    let source = "p\n\n## h\n\n1. l\n\n> q\n\n```sh\nc\n```\n\n| t |\n|---|\n\n![](https://i.example/a.png)\n\n---\n\n<aside>x</aside>\n\n<iframe src=\"https://flo.uri.sh/v\"></iframe>";
    let body = markdown(source);
    let blocks = serde_json::to_value(&body.blocks).expect("JSON");
    let types: Vec<_> = blocks
        .as_array()
        .expect("a list")
        .iter()
        .map(|block| block["type"].as_str().expect("a type"))
        .collect();
    assert_eq!(
        types,
        [
            "paragraph",
            "heading",
            "list",
            "quote",
            "code",
            "table",
            "figure",
            "divider",
            "html",
            "embed"
        ]
    );
    assert_eq!(
        blocks[1],
        serde_json::json!({"id": "b2", "type": "heading", "part": "h", "html": "<h2 id=\"h\">h</h2>", "level": 2, "text": "h", "anchor": "h"})
    );
    assert_eq!(blocks[4]["language"], "sh");
    assert_eq!(
        serde_json::from_value::<Vec<Block>>(blocks).expect("blocks"),
        body.blocks
    );
}

#[test]
fn the_union_of_blocks_has_a_discriminator_that_generators_keep() {
    let mut schemas = Vec::new();
    <Block as ToSchema>::schemas(&mut schemas);
    let union = serde_json::to_value(<Block as utoipa::PartialSchema>::schema()).expect("JSON");
    assert_eq!(union["discriminator"]["propertyName"], "type");
    assert_eq!(union["oneOf"].as_array().map(Vec::len), Some(10));
    // Without a mapping the value would be the name of a schema.
    let mapping = union["discriminator"]["mapping"].as_object().expect("a mapping");
    assert_eq!(mapping.len(), 10);
    assert_eq!(mapping["list"], "#/components/schemas/ListBlock");
    let schema = |name: &str| {
        let (_, schema) = schemas
            .iter()
            .find(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("no schema {name}"));
        serde_json::to_value(schema).expect("JSON")
    };
    let list = schema("ListBlock");
    assert_eq!(
        list["required"],
        serde_json::json!(["id", "type", "part", "html", "ordered"])
    );
    assert_eq!(schema("ListBlockType")["enum"], serde_json::json!(["list"]));
}

#[test]
fn formats_have_one_spelling() {
    for format in BodyFormat::ALL {
        assert_eq!(format.to_string().parse(), Ok(*format));
        assert_eq!(serde_json::to_value(format).expect("JSON"), format.as_str());
    }
    assert!("HTML".parse::<BodyFormat>().is_err());
    let schema = serde_json::to_value(<BodyFormat as utoipa::PartialSchema>::schema()).expect("JSON");
    assert_eq!(schema["enum"], serde_json::json!(["markdown", "html"]));
}
