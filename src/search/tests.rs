//! Real snapshots, real indexes: what a search finds, shows and never tells.

#![allow(clippy::unwrap_used)]

mod durability;
mod expected;
mod explain;
mod filters;
mod languages;
mod meaning;
mod robustness;
mod spelling;
mod steering;
mod together;
mod wording;

use app::model::{Notice, Rung, SearchResults};

use super::*;
use crate::content::{Kind, Page, Snapshot, Status};
use crate::identity;

struct Site {
    snapshot: Snapshot,
    index: Index,
}

impl Site {
    fn of(pages: Vec<Page>) -> Self {
        let snapshot = Snapshot::for_test(pages);
        let index = Index::open(None, &snapshot, &Settings::default(), "/help").unwrap();
        self_test(&index, &snapshot).unwrap();
        Self { snapshot, index }
    }

    fn ask(&self, query: &Query) -> SearchResults {
        search(&self.index, &self.snapshot, &identity::anonymous(), query)
    }

    fn text(&self, text: &str) -> SearchResults {
        self.ask(&query(text))
    }

    /// `text` finds these URLs, in this order.
    fn check(&self, text: &str, expect: &[&str]) {
        assert_eq!(urls(&self.text(text)), expect, "{text:?}");
    }
}

fn query(text: &str) -> Query {
    Query { text: text.to_owned(), ..Query::default() }
}

fn urls(results: &SearchResults) -> Vec<&str> {
    results.hits.iter().map(|hit| hit.url.as_str()).collect()
}

fn category(path: &str, title: &str) -> Page {
    Page { kind: Kind::Category, ..Page::for_test(path, title, "") }
}

fn tagged(page: Page, tags: &[&str]) -> Page {
    Page { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..page }
}

fn for_audience(page: Page, audience: &str) -> Page {
    Page { audience: [audience.to_owned()].into(), ..page }
}

fn in_locale(page: Page, locale: &str) -> Page {
    Page { locale: locale.to_owned(), ..page }
}

fn backup_site() -> Site {
    Site::of(vec![
        category("/", "Home"),
        category("/backup", "Backup"),
        category("/backup/cloud", "Cloud"),
        category("/admin", "Administration"),
        tagged(Page::for_test("/backup/snapshots", "Snapshots", "Take a snapshot every night."), &["Backup"])
            .with_section("restore", "Restore a snapshot", "To restore, choose a snapshot and wait.")
            .with_section("delete", "Delete a snapshot", "Old snapshots can be deleted."),
        tagged(
            Page::for_test("/backup/cloud/s3", "Store in S3", "A snapshot may be stored in a bucket."),
            &["Backup", "cloud"],
        ),
        tagged(Page::for_test("/admin/users", "Users", "Set maxRetries in settings.json and restart."), &["admin"]),
    ])
}

#[test]
fn a_hit_opens_at_its_best_section() {
    let results = backup_site().text("restore snapshot");
    let hit = &results.hits[0];
    assert_eq!((hit.url.as_str(), hit.anchor.as_deref()), ("/help/backup/snapshots#restore", Some("restore")));
    assert_eq!(hit.section.as_ref().unwrap().html(), "<mark>Restore</mark> a <mark>snapshot</mark>");
    assert_eq!(hit.snippet.html(), "To <mark>restore</mark>, choose a <mark>snapshot</mark> and wait.");
    assert_eq!((hit.category.as_deref(), hit.rung), (Some("Backup"), Rung::Exact));
    assert_eq!(hit.terms, ["restore", "snapshot"]);
    assert_eq!(hit.title.html(), "<mark>Snapshots</mark>");
    assert_eq!(results.total, 1);
    assert_eq!(results.notices, []);
}

#[test]
fn every_rung_says_what_it_is() {
    let site = backup_site();
    for (text, rung) in [
        ("bucket", Rung::Exact),
        ("restores ", Rung::Stemmed),
        ("buck", Rung::Prefix),
        ("bucket unheard", Rung::Partial),
    ] {
        let results = site.text(text);
        assert_eq!(results.hits[0].rung, rung, "{text}");
        assert_eq!(results.notices.contains(&Notice::FewerWords), rung == Rung::Partial, "{text}");
    }
}

#[test]
fn questions_do_not_drown_in_their_stop_words() {
    backup_site().check("how do I restore a snapshot?", &["/help/backup/snapshots#restore"]);
    // Nothing but stop words is searched as it stands.
    backup_site().check("may a", &["/help/backup/cloud/s3"]);
}

#[test]
fn identifiers_are_found_whole_and_by_parts() {
    let site = backup_site();
    for text in ["settings.json", "settings", "json", "maxRetries", "maxretries", "retries", "max"] {
        site.check(text, &["/help/admin/users"]);
    }
}

#[test]
fn titles_weigh_more_than_mentions() {
    let mention = |number: u32| Page::for_test(&format!("/m{number}"), "Other", "billing is mentioned here");
    let site = Site::of(vec![mention(1), mention(2), Page::for_test("/billing", "Billing", "Pay here.")]);
    site.check("billing", &["/help/billing", "/help/m1", "/help/m2"]);
}

#[test]
fn a_sentence_may_find_what_lacks_a_word_but_ranks_it_lower() {
    let site = Site::of(vec![
        Page::for_test("/some", "Invoices", "download monthly invoices"),
        Page::for_test("/all", "Invoices", "download monthly invoices as archive"),
    ]);
    let results = site.text("download monthly invoices archive");
    assert_eq!(urls(&results), ["/help/all", "/help/some"]);
    assert_eq!((results.hits[0].rung, results.hits[1].rung), (Rung::Exact, Rung::Partial));
    assert_eq!(results.notices, []);
}

