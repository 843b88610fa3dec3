//! What is wrong with the content: where, what, and the cure. Collected, never thrown.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub severity: Severity,
    /// Stable name of the kind, for grouping and for machines: `broken-link`, `bad-front-matter`.
    pub kind: String,
    /// Relative to the content folder.
    pub file: String,
    pub position: Option<Position>,
    /// What was tried and what was found.
    pub message: String,
    /// What to do about it.
    pub cure: String,
}

/// 1-based; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The page is not served, or its last good version stays.
    Error,
    /// Served, but a reader will stumble: a broken link, a missing image.
    Warning,
    /// Worth knowing: an unknown key, a missing translation.
    Notice,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        })
    }
}

/// `start/install.md:12:5: error[bad-front-matter]: what was found. What to do.`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}[{}]: {} {}", self.place(), self.severity, self.kind, self.message, self.cure)
    }
}

/// By severity and kind, errors first: many of a kind are one thing to know.
pub fn by_kind(problems: &[Problem]) -> BTreeMap<(Severity, &str), Vec<&Problem>> {
    let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for problem in problems {
        kinds.entry((problem.severity, problem.kind.as_str())).or_default().push(problem);
    }
    kinds
}

impl Position {
    /// Where byte `offset` of `text` is; an offset inside a character counts as that character.
    pub fn at(text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        Self { line: clamp(line + 1), column: clamp(before[start..].chars().count() + 1) }
    }

    /// The same place in a text that has `lines` more lines above it.
    pub(super) fn below(self, lines: u32) -> Self {
        Self { line: self.line + lines, ..self }
    }
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Problem {
    /// `start/install.md:12:5`, or the file alone.
    pub fn place(&self) -> String {
        match self.position {
            Some(Position { line, column }) => format!("{}:{line}:{column}", self.file),
            None => self.file.clone(),
        }
    }

    pub(super) fn error(kind: &str, file: &str, message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(Severity::Error, kind, file, message.into(), cure.into())
    }

    pub(super) fn warning(kind: &str, file: &str, message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(Severity::Warning, kind, file, message.into(), cure.into())
    }

    pub(super) fn notice(kind: &str, file: &str, message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::new(Severity::Notice, kind, file, message.into(), cure.into())
    }

    fn new(severity: Severity, kind: &str, file: &str, message: String, cure: String) -> Self {
        Self { severity, kind: kind.to_owned(), file: file.to_owned(), position: None, message, cure }
    }

    pub(super) fn at(self, position: impl Into<Option<Position>>) -> Self {
        Self { position: position.into(), ..self }
    }
}
