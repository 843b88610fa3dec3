//! Code in colour, when content is loaded: a grammar says what each part is, we say it in a dozen classes.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, SyntaxReference, SyntaxSet};

mod classes;

/// A line longer than this is data, not code; it stays plain, and the grammar is spared.
const LONGEST_LINE: usize = 4_000;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// A language there is a grammar for.
#[derive(Clone, Copy)]
pub struct Language(Option<&'static SyntaxReference>);

/// Names people write that the grammars do not have.
const ALIASES: [(&str, &str); 24] = [
    ("bat", "bat"),
    ("conf", "ini"),
    ("console", "sh"),
    ("csharp", "cs"),
    ("docker", "Dockerfile"),
    ("dockerfile", "Dockerfile"),
    ("golang", "go"),
    ("gradle", "groovy"),
    ("hcl", "tf"),
    ("javascript", "js"),
    ("json5", "json"),
    ("jsonc", "json"),
    ("jsx", "js"),
    ("kotlin", "kt"),
    ("markdown", "md"),
    ("ndjson", "json"),
    ("powershell", "ps1"),
    ("python", "py"),
    ("ruby", "rb"),
    ("rust", "rs"),
    ("shell", "sh"),
    ("terminal", "sh"),
    ("typescript", "ts"),
    ("zsh", "sh"),
];

/// By the word behind the fence; `None` if nobody knows it. `text` is known and stays plain.
pub fn language(word: &str) -> Option<Language> {
    let word = word.to_ascii_lowercase();
    if matches!(word.as_str(), "" | "text" | "txt" | "plain" | "plaintext" | "log" | "output" | "none") {
        return (!word.is_empty()).then_some(Language(None));
    }
    let name = ALIASES.iter().find(|(alias, _)| *alias == word).map_or(word.as_str(), |(_, name)| name);
    SYNTAXES.find_syntax_by_token(name).map(|syntax| Language(Some(syntax)))
}

/// Escaped text with `<span class=…>` around its parts. Ends where it began whatever the grammar does.
pub fn highlight(out: &mut String, language: Language, text: &str) {
    let Some(syntax) = language.0 else {
        return super::markdown::escape(out, text);
    };
    let mut state = ParseState::new(syntax);
    let mut painter = classes::Painter::new(out);
    for line in text.split_inclusive('\n') {
        let ops = if line.len() > LONGEST_LINE { None } else { state.parse_line(line, &SYNTAXES).ok() };
        painter.line(line, ops.as_deref().unwrap_or_default());
    }
    painter.end();
}
