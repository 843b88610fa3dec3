//! Phase one: every Markdown file read, hashed and cut into front matter and body.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use super::front_matter::{self, FrontMatter, Syntax};
use super::source::{Found, Source};
use super::{Position, Problem, address, markdown};

/// A Markdown file that could be read and understood.
#[derive(Debug)]
pub(super) struct File {
    /// Relative to the content folder.
    pub source: String,
    pub hash: [u8; 32],
    pub matter: FrontMatter,
    pub body: Arc<str>,
    /// Lines of front matter above the body.
    pub lines_above: u32,
    pub problems: Vec<Problem>,
    first_heading: Option<String>,
    stamp: Stamp,
}

/// Size and time of last change: the same means not read again.
type Stamp = (u64, Option<SystemTime>);

/// Files by source path.
pub(super) type Files = HashMap<String, Arc<File>>;

impl File {
    pub fn title(&self) -> String {
        let name = || title_of(address::place(&self.source).name.unwrap_or(address::place(&self.source).folder));
        self.matter.title.clone().or_else(|| self.first_heading.clone()).unwrap_or_else(name)
    }
}

/// What a file or folder name says: `_getting-started` is `Getting started`.
pub(super) fn title_of(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name).trim_start_matches('_').replace(['-', '_'], " ");
    let mut letters = name.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Reads in parallel, in the order of `found`. A file that fails keeps its last good version, if there is one.
pub(super) fn read_all(
    source: &Source,
    found: &[Found],
    max_page: u64,
    last: Option<&Files>,
) -> (Vec<Arc<File>>, Vec<Problem>) {
    let read: Vec<_> = found.par_iter().map(|found| read_or_last(source, found, max_page, last)).collect();
    let (files, problems): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    (files.into_iter().flatten().collect(), problems.into_iter().flatten().collect())
}

fn read_or_last(
    source: &Source,
    found: &Found,
    max_page: u64,
    last: Option<&Files>,
) -> (Option<Arc<File>>, Option<Problem>) {
    let last = last.and_then(|files| files.get(&found.path));
    if let Some(last) = last.filter(|last| found.modified.is_some() && last.stamp == (found.bytes, found.modified)) {
        return (Some(Arc::clone(last)), None);
    }
    match read(source, found, max_page) {
        Ok(file) => (Some(Arc::new(file)), None),
        Err(mut problem) => {
            if last.is_some() {
                problem.message.push_str(" Its last good version stays.");
            }
            (last.cloned(), Some(problem))
        }
    }
}

fn read(source: &Source, found: &Found, max_page: u64) -> Result<File, Problem> {
    let file = found.path.as_str();
    if found.bytes > max_page {
        let message = format!("The page has {} bytes; the most is {max_page}.", found.bytes);
        return Err(Problem::error("page-too-large", file, message, "Split it, or raise `content.max_page`."));
    }
    let bytes = source.read(file).map_err(|error| {
        let message = format!("The file cannot be read: {error}.");
        Problem::error("unreadable-file", file, message, "Check that it exists and may be read.")
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|error| bad_utf8(file, &bytes, error.valid_up_to()))?;
    let split = front_matter::split(text).map_err(|syntax| not_closed(file, syntax))?;
    let (matter, problems) = front_matter::parse(file, &split)?;
    let first_heading = if matter.title.is_none() { markdown::first_heading(split.body) } else { None };
    Ok(File {
        source: found.path.clone(),
        hash: blake3::hash(&bytes).into(),
        matter,
        body: split.body.into(),
        lines_above: split.lines_above,
        problems,
        first_heading,
        stamp: (found.bytes, found.modified),
    })
}

fn bad_utf8(file: &str, bytes: &[u8], offset: usize) -> Problem {
    let before = String::from_utf8_lossy(&bytes[..offset]);
    let message = format!("The byte 0x{:02X} at offset {offset} is not UTF-8.", bytes[offset]);
    Problem::error("invalid-utf8", file, message, "Save the file as UTF-8.").at(Position::at(&before, before.len()))
}

fn not_closed(file: &str, syntax: Syntax) -> Problem {
    let mark = if syntax == Syntax::Yaml { "---" } else { "+++" };
    let message = format!("The front matter opens with `{mark}` and is never closed.");
    Problem::error("front-matter-not-closed", file, message, format!("Put a line `{mark}` under it."))
        .at(Position { line: 1, column: 1 })
}
