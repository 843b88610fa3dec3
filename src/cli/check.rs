//! `signpost check`: the same loader as the site, no server; every problem with its cure.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

use super::Common;
use crate::content::{Problem, Severity};
use crate::edition;
use crate::progress::Progress;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Print every problem as JSON, for machines
    #[arg(long)]
    json: bool,
    /// Print every notice, not only how many there are of each kind
    #[arg(long)]
    all: bool,
    /// The mildest severity that makes the command fail
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Notice,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let config = arguments.common.config()?;
    super::start_quiet_log(&config)?;
    let origin = arguments.common.origin(&config, super::address(&config), None);
    let progress = if arguments.json { Progress::quiet() } else { Progress::shown() };
    let edition = edition::build(&origin, None, &progress, Timestamp::now());
    progress.finish();
    let edition = edition?;
    let problems = edition.snapshot.problems();
    if arguments.json {
        println!("{:#}", json!({ "pages": edition.snapshot.page_count(), "problems": problems }));
    } else {
        print(problems, arguments.all, edition.snapshot.page_count());
    }
    let failing = problems.iter().any(|problem| problem.severity <= worst(arguments.fail_on));
    Ok(if failing { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn worst(fail_on: FailOn) -> Severity {
    match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Notice => Severity::Notice,
    }
}

/// Errors and warnings one by one; notices grouped by kind, unless all are asked for.
fn print(problems: &[Problem], all: bool, pages: usize) {
    let one_by_one = |problem: &&Problem| all || problem.severity != Severity::Notice;
    problems.iter().filter(one_by_one).for_each(|problem| println!("{problem}"));
    let mut grouped: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| !one_by_one(problem)) {
        grouped.entry(&problem.kind).or_default().push(problem);
    }
    for (kind, notices) in grouped {
        println!("notice[{kind}]: {} times, first in {}: {}", notices.len(), notices[0].place(), notices[0].message);
    }
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    println!(
        "{pages} pages: {} errors, {} warnings, {} notices",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Notice)
    );
}
