//! Where content comes from: a folder, or the manual embedded in the program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use std::{fmt, fs, io};

use anyhow::Context;

use super::{Media, Problem, media};

/// A tree of Markdown files and what lies beside them.
#[derive(Debug, Clone)]
pub enum Source {
    Dir(PathBuf),
    /// Path relative to the root with `/` between its parts, and bytes.
    Embedded(&'static [(&'static str, &'static [u8])]),
    /// The same, made while the program runs.
    Memory(Arc<BTreeMap<String, Vec<u8>>>),
}

/// As a person would name it.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dir(folder) => write!(f, "{}", folder.display()),
            Self::Embedded(_) => f.write_str("the manual in the program"),
            Self::Memory(_) => f.write_str("pages in memory"),
        }
    }
}

/// One file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Relative to the root, with `/` between its parts.
    pub path: String,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
}

impl Found {
    fn in_memory(path: &str, bytes: &[u8]) -> Self {
        Self { path: path.to_owned(), bytes: bytes.len() as u64, modified: None }
    }
}

impl Source {
    /// Every file, sorted by path. Hidden ones, `node_modules` and what `ignore` names are left out.
    pub(super) fn walk(&self, ignore: &[String]) -> anyhow::Result<(Vec<Found>, Vec<Problem>)> {
        let mut walk = Walk { ignore, ..Walk::default() };
        match self {
            Self::Dir(root) => {
                let root = canonical_root(root)?;
                walk.dir(&root, "", &mut vec![root.clone()])
                    .with_context(|| format!("cannot list the content folder {}", root.display()))?;
            }
            Self::Embedded(files) => {
                let wanted = files.iter().filter(|(path, _)| walk.wants(path));
                walk.found = wanted.map(|(path, bytes)| Found::in_memory(path, bytes)).collect();
            }
            Self::Memory(files) => {
                let wanted = files.iter().filter(|(path, _)| walk.wants(path));
                walk.found = wanted.map(|(path, bytes)| Found::in_memory(path, bytes)).collect();
            }
        }
        walk.found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok((walk.found, walk.problems))
    }

    /// The bytes of one file. `NotFound` for what is not there, `PermissionDenied` for what is outside the folder.
    pub(super) fn read(&self, path: &str) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Dir(root) => fs::read(inside(root, path)?).map(Cow::Owned),
            Self::Embedded(files) => files
                .iter()
                .find(|(name, _)| *name == path)
                .map(|(_, bytes)| Cow::Borrowed(*bytes))
                .ok_or_else(|| io::ErrorKind::NotFound.into()),
            Self::Memory(files) => {
                files.get(path).map(|bytes| Cow::Owned(bytes.clone())).ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }

    /// An image by its path, whoever may see it: for what operators show on every page.
    ///
    /// # Errors
    /// What cannot be read, or is no image.
    pub fn image(&self, path: &str) -> io::Result<(&'static str, Vec<u8>)> {
        let content_type = media::content_type(path).filter(|kind| kind.starts_with("image/"));
        let content_type = content_type.ok_or_else(|| io::Error::other("its name does not end like an image's"))?;
        Ok((content_type, self.read(path)?.into_owned()))
    }

    /// Opens a file beside the pages; it may be large, so nothing of it is read yet.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn open(&self, media: &Media) -> io::Result<Opened> {
        match self {
            Self::Dir(root) => {
                let file = fs::File::open(inside(root, &media.source)?)?;
                let meta = file.metadata()?;
                Ok(Opened::File { file, bytes: meta.len(), modified: meta.modified()? })
            }
            Self::Embedded(_) | Self::Memory(_) => self.read(&media.source).map(Opened::Memory),
        }
    }
}

/// A file beside the pages, ready to be sent.
#[derive(Debug)]
pub enum Opened {
    File { file: fs::File, bytes: u64, modified: SystemTime },
    Memory(Cow<'static, [u8]>),
}

fn canonical_root(root: &Path) -> anyhow::Result<PathBuf> {
    root.canonicalize().with_context(|| {
        format!("cannot open the content folder {}. Name an existing folder with --content.", root.display())
    })
}

/// Follows symbolic links, and refuses what they lead to outside the folder.
fn inside(root: &Path, path: &str) -> io::Result<PathBuf> {
    let root = root.canonicalize()?;
    let file = root.join(path).canonicalize()?;
    if file.starts_with(&root) {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file lies outside the content folder"))
    }
}

#[derive(Default)]
struct Walk<'a> {
    ignore: &'a [String],
    found: Vec<Found>,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    /// `above` holds the real folders from the root to this one, so that a link back up is seen.
    fn dir(&mut self, dir: &Path, path: &str, above: &mut Vec<PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                self.skip(&entry.path().to_string_lossy(), "its name is not UTF-8", "Rename it.");
                continue;
            };
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            if self.wants(&path)
                && let Err(error) = self.entry(&entry, path.clone(), above)
            {
                self.skip(&path, &error.to_string(), "Check that it exists and may be read.");
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: &fs::DirEntry, path: String, above: &mut Vec<PathBuf>) -> io::Result<()> {
        let mut real = entry.path();
        if entry.file_type()?.is_symlink() {
            real = real.canonicalize()?;
            if !real.starts_with(&above[0]) {
                self.skip(&path, "it links to something outside the content folder", "Copy the file into the folder.");
                return Ok(());
            }
        }
        let meta = fs::metadata(&real)?;
        if !meta.is_dir() {
            self.found.push(Found { path, bytes: meta.len(), modified: meta.modified().ok() });
        } else if above.contains(&real) {
            self.skip(&path, "it links to a folder above itself", "Remove the link.");
        } else {
            above.push(real.clone());
            let listed = self.dir(&real, &path, above);
            above.pop();
            listed?;
        }
        Ok(())
    }

    fn wants(&self, path: &str) -> bool {
        let hidden = |part: &str| part.starts_with('.') || part == "node_modules";
        !path.split('/').any(hidden) && !self.ignore.iter().any(|ignored| under(path, ignored.trim_matches('/')))
    }

    fn skip(&mut self, path: &str, found: &str, cure: &str) {
        self.problems.push(Problem::warning("skipped-file", path, format!("This is left out: {found}."), cure));
    }
}

fn under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
