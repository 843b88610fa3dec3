//! Files that only spare work at the next start: whole or not at all, and as good as absent when damaged.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, ensure};

const CHECKSUM: usize = 32;

/// What [`write`] left at `path`; `None` without a file. `magic` is its first bytes, with the version of its layout.
///
/// # Errors
/// A file that cannot be read, is of another version, cut short or damaged.
pub fn read(path: &Path, magic: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut bytes = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        bytes => bytes?,
    };
    let rest = bytes.strip_prefix(magic).context("it is not one, or of another version")?;
    let (checksum, content) = rest.split_at_checked(CHECKSUM).context("it is cut short")?;
    ensure!(blake3::hash(content).as_bytes() == checksum, "it is damaged");
    Ok(Some(bytes.split_off(magic.len() + CHECKSUM)))
}

/// Written beside and renamed, so that a reader finds the old file or the new one.
///
/// # Errors
/// A folder or file that cannot be written.
pub fn write(path: &Path, magic: &[u8], content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    fs::write(&beside, [magic, blake3::hash(content).as_bytes(), content].concat())?;
    Ok(fs::rename(&beside, path)?)
}
