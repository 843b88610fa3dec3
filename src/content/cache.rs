//! Rendered prose that survives a restart: one file, whole or not at all.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use anyhow::{Context, ensure};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::file::Files;
use super::load::Kept;
use super::markdown::Rendered;

/// First bytes of the file; the number is that of its layout.
const MAGIC: &[u8] = b"signpost prose 2\n";
const CHECKSUM: usize = 32;

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
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Kept::new(),
        Err(error) => return ignored(path, &error.into()),
    };
    parse(&bytes, made_with, files).unwrap_or_else(|error| ignored(path, &error))
}

fn ignored(path: &Path, error: &anyhow::Error) -> Kept {
    tracing::warn!(path = %path.display(), %error, "the cache of rendered prose is not used; every page is rendered");
    Kept::new()
}

fn parse(bytes: &[u8], made_with: &str, files: &Files) -> anyhow::Result<Kept> {
    let rest = bytes.strip_prefix(MAGIC).context("it is not one, or of another version")?;
    let (checksum, rest) = rest.split_at_checked(CHECKSUM).context("it is cut short")?;
    ensure!(blake3::hash(rest).as_bytes() == checksum, "it is damaged");
    let book: Book<'_> = postcard::from_bytes(rest)?;
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
    book.entries.par_iter().filter(same).map(one).collect::<anyhow::Result<HashMap<_, _>>>()
}

/// Written beside and renamed, so that a reader finds the old one or the new one.
pub(super) fn write(path: &Path, made_with: &str, kept: &Kept) {
    if let Err(error) = try_write(path, made_with, kept) {
        tracing::warn!(path = %path.display(), %error, "the cache of rendered prose cannot be written; the next start renders again");
    }
}

fn try_write(path: &Path, made_with: &str, kept: &Kept) -> anyhow::Result<()> {
    let pages: Vec<_> = kept.iter().collect();
    let rendered = |(_, (_, rendered)): &(&String, &([u8; 32], Arc<Rendered>))| postcard::to_stdvec(rendered);
    let bytes: Vec<Vec<u8>> = pages.par_iter().map(rendered).collect::<Result<_, _>>()?;
    let entries = pages.iter().zip(&bytes);
    let entries = entries.map(|((source, (hash, _)), rendered)| Entry { source, hash: *hash, rendered }).collect();
    let book = postcard::to_stdvec(&Book { made_with, entries })?;
    let whole = [MAGIC, blake3::hash(&book).as_bytes(), &book].concat();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    fs::write(&beside, whole)?;
    fs::rename(&beside, path)?;
    Ok(())
}
