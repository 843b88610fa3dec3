//! Where front matter ends and the body begins.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Yaml,
    Toml,
}

/// A file cut in two. `matter` begins on line 2 of the file, `body` after `lines_above` lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Split<'a> {
    pub matter: Option<(Syntax, &'a str)>,
    pub body: &'a str,
    pub lines_above: u32,
}

/// `Err` when front matter begins and never ends.
pub fn split(text: &str) -> Result<Split<'_>, Syntax> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let plain = Split { matter: None, body: text, lines_above: 0 };
    let first = text.lines().next().unwrap_or_default().trim_end();
    let syntax = match first {
        "---" => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ => return Ok(plain),
    };
    let start = text.find('\n').map_or(text.len(), |newline| newline + 1);
    let mut offset = start;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        if closes(syntax, line.trim_end()) {
            let body = &text[offset + line.len()..];
            let lines_above = u32::try_from(number + 2).unwrap_or(u32::MAX);
            return Ok(Split { matter: Some((syntax, &text[start..offset])), body, lines_above });
        }
        offset += line.len();
    }
    if syntax == Syntax::Yaml && !looks_like_keys(&text[start..]) { Ok(plain) } else { Err(syntax) }
}

fn closes(syntax: Syntax, line: &str) -> bool {
    match syntax {
        Syntax::Yaml => line == "---" || line == "...",
        Syntax::Toml => line == "+++",
    }
}

/// A lone `---` at the top may also be a rule across the page.
fn looks_like_keys(text: &str) -> bool {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.split_once(':').is_some_and(|(key, _)| {
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, matter: Option<&str>, body: &str, lines_above: u32) {
        let found = split(text).expect("closed");
        assert_eq!((found.matter.map(|(_, text)| text), found.body, found.lines_above), (matter, body, lines_above));
    }

    #[test]
    fn finds_the_end_of_front_matter() {
        check("Hello", None, "Hello", 0);
        check("---\ntitle: A\n---\nHello", Some("title: A\n"), "Hello", 3);
        check("\u{feff}---\r\ntitle: A\r\n---\r\nHello", Some("title: A\r\n"), "Hello", 3);
        check("+++\ntitle = 'A'\n+++\n", Some("title = 'A'\n"), "", 3);
        check("---\n---", Some(""), "", 2);
        check("---\n\nA rule above.", None, "---\n\nA rule above.", 0);
    }

    #[test]
    fn says_when_it_never_ends() {
        assert_eq!(split("---\ntitle: A\n\nHello"), Err(Syntax::Yaml));
        assert_eq!(split("+++\ntitle = 1"), Err(Syntax::Toml));
    }
}
