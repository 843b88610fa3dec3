//! What the parts can do at best: tantivy and axum with nothing around them.

pub mod events;
pub mod index;
mod query;
pub mod server;
pub mod tickets;

use std::fs;
use std::path::Path;

use anyhow::Result;
use signpost::content::Snapshot;

use crate::articles::Article;

/// The folder of the index.
pub const INDEX: &str = "index";

/// Leaves the article's bytes and headers for the bare server.
pub fn keep(folder: &Path, article: &Article) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (form, answer) in [("identity", &article.html), ("br", &article.brotli)] {
        fs::write(folder.join(form), &answer.body)?;
        fs::write(folder.join(form).with_extension("json"), serde_json::to_vec(&answer.headers)?)?;
    }
    Ok(())
}

/// Leaves an index of the sections Signpost searches for the bare server.
pub fn index(folder: &Path, snapshot: &Snapshot) -> Result<()> {
    index::write(&folder.join(INDEX), snapshot)
}
