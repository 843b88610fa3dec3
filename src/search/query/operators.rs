//! `"…"` and `-word`: what must stand in an article as it is written, and what must not.

/// Opens and closes a phrase; a mark may also close what another one of its kind opened.
const QUOTES: &[char] = &['"', '“', '”', '„', '«', '»'];

/// A query's text, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Operators<'q> {
    /// Everything but what is excluded; a space in place of each operator.
    pub plain: String,
    pub phrases: Vec<&'q str>,
    pub excluded: Vec<&'q str>,
}

/// A quotation mark that nothing closes is none: its reader is still typing. Nor is `-` an operator inside a word,
/// before a single letter (`curl -X`), or where nothing but what it excludes is asked for.
pub fn read(text: &str) -> Operators<'_> {
    let (mut found, mut rest) = (Operators::default(), text);
    while let Some(first) = rest.chars().next() {
        let stands_free = found.plain.is_empty() || found.plain.ends_with(char::is_whitespace);
        if let Some((phrase, behind)) = quoted(rest) {
            found.phrases.push(phrase);
            found.plain.extend([" ", phrase, " "]);
            rest = behind;
        } else if let Some((words, behind)) = rest.strip_prefix('-').filter(|_| stands_free).and_then(excluded) {
            found.excluded.push(words);
            found.plain.push(' ');
            rest = behind;
        } else {
            found.plain.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    if found.plain.chars().any(char::is_alphanumeric) {
        found
    } else {
        Operators { plain: text.to_owned(), ..Operators::default() }
    }
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let (phrase, behind) = text.strip_prefix(QUOTES)?.split_once(QUOTES)?;
    phrase.chars().any(char::is_alphanumeric).then_some((phrase, behind))
}

/// What stands behind a `-`: a phrase, or a word of at least two letters.
fn excluded(text: &str) -> Option<(&str, &str)> {
    quoted(text).or_else(|| {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let word = &text[..end];
        let is_word = word.starts_with(char::is_alphanumeric) && word.chars().nth(1).is_some();
        is_word.then_some((word, &text[end..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, plain: &str, phrases: &[&str], excluded: &[&str]) {
        let found = read(text);
        let words: Vec<&str> = found.plain.split_whitespace().collect();
        assert_eq!(words.join(" "), plain, "{text}");
        assert_eq!((&found.phrases[..], &found.excluded[..]), (phrases, excluded), "{text}");
    }

    #[test]
    fn quotes_make_a_phrase() {
        check("\"create index\" fast", "create index fast", &["create index"], &[]);
        check("„Konto löschen“ «a b» “c”", "Konto löschen a b c", &["Konto löschen", "a b", "c"], &[]);
        check("say \"create ind", "say \"create ind", &[], &[]);
        check("a \"\" b", "a \"\" b", &[], &[]);
    }

    #[test]
    fn a_free_hyphen_excludes() {
        check("restore -snapshot now", "restore now", &[], &["snapshot"]);
        check("restore -\"remote store\"", "restore", &[], &["remote store"]);
        check("wi-fi --dry-run - x", "wi-fi --dry-run - x", &[], &[]);
        check("curl -X GET", "curl -X GET", &[], &[]);
        check("-only", "-only", &[], &[]);
    }
}
