//! Vectors that survive a restart: one file, whole or not at all.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::{Rows, Vectors, Weights};
use crate::search::meaning::{self, Table};

/// First bytes of the file; the number is that of its layout and of how vectors are made.
const MAGIC: &[u8] = b"signpost vectors 1\n";
const CHECKSUM: usize = 32;

#[derive(Serialize, Deserialize)]
struct Book<W, R> {
    /// Checksum of the table they were made with.
    table: String,
    weights: W,
    pages: HashMap<u64, (u32, u32)>,
    rows: R,
}

/// What an earlier start left; one that is absent, damaged or made otherwise is as good as none.
pub fn read(path: &Path, table: &'static Table) -> Option<Vectors> {
    let bytes = fs::read(path).ok()?;
    match parse(&bytes) {
        Ok(book) if book.table == meaning::SHA256 => Some(Vectors {
            table,
            weights: Arc::new(book.weights),
            pages: book.pages,
            starts: vec![0],
            rows: book.rows,
        }),
        Ok(_) => None,
        Err(error) => {
            tracing::warn!(path = %path.display(), "the kept vectors are not used and are worked out anew: {error:#}");
            None
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Book<Weights, Rows>> {
    let rest = bytes.strip_prefix(MAGIC).context("they are of another version")?;
    let (checksum, rest) = rest.split_at_checked(CHECKSUM).context("the file is cut short")?;
    ensure!(blake3::hash(rest).as_bytes() == checksum, "the file is damaged");
    Ok(postcard::from_bytes(rest)?)
}

/// Written beside and renamed, so that a reader finds the old file or the new one.
pub fn write(path: &Path, vectors: &Vectors) {
    if let Err(error) = try_write(path, vectors) {
        tracing::warn!(path = %path.display(), "vectors cannot be kept; the next start works them out again: {error:#}");
    }
}

fn try_write(path: &Path, vectors: &Vectors) -> Result<()> {
    let Vectors { weights, pages, rows, .. } = vectors;
    let book = Book { table: meaning::SHA256.to_owned(), weights: &**weights, pages: pages.clone(), rows };
    let book = postcard::to_stdvec(&book)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    fs::write(&beside, [MAGIC, blake3::hash(&book).as_bytes(), &book].concat())?;
    Ok(fs::rename(&beside, path)?)
}
