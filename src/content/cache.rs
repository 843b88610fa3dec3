//! Rendered prose that survives a restart.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::file::Files;
use super::load::Kept;
use super::markdown::Rendered;
use crate::kept;

/// First bytes of the file; the number is that of its layout.
const MAGIC: &[u8] = b"signpost prose 2\n";

#[derive(Serialize, Deserialize)]
struct Book<'a> {
    made_with: &'a str,
    #[serde(borrow)]
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    source: &'a str,
    /// Of the file the prose was made of.
    hash: [u8; 32],
    /// A [`Rendered`], read only if the file is still the same.
    rendered: &'a [u8],
}

/// What is still good for `files`. A cache that is absent, damaged or made otherwise is as good as none.
pub(super) fn read(path: &Path, made_with: &str, files: &Files) -> Kept {
    try_read(path, made_with, files).unwrap_or_else(|error| {
        tracing::warn!(path = %path.display(), "the cache of rendered prose is not used; every page is rendered: {error:#}");
        Kept::new()
    })
}

fn try_read(path: &Path, made_with: &str, files: &Files) -> Result<Kept> {
    let Some(bytes) = kept::read(path, MAGIC)? else { return Ok(Kept::new()) };
    let book: Book<'_> = postcard::from_bytes(&bytes)?;
    if book.made_with != made_with {
        return Ok(Kept::new());
    }
    let same = |entry: &&Entry<'_>| files.get(entry.source).is_some_and(|file| file.hash == entry.hash);
    let one = |entry: &Entry<'_>| {
        let mut rendered: Rendered = postcard::from_bytes(entry.rendered)?;
        if let Some(file) = files.get(entry.source) {
            Arc::make_mut(&mut rendered.prose).markdown = Arc::clone(&file.body);
        }
        Ok((entry.source.to_owned(), (entry.hash, Arc::new(rendered))))
    };
    book.entries.par_iter().filter(same).map(one).collect::<Result<HashMap<_, _>>>()
}

pub(super) fn write(path: &Path, made_with: &str, prose: &Kept) {
    if let Err(error) = try_write(path, made_with, prose) {
        tracing::warn!(path = %path.display(), "the cache of rendered prose cannot be written; the next start renders again: {error:#}");
    }
}

fn try_write(path: &Path, made_with: &str, prose: &Kept) -> Result<()> {
    let pages: Vec<_> = prose.iter().collect();
    let rendered = |(_, (_, rendered)): &(&String, &([u8; 32], Arc<Rendered>))| postcard::to_stdvec(rendered);
    let bytes: Vec<Vec<u8>> = pages.par_iter().map(rendered).collect::<Result<_, _>>()?;
    let entries = pages.iter().zip(&bytes);
    let entries = entries.map(|((source, (hash, _)), rendered)| Entry { source, hash: *hash, rendered }).collect();
    kept::write(path, MAGIC, &postcard::to_stdvec(&Book { made_with, entries })?)
}
