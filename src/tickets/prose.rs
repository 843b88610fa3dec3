//! What agents write, as HTML that can do no harm.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Options, Parser, html};

/// Markdown as HTML: paragraphs, lists, links, code; no images, which would tell who reads them and when.
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
    // A line break that was typed is meant.
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        pulldown_cmark::Event::SoftBreak => pulldown_cmark::Event::HardBreak,
        other => other,
    });
    html::push_html(&mut text, events);
    CLEAN.clean(&text).to_string()
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
        check("<script>alert(1)</script>", "");
        check("[x](javascript:alert(1))", "<p><a rel=\"noopener noreferrer nofollow\">x</a></p>");
        check("![pixel](https://tracker.example/1.png)", "<p></p>");
    }
}
