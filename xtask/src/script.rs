//! Smaller JavaScript, by `terser` where there is node.

use crate::{process, tools::node::Node, workspace};
use anyhow::{Context, Result};
use std::fs;

/// How a page loads a script; in a module also the outermost names may be shortened.
#[derive(Clone, Copy)]
pub enum Kind {
    Classic,
    Module,
}

/// `source` minified, or as it is without node. Results are kept, so an unchanged script costs nothing.
pub fn minify(node: Option<&Node>, source: &[u8], kind: Kind) -> Result<Vec<u8>> {
    let Some(node) = node else {
        return Ok(source.into());
    };
    let flags: &[&str] = match kind {
        Kind::Classic => &["--compress", "--mangle"],
        Kind::Module => &["--compress", "--mangle", "--module"],
    };
    let folder = workspace::target("minified");
    let key = key(node.fingerprint(), flags, source);
    let (input, output) = (folder.join(format!("{key}.in.js")), folder.join(format!("{key}.js")));
    if !output.exists() {
        fs::create_dir_all(&folder)?;
        fs::write(&input, source)?;
        process::run(node.script("terser/bin/terser").args(flags).arg("--output").arg(&output).arg("--").arg(&input))?;
        fs::remove_file(input)?;
    }
    fs::read(&output).with_context(|| format!("could not read {}", output.display()))
}

fn key(tools: &str, flags: &[&str], source: &[u8]) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(tools.as_bytes()).update(flags.concat().as_bytes()).update(source);
    hash.finalize().to_hex()[..16].to_owned()
}
