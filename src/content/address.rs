//! Addresses: from a file's place in the tree to its path on the site. Pure.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// First parts of a path that are the site's own.
pub const RESERVED: [&str; 25] = [
    "a",
    "admin",
    "agent",
    "api",
    "assets",
    "chat",
    "contact",
    "embed",
    "feed.xml",
    "feedback",
    "go",
    "hooks",
    "livez",
    "llms.txt",
    "metrics",
    "pkg",
    "privacy",
    "questions",
    "readyz",
    "requests",
    "robots.txt",
    "search",
    "session",
    "sitemap.xml",
    "widget.js",
];

/// What a path in an `href` must not hold as it is.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'|')
    .add(b'^')
    .add(b'[')
    .add(b']');

/// A path of the site as it stands in an `href`: base first, what a URL may not hold percent-encoded.
pub fn href(base: &str, path: &str) -> String {
    format!("{base}{}", utf8_percent_encode(path, UNSAFE))
}

pub(super) fn decode(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// One part of a path: lower case, letters and digits of any script, `.` and `_` kept, the rest `-`.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().nfc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '_' || c == '.' || is_mark(c) {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_matches(['-', '.']).to_owned()
}

/// The anchor of a heading, as GitHub makes it: punctuation gone, a space is `-`.
pub(super) fn anchor(text: &str) -> String {
    let keep = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || is_mark(c);
    let lower = text.trim().chars().flat_map(char::to_lowercase);
    lower.filter_map(|c| if c.is_whitespace() { Some('-') } else { keep(c).then_some(c) }).collect()
}

/// Vowel signs and accents that stand alone: part of a word in many scripts.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A folder's name on the site: `_guides` is `guides`.
pub(super) fn folder_slug(name: &str) -> String {
    slug(name.trim_start_matches('_'))
}

/// The file's place: the folder's parts, and its own name unless it describes the folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub folder: &'a str,
    /// File name without `.md`; `None` for `index.md` and `README.md`.
    pub name: Option<&'a str>,
}

pub(super) fn place(source: &str) -> Place<'_> {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let index = name.eq_ignore_ascii_case("index") || name.eq_ignore_ascii_case("readme");
    Place { folder, name: (!index).then_some(name) }
}

/// The path of a folder, given as it stands in the source tree; `/` for the root.
pub(super) fn folder_path(folder: &str) -> String {
    join(folder.split('/').filter(|part| !part.is_empty()).map(folder_slug))
}

pub(super) fn file_path(source: &str, slug_override: Option<&str>) -> String {
    let Place { folder, name } = place(source);
    let own = slug_override.map(slug).filter(|slug| !slug.is_empty()).or_else(|| name.map(slug));
    let folders = folder.split('/').filter(|part| !part.is_empty()).map(folder_slug);
    // `slug` in an index.md renames the folder itself.
    let keep = if name.is_none() && own.is_some() { folders.clone().count().saturating_sub(1) } else { usize::MAX };
    join(folders.take(keep).chain(own))
}

fn join(parts: impl Iterator<Item = String>) -> String {
    let path: String = parts.filter(|part| !part.is_empty()).flat_map(|part| ["/".to_owned(), part]).collect();
    if path.is_empty() { "/".to_owned() } else { path }
}

/// Any way of writing an address → the one way: leading slash, no trailing one, no `index.html`, no `.html`.
pub(super) fn normalise(path: &str) -> String {
    let path = decode(path);
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    let mut parts: Vec<&str> = parts.collect();
    if matches!(parts.last(), Some(&("index.html" | "index.htm" | "index"))) {
        parts.pop();
    }
    let mut path: String = parts.iter().flat_map(|part| ["/", part]).collect();
    let end = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).map(str::len);
    path.truncate(end.unwrap_or(path.len()));
    if path.is_empty() { "/".to_owned() } else { path }
}

/// The reserved word this path begins with, after the locale.
pub(super) fn reserved<'a>(path: &'a str, locales: &[String]) -> Option<&'a str> {
    let mut parts = path.trim_start_matches('/').split('/');
    let first = parts.next()?;
    let word = if locales.iter().any(|locale| locale == first) { parts.next()? } else { first };
    RESERVED.contains(&word).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_every_script() {
        let check = |text: &str, expect: &str| assert_eq!(slug(text), expect, "{text}");
        check("Getting Started", "getting-started");
        check("  What's new?! ", "what-s-new");
        check("v1.2_beta", "v1.2_beta");
        check("Ünïcode e\u{301}", "ünïcode-é");
        check("مرحبا بكم", "مرحبا-بكم");
        check("हिन्दी", "हिन्दी");
        check("..", "");
    }

    #[test]
    fn anchors_are_those_of_github() {
        let check = |text: &str, expect: &str| assert_eq!(anchor(text), expect, "{text}");
        check("Install the CLI", "install-the-cli");
        check("Step 1: go!", "step-1-go");
        check("`foo.bar_baz` & more", "foobar_baz--more");
    }

    #[test]
    fn files_become_paths() {
        let check =
            |source: &str, slug: Option<&str>, expect: &str| assert_eq!(file_path(source, slug), expect, "{source}");
        check("index.md", None, "/");
        check("README.md", None, "/");
        check("start/install.md", None, "/start/install");
        check("_start/Set Up/Read Me.md", None, "/start/set-up/read-me");
        check("start/index.md", None, "/start");
        check("start/install.md", Some("Set up"), "/start/set-up");
        check("a/start/index.md", Some("begin"), "/a/begin");
    }

    #[test]
    fn addresses_have_one_form() {
        let check = |path: &str, expect: &str| assert_eq!(normalise(path), expect, "{path}");
        check("/a/b/", "/a/b");
        check("a//b/index.html", "/a/b");
        check("/a/b.html", "/a/b");
        check("", "/");
        check("/caf%C3%A9/", "/café");
        check("/index.html", "/");
    }

    #[test]
    fn reserved_words_are_seen_behind_a_locale() {
        let locales = ["en".to_owned(), "de".to_owned()];
        let check = |path: &str, expect: Option<&str>| assert_eq!(reserved(path, &locales), expect, "{path}");
        check("/search", Some("search"));
        check("/de/search/tips", Some("search"));
        check("/guides/search", None);
        check("/a-z", None);
    }

    #[test]
    fn hrefs_are_encoded() {
        assert_eq!(href("/help", "/a b/\"x\""), "/help/a%20b/%22x%22");
        assert_eq!(href("", "/café"), "/caf%C3%A9");
    }
}
