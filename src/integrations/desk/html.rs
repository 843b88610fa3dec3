//! What people at a desk read: a reader's words as HTML in which everything stays text, and the note for agents.

use std::fmt::Write;

use app::model::Clue;
use jiff::Timestamp;
use serde_json::Value;

use super::Opened;

/// Stands in what we write to a desk. By it a resend finds that it was written already, and whoever is told by the desk
/// of a new comment knows that it is ours.
pub const REFERENCE: &str = "[ref ";

/// The mark of a message or ticket, by its id: the last, random part of it.
pub fn reference(id: &str) -> String {
    let from = id.char_indices().rev().nth(11).map_or(0, |(at, _)| at);
    format!("{REFERENCE}{}]", &id[from..])
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// Plain text as paragraphs.
pub fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>", escaped(paragraph).replace('\n', "<br>"))).collect()
}

/// Says which files did not come along, if there are any.
pub fn left_out(files: &[String]) -> String {
    let items: String = files.iter().map(|file| format!("<li>{}</li>", escaped(file))).collect();
    if items.is_empty() { items } else { format!("<p>Files that could not be added:</p><ul>{items}</ul>") }
}

/// A text that was HTML, with the addresses its links led to and that it does not show.
pub fn with_links(text: &str, html: &str) -> String {
    let mut text = text.to_owned();
    for (at, start) in html.match_indices("href=\"") {
        let rest = &html[at + start.len()..];
        let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        if is_web && !text.contains(&address) {
            write!(text, "\n<{address}>").expect("a string takes what is written");
        }
    }
    text
}

/// The note for agents: where the ticket is with us, what was asked beside the text, what the reader let travel.
pub fn note(opened: &Opened) -> String {
    let mut html = format!(
        "<p>Help center ticket <a href=\"{}\">{}</a> {}</p>",
        escaped(&opened.url),
        opened.number,
        reference(&opened.ticket)
    );
    if opened.email.is_none() {
        html += "<p>The requester gave no e-mail address and reads answers on the ticket's page alone.</p>";
    }
    list(&mut html, "ul", facts(opened));
    let (steps, known): (Vec<_>, Vec<_>) = opened.dossier.iter().partition(|clue| clue.at.is_some());
    if !opened.dossier.is_empty() {
        html += "<p>What the reader let travel:</p>";
    }
    list(&mut html, "ul", known.into_iter().map(told).collect());
    list(&mut html, "ol", steps.into_iter().map(told).collect());
    html
}

fn facts(opened: &Opened) -> Vec<String> {
    let known = [
        ("form", Some(&opened.form)),
        ("class", opened.class.as_ref()),
        ("group", opened.group.as_ref()),
        ("plan", opened.plan.as_ref()),
        ("locale", Some(&opened.locale)),
    ];
    let known = known.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?)));
    let answered = opened.fields.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    });
    known.chain(answered).collect()
}

fn told(clue: &Clue) -> String {
    match clue.at.and_then(|at| Timestamp::from_millisecond(at).ok()) {
        Some(at) => format!("{} UTC: {}", at.strftime("%F %T"), clue.text),
        None => clue.text.clone(),
    }
}

fn list(html: &mut String, tag: &str, items: Vec<String>) {
    let items: String = items.iter().map(|item| format!("<li>{}</li>", escaped(item))).collect();
    if !items.is_empty() {
        write!(html, "<{tag}>{items}</{tag}>").expect("a string takes what is written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_write_stays_text() {
        let check = |text: &str, expect: &str| assert_eq!(paragraphs(text), expect);
        check("Export fails", "<p>Export fails</p>");
        check("one\r\ntwo\n\n\n\nthree", "<p>one<br>two</p><p>three</p>");
        check("<img src=x onerror=\"a('&')\">", "<p>&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;</p>");
        check(" \n\n ", "");
    }

    #[test]
    fn the_addresses_of_links_are_not_lost() {
        let check = |text: &str, html: &str, expect: &str| assert_eq!(with_links(text, html), expect);
        check(
            "See this",
            r#"See <a href="https://a.example/?a=1&amp;b=2">this</a>"#,
            "See this\n<https://a.example/?a=1&b=2>",
        );
        check(
            "See https://a.example",
            r#"See <a href="https://a.example">https://a.example</a>"#,
            "See https://a.example",
        );
        check("x", r#"<a href="javascript:alert(1)">x</a><a href="https://"#, "x\n<https://>");
        check("x", "x", "x");
    }

    #[test]
    fn a_reference_is_the_random_part_of_an_id() {
        let check = |id: &str, expect: &str| assert_eq!(reference(id), expect);
        check("019a0000-0000-7000-8000-5f2c9a1b3d4e", "[ref 5f2c9a1b3d4e]");
        check("1", "[ref 1]");
        check("ünïcödé-ïd-ü", "[ref ünïcödé-ïd-ü]");
    }
}