#[test]
fn what_a_viewer_may_not_see_does_not_exist() {
    let secret =
        tagged(for_audience(Page::for_test("/staff/plan", "Secret plan", "zanzibar public"), "staff"), &["plans"]);
    let hidden = for_audience(category("/staff", "Staff only"), "staff");
    let site = Site::of(vec![hidden, secret, Page::for_test("/open", "Open", "public text")]);
    let all = site.text("public");
    assert_eq!((all.total, urls(&all)), (1, vec!["/help/open"]));
    assert_eq!(all.facets, []);
    assert_eq!(site.text("zanzibar").total, 0);
    let unknown = site.ask(&Query {
        category: Some("staff".into()),
        attributes: vec![(Attribute::Tag, "plans".into())],
        ..query("public")
    });
    assert_eq!(unknown.notices.len(), 2, "hidden filters are unknown: {:?}", unknown.notices);

    let staff = identity::from_command_line(&["staff".to_owned()]);
    let found = search(&site.index, &site.snapshot, &staff, &query("public"));
    assert_eq!(found.total, 2);
    assert_eq!(
        found.facets.iter().map(|facet| facet.values[0].label.as_str()).collect::<Vec<_>>(),
        ["Staff only", "plans", "staff"]
    );
}

#[test]
fn only_published_pages_are_found() {
    for status in [Status::Draft, Status::Review, Status::Unlisted, Status::Archived] {
        let page = Page { status, ..Page::for_test("/hidden", "Hidden", "zanzibar") };
        let site = Site::of(vec![page, Page::for_test("/open", "Open", "text")]);
        assert_eq!(site.text("zanzibar").total, 0, "{status:?}");
    }
}

#[test]
fn pages_of_results_follow_each_other() {
    let pages = (10..50).map(|number| Page::for_test(&format!("/p{number}"), "Same", "same words")).collect();
    let site = Site::of(pages);
    let page = |offset, limit| site.ask(&Query { offset, limit, ..query("same") });
    let mut all = Vec::new();
    for offset in (0..40).step_by(7) {
        all.extend(page(offset, 7).hits.into_iter().map(|hit| hit.url));
    }
    assert_eq!(all, (10..50).map(|number| format!("/help/p{number}")).collect::<Vec<_>>());
    assert_eq!((page(0, 0).hits.len(), page(0, 1_000).hits.len(), page(usize::MAX, 7).hits.len()), (10, 40, 0));
    assert_eq!(page(1_000, 7).total, 40);
}

#[test]
fn another_language_answers_when_the_own_one_has_nothing() {
    let site = Site::of(vec![
        Page::for_test("/snapshots", "Snapshots", "Restore a snapshot"),
        in_locale(category("/de", "Start"), "de"),
        in_locale(Page::for_test("/de/haus", "Häuser", "Alle Häuser der Straße"), "de"),
    ]);
    let german = |text: &str| site.ask(&Query { locale: Some("de".into()), ..query(text) });
    let results = german("snapshot");
    assert_eq!(urls(&results), ["/help/snapshots"]);
    assert_eq!(results.notices, [Notice::OtherLanguage { locale: "en".into(), name: String::new() }]);
    assert_eq!((urls(&german("haus ")), german("haus ").notices), (vec!["/help/de/haus"], vec![]));
    assert_eq!(german("strasse").total, 1);
}

#[test]
fn a_title_alone_is_enough_and_shows_the_opening() {
    let results = backup_site().text("users");
    assert_eq!(urls(&results), ["/help/admin/users"]);
    assert_eq!(results.hits[0].section, None);
    assert_eq!(results.hits[0].snippet.plain(), "Set maxRetries in settings.json and restart.");
}

#[test]
fn a_description_is_searched_as_the_opening_is() {
    let page =
        Page { description: Some("About zebras.".into()), ..Page::for_test("/stripes", "Stripes", "Of animals.") };
    let site = Site::of(vec![page.with_section("more", "More", "Long text."), Page::for_test("/b", "B", "Other.")]);
    let results = site.text("zebra");
    assert_eq!(urls(&results), ["/help/stripes"]);
    assert_eq!(results.hits[0].snippet.html(), "About <mark>zebras</mark>.");
    assert_eq!(results.hits[0].terms, ["zebras"]);
    assert_eq!(site.text("animals").hits[0].snippet.html(), "Of <mark>animals</mark>.");
}

#[test]
fn what_matched_in_the_heading_is_marked_on_the_page_too() {
    let site = Site::of(vec![
        Page::for_test("/users", "Users and teams", "Set maxRetries, then restart.")
            .with_section("roles", "Roles", "A role says what may be done.")
            .with_section("invite", "Invite somebody", "Write a mail."),
    ]);
    let terms = |text: &str| site.text(text).hits[0].terms.clone();
    assert_eq!(terms("teams"), ["teams"]);
    assert_eq!(terms("user restart"), ["restart", "Users"]);
    assert_eq!(terms("invite"), ["Invite"]);
    assert_eq!(terms("roles"), ["role", "Roles"]);
    assert_eq!(terms("users mail"), ["mail"], "the title stands above the section that is opened");
}

#[test]
fn nothing_asked_finds_nothing() {
    for text in ["", "  ", "?!", "\0", "\u{202e}"] {
        let results = backup_site().text(text);
        assert_eq!((results.total, results.hits.len(), results.notices.len()), (0, 0, 0), "{text:?}");
    }
}
