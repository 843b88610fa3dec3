//! The commit the content folder is at, read from git's own files: no git program is needed.

use std::fs;
use std::path::{Path, PathBuf};

use super::Source;

pub(super) fn commit(source: &Source) -> Option<String> {
    let Source::Dir(root) = source else {
        return None;
    };
    let root = root.canonicalize().ok()?;
    let git = root.ancestors().map(|dir| dir.join(".git")).find(|git| git.exists())?;
    let git = real_dir(git)?;
    let head = fs::read_to_string(git.join("HEAD")).ok()?;
    let commit = match head.trim().strip_prefix("ref: ") {
        Some(name) => reference(&git, name)?,
        None => head.trim().to_owned(),
    };
    commit.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(commit)
}

/// In a linked work tree `.git` is a file that says where.
fn real_dir(git: PathBuf) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    let dir = text.trim().strip_prefix("gitdir: ")?;
    Some(git.parent()?.join(dir))
}

fn reference(git: &Path, name: &str) -> Option<String> {
    let common =
        fs::read_to_string(git.join("commondir")).map(|dir| git.join(dir.trim())).unwrap_or_else(|_| git.to_owned());
    let loose = [git, &common].into_iter().find_map(|dir| fs::read_to_string(dir.join(name)).ok());
    loose.map(|commit| commit.trim().to_owned()).or_else(|| {
        let packed = fs::read_to_string(common.join("packed-refs")).ok()?;
        packed.lines().find_map(|line| {
            line.split_once(' ').filter(|(_, packed)| *packed == name).map(|(commit, _)| commit.to_owned())
        })
    })
}
