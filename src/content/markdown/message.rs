//! What people write to one another: Markdown without raw HTML, pictures and headings. Only links lead away.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

use super::escape::attribute;

const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// Safe HTML of an agent's message. What looks like HTML in it is shown as it was written.
pub fn message(markdown: &str) -> String {
    let mut links = Vec::new();
    let events = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES);
    let events = events.filter_map(|event| plain(event, &mut links));
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// Where the links of a message lead.
pub fn message_links(markdown: &str) -> Vec<String> {
    let links = Parser::new(markdown).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

/// `links`: whether each link that is open is one.
fn plain<'m>(event: Event<'m>, links: &mut Vec<bool>) -> Option<Event<'m>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        // People who press Enter mean a new line.
        Event::SoftBreak => Event::HardBreak,
        Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            links.push(is_allowed(&dest_url));
            return links.last().is_some_and(|link| *link).then(|| Event::InlineHtml(opening(&dest_url)));
        }
        Event::End(TagEnd::Link | TagEnd::Image) => {
            return links.pop().unwrap_or(false).then_some(Event::InlineHtml(CowStr::Borrowed("</a>")));
        }
        other => other,
    })
}

fn is_allowed(url: &str) -> bool {
    let url = url.trim_start().to_ascii_lowercase();
    SCHEMES.iter().any(|scheme| url.starts_with(scheme))
}

fn opening(url: &str) -> CowStr<'static> {
    let mut tag = "<a".to_owned();
    attribute(&mut tag, "href", url);
    attribute(&mut tag, "rel", "noopener nofollow");
    tag.push('>');
    tag.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_safe_html() {
        let check = |markdown: &str, expect: &str| assert_eq!(message(markdown).trim_end(), expect, "{markdown}");
        check("Hello **you**,\nnext line", "<p>Hello <strong>you</strong>,<br />\nnext line</p>");
        check("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>");
        check("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
        check("[a](javascript:alert(1)) [b](data:x)", "<p>a b</p>");
        check(
            "[a](https://x.example/?a=\"b&c)",
            "<p><a href=\"https://x.example/?a=&quot;b&amp;c\" rel=\"noopener nofollow\">a</a></p>",
        );
        check(
            "![alt](https://x.example/p.png)",
            "<p><a href=\"https://x.example/p.png\" rel=\"noopener nofollow\">alt</a></p>",
        );
        check("# Title", "<p>Title</p>");
        check(
            "<https://x.example/>",
            "<p><a href=\"https://x.example/\" rel=\"noopener nofollow\">https://x.example/</a></p>",
        );
    }

    #[test]
    fn links_are_told() {
        assert_eq!(
            message_links("[a](https://x.example/a/b) and <https://y.example/>"),
            ["https://x.example/a/b", "https://y.example/"]
        );
        assert!(message_links("`[a](b)`").is_empty());
    }
}
