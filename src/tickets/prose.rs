//! What agents write, as HTML that can do no harm.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, Tag, html};

/// Markdown as HTML: paragraphs, lists, links, code; no images, which would tell who reads them and when. What looks
/// like HTML is shown as it was written.
pub fn html(markdown: &str) -> String {
    static CLEAN: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let tags = ["p", "br", "strong", "em", "del", "a", "ul", "ol", "li", "code", "pre", "blockquote", "h3", "h4"];
        let mut builder = Builder::empty();
        builder
            .tags(HashSet::from(tags))
            .add_tag_attributes("a", ["href"])
            .url_schemes(HashSet::from(["http", "https", "mailto"]))
            .link_rel(Some("noopener noreferrer nofollow"));
        builder
    });
    let options = Options::ENABLE_STRIKETHROUGH;
    let mut text = String::new();
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        // A line break that was typed is meant.
        Event::SoftBreak => Event::HardBreak,
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    html::push_html(&mut text, events);
    CLEAN.clean(&text).to_string()
}

/// Where the links of a text lead.
pub fn links(markdown: &str) -> Vec<String> {
    let links = Parser::new(markdown).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_agents_write_does_no_harm() {
        let check = |markdown: &str, expect: &str| assert_eq!(html(markdown).trim(), expect, "{markdown}");
        check("See **this**:\nhere", "<p>See <strong>this</strong>:<br>\nhere</p>");
        check(
            "[Export](https://help.example/export)",
            "<p><a href=\"https://help.example/export\" rel=\"noopener noreferrer nofollow\">Export</a></p>",
        );
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>");
        check("[x](javascript:alert(1))", "<p><a rel=\"noopener noreferrer nofollow\">x</a></p>");
        check("![pixel](https://tracker.example/1.png)", "<p></p>");
    }

    #[test]
    fn links_are_told() {
        let told = links("[a](https://x.example/a/b) and <https://y.example/>, not `[a](b)`");
        assert_eq!(told, ["https://x.example/a/b", "https://y.example/"]);
    }
}
