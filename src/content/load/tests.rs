#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::*;
use crate::content::{Kind, Options, Settings, Severity, Status, View};
use crate::identity::{Viewer, anonymous, from_command_line};

const NOW: &str = "2026-06-01T00:00:00Z";

pub(in crate::content) fn load_files(files: &[(&str, &[u8])]) -> Snapshot {
    let leaked: Vec<(&'static str, &'static [u8])> = files
        .iter()
        .map(|(path, bytes)| (&*path.to_string().leak(), &*bytes.to_vec().leak()))
        .collect();
    let settings = Settings::default();
    let how = Options {
        base: "/docs",
        site_url: "https://help.example.com/docs",
        ..Options::new(&settings, NOW.parse().unwrap())
    };
    load(&Source::Embedded(leaked.leak()), &how, None).unwrap()
}

fn texts(files: &[(&str, &str)]) -> Snapshot {
    load_files(
        &files
            .iter()
            .map(|(path, text)| (*path, text.as_bytes()))
            .collect::<Vec<_>>(),
    )
}

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    let mut paths: Vec<_> = snapshot
        .pages
        .iter()
        .map(|page| page.path.as_str())
        .collect();
    paths.sort_unstable();
    paths
}

/// `kind file:line:column` of every problem at least this bad.
fn found(snapshot: &Snapshot, least: Severity) -> Vec<String> {
    let place = |problem: &Problem| match problem.position {
        Some(at) => format!(
            "{} {}:{}:{}",
            problem.kind, problem.file, at.line, at.column
        ),
        None => format!("{} {}", problem.kind, problem.file),
    };
    snapshot
        .problems()
        .iter()
        .filter(|problem| problem.severity <= least)
        .map(place)
        .collect()
}

fn check_problems(files: &[(&str, &[u8])], expect: &[&str]) {
    let snapshot = load_files(files);
    assert_eq!(
        found(&snapshot, Severity::Warning),
        expect,
        "{:#?}",
        snapshot.problems()
    );
    for problem in snapshot.problems() {
        assert!(
            !problem.message.is_empty() && !problem.cure.is_empty(),
            "{problem}"
        );
    }
}

#[test]
fn every_file_gets_an_address() {
    let snapshot = texts(&[
        ("index.md", "# Home"),
        ("_guides/install.md", "# Install"),
        ("_guides/deep/er/x.md", "---\nslug: Why Not\n---\n# X"),
        ("de/index.md", "# Start"),
        ("de/guides/install.md", "# Einbauen"),
        ("en/only.md", "# Only"),
        ("cs/intro.md", "# C#"),
        ("moved.md", "---\npermalink: /somewhere/else/\n---\n# M"),
        (".hidden/a.md", "# no"),
        ("node_modules/a.md", "# no"),
    ]);
    let expect = [
        "/",
        "/cs",
        "/cs/intro",
        "/de",
        "/de/guides",
        "/de/guides/install",
        "/guides",
        "/guides/deep",
        "/guides/deep/er",
        "/guides/deep/er/why-not",
        "/guides/install",
        "/only",
        "/somewhere/else",
    ];
    assert_eq!(paths(&snapshot), expect);
    assert_eq!(snapshot.locales(), ["en", "de"]);
}

