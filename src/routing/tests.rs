//! A help desk of the tests: its settings, its staff, and what becomes of a hundred tickets.
#![allow(clippy::unwrap_used)]

mod alerts;
mod calendars;
mod clocks;
mod conditions;
mod dry_run;
mod faults;
mod manual;
mod properties;
mod rotations;
mod table;

use std::io::{Error, ErrorKind};

use jiff::{Timestamp, Zoned};

use super::*;
use crate::content::Problem;

const RULES: &str = include_str!("tests/routing.yml");

fn files(name: &str) -> std::io::Result<String> {
    match name {
        "germany.ics" => Ok(include_str!("tests/germany.ics").to_owned()),
        "us.ics" => Ok(include_str!("tests/us.ics").to_owned()),
        _ => Err(Error::new(ErrorKind::NotFound, "there is no such file")),
    }
}

fn read(text: &str) -> (Option<Rules>, Vec<Problem>) {
    let mut problems = Vec::new();
    (Rules::read("routing.yml", text, &files, &mut problems), problems)
}

fn rules() -> Rules {
    let (rules, problems) = read(RULES);
    rules.unwrap_or_else(|| panic!("{problems:#?}"))
}

/// `2026-11-23T10:00[Europe/Berlin]`
fn at(time: &str) -> Timestamp {
    time.parse::<Zoned>().map(|time| time.timestamp()).unwrap_or_else(|error| panic!("{time}: {error}"))
}
