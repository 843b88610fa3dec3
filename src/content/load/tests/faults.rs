//! What is wrong is said, and the rest is served.

#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn pages_at_one_address_are_both_served() {
    let snapshot = texts(&[
        ("p.md", "---\npermalink: /b\n---\n"),
        ("b.md", "# B"),
        ("c.md", "---\npermalink: /search/x\n---\n# C"),
        ("admin.md", "# D"),
    ]);
    assert_eq!(paths(&snapshot), ["/", "/b", "/c", "/p"]);
    let expect = ["reserved-path admin.md", "reserved-path c.md", "duplicate-path p.md"];
    assert_eq!(found(&snapshot, Severity::Error), expect);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    check_problems(&[("p.md", b"---\ntitle: [a\n---\nx")], &["bad-front-matter p.md:2:8"]);
    check_problems(&[("p.md", b"---\ntitle: A\norder: many\n---\n")], &["bad-front-matter p.md:3:1"]);
    check_problems(&[("p.md", b"+++\ntitle = \"A\"\nfaq = 3\n+++\n")], &["bad-front-matter p.md:3:7"]);
    check_problems(&[("p.md", b"---\ntitle: A\nstatus: gone\n---\n")], &["bad-front-matter p.md:3:9"]);
    check_problems(&[("p.md", b"---\ntitle: A\n\nnever closed")], &["front-matter-not-closed p.md:1:1"]);
    check_problems(&[("p.md", b"one\nt\xc3\xbcw\xffo")], &["invalid-utf8 p.md:2:4"]);
    check_problems(&[("p.md", b"---\ntitle: A\ntitle: B\n---\n")], &["duplicate-key p.md:3:1"]);
    check_problems(&[("p.md", b"---\ntitle: A\n---\n\n\xc3\xbc [x](gone.md)")], &["broken-link p.md:5:3"]);
    check_problems(&[("p.md", b"[x](#gone) [y](b.md#here)"), ("b.md", b"# B\n## Here")], &["broken-anchor p.md:1:1"]);
    check_problems(&[("p.md", b"![x](gone.png)")], &["missing-image p.md:1:1"]);
    check_problems(&[("p.md", b"---\nparent: Nobody\n---\n")], &["unknown-parent p.md"]);
    check_problems(
        &[("redirects.yml", b"/x: /y\n/y: /x\n/c: /d\n"), ("d.md", b"# D")],
        &["redirect-loop redirects.yml", "redirect-loop redirects.yml"],
    );
}

#[test]
fn a_page_too_large_is_refused() {
    let large = vec![b'a'; 5_000_001];
    check_problems(&[("p.md", &large), ("b.md", b"# B")], &["page-too-large p.md"]);
}

#[test]
fn time_and_status_decide_what_is_served() {
    let snapshot = texts(&[
        ("draft.md", "---\nstatus: draft\n---\n"),
        ("later.md", "---\npublish_at: 2026-07-01\n---\n"),
        ("now.md", "---\npublish_at: 2026-05-01\nexpires_at: 2026-06-15T10:00:00Z\n---\n"),
        ("over.md", "---\nexpires_at: 2026-05-01\n---\n"),
        ("secret.md", "---\nstatus: unlisted\n---\n"),
    ]);
    assert_eq!(paths(&snapshot), ["/", "/now", "/secret"]);
    assert_eq!(snapshot.next_change(), Some("2026-06-15T10:00:00Z".parse().unwrap()));
    with_view(&snapshot, &anonymous(), |view| {
        let secret = view.at("/secret").unwrap();
        assert_eq!((secret.status, secret.listed), (Status::Unlisted, false));
    });
}
