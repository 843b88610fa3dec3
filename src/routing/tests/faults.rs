//! What is wrong with a file, each where it is and all at once.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::content::Severity;

/// Every problem of a text as people read it.
fn check(text: &str, expect: &[&str]) {
    let (rules, problems) = read(text);
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, expect, "{text}");
    assert_eq!(rules.is_some(), problems.iter().all(|problem| problem.severity == Severity::Warning));
}

#[test]
fn every_fault_is_told_at_once_with_its_place_and_cure() {
    let (rules, problems) = read(include_str!("faults.yml"));
    assert!(rules.is_none());
    let told: Vec<String> = problems.iter().map(|problem| format!("{problem}\n")).collect();
    insta::assert_snapshot!(told.concat());
}

#[test]
fn the_file_of_the_tests_has_one_warning() {
    let warning = "germany.ics:41:1: warning[bad-holidays]: `Betriebsausflug am Nachmittag` is not of whole days. \
                   It is passed over; say that day under `holidays`, if people are away then.";
    check(RULES, &[warning]);
}

#[test]
fn what_is_no_yaml_is_told_where_it_ends_to_be() {
    check(
        "rules:\n  - group: [a\nsla: 1\n",
        &["routing.yml:3:4: error[bad-yaml]: The file cannot be read: illegal placement of ':' indicator. \
         Correct it there, or a little above."],
    );
    check(
        "vips: []\nvips: []\n",
        &["routing.yml:2:1: error[bad-yaml]: The file cannot be read: duplicate mapping key: vips. \
         Correct it there, or a little above."],
    );
    check("- a\n", &["routing.yml:1:1: error[bad-value]: The file is a list. Write it as lines of `name: …`."]);
}

#[test]
fn an_empty_file_says_nothing() {
    check("", &[]);
    check("# Later.\n", &[]);
    check("rules: []\ngroups:\n", &[]);
}

#[test]
fn holidays_that_cannot_be_had_are_told() {
    let calendar = |files: &str| {
        format!(
            "calendars:\n  a:\n    time_zone: UTC\n    hours: {{ mon: 09:00-10:00 }}\n    holiday_files: [{files}]\n"
        )
    };
    check(
        &calendar("spain.ics"),
        &["routing.yml:5:21: error[bad-value]: The holidays `spain.ics` cannot be read: there is no such file. \
         Put the file beside routing.yml, or write another name."],
    );
    let mut problems = Vec::new();
    let page = |_: &str| Ok("<html>".to_owned());
    assert!(Rules::read("routing.yml", &calendar("page.ics"), &page, &mut problems).is_none());
    let expect = "routing.yml:5:21: error[bad-value]: `page.ics` is no calendar: there is no BEGIN:VCALENDAR in it. \
                  Take a file of the iCalendar format (.ics), as calendars export it.";
    assert_eq!(problems[0].to_string(), expect);
}

#[test]
fn names_from_outside_are_looked_up_where_one_can() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let known: Known = BTreeMap::from([
        (Kind::Form, names(&["question", "bug", "idea"])),
        (Kind::Field, names(&["severity", "impact"])),
        (Kind::Desk, names(&[])),
        (Kind::Topic, names(&["guides", "billing"])),
    ]);
    let told: Vec<String> = rules().check_against("routing.yml", &known).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "routing.yml:49:16: warning[unknown-field]: There is no field `area`. Take one of impact, severity.",
            "routing.yml:58:16: warning[unknown-field]: There is no field `area`. Take one of impact, severity.",
            "routing.yml:110:13: warning[unknown-desk]: There is no desk `zendesk`. There is none.",
        ]
    );
}
