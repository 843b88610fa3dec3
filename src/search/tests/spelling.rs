use super::*;

fn site() -> Site {
    Site::of(vec![
        Page::for_test("/snapshots", "Snapshots", "Take a snapshot, then restore the installation."),
        Page::for_test("/installation", "Installation", "Install the program on a server."),
        Page::for_test("/invoices", "Invoices", "Download an invoice."),
        for_audience(Page::for_test("/secret", "Zirconium", "The zirconium project."), "staff"),
    ])
}

fn corrected(results: &SearchResults) -> Option<&str> {
    results.notices.iter().find_map(|notice| match notice {
        Notice::Corrected { to, .. } => Some(to.as_str()),
        _ => None,
    })
}

#[test]
fn one_wrong_letter_finds_what_was_meant() {
    let site = site();
    for (typed, better, url) in [
        ("snapsot ", "snapshot ", "/help/snapshots"),
        ("ivnoice ", "invoice ", "/help/invoices"),
        ("xnvoice ", "invoice ", "/help/invoices"),
        ("invoicw", "invoice", "/help/invoices"),
        ("insatlation ", "installation ", "/help/installation"),
        ("instalattion", "installation", "/help/installation"),
        ("donwload an invoice", "download an invoice", "/help/invoices"),
    ] {
        let results = site.text(typed);
        assert_eq!(urls(&results).first(), Some(&url), "{typed}");
        assert_eq!(results.hits[0].rung, Rung::Typo, "{typed}");
        assert_eq!(corrected(&results), Some(better), "{typed}");
    }
}

#[test]
fn what_was_meant_is_marked() {
    let hit = &site().text("snapsot ").hits[0];
    assert_eq!(hit.title.html(), "<mark>Snapshots</mark>");
    assert_eq!(hit.snippet.html(), "Take a <mark>snapshot</mark>, then restore the installation.");
}

#[test]
fn a_word_that_finds_something_is_left_alone() {
    let site = Site::of(vec![
        Page::for_test("/form", "Form", "Fill in the form."),
        Page::for_test("/from", "Farm", "A farm far from here."),
    ]);
    let results = site.text("farm ");
    assert_eq!((urls(&results), corrected(&results)), (vec!["/help/from"], None));
}

#[test]
fn short_words_and_numbers_are_not_guessed() {
    let site = Site::of(vec![Page::for_test("/a", "API 2024", "Use the api of 2024 in version 7.10.2.")]);
    for text in ["apu ", "2025 ", "7.10.3x "] {
        assert_eq!(corrected(&site.text(text)), None, "{text}");
    }
}

#[test]
fn a_word_only_others_may_read_is_neither_proposed_nor_known() {
    let site = site();
    let results = site.text("zirconum ");
    assert_eq!((results.total, corrected(&results)), (0, None));
    let staff = identity::from_command_line(&["staff".to_owned()]);
    let results = search(&site.index, &site.snapshot, &staff, &query("zirconum "));
    assert_eq!(urls(&results), ["/help/secret"]);
}

#[test]
fn a_likelier_word_is_proposed_where_little_is_found() {
    let mut pages: Vec<Page> =
        (0..12).map(|number| Page::for_test(&format!("/{number}"), "Plans", "The price of a plan.")).collect();
    pages.push(Page::for_test("/award", "Award", "Who won the prize."));
    let site = Site::of(pages);
    let results = site.text("prize ");
    assert_eq!((results.total, results.suggestion.as_deref()), (1, Some("price ")));
    assert_eq!(corrected(&results), None);
    assert_eq!(site.text("price").suggestion, None);
    let verbatim = Query { ladder: Ladder { typos: false, ..Ladder::default() }, ..query("prize ") };
    assert_eq!(site.ask(&verbatim).suggestion, None);
}

#[test]
fn a_mistyped_word_that_the_site_lacks_is_read_as_one_of_the_language() {
    let site = Site::of(vec![
        Page::for_test("/shop", "Shops", "Open a grocery."),
        Page::for_test("/cars", "Cars", "Drive a car."),
        Page::for_test("/trees", "Trees", "Plant a tree."),
    ]);
    let results = site.text("grmoceries ");
    assert_eq!((urls(&results), results.hits[0].rung), (vec!["/help/shop"], Rung::Typo));
    assert_eq!(corrected(&results), Some("groceries "));
    let results = site.text("autmobile ");
    assert_eq!((urls(&results), results.hits[0].rung), (vec!["/help/cars"], Rung::Meaning));
    assert_eq!(corrected(&results), None, "no page holds it");
}
