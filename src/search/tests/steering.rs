//! What editors say about searching, and that they cannot show what a viewer may not see.

use super::*;
use crate::content::{self, Source};

const PAGES: [(&str, &str); 7] = [
    ("index.md", "# Home"),
    ("sign-in.md", "# Sessions\n\nHow to sign in with a password."),
    ("cluster.md", "# Clusters\n\nInstall kubernetes on three nodes."),
    ("refunds.md", "# Money back\n\nWe pay within a week."),
    ("secret.md", "---\naudience: [staff]\n---\n# Vault\n\nThe codeword is kubernetes."),
    ("options.md", "# Memory with -Xmx512m\n\nSet the heap."),
    ("hidden.md", "---\nsearch: false\n---\n# Legal notice\n\nNobody searches for kubernetes here."),
];

fn site(files: &[(&str, &str)]) -> Site {
    let files = PAGES.iter().chain(files).map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let settings = content::Settings::default();
    let how = content::Options::new(&settings, jiff::Timestamp::UNIX_EPOCH);
    let snapshot = content::load(&Source::Memory(std::sync::Arc::new(files)), &how, None).unwrap();
    assert!(snapshot.problems().iter().all(|it| it.kind != "unknown-pin"), "{:?}", snapshot.problems());
    let index = Index::open(None, &snapshot, &Settings { meaning: false, ..Settings::default() }, "").unwrap();
    self_test(&index, &snapshot).unwrap();
    Site { snapshot, index }
}

fn found(site: &Site, text: &str) -> Vec<(String, Rung)> {
    site.text(text).hits.into_iter().map(|hit| (hit.url, hit.rung)).collect()
}

fn hit(url: &str, rung: Rung) -> (String, Rung) {
    (url.to_owned(), rung)
}

#[test]
fn synonyms_find_what_editors_say_is_the_same() {
    let site = site(&[("synonyms.yml", "en:\n  - [log in, sign in, anmelden]\n  - { from: k8s, to: kubernetes }\n")]);
    assert_eq!(found(&site, "k8s"), [hit("/cluster", Rung::Synonym)]);
    assert_eq!(found(&site, "k8s nodes"), [hit("/cluster", Rung::Synonym)]);
    assert_eq!(found(&site, "how do I log in "), [hit("/sign-in", Rung::Synonym)]);
    assert_eq!(found(&site, "anmelden"), [hit("/sign-in", Rung::Synonym)]);
    let marked = site.text("anmelden").hits[0].snippet.html();
    assert_eq!(marked, "How to <mark>sign</mark> in with a password.");
    assert_eq!(site.text("k8s").suggestion, None);
}

#[test]
fn a_synonym_of_one_way_works_one_way() {
    let site = site(&[("synonyms.yml", "en:\n  - { from: kubernetes, to: money }\n")]);
    let mut both = found(&site, "kubernetes");
    both.sort_unstable();
    assert_eq!(both, [hit("/cluster", Rung::Exact), hit("/refunds", Rung::Synonym)]);
    assert_eq!(found(&site, "money"), [hit("/refunds", Rung::Exact)]);
}

#[test]
fn a_pin_comes_first_for_just_its_search() {
    let pins =
        "- { query: [refund to my card, kubernetes], article: refunds }\n- { query: kubernetes, article: secret }\n";
    let site = site(&[("pins.yml", pins)]);
    for (text, expect) in [("refund", false), ("REFUNDS card ", true), ("how do I get a card refund", true)] {
        let pinned = found(&site, text).contains(&hit("/refunds", Rung::Pinned));
        assert_eq!(pinned, expect, "{text}");
    }
    let cluster = hit("/cluster", Rung::Exact);
    assert_eq!(found(&site, "kubernetes"), [hit("/refunds", Rung::Pinned), cluster]);
    assert_eq!(site.text("kubernetes").total, 2);
}

#[test]
fn a_page_may_keep_out_of_search() {
    assert_eq!(found(&site(&[]), "legal notice"), []);
}
