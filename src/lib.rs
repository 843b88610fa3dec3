//! Signpost: a folder of Markdown becomes a fast, searchable help center.

pub mod assets;
pub mod content;
pub mod identity;
pub mod search;
