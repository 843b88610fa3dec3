//! `signpost routing`: the rules for tickets, checked and tried before a ticket waits for them.

mod dry_run;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use super::Common;
use super::search::say;
use crate::config::Config;
use crate::content::{Problem, Source};
use crate::help;
use crate::routing::{self, Expectation, Kind, Rules, local};
use crate::tickets::Routing;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Settings file; without it `signpost.toml` of the working directory, where there is one
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell every problem of the rules, then hold them to routing-tests.yml beside them
    Check,
    /// Say what would become of a ticket, and which line says so; changes nothing
    DryRun(Box<dry_run::Arguments>),
    /// Say who is on call in every rotation, until when, and who is next
    OnCall {
        /// Day, time and zone, as "2026-12-23 17:00 Europe/Berlin"; without it now
        #[arg(long, value_parser = time)]
        at: Option<Timestamp>,
    },
}

/// Tests lie beside the rules, as those of search lie beside the pages.
const TESTS: &str = "routing-tests.yml";

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let common = Common { content: None, config: arguments.config.clone() };
    let config = common.config()?;
    match &arguments.command {
        Command::Check => check(arguments, &common, &config),
        Command::DryRun(dry_run) => dry_run::run(dry_run, &config, arguments.json),
        Command::OnCall { at } => on_call(arguments, &config, at.unwrap_or_else(Timestamp::now)),
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    routing::time(text).ok_or_else(|| "write day, time and zone, as \"2026-12-23 17:00 Europe/Berlin\"".to_owned())
}

fn file_of(config: &Config) -> Result<&Path> {
    let file = config.tickets.routing.as_deref();
    file.context("the settings name no rules; write `routing = \"routing.yml\"` below [tickets]")
}

/// The rules of the settings, the usual ones where they name none.
fn rules(config: &Config) -> Result<Rules> {
    Ok(Routing::open(&config.tickets)?.rules)
}

fn check(arguments: &Arguments, common: &Common, config: &Config) -> Result<ExitCode> {
    let file = file_of(config)?;
    let mut problems = Vec::new();
    let mut count = 0;
    if let Some(Routing { rules, .. }) = Routing::read(file, &mut problems)? {
        problems.extend(unknown(common, config, file, &rules)?);
        let path = file.with_file_name(TESTS);
        if path.is_file() {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = path.display().to_string();
            let tests = Expectation::read(&name, &text, &rules, &mut problems);
            problems.extend(tests.iter().flat_map(|test| test.check(&name, &rules)));
            count = tests.len();
        }
    }
    say(&if arguments.json {
        serde_json::to_string_pretty(&json!({ "tests": count, "problems": problems }))?
    } else {
        let told: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
        format!("{told}{}: {} problems, {count} tests", file.display(), problems.len())
    })?;
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Names that are nowhere else. Who has an account only the server's database knows.
fn unknown(common: &Common, config: &Config, file: &Path, rules: &Rules) -> Result<Vec<Problem>> {
    let mut known = help::known(config)?;
    if let Source::Dir(_) = common.source(config) {
        known.insert(Kind::Topic, super::edition(common, config, true)?.snapshot.categories());
    }
    Ok(rules.check_against(&file.display().to_string(), &known))
}

fn on_call(arguments: &Arguments, config: &Config, at: Timestamp) -> Result<ExitCode> {
    let rules = rules(config)?;
    let (mut text, mut list) = (String::new(), Vec::new());
    for (name, rotation) in &rules.on_call {
        let turn = rotation.turn(at);
        let (agent, next) = (turn.as_ref().map(|turn| turn.agent), turn.as_ref().map(|turn| turn.next));
        list.push(json!({ "rotation": name, "agent": agent, "until": turn.as_ref().map(|it| it.until), "next": next }));
        match &turn {
            Some(turn) => {
                let until = format!("{} {}", local(turn.until, rotation.zone()), rotation.zone());
                writeln!(text, "{name}  {} until {until}, then {}", turn.agent, turn.next)?;
            }
            None => writeln!(text, "{name}  nobody yet")?,
        }
    }
    if list.is_empty() && !arguments.json {
        text.push_str("Nobody is on call; see `on_call` of the rules.");
    }
    say(&if arguments.json { serde_json::to_string_pretty(&list)? } else { text.trim_end().to_owned() })?;
    Ok(ExitCode::SUCCESS)
}