fn with_view(snapshot: &Snapshot, viewer: &Viewer, look: impl FnOnce(View<'_>)) {
    look(snapshot.view(viewer));
}

#[test]
fn the_tree_follows_folders_and_parents() {
    let snapshot = texts(&[
        ("alpha/index.md", "---\ntitle: A\n---"),
        ("alpha/two.md", "---\ntitle: Two\nnav_order: 2\n---"),
        ("alpha/one.md", "---\ntitle: One\norder: 1\n---"),
        ("alpha/last.md", "---\ntitle: Last\n---"),
        ("b/below-one.md", "---\ntitle: Below\nparent: One\n---"),
        ("c/c.md", "---\ntitle: C\nredirect_from: /c/\n---"),
        ("c/in-c.md", "---\ntitle: In C\n---"),
    ]);
    with_view(&snapshot, &anonymous(), |view| {
        let titles = |path: &str| {
            view.children(view.at(path).unwrap())
                .map(|page| page.title.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(titles("/alpha"), ["One", "Two", "Last"]);
        assert_eq!(titles("/alpha/one"), ["Below"]);
        assert_eq!(titles("/c/c"), ["In C"]);
        assert_eq!(titles("/"), ["A", "C"]);
        assert_eq!(view.at("/alpha/one").unwrap().kind, Kind::Category);
        let above: Vec<_> = view
            .ancestors(view.at("/b/below-one").unwrap())
            .iter()
            .map(|page| page.path.as_str())
            .collect();
        assert_eq!(above, ["/alpha", "/alpha/one"]);
        assert_eq!(view.redirect("/c"), Some("/c/c"));
        assert_eq!(view.canonical("/Alpha/One/index.html"), Some("/alpha/one"));
    });
}

#[test]
fn two_pages_of_one_title_are_told_apart() {
    let snapshot = texts(&[
        ("x/api.md", "---\ntitle: API\n---"),
        ("y/api.md", "---\ntitle: API\nparent: Y\n---"),
        ("y/index.md", "---\ntitle: Y\n---"),
        ("x/near.md", "---\ntitle: Near\nparent: API\n---"),
        (
            "x/far.md",
            "---\ntitle: Far\nparent: API\ngrand_parent: Y\n---",
        ),
    ]);
    with_view(&snapshot, &anonymous(), |view| {
        let above = |path: &str| view.parent(view.at(path).unwrap()).unwrap().path.as_str();
        assert_eq!((above("/x/near"), above("/x/far")), ("/x/api", "/y/api"));
    });
}

#[test]
fn pages_at_one_address_are_both_served() {
    let snapshot = texts(&[
        ("p.md", "---\npermalink: /b\n---\n"),
        ("b.md", "# B"),
        ("c.md", "---\npermalink: /search/x\n---\n# C"),
        ("admin.md", "# D"),
    ]);
    assert_eq!(paths(&snapshot), ["/", "/b", "/c", "/p"]);
    let expect = [
        "reserved-path admin.md",
        "reserved-path c.md",
        "duplicate-path p.md",
    ];
    assert_eq!(found(&snapshot, Severity::Error), expect);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    check_problems(
        &[("p.md", b"---\ntitle: [a\n---\nx")],
        &["bad-front-matter p.md:2:8"],
    );
    check_problems(
        &[("p.md", b"---\ntitle: A\norder: many\n---\n")],
        &["bad-front-matter p.md:3:1"],
    );
    check_problems(
        &[("p.md", b"+++\ntitle = \"A\"\nfaq = 3\n+++\n")],
        &["bad-front-matter p.md:3:7"],
    );
    check_problems(
        &[("p.md", b"---\ntitle: A\nstatus: gone\n---\n")],
        &["bad-front-matter p.md:3:9"],
    );
    check_problems(
        &[("p.md", b"---\ntitle: A\n\nnever closed")],
        &["front-matter-not-closed p.md:1:1"],
    );
    check_problems(
        &[("p.md", b"one\nt\xc3\xbcw\xffo")],
        &["invalid-utf8 p.md:2:4"],
    );
    check_problems(
        &[("p.md", b"---\ntitle: A\ntitle: B\n---\n")],
        &["duplicate-key p.md:3:1"],
    );
    check_problems(
        &[("p.md", b"---\ntitle: A\n---\n\n\xc3\xbc [x](gone.md)")],
        &["broken-link p.md:5:3"],
    );
    check_problems(
        &[
            ("p.md", b"[x](#gone) [y](b.md#here)"),
            ("b.md", b"# B\n## Here"),
        ],
        &["broken-anchor p.md:1:1"],
    );
    check_problems(&[("p.md", b"![x](gone.png)")], &["missing-image p.md:1:1"]);
    check_problems(
        &[("p.md", b"---\nparent: Nobody\n---\n")],
        &["unknown-parent p.md"],
    );
    check_problems(
        &[
            ("redirects.yml", b"/x: /y\n/y: /x\n/c: /d\n"),
            ("d.md", b"# D"),
        ],
        &["redirect-loop redirects.yml", "redirect-loop redirects.yml"],
    );
}

#[test]
fn a_page_too_large_is_refused() {
    let large = vec![b'a'; 5_000_001];
    check_problems(
        &[("p.md", &large), ("b.md", b"# B")],
        &["page-too-large p.md"],
    );
}

#[test]
fn time_and_status_decide_what_is_served() {
    let snapshot = texts(&[
        ("draft.md", "---\nstatus: draft\n---\n"),
        ("later.md", "---\npublish_at: 2026-07-01\n---\n"),
        (
            "now.md",
            "---\npublish_at: 2026-05-01\nexpires_at: 2026-06-15T10:00:00Z\n---\n",
        ),
        ("over.md", "---\nexpires_at: 2026-05-01\n---\n"),
        ("secret.md", "---\nstatus: unlisted\n---\n"),
    ]);
    assert_eq!(paths(&snapshot), ["/", "/now", "/secret"]);
    assert_eq!(
        snapshot.next_change(),
        Some("2026-06-15T10:00:00Z".parse().unwrap())
    );
    with_view(&snapshot, &anonymous(), |view| {
        let secret = view.at("/secret").unwrap();
        assert_eq!((secret.status, secret.listed), (Status::Unlisted, false));
    });
}

#[test]
fn what_a_viewer_may_not_see_does_not_exist() {
    let snapshot = load_files(&[
        (
            "staff.md",
            b"---\naudience: [staff]\n---\n![x](staff.png) ![x](both.png)",
        ),
        ("open.md", b"![x](both.png)"),
        ("staff.png", b"x"),
        ("both.png", b"x"),
        ("nobody.png", b"x"),
    ]);
    with_view(&snapshot, &anonymous(), |view| {
        assert!(
            view.at("/staff").is_none()
                && view.media("/staff.png").is_none()
                && view.media("/nobody.png").is_none()
        );
        assert!(view.at("/open").is_some() && view.media("/both.png").is_some());
    });
    with_view(
        &snapshot,
        &from_command_line(&["staff".to_owned()]),
        |view| {
            assert!(view.at("/staff").is_some() && view.media("/staff.png").is_some());
        },
    );
}

#[test]
fn translations_find_each_other() {
    let snapshot = texts(&[
        ("start/a.md", "# A"),
        ("de/start/a.md", "# Ä\n[b](b.md)"),
        ("start/b.md", "# B"),
    ]);
    with_view(&snapshot, &anonymous(), |view| {
        let page = view.at("/de/start/a").unwrap();
        let paths: Vec<_> = view
            .translations(page)
            .map(|page| page.path.as_str())
            .collect();
        assert_eq!(paths, ["/de/start/a", "/start/a"]);
        assert!(
            page.prose.html.contains("href=\"/docs/start/b\""),
            "{}",
            page.prose.html
        );
    });
    assert_eq!(
        found(&snapshot, Severity::Notice),
        ["missing-translation de/start/b.md"]
    );
}

#[test]
fn lists_of_questions_are_recognised() {
    let faq = |text: &str| {
        let snapshot = texts(&[("p.md", text)]);
        snapshot.pages.iter().any(|page| page.faq)
    };
    assert!(faq("# FAQ\n## A?\na\n## B？\nb\n## C؟\nc"));
    assert!(faq("---\nfaq: true\n---\n## A\na"));
    assert!(!faq("---\nfaq: false\n---\n## A?\n## B?\n## C?"));
    assert!(!faq("## A?\n## B?"));
    assert!(!faq("## A?\n## B?\n## C?\n## D\n## E"));
}

#[test]
fn related_pages_are_said_or_found_by_tags() {
    let snapshot = texts(&[
        ("p.md", "---\ntags: x, y\n---\n"),
        ("b.md", "---\ntags: [x]\n---\n"),
        ("c.md", "---\ntags: [x, y]\n---\n"),
        ("d.md", "---\nrelated: [p, /b, C]\n---\n"),
    ]);
    with_view(&snapshot, &anonymous(), |view| {
        let related = |path: &str| {
            let page = view.at(path).unwrap();
            page.related
                .iter()
                .map(|ix| view.page(*ix).unwrap().path.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(related("/p"), ["/c", "/b"]);
        assert_eq!(related("/d"), ["/p", "/b", "/c"]);
    });
}

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
    assert!(
        html(&second, "/p").contains("href=\"/bee\""),
        "a link to what moved is written anew"
    );
    let prose =
        |snapshot: &Snapshot| Arc::as_ptr(&snapshot.pages[snapshot.by_path["/c"].index()].prose);
    assert_eq!(
        prose(&first),
        prose(&second),
        "what did not change is not rendered again"
    );
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
    let [problem] = second.problems() else {
        panic!("{:?}", second.problems())
    };
    assert!(
        problem.message.ends_with("Its last good version stays."),
        "{problem}"
    );
}

#[test]
fn prose_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("data/prose.bin");
    let settings = Settings::default();
    let how = Options {
        cache: Some(&cache),
        ..Options::new(&settings, NOW.parse().unwrap())
    };
    let content = dir.path().join("content");
    write(&content, "p.md", "# A\n\n```json\n{}\n```");
    let source = Source::Dir(content.clone());
    let cold = load(&source, &how, None).unwrap();
    let warm = load(&source, &how, None).unwrap();
    assert_eq!(
        (cold.hash(), &cold.pages[1].prose),
        (warm.hash(), &warm.pages[1].prose)
    );
    let written = std::fs::read(&cache).unwrap();
    for damaged in [&b"not a cache"[..], &written[..written.len() - 1], &[]] {
        std::fs::write(&cache, damaged).unwrap();
        assert_eq!(load(&source, &how, None).unwrap().hash(), cold.hash());
    }
    write(&content, "p.md", "# A\n\nnew");
    assert_eq!(
        html(&load(&source, &how, None).unwrap(), "/p"),
        "<p>new</p>\n"
    );
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
    let snapshot = load(
        &Source::Dir(dir.path().to_owned()),
        &Options::new(&settings, NOW.parse().unwrap()),
        None,
    )
    .unwrap();
    assert_eq!(paths(&snapshot), ["/", "/alpha", "/alpha/b"]);
    assert_eq!(
        found(&snapshot, Severity::Warning),
        [
            "skipped-file alpha/up",
            "skipped-file out",
            "skipped-file s.md"
        ]
    );
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let settings = Settings::default();
    let error = load(
        &Source::Dir("/nowhere/at/all".into()),
        &Options::new(&settings, NOW.parse().unwrap()),
        None,
    )
    .unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
}
