use super::*;

fn site() -> Site {
    Site::of(vec![
        Page::for_test("/account", "Delete an account", "Delete your account and all it holds."),
        Page::for_test("/password", "Reset a password", "Choose a new password."),
        Page::for_test("/purchases", "Purchases", "A purchase can be cancelled within two weeks."),
        Page::for_test("/printers", "Printers", "Connect a printer with a cable."),
        for_audience(Page::for_test("/supplies", "Printer supplies", "Order cartridges for a printer."), "staff"),
        in_locale(Page::for_test("/de/drucker", "Drucker", "Tinte für den Drucker."), "de"),
    ])
}

#[test]
fn other_words_of_the_same_meaning_find_the_article() {
    let site = site();
    for (text, id) in [("buying things ", "purchases"), ("laser printing ", "printers")] {
        let results = site.text(text);
        let found: Vec<(&str, Rung)> = results.hits.iter().map(|hit| (hit.id.as_str(), hit.rung)).collect();
        assert_eq!(found, [(id, Rung::Meaning)], "{text}");
        assert_eq!(results.notices, [Notice::FewerWords], "{text}");
    }
}

#[test]
fn what_a_viewer_may_not_see_means_nothing() {
    let site = site();
    let ids = |results: &SearchResults| results.hits.iter().map(|hit| hit.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&site.text("laser printing ")), ["printers"]);
    let staff = identity::from_command_line(&["staff".to_owned()]);
    let found = ids(&search(&site.index, &site.snapshot, &staff, &query("laser printing ")));
    assert!(found.contains(&"supplies".to_owned()), "{found:?}");
}

#[test]
fn a_name_finds_what_bears_it_and_nothing_else() {
    site().check("password ", &["/help/password"]);
}

#[test]
fn it_can_be_left_out() {
    let site = site();
    let ladder = Ladder { meaning: false, ..Ladder::default() };
    assert_eq!(site.ask(&Query { ladder, ..query("buying things ") }).total, 0);
    let settings = Settings { meaning: false, ..Settings::default() };
    let index = Index::open(None, &site.snapshot, &settings, "").unwrap();
    let results = search(&index, &site.snapshot, &identity::anonymous(), &query("buying things "));
    assert_eq!(results.total, 0);
}

/// More sections than are worked out anew with every edit.
fn many(texts: impl Iterator<Item = String>) -> Snapshot {
    Snapshot::for_test(
        texts.zip(0..).map(|(text, number)| Page::for_test(&format!("/p{number}"), &text, &text)).collect(),
    )
}

#[test]
fn vectors_outlive_the_program_and_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let text = |number: u32| match number % 100 {
        0 => "Printers.".to_owned(),
        _ => format!("Reset password {number}."),
    };
    let texts = |count: u32| (0..count).map(text);
    let first = many(texts(2_500));
    let open = |snapshot: &Snapshot| Index::open(Some(folder.path()), snapshot, &Settings::default(), "").unwrap();
    let ask = |index: &Index, snapshot: &Snapshot, text: &str| {
        let results = search(index, snapshot, &identity::anonymous(), &query(text));
        results.hits.iter().map(|hit| (hit.id.clone(), hit.score)).collect::<Vec<_>>()
    };
    let index = open(&first);
    let before = ask(&index, &first, "laser printing ");
    assert!(!before.is_empty());
    assert!(folder.path().join("en.vectors").is_file());
    let again = open(&first);
    assert_eq!(ask(&again, &first, "laser printing "), before);
    // Damage is told in the log and costs nothing but time.
    std::fs::write(folder.path().join("en.vectors"), b"signpost vectors 1\nrubbish").unwrap();
    assert_eq!(ask(&open(&first), &first, "laser printing "), before);
    let second = many(texts(2_499).chain(["Purchases.".to_owned()]));
    let next = again.update(&second).unwrap();
    assert_eq!(ask(&next, &second, "buying things ")[0].0, "p2499");
}
