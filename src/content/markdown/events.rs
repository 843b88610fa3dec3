//! Markdown → events, with the few things done that concern single events.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TextMergeWithOffset};

use super::options;
use super::tags::{Known, known};

pub type Events<'a> = Vec<(Event<'a>, Range<usize>)>;

/// `cuts` are places where one byte was taken out of the body before; the ranges are those of the body as it was.
pub fn parse<'a>(body: &'a str, cuts: &[usize]) -> Events<'a> {
    let before = |offset: usize| offset + cuts.partition_point(|cut| *cut < offset);
    let events = Parser::new_ext(body, options()).into_offset_iter();
    let events = TextMergeWithOffset::new(events.map(|(event, at)| (as_text(event), at)));
    events.map(|(event, at)| (without_raw(event), before(at.start)..before(at.end))).collect()
}

/// `<your-name>` is no HTML: readers shall see it.
fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::InlineHtml(html) if is_placeholder(&html) => Event::Text(html),
        event => event,
    }
}

fn is_placeholder(html: &str) -> bool {
    let name = html.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(name.len());
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && known(&name[..end]) == Known::No
}

/// Liquid's `{% raw %}` only tells Jekyll to leave alone what stands between.
fn without_raw(event: Event<'_>) -> Event<'_> {
    let strip = |text: &str| match strip_raw(text) {
        Cow::Owned(text) => Some(text.into()),
        Cow::Borrowed(_) => None,
    };
    match event {
        Event::Text(text) => Event::Text(strip(&text).unwrap_or(text)),
        Event::Code(text) => Event::Code(strip(&text).unwrap_or(text)),
        Event::Html(html) => Event::Html(strip(&html).unwrap_or(html)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = strip(&dest_url).unwrap_or(dest_url);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        event => event,
    }
}

fn strip_raw(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    for (at, _) in text.match_indices("{%") {
        let Some(end) = text[at..].find("%}").map(|end| at + end) else {
            break;
        };
        let word = text[at + 2..end].trim_matches(['-', ' ']);
        if at >= kept && (word == "raw" || word == "endraw") {
            out.push_str(&text[kept..at]);
            kept = end + 2;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_markers_go_and_the_rest_stays() {
        let check = |text: &str, expect: &str| assert_eq!(strip_raw(text), expect);
        check("plain", "plain");
        check("{% raw %}{{a}}{% endraw %}", "{{a}}");
        check("x {%- raw -%}y{%- endraw -%} z", "x y z");
        check("{% include copy.html %}", "{% include copy.html %}");
        check("{% raw", "{% raw");
    }
}
