//! What the parts can do at best: tantivy and axum with nothing around them.

pub mod index;
pub mod server;

use std::fs;
use std::path::Path;

use anyhow::Result;
use signpost::content::Snapshot;

use crate::articles::Article;

/// Lays out what the bare server serves: the article's bytes, and an index of the same sections.
pub fn prepare(folder: &Path, snapshot: &Snapshot, article: &Article) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("identity"), &article.html)?;
    fs::write(folder.join("br"), &article.brotli)?;
    index::write(&folder.join("index"), snapshot)
}
