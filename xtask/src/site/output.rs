//! Writing the site: only what changed, and nothing stays that no longer belongs.

use super::input::File;
use crate::{compress, progress};
use anyhow::{Context, Result};
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

const MANIFEST: &str = "manifest.tsv";

/// One file of the site and what it weighs on the way to a reader.
pub struct Entry {
    pub logical: String,
    /// Brotli bytes; plain ones where compressing gains nothing.
    pub brotli: usize,
}

/// Makes `folder` hold exactly `files`, their compressed copies and the manifest.
pub fn write(folder: &Path, files: Vec<File>) -> Result<Vec<Entry>> {
    let bar = progress::bar(files.iter().map(|file| file.bytes.len() as u64).sum());
    let mut keep = HashSet::from([folder.join(MANIFEST)]);
    let mut entries = Vec::new();
    for file in &files {
        bar.set_message(file.logical.clone());
        entries.push(write_file(folder, file, &mut keep)?);
        bar.inc(file.bytes.len() as u64);
    }
    bar.finish_and_clear();
    prune(folder, &keep)?;
    write_if_changed(&folder.join(MANIFEST), manifest(&files).as_bytes())?;
    Ok(entries)
}

/// One line a file: logical name, served name, media type.
fn manifest(files: &[File]) -> String {
    files.iter().map(|file| format!("{}\t{}\t{}\n", file.logical, file.served, file.content_type)).collect()
}

fn write_file(folder: &Path, file: &File, keep: &mut HashSet<PathBuf>) -> Result<Entry> {
    let path = folder.join(&file.served);
    let changed = write_if_changed(&path, &file.bytes)?;
    let brotli = write_copy(&path, "br", file, changed, compress::brotli)?;
    let gzip = write_copy(&path, "gz", file, changed, compress::gzip)?;
    let smaller = brotli.as_deref().map(size).transpose()?;
    keep.extend(brotli.into_iter().chain(gzip));
    keep.insert(path);
    Ok(Entry { logical: file.logical.clone(), brotli: smaller.unwrap_or(file.bytes.len()) })
}

/// Leaves a compressed copy beside `path` where it is smaller, and says where.
fn write_copy(
    path: &Path,
    ending: &str,
    file: &File,
    changed: bool,
    compress: fn(&[u8]) -> Vec<u8>,
) -> Result<Option<PathBuf>> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    let copy = PathBuf::from(name);
    if is_compressed(file.content_type) {
        return Ok(None);
    }
    if changed || !copy.exists() {
        let compressed = compress(&file.bytes);
        if compressed.len() >= file.bytes.len() {
            return Ok(None);
        }
        write_if_changed(&copy, &compressed)?;
    }
    Ok(Some(copy))
}

/// Formats that compressing again would only make larger.
fn is_compressed(content_type: &str) -> bool {
    matches!(content_type, "font/woff2" | "image/jpeg" | "image/png" | "image/webp")
}

fn size(path: &Path) -> Result<usize> {
    let found = fs::metadata(path).with_context(|| format!("could not read {}", path.display()))?;
    usize::try_from(found.len()).context("a file larger than memory")
}

/// Writes `bytes` unless they are there already, so that cargo sees a change only where there is one.
fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(false);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| format!("could not write {}", path.display()))?;
    Ok(true)
}

/// Removes every file below `folder` that is not to be kept.
fn prune(folder: &Path, keep: &HashSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            prune(&path, keep)?;
        } else if !keep.contains(&path) {
            fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_write_leaves_only_what_belongs() {
        let folder = tempfile::tempdir().unwrap();
        let text = "body { margin: 0 } ".repeat(20);
        write(folder.path(), vec![File::hashed("old.css", text.clone().into_bytes())]).unwrap();
        let entries = write(
            folder.path(),
            vec![File::hashed("site.css", text.into_bytes()), File::hashed("tiny.js", b";".into())],
        )
        .unwrap();
        assert!(entries[0].brotli < 100);
        assert_eq!(entries[1].brotli, 1);
        let [manifest, css, br, gz, tiny] = &names(folder.path())[..] else { panic!("five files") };
        assert_eq!((manifest.as_str(), css.starts_with("site.")), (MANIFEST, true));
        assert_eq!((br, gz), (&format!("{css}.br"), &format!("{css}.gz")));
        let line = format!("tiny.js\t{tiny}\ttext/javascript; charset=utf-8\n");
        assert!(fs::read_to_string(folder.path().join(MANIFEST)).unwrap().ends_with(&line));
    }
}
