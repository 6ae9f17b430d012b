//! What comes out of a body for what goes in.

mod hostile;
mod reading;

use super::*;

fn markdown(source: &str) -> Body {
    render(source, BodyFormat::Markdown, &BodyRules::default())
}

fn html(source: &str) -> String {
    render(source, BodyFormat::Html, &BodyRules::default()).html
}

#[test]
fn markdown_becomes_the_elements_it_stands_for() {
    for (source, expected) in [
        (
            "One *two* **three**\nfour",
            "<p>One <em>two</em> <strong>three</strong>\nfour</p>",
        ),
        ("~~gone~~ `code`", "<p><del>gone</del> <code>code</code></p>"),
        ("# Title\n\nText", r#"<h2 id="title">Title</h2><p>Text</p>"#),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. c", r#"<ol start="3"><li>c</li></ol>"#),
        ("> one\n>\n> two", "<blockquote><p>one</p><p>two</p></blockquote>"),
        (
            "```rust\nlet a = 1 < 2;\n\nx\n```",
            "<pre><code class=\"language-rust\">let a = 1 &lt; 2;\n\nx\n</code></pre>",
        ),
        ("---", "<hr>"),
        (
            "| a | b |\n|--|-:|\n| 1 | 2 |",
            "<table><thead><tr><th>a</th><th align=\"right\">b</th></tr></thead><tbody><tr><td>1</td><td align=\"right\">2</td></tr></tbody></table>",
        ),
        (
            "https://example.org/a",
            r#"<p><a href="https://example.org/a" rel="noopener">https://example.org/a</a></p>"#,
        ),
        ("**強調。**次", "<p><strong>強調。</strong>次</p>"),
        (
            "a <sub>2</sub> <u onclick='x()'>b</u>",
            "<p>a <sub>2</sub> <u>b</u></p>",
        ),
    ] {
        assert_eq!(markdown(source).html, expected, "{source}");
    }
}

#[test]
fn a_picture_alone_is_a_figure_captioned_by_its_title() {
    let body = markdown(
        "![A harbour](https://i.example/a.jpg \"At dawn\")\n\n[![B](https://i.example/b.jpg)](https://example.org/)",
    );
    assert_eq!(
        body.html,
        "<figure><img src=\"https://i.example/a.jpg\" alt=\"A harbour\" loading=\"lazy\"><figcaption>At dawn</figcaption></figure>\
         <figure><a href=\"https://example.org/\" rel=\"noopener\"><img src=\"https://i.example/b.jpg\" alt=\"B\" loading=\"lazy\"></a></figure>"
    );
    let Some(Block::Figure(figure)) = body.blocks.first() else {
        panic!("{:?}", body.blocks)
    };
    assert_eq!(
        (figure.url.as_str(), figure.alt.as_str(), figure.caption.as_deref()),
        ("https://i.example/a.jpg", "A harbour", Some("At dawn"))
    );
}

#[test]
fn html_as_it_is_pasted_becomes_well_formed() {
    for (source, expected) in [
        ("bare <b>text</b>", "<p>bare <b>text</b></p>"),
        ("<div>one</div><div>two</div>three", "<p>one</p><p>two</p><p>three</p>"),
        ("<p>one<p>two <i>it", "<p>one</p><p>two <i>it</i></p>"),
        ("<ul>\n<li>a<li>b<p>c</ul>", "<ul><li>a</li><li>b<p>c</p></li></ul>"),
        (
            "<table><tr><td>a<td>b<tr><td colspan=2>c</table>",
            "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td colspan=\"2\">c</td></tr></tbody></table>",
        ),
        (
            "<table>loose<tr><td></td><td>x</table>",
            "<table><tbody><tr><td>loose</td></tr><tr><td></td><td>x</td></tr></tbody></table>",
        ),
        ("<li>a</li><td>b</td><dd>c", "<p>a</p><p>b</p><p>c</p>"),
        ("<b><p>one</p><p>two</p></b>", "<p>one</p><p>two</p>"),
        (
            "<p> a <b> </b> <br></p><p>&nbsp;</p><p><br></p><h2></h2><ul></ul>",
            "<p>a   <br></p>",
        ),
        ("<h2>A<div>B</div><p>C</p></h2>", "<h2 id=\"a-b-c\">A B C</h2>"),
        (
            "<a href='/x'><h3>Teaser</h3><p>Text</p></a>",
            "<h3 id=\"teaser\"><a href=\"/x\">Teaser</a></h3><p>Text</p>",
        ),
        (
            "<a href='/x'>one <a href='/y'>two</a> three",
            "<p><a href=\"/x\">one </a><a href=\"/y\">two</a> three</p>",
        ),
        (
            "<html><head><title>t</title><style>p{}</style></head><body><article><h1>T</h1>x",
            "<h2 id=\"t\">T</h2><p>x</p>",
        ),
        (
            "<details open><summary><h3>Q</h3></summary>A</details>",
            "<details open=\"\"><summary>Q</summary>A</details>",
        ),
        ("<pre>\n\n  a\n    b\n</pre>", "<pre>  a\n    b</pre>"),
        (
            "<ruby>漢<rp>(<rt>kan<rp>)</ruby>",
            "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>",
        ),
        (
            "<strike>s</strike><tt>t</tt><acronym title=A>a</acronym>",
            "<p><s>s</s><code>t</code><abbr title=\"A\">a</abbr></p>",
        ),
        (
            "<p>unknown <blink>tags</blink> <x-y>keep</x-y> content</p>",
            "<p>unknown tags keep content</p>",
        ),
        ("a<!-- comment --> &lt;b&gt; &amp;amp;", "<p>a &lt;b&gt; &amp;amp;</p>"),
    ] {
        assert_eq!(html(source), expected, "{source}");
    }
}

#[test]
fn direction_and_language_outlive_their_wrapper() {
    assert_eq!(
        html(
            "<div dir=rtl lang=ar><p>مرحبا</p><p lang=ur>سلام</p>text<span lang=en>x</span><span class=y>z</span></div>"
        ),
        "<p lang=\"ar\" dir=\"rtl\">مرحبا</p><p lang=\"ur\" dir=\"rtl\">سلام</p>\
         <p lang=\"ar\" dir=\"rtl\">text<span lang=\"en\">x</span>z</p>"
    );
    assert_eq!(html("<p dir=sideways lang='a b'>x</p>"), "<p>x</p>");
}

#[test]
fn links_say_what_they_are() {
    for (source, expected) in [
        (
            "<a href=https://example.org/ target=_blank rel='author SPONSORED'>x</a>",
            "<a href=\"https://example.org/\" rel=\"sponsored noopener\">x</a>",
        ),
        (
            "<a href=mailto:a@example.org>x</a>",
            "<a href=\"mailto:a@example.org\">x</a>",
        ),
        ("<a href=tel:+49301234>x</a>", "<a href=\"tel:+49301234\">x</a>"),
        ("<a href=/world/story#part>x</a>", "<a href=\"/world/story#part\">x</a>"),
        ("<a href='java&#10;script:alert(1)'>x</a>", "x"),
        ("<a href=' JAVASCRIPT&colon;alert(1)'>x</a>", "x"),
        ("<a href='data:text/html,x'>x</a>", "x"),
        ("<a href='ftp://example.org/'>x</a>", "x"),
        ("<a name=x>x</a>", "x"),
    ] {
        assert_eq!(html(source), format!("<p>{expected}</p>"), "{source}");
    }
}

#[test]
fn pictures_come_over_https_alone() {
    assert_eq!(
        html("<p>a <img src='//i.example/a b.png' alt='A \"b\"' width=20 height=50% srcset=x onerror=alert(1)>"),
        "<p>a <img src=\"https://i.example/a%20b.png\" alt=\"A &quot;b&quot;\" width=\"20\" loading=\"lazy\"></p>"
    );
    for src in [
        "http://i.example/a.png",
        "data:image/png;base64,AAAA",
        "/a.png",
        "javascript:x",
        "",
    ] {
        assert_eq!(html(&format!("<p>a<img src='{src}'>")), "<p>a</p>", "{src}");
    }
}

#[test]
fn embeds_stay_become_links_or_go() {
    assert_eq!(
        html(
            "<p>See <iframe src='//www.youtube.com/embed/a?b=1&c=2' title=Film width=560 allow=camera>fallback</iframe> now</p>"
        ),
        "<p>See</p><iframe src=\"https://www.youtube.com/embed/a?b=1&amp;c=2\" title=\"Film\" width=\"560\" loading=\"lazy\" \
         referrerpolicy=\"strict-origin-when-cross-origin\" allowfullscreen=\"\"></iframe><p>now</p>"
    );
    let link = |url: &str, text: &str| format!("<p><a href=\"{url}\" rel=\"noopener\">{text}</a></p>");
    for (source, expected) in [
        (
            "<iframe src=https://maps.example/x title='A map'></iframe>",
            link("https://maps.example/x", "A map"),
        ),
        (
            "<iframe src=https://www.youtube.com.example/x></iframe>",
            link("https://www.youtube.com.example/x", "https://www.youtube.com.example/x"),
        ),
        (
            "<iframe src=https://www.youtube.com:8443/x></iframe>",
            link("https://www.youtube.com:8443/x", "https://www.youtube.com:8443/x"),
        ),
        (
            "<iframe src=https://www.youtube.com@evil.example/x></iframe>",
            String::new(),
        ),
        ("<iframe src=http://www.youtube.com/x></iframe>", String::new()),
        ("<iframe srcdoc='<p>x'></iframe>", String::new()),
        ("<iframe src=javascript:x></iframe>", String::new()),
    ] {
        assert_eq!(html(source), expected, "{source}");
    }
    let rules = BodyRules {
        embed_hosts: vec!["maps.example".to_owned()],
        ..BodyRules::default()
    };
    let body = render(
        "<figure><iframe src=https://maps.example/x></iframe></figure>",
        BodyFormat::Html,
        &rules,
    );
    let [Block::Embed(embed)] = body.blocks.as_slice() else {
        panic!("{:?}", body.blocks)
    };
    assert_eq!(
        (embed.url.as_str(), embed.host.as_str()),
        ("https://maps.example/x", "maps.example")
    );
}
