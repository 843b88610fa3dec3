//! Addresses, tree, audiences, languages, what goes with what.

#![allow(clippy::unwrap_used)]

use super::*;

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
        let titles =
            |path: &str| view.children(view.at(path).unwrap()).map(|page| page.title.as_str()).collect::<Vec<_>>();
        assert_eq!(titles("/alpha"), ["One", "Two", "Last"]);
        assert_eq!(titles("/alpha/one"), ["Below"]);
        assert_eq!(titles("/c/c"), ["In C"]);
        assert_eq!(titles("/"), ["A", "C"]);
        assert_eq!(view.at("/alpha/one").unwrap().kind, Kind::Category);
        let above: Vec<_> =
            view.ancestors(view.at("/b/below-one").unwrap()).iter().map(|page| page.path.as_str()).collect();
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
        ("x/far.md", "---\ntitle: Far\nparent: API\ngrand_parent: Y\n---"),
    ]);
    with_view(&snapshot, &anonymous(), |view| {
        let above = |path: &str| view.parent(view.at(path).unwrap()).unwrap().path.as_str();
        assert_eq!((above("/x/near"), above("/x/far")), ("/x/api", "/y/api"));
    });
}

#[test]
fn what_a_viewer_may_not_see_does_not_exist() {
    let snapshot = load_files(&[
        ("staff.md", b"---\naudience: [staff]\n---\n![x](staff.png) ![x](both.png)"),
        ("open.md", b"![x](both.png)"),
        ("staff.png", b"x"),
        ("both.png", b"x"),
        ("nobody.png", b"x"),
    ]);
    with_view(&snapshot, &anonymous(), |view| {
        assert!(
            view.at("/staff").is_none() && view.media("/staff.png").is_none() && view.media("/nobody.png").is_none()
        );
        assert!(view.at("/open").is_some() && view.media("/both.png").is_some());
    });
    with_view(&snapshot, &from_command_line(&["staff".to_owned()]), |view| {
        assert!(view.at("/staff").is_some() && view.media("/staff.png").is_some());
    });
}

#[test]
fn translations_find_each_other() {
    let snapshot = texts(&[("start/a.md", "# A"), ("de/start/a.md", "# Ä\n[b](b.md)"), ("start/b.md", "# B")]);
    with_view(&snapshot, &anonymous(), |view| {
        let page = view.at("/de/start/a").unwrap();
        let paths: Vec<_> = view.translations(page).map(|page| page.path.as_str()).collect();
        assert_eq!(paths, ["/de/start/a", "/start/a"]);
        assert!(page.prose.html.contains("href=\"/docs/start/b\""), "{}", page.prose.html);
    });
    assert_eq!(found(&snapshot, Severity::Notice), ["missing-translation de/start/b.md"]);
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
            page.related.iter().map(|ix| view.page(*ix).unwrap().path.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(related("/p"), ["/c", "/b"]);
        assert_eq!(related("/d"), ["/p", "/b", "/c"]);
    });
}
