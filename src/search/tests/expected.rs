use super::*;
use crate::content::SearchTest;

fn expecting(text: &str, expect: &str, top: usize) -> SearchTest {
    SearchTest {
        query: text.to_owned(),
        expect: expect.to_owned(),
        top,
        locale: None,
        audience: Vec::new(),
        position: None,
    }
}

/// What is told of a test that fails.
fn told(test: SearchTest) -> Option<String> {
    let site = Site::of(vec![
        Page::for_test("/first", "Billing", "billing billing"),
        Page::for_test("/second", "Other", "billing is mentioned"),
        for_audience(Page::for_test("/hidden", "Billing for staff", "billing"), "staff"),
    ]);
    failures(&site.index, &site.snapshot, &[test]).pop().map(|problem| problem.message)
}

#[test]
fn a_search_that_finds_its_article_is_silent() {
    assert_eq!(told(expecting("billing", "first", 1)), None);
    assert_eq!(told(expecting("billing", "/second", 2)), None);
    let staff = SearchTest { audience: vec!["staff".to_owned()], ..expecting("billing staff", "hidden", 1) };
    assert_eq!(told(staff), None);
}

#[test]
fn a_search_that_fails_says_what_came_instead() {
    for (test, expect) in [
        (expecting("billing", "second", 1), "finds second at place 2 (exact"),
        (expecting("billing", "second", 1), "before it come /help/first (exact, "),
        (expecting("billing", "hidden", 1), "expects hidden, and this reader has no page there"),
        (expecting("billing", "nowhere", 1), "expects nowhere, and this reader has no page there"),
        (expecting("7777", "first", 1), "finds nothing, not first"),
    ] {
        let message = told(test).unwrap_or_default();
        assert!(message.contains(expect), "{message}");
    }
}
