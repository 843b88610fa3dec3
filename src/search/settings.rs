//! What an operator may set about search.

use serde::{Deserialize, Serialize};

/// `[search]` in `signpost.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Articles on one page of results.
    pub limit: usize,
    /// The most a request may ask for at once.
    pub max_limit: usize,
    /// Also find what means the same in other words; for languages with a table of meanings, now English.
    pub meaning: bool,
    /// Searches for the same within thirty days that make it popular: it is proposed to others; zero proposes nothing.
    pub popular_from: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { limit: 10, max_limit: 50, meaning: true, popular_from: 5 }
    }
}

impl Settings {
    /// Articles to show when `asked` for that many; zero means as many as usual.
    pub(super) fn limit(&self, asked: usize) -> usize {
        let wanted = if asked == 0 { self.limit } else { asked };
        wanted.clamp(1, self.max_limit.max(1))
    }
}
