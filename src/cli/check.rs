//! `signpost check`: the same loader as the site, no server; every problem with its cure.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::Common;
use crate::content::{self, Problem, Severity, by_kind};
use crate::search;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Print every problem as JSON, for machines
    #[arg(long)]
    json: bool,
    /// Print every problem, also where there are many of one kind
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
    let edition = super::edition(&arguments.common, &config, arguments.json)?;
    let source = arguments.common.source(&config);
    let expected = match content::search_tests(&source) {
        Ok(tests) => search::failures(&edition.index, &edition.snapshot, &tests),
        Err(unreadable) => vec![unreadable],
    };
    let problems = &[edition.snapshot.problems(), &expected].concat();
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

/// Of each kind as many as one reads, errors all of them; then how many more there are.
fn print(problems: &[Problem], all: bool, pages: usize) {
    for ((severity, kind), problems) in by_kind(problems) {
        let shown = if all { problems.len() } else { problems.len().min(shown(severity)) };
        problems[..shown].iter().for_each(|problem| println!("{problem}"));
        if shown < problems.len() {
            let (more, first) = (problems.len() - shown, problems[shown]);
            println!("{severity}[{kind}]: {more} more, such as {}: {} --all shows them.", first.place(), first.message);
        }
    }
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    println!(
        "{pages} pages: {} errors, {} warnings, {} notices",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Notice)
    );
}

/// How many problems of one kind are worth a line each.
fn shown(severity: Severity) -> usize {
    match severity {
        Severity::Error => usize::MAX,
        Severity::Warning => 20,
        Severity::Notice => 0,
    }
}
