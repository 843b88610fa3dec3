//! Phrases, words left out, words written together or apart.

use super::*;

fn site() -> Site {
    Site::of(vec![
        Page::for_test("/wifi", "Network", "Turn on wifi before you log in to the printer."),
        Page::for_test("/hyphen", "Wireless", "Wi-Fi needs a password. A printer may print in colour."),
        Page::for_test("/login", "Sessions", "After the login a session begins. In print, colour fades."),
        for_audience(Page::for_test("/secret", "Staff", "The login to the vault."), "staff"),
    ])
}

/// Finds these, in any order.
fn check(text: &str, expect: &[&str]) {
    let results = site().text(text);
    let mut found = urls(&results);
    found.sort_unstable();
    assert_eq!(found, expect, "{text:?}");
    assert_eq!(results.total, expect.len(), "{text:?}");
}

#[test]
fn a_phrase_must_stand_as_it_is_written() {
    check("print colour ", &["/help/hyphen", "/help/login"]);
    check("\"print in colour\"", &["/help/hyphen"]);
    check("“wi-fi needs” colour", &["/help/hyphen"]);
    check("\"in colour printed\"", &[]);
    // Nothing closes it: the reader is still typing.
    check("\"print in col", &["/help/hyphen", "/help/login"]);
}

#[test]
fn what_a_hyphen_excludes_is_left_out_and_told() {
    check("print -wireless", &["/help/login"]);
    check("print -\"in print\"", &["/help/hyphen"]);
    let results = site().text("print -wireless");
    assert_eq!(results.notices, [Notice::Excluded { words: "wireless".to_owned() }]);
    // A flag of a command excludes nothing.
    check("print -c", &["/help/hyphen", "/help/login"]);
}

#[test]
fn words_together_and_apart_find_each_other() {
    for text in ["wifi ", "wi-fi ", "wi fi ", "WiFi "] {
        check(text, &["/help/hyphen", "/help/wifi"]);
    }
    check("login ", &["/help/login", "/help/wifi"]);
    check("log in ", &["/help/login", "/help/wifi"]);
}

#[test]
fn a_word_found_in_another_way_of_writing_says_so() {
    let results = site().text("login ");
    let rungs: Vec<Rung> = results.hits.iter().map(|hit| hit.rung).collect();
    assert_eq!(rungs, [Rung::Exact, Rung::Compound]);
    assert_eq!(results.hits[1].snippet.html(), "Turn on wifi before you <mark>log</mark> in to the printer.");
    assert_eq!(
        site().text("wifi ").hits[1].snippet.html().split('.').next(),
        Some("<mark>Wi-Fi</mark> needs a password")
    );
}
