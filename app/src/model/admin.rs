//! The staff's first page: the state of the site as editors need it.

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Notice,
}

/// Problems of one kind.
#[derive(Debug, Clone)]
pub struct ProblemGroup {
    pub severity: Severity,
    /// Stable name of the kind: `broken-link`.
    pub kind: String,
    pub problems: Vec<ProblemRow>,
}

#[derive(Debug, Clone)]
pub struct ProblemRow {
    /// `start/install.md:12:5`.
    pub place: String,
    pub message: String,
    pub cure: String,
}

#[derive(Debug, Clone)]
pub struct CanaryRow {
    pub query: String,
    /// Path of the article that must be found.
    pub expected: String,
    pub found: bool,
}

#[derive(Debug, Clone)]
pub struct SlowPage {
    pub path: String,
    /// Milliseconds to render and compress it.
    pub milliseconds: f64,
    pub bytes: usize,
}

#[derive(Debug, Clone)]
pub struct AdminPage {
    /// Content hash, shortened.
    pub snapshot: String,
    pub commit: Option<String>,
    /// As a person reads it, in UTC.
    pub built_at: String,
    pub source: String,
    pub articles: usize,
    pub categories: usize,
    pub locales: Vec<String>,
    pub ready: bool,
}

#[derive(Debug, Clone, Default)]
pub struct LoginPage {
    /// Why the last attempt was refused.
    pub refusal: Option<String>,
}
