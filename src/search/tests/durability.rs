//! The index on disk: reused, brought up to date, and replaced when it is damaged.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

fn open(directory: &Path, snapshot: &Snapshot) -> Index {
    let index = Index::open(Some(directory), snapshot, &Settings::default(), "").unwrap();
    self_test(&index, snapshot).unwrap();
    index
}

fn snapshot(texts: &[(&str, &str)]) -> Snapshot {
    Snapshot::for_test(texts.iter().map(|(path, text)| Page::for_test(path, &format!("Page {path}"), text)).collect())
}

fn find(index: &Index, snapshot: &Snapshot, text: &str) -> Vec<String> {
    search(index, snapshot, &identity::anonymous(), &query(text)).hits.into_iter().map(|hit| hit.url).collect()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(directory.join("en")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_restart_reuses_the_index() {
    let directory = tempfile::tempdir().unwrap();
    let content = snapshot(&[("/one", "apple"), ("/two", "pear")]);
    drop(open(directory.path(), &content));
    let before = files(directory.path());
    let index = open(directory.path(), &content);
    assert_eq!(find(&index, &content, "pear"), ["/two"]);
    assert_eq!(files(directory.path()), before);
}

#[test]
fn changed_content_is_indexed_page_by_page() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path(), &snapshot(&[("/one", "apple"), ("/two", "pear")])));
    let content = snapshot(&[("/two", "plum"), ("/three", "apple cherry")]);
    let index = open(directory.path(), &content);
    assert_eq!(find(&index, &content, "plum"), ["/two"]);
    assert_eq!(find(&index, &content, "apple"), ["/three"]);
    assert_eq!(find(&index, &content, "pear"), [""; 0]);
}

#[test]
fn an_older_index_keeps_answering_for_its_own_snapshot() {
    let before = snapshot(&[("/one", "apple"), ("/two", "pear")]);
    let after = snapshot(&[("/two", "apple")]);
    for directory in [None, Some(tempfile::tempdir().unwrap())] {
        let directory = directory.as_ref().map(|directory| directory.path());
        let old = Index::open(directory, &before, &Settings::default(), "").unwrap();
        let new = old.update(&after).unwrap();
        assert_eq!(find(&old, &before, "apple"), ["/one"]);
        assert_eq!(find(&new, &after, "apple"), ["/two"]);
    }
}

#[test]
fn a_damaged_index_is_built_anew() {
    let content = snapshot(&[("/one", "apple"), ("/two", "pear")]);
    let damages: [fn(&Path); 4] = [
        |file| fs::write(file, b"not an index").unwrap(),
        |file| fs::write(file, b"").unwrap(),
        |file| fs::remove_file(file).unwrap(),
        |file| {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 3;
            bytes[middle] ^= 0x55;
            fs::write(file, bytes).unwrap();
        },
    ];
    for damage in damages {
        let directory = tempfile::tempdir().unwrap();
        drop(open(directory.path(), &content));
        let hurt =
            |file: &&PathBuf| file.extension().is_some_and(|kind| kind == "term" || kind == "json" || kind == "idx");
        files(directory.path())
            .iter()
            .filter(hurt)
            .filter(|file| !file.ends_with(".managed.json"))
            .for_each(|file| damage(file));
        let index = open(directory.path(), &content);
        assert_eq!(find(&index, &content, "pear"), ["/two"]);
    }
}

#[test]
fn while_another_program_writes_the_index_search_works_in_memory() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(directory.path(), &snapshot(&[("/one", "apple")]));
    let writer: tantivy::IndexWriter = first.locales()[0].index().writer(50 << 20).unwrap();
    let content = snapshot(&[("/one", "pear")]);
    assert_eq!(find(&open(directory.path(), &content), &content, "pear"), ["/one"]);
    drop(writer);
}

#[test]
fn many_small_edits_leave_few_segments() {
    let directory = tempfile::tempdir().unwrap();
    let mut index = open(directory.path(), &snapshot(&[("/one", "start")]));
    for round in 0..20 {
        let text = format!("edit round{round}");
        let content = snapshot(&[("/one", &text)]);
        index = index.update(&content).unwrap();
        assert_eq!(find(&index, &content, &format!("round{round}")), ["/one"]);
    }
    assert!(index.locales()[0].segments.len() <= 8);
}

/// A page is there with some words, or it is not.
fn site() -> impl Strategy<Value = Vec<Option<String>>> {
    let words = prop::collection::vec(prop::sample::select(vec!["apple", "pears", "plum", "restoring", "a.b"]), 1..6);
    prop::collection::vec(prop::option::of(words.prop_map(|words| words.join(" "))), 1..8)
}

fn snapshot_of(site: &[Option<String>]) -> Snapshot {
    let page =
        |(number, text): (usize, &Option<String>)| Some(Page::for_test(&format!("/p{number}"), "Page", text.as_ref()?));
    Snapshot::for_test(
        site.iter().enumerate().filter_map(page).chain([Page::for_test("/last", "Last", "pear")]).collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn updating_equals_building_anew(edits in prop::collection::vec(site(), 1..5)) {
        let mut content = snapshot_of(&[]);
        let mut index = Index::open(None, &content, &Settings::default(), "").unwrap();
        for site in &edits {
            content = snapshot_of(site);
            index = index.update(&content).unwrap();
        }
        let fresh = Index::open(None, &content, &Settings::default(), "").unwrap();
        for text in ["apple", "pear plum", "rest", "a.b", "p", "page apple pear plum restore"] {
            let ask = |index: &Index| SearchResults { took_us: 0, ..search(index, &content, &identity::anonymous(), &query(text)) };
            prop_assert_eq!(ask(&index), ask(&fresh));
        }
    }
}
