//! Loading again: from memory, from disk, from a folder that changed.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::*;

fn write(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn html<'a>(snapshot: &'a Snapshot, path: &str) -> &'a str {
    &snapshot.pages[snapshot.by_path[path].index()].prose.html
}

#[test]
fn an_edit_renders_only_what_changed() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings::default();
    let how = Options::new(&settings, NOW.parse().unwrap());
    let source = Source::Dir(dir.path().to_owned());
    write(dir.path(), "p.md", "# A\n\n[b](b.md)");
    write(dir.path(), "b.md", "# B\n\none");
    write(dir.path(), "c.md", "# C");
    let first = load(&source, &how, None).unwrap();
    write(dir.path(), "b.md", "---\nslug: bee\n---\n# B\n\none two");
    let second = load(&source, &how, Some(&first)).unwrap();
    assert!(html(&second, "/bee").contains("one two"));
    assert!(html(&second, "/p").contains("href=\"/bee\""), "a link to what moved is written anew");
    let prose = |snapshot: &Snapshot| Arc::as_ptr(&snapshot.pages[snapshot.by_path["/c"].index()].prose);
    assert_eq!(prose(&first), prose(&second), "what did not change is not rendered again");
    assert_ne!(first.hash(), second.hash());
}

#[test]
fn a_file_that_breaks_keeps_its_last_good_version() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings::default();
    let how = Options::new(&settings, NOW.parse().unwrap());
    let source = Source::Dir(dir.path().to_owned());
    write(dir.path(), "p.md", "---\ntitle: A\n---\ngood");
    let first = load(&source, &how, None).unwrap();
    write(dir.path(), "p.md", "---\ntitle: [A\n---\nbroken now");
    let second = load(&source, &how, Some(&first)).unwrap();
    assert_eq!(html(&second, "/p"), "<p>good</p>\n");
    let [problem] = second.problems() else { panic!("{:?}", second.problems()) };
    assert!(problem.message.ends_with("Its last good version stays."), "{problem}");
}

#[test]
fn prose_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("data/prose.bin");
    let settings = Settings::default();
    let how = Options { cache: Some(&cache), ..Options::new(&settings, NOW.parse().unwrap()) };
    let content = dir.path().join("content");
    write(&content, "p.md", "# A\n\n```json\n{}\n```");
    let source = Source::Dir(content.clone());
    let cold = load(&source, &how, None).unwrap();
    let warm = load(&source, &how, None).unwrap();
    assert_eq!((cold.hash(), &cold.pages[1].prose), (warm.hash(), &warm.pages[1].prose));
    let written = std::fs::read(&cache).unwrap();
    for damaged in [&b"not a cache"[..], &written[..written.len() - 1], &[]] {
        std::fs::write(&cache, damaged).unwrap();
        assert_eq!(load(&source, &how, None).unwrap().hash(), cold.hash());
    }
    write(&content, "p.md", "# A\n\nnew");
    assert_eq!(html(&load(&source, &how, None).unwrap(), "/p"), "<p>new</p>\n");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_and_in_circles_are_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.md", "# Secret");
    write(dir.path(), "alpha/b.md", "# B");
    std::os::unix::fs::symlink(outside.path(), dir.path().join("out")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.md"), dir.path().join("s.md")).unwrap();
    std::os::unix::fs::symlink(dir.path(), dir.path().join("alpha/up")).unwrap();
    let settings = Settings::default();
    let snapshot =
        load(&Source::Dir(dir.path().to_owned()), &Options::new(&settings, NOW.parse().unwrap()), None).unwrap();
    assert_eq!(paths(&snapshot), ["/", "/alpha", "/alpha/b"]);
    assert_eq!(found(&snapshot, Severity::Warning), ["skipped-file alpha/up", "skipped-file out", "skipped-file s.md"]);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let settings = Settings::default();
    let error =
        load(&Source::Dir("/nowhere/at/all".into()), &Options::new(&settings, NOW.parse().unwrap()), None).unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
}
