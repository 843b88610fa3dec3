//! What a reader asks for, bounded and cleaned.

/// A search as it was asked. Every field comes from outside; [`super::search`] bounds what it uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    /// Locale to search in; the default locale when absent.
    pub locale: Option<String>,
    /// Category path without locale and leading slash: `start/install`.
    pub category: Option<String>,
    pub tags: Vec<String>,
    pub limit: usize,
    pub offset: usize,
    /// The last word may still be growing.
    pub as_you_type: bool,
}
