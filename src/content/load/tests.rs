#![allow(clippy::unwrap_used)]

use super::*;
use crate::content::{Kind, Options, Settings, Severity, Status, View};
use crate::identity::{Viewer, anonymous, from_command_line};

mod again;
mod faults;
mod site;

const NOW: &str = "2026-06-01T00:00:00Z";

pub(in crate::content) fn load_files(files: &[(&str, &[u8])]) -> Snapshot {
    let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
    let settings = Settings::default();
    let how = Options {
        base: "/docs",
        site_url: "https://help.example.com/docs",
        ..Options::new(&settings, NOW.parse().unwrap())
    };
    load(&Source::Memory(Arc::new(files)), &how, None).unwrap()
}

fn texts(files: &[(&str, &str)]) -> Snapshot {
    load_files(&files.iter().map(|(path, text)| (*path, text.as_bytes())).collect::<Vec<_>>())
}

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    let mut paths: Vec<_> = snapshot.pages.iter().map(|page| page.path.as_str()).collect();
    paths.sort_unstable();
    paths
}

/// `kind file:line:column` of every problem at least this bad.
fn found(snapshot: &Snapshot, least: Severity) -> Vec<String> {
    let place = |problem: &Problem| match problem.position {
        Some(at) => format!("{} {}:{}:{}", problem.kind, problem.file, at.line, at.column),
        None => format!("{} {}", problem.kind, problem.file),
    };
    snapshot.problems().iter().filter(|problem| problem.severity <= least).map(place).collect()
}

fn check_problems(files: &[(&str, &[u8])], expect: &[&str]) {
    let snapshot = load_files(files);
    assert_eq!(found(&snapshot, Severity::Warning), expect, "{:#?}", snapshot.problems());
    for problem in snapshot.problems() {
        assert!(!problem.message.is_empty() && !problem.cure.is_empty(), "{problem}");
    }
}

fn with_view(snapshot: &Snapshot, viewer: &Viewer, look: impl FnOnce(View<'_>)) {
    look(snapshot.view(viewer));
}
