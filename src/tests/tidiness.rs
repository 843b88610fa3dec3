//! The house rules that a reader of the code relies on.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use signpost::search::meaning;

/// Rooms from the ground up: a room may use those named before it, and its own.
const FLOORS: &[&[&str]] = &[
    &["site", "progress", "store", "identity", "telemetry", "assets", "kept", "mask"],
    &["mail", "passes"],
    &["content", "staff", "views", "answers", "privacy"],
    &["events", "tags"],
    &["feedback", "retention"],
    &["search"],
    &["integrations"],
    &["delivery"],
    &["routing"],
    &["tickets"],
    &["community"],
    &["chat", "webhooks"],
    &["config"],
    &["edition", "eval"],
    &["searches"],
    &["owners"],
    &["help"],
    &["http"],
    &["cli"],
];

/// What a room above says to one below: `http` and `edition` need `Help`, settings are a list of all rooms.
const EXCEPTIONS: &[(&str, &str)] = &[("config", "http"), ("edition", "help"), ("help", "http"), ("http", "help")];

const LONGEST_FILE: usize = 300;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut folders = vec![root];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!files.is_empty(), "{folder} has no sources");
    files
}

fn room_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    Some(first.trim_end_matches(".rs").to_owned())
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms that a file names after `crate::`, alone or in braces.
fn rooms_used(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let list = rest.strip_prefix('{').and_then(|inside| inside.split_once("};")).map_or(rest, |(inside, _)| inside);
        let names = if rest.starts_with('{') { list.split(',').collect() } else { vec![list] };
        let word =
            |name: &str| name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        rooms.extend(names.into_iter().map(word));
    }
    rooms
}

#[test]
fn arrows_between_rooms_point_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let Some(room) = room_of(&path) else { continue };
        let Some(own) = floor(&room) else { continue };
        for used in rooms_used(&text) {
            let Some(other) = floor(&used) else { continue };
            let same = used == room || EXCEPTIONS.contains(&(room.as_str(), used.as_str()));
            if other >= own && !same {
                wrong.push(format!("{}: {room} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that point up:\n{}", wrong.join("\n"));
}

#[test]
fn only_search_reads_without_a_viewer() {
    for (path, text) in sources("src") {
        let room = room_of(&path).unwrap_or_default();
        if !["search", "content", "tests"].contains(&room.as_str()) {
            assert!(!text.contains("pages_for_index"), "{} reads every page whoever asks", path.display());
        }
    }
}

#[test]
fn no_file_grows_past_what_one_can_hold_in_mind() {
    let folders = ["src", "app/src", "app/browser/src", "distill/src", "xtask/src"];
    let long: Vec<_> = folders
        .iter()
        .flat_map(|folder| sources(folder))
        // One word a line: nobody has to hold it in mind.
        .filter(|(path, _)| !["words/list.rs", "words/agent.rs"].iter().any(|list| path.ends_with(list)))
        .map(|(path, text)| (path, code_lines(&text)))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines:\n{}", long.join("\n"));
}

/// Lines before the tests that stand beside the code.
fn code_lines(text: &str) -> usize {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count()
}

#[test]
fn only_these_crates_reach_a_browser() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("app/Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let mut names: Vec<_> = manifest["dependencies"].as_table().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["hydration_context", "leptos", "serde", "wasm-bindgen", "wasm-bindgen-futures", "web-sys"]);
}

#[test]
fn word_vectors_are_what_their_checksum_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/search/meaning");
    let mut found = String::new();
    for byte in Sha256::digest(std::fs::read(folder.join("english.vectors")).unwrap()) {
        write!(found, "{byte:02x}").unwrap();
    }
    assert_eq!(found, meaning::SHA256, "english.vectors comes from `cargo xtask distill` and from nothing else");
    let told = std::fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(told.contains(meaning::SHA256), "the README beside the vectors names another file");
}
