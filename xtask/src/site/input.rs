//! What goes into the site, with the name each file will be asked for by.

use crate::{script, tools::node::Node};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path};

/// A file to serve.
pub struct File {
    /// What the program calls it, such as `site.css`; a path with `/` for a file in a folder.
    pub logical: String,
    /// What a browser calls it: the logical name, with a content hash where the answer may be kept for ever.
    pub served: String,
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

impl File {
    /// A file whose address changes with its content.
    ///
    /// # Panics
    /// When `logical` has an ending `content_type` does not know.
    pub fn hashed(logical: &str, bytes: Vec<u8>) -> Self {
        let hash = &blake3::hash(&bytes).to_hex()[..16];
        let (stem, ending) = logical.rsplit_once('.').expect("hashed files have an ending");
        let content_type = content_type(ending).expect("we know what we make");
        Self { logical: logical.to_owned(), served: format!("{stem}.{hash}.{ending}"), content_type, bytes }
    }
}

/// Everything below `folder`: scripts minified and hashed, the rest as it is.
pub fn public(folder: &Path, node: Option<&Node>) -> Result<Vec<File>> {
    let mut files = Vec::new();
    collect(folder, "", node, &mut files)?;
    files.sort_by(|a, b| a.logical.cmp(&b.logical));
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, node: Option<&Node>, files: &mut Vec<File>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let logical = format!("{prefix}{name}");
        match path.is_dir() {
            true => collect(&path, &format!("{logical}/"), node, files)?,
            false => files.push(read(&path, logical, node)?),
        }
    }
    Ok(())
}

fn read(path: &Path, logical: String, node: Option<&Node>) -> Result<File> {
    let bytes = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let Some(content_type) = content_type(ending) else {
        bail!("{} would be served with an unknown type: add `.{ending}` to {}", path.display(), file!());
    };
    if ending == "js" {
        return Ok(File::hashed(&logical, script::minify(node, &bytes, script::Kind::Classic)?));
    }
    Ok(File { served: logical.clone(), logical, content_type, bytes })
}

/// The media type (RFC 9110, 8.3.1) of the files we serve.
fn content_type(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "css" => "text/css; charset=utf-8",
        "ico" => "image/x-icon",
        "jpg" => "image/jpeg",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn scripts_get_a_hash_and_other_files_keep_their_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("icons")).unwrap();
        fs::write(folder.path().join("site.js"), "let a = 1").unwrap();
        fs::write(folder.path().join("icons/mark.svg"), "<svg/>").unwrap();
        fs::write(folder.path().join(".hidden"), "").unwrap();
        let files = public(folder.path(), None).unwrap();
        let names: Vec<_> = files.iter().map(|file| (file.logical.as_str(), file.served.as_str())).collect();
        assert_eq!(names, [("icons/mark.svg", "icons/mark.svg"), ("site.js", "site.8c69ddacbd0d9285.js")]);
    }

    #[test]
    fn a_type_we_do_not_know_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tool.exe"), "").unwrap();
        let error = public(folder.path(), None).err().unwrap();
        assert!(error.to_string().contains("tool.exe"));
    }
}
