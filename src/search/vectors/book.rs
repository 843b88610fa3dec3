//! Vectors that survive a restart.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{Rows, Vectors, Weights};
use crate::kept;
use crate::search::meaning::{self, Table};

/// First bytes of the file; the number is that of its layout and of how vectors are made.
const MAGIC: &[u8] = b"signpost vectors 3\n";

#[derive(Serialize, Deserialize)]
struct Book<W, P, R> {
    /// Checksum of the table they were made with.
    table: String,
    weights: W,
    pages: P,
    rows: R,
}

/// What an earlier start left; a file that is absent, damaged or made otherwise is as good as none.
pub fn read(path: &Path, table: &'static Table) -> Option<Vectors> {
    try_read(path, table).unwrap_or_else(|error| {
        tracing::warn!(path = %path.display(), "the kept vectors are not used and are worked out anew: {error:#}");
        None
    })
}

fn try_read(path: &Path, table: &'static Table) -> Result<Option<Vectors>> {
    let Some(bytes) = kept::read(path, MAGIC)? else { return Ok(None) };
    let book: Book<Weights, HashMap<_, _>, Rows> = postcard::from_bytes(&bytes)?;
    if book.table != meaning::SHA256 {
        return Ok(None);
    }
    let Book { weights, pages, rows, .. } = book;
    Ok(Some(Vectors { table, weights: Arc::new(weights), pages, starts: vec![0], rows }))
}

pub fn write(path: &Path, vectors: &Vectors) {
    if let Err(error) = try_write(path, vectors) {
        tracing::warn!(path = %path.display(), "vectors cannot be kept; the next start works them out again: {error:#}");
    }
}

fn try_write(path: &Path, vectors: &Vectors) -> Result<()> {
    let Vectors { weights, pages, rows, .. } = vectors;
    let book = Book { table: meaning::SHA256.to_owned(), weights: &**weights, pages, rows };
    kept::write(path, MAGIC, &postcard::to_stdvec(&book)?)
}
