//! What is wrong with the content: where, what, and the cure. Collected, never thrown.

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

/// `start/install.md:12:5: error[bad-front-matter]: what was found. What to do.`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        };
        write!(f, ": {severity}[{}]: {} {}", self.kind, self.message, self.cure)
    }
}
