//! What the parts can do at best: tantivy and axum with nothing around them.

pub mod index;
pub mod server;

use std::fs;
use std::path::Path;

use anyhow::Result;
use signpost::content::Snapshot;

use crate::articles::Article;

/// Lays out what the bare server serves: the article's bytes and headers, and an index of the same sections.
pub fn prepare(folder: &Path, snapshot: &Snapshot, article: &Article) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (form, answer) in [("identity", &article.html), ("br", &article.brotli)] {
        fs::write(folder.join(form), &answer.body)?;
        fs::write(folder.join(form).with_extension("json"), serde_json::to_vec(&answer.headers)?)?;
    }
    index::write(&folder.join("index"), snapshot)
}
