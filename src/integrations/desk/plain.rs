//! HTML that an agent wrote elsewhere, as plain text.

/// After these a line ends.
const LINES: [&str; 14] = ["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "hr"];
/// What stands in these is no text.
const HIDDEN: [&str; 2] = ["script", "style"];
/// The longest name of a character that is looked for.
const LONGEST: usize = 10;

/// The text of `html`: tags gone, lines where paragraphs and items end, characters as they are. Where links lead is not
/// in it.
pub fn plain(html: &str) -> String {
    let (mut text, mut rest) = (String::new(), html);
    while let Some(at) = rest.find('<') {
        text += &characters(&rest[..at]);
        let tag = &rest[at + 1..];
        let Some(end) = tag.find('>') else { return lines(&text) };
        rest = &tag[end + 1..];
        let name = tag[..end].trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let is_end = tag.starts_with('/');
        if HIDDEN.contains(&name.as_str()) && !is_end {
            let is_its = |at: &usize| rest[at + 2..].get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(&name));
            let hidden = rest.match_indices("</").map(|(at, _)| at).find(is_its);
            rest = &rest[hidden.unwrap_or(rest.len())..];
        }
        if name == "li" && !is_end {
            text += "- ";
        } else if LINES.contains(&name.as_str()) && (is_end || matches!(name.as_str(), "br" | "hr")) {
            text.push('\n');
        }
    }
    text += &characters(rest);
    lines(&text)
}

/// Without spaces around lines, and with one empty line at most between two.
fn lines(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if !line.is_empty() || kept.last().is_some_and(|last| !last.is_empty()) {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

/// Characters in place of their names.
fn characters(text: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('&') {
        plain += &rest[..at];
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
        let known = end.and_then(|end| Some((character(&rest[1..end])?, end + 1)));
        let (character, length) = known.unwrap_or(('&', 1));
        plain.push(character);
        rest = &rest[length..];
    }
    plain + rest
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|it| !it.is_control())?
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_an_agent_wrote_is_read_as_it_was_seen() {
        let check = |html: &str, expect: &str| assert_eq!(plain(html), expect, "{html}");
        check("<p>Looking into it</p>", "Looking into it");
        check("<p>One</p><p>two<br>three</p>\n<p></p><p></p><p>four</p>", "One\ntwo\nthree\n\nfour");
        check("<ul><li>a</li><li><b>b</b></li></ul>", "- a\n- b");
        check("1 &lt; 2 &amp;&#39;&#x1F600; &nbsp;&unknown; & ü&", "1 < 2 &'\u{1F600}  &unknown; & ü&");
        check("See <a href=\"https://a.example\">this <b>page</b></a>.", "See this page.");
        check("a<style>p { color: red }</style>b<SCRIPT>alert('<p>')</SCRIPT>c", "abc");
        check("a<img src=x onerror=alert(1)", "a");
        check("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>");
        check("&#0;&#xD800;&#99999999;", "&#0;&#xD800;&#99999999;");
        check("", "");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(html in "[<>/a-z&;#x0-9 ü\\n]{0,60}") {
            let text = plain(&html);
            prop_assert_eq!(text.trim(), text.as_str());
        }
    }
}
