//! `signpost routing dry-run`: a ticket of words, one of the tests, or one that is there.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use jiff::Timestamp;

use super::{TESTS, file_of, rules, time};
use crate::cli::search::say;
use crate::config::Config;
use crate::routing::{Expectation, Facts, Load, Rules, Staffing, route};
use crate::tickets;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of a ticket that is there; needs --data
    #[arg(long, requires = "data", conflicts_with_all = ["test", "subject", "text", "form"])]
    ticket: Option<i64>,
    /// Name of one of the tests in routing-tests.yml
    #[arg(long, conflicts_with_all = ["subject", "text", "form"])]
    test: Option<String>,
    #[arg(long, default_value = "question")]
    form: String,
    #[arg(long, default_value = "")]
    subject: String,
    /// `-` reads it from standard input
    #[arg(long, default_value = "")]
    text: String,
    #[arg(long, default_value = "en")]
    locale: String,
    #[arg(long)]
    plan: Option<String>,
    /// Of the requester
    #[arg(long)]
    email: Option<String>,
    /// Category of an article that was read; may be given more than once
    #[arg(long)]
    topic: Vec<String>,
    /// Answer to a question of the form; may be given more than once
    #[arg(long, value_name = "NAME=VALUE", value_parser = answer)]
    answer: Vec<(String, String)>,
    /// Day, time and zone, as "2026-12-23 17:00 Europe/Berlin"; without it now
    #[arg(long, value_parser = time)]
    at: Option<Timestamp>,
    /// Folder of the server's database, which knows who is there and how much they have; without it everybody is
    /// there and has nothing
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn answer(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// A ticket, who is there for it, and when.
type Case = (Facts, Staffing, Timestamp);

pub fn run(arguments: &Arguments, config: &Config, json: bool) -> Result<ExitCode> {
    let rules = rules(config)?;
    match (&arguments.data, &arguments.test) {
        (_, Some(name)) => tell(&rules, tested(config, &rules, name)?, json),
        (None, None) => tell(&rules, (arguments.facts(config)?, everybody(&rules), arguments.now()), json),
        (Some(data), None) => crate::cli::with_store(data, async |store| {
            let staffing = tickets::staffing(store).await?;
            let facts = match arguments.ticket {
                Some(number) => match tickets::facts_of(store, &config.tickets, number).await? {
                    Some(facts) => facts,
                    None => {
                        eprintln!("there is no ticket {number}");
                        return Ok(false);
                    }
                },
                None => arguments.facts(config)?,
            };
            tell(&rules, (facts, staffing, arguments.now()), json).map(|_| true)
        }),
    }
}

fn tell(rules: &Rules, (facts, staffing, now): Case, json: bool) -> Result<ExitCode> {
    let routed = route(rules, &facts, None, &staffing, now);
    say(&if json { serde_json::to_string_pretty(&routed)? } else { routed.to_string().trim_end().to_owned() })?;
    Ok(ExitCode::SUCCESS)
}

fn tested(config: &Config, rules: &Rules, name: &str) -> Result<Case> {
    let path = file_of(config)?.with_file_name(TESTS);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let tests = Expectation::read(TESTS, &text, rules, &mut Vec::new());
    let Some(test) = tests.iter().find(|test| test.name.as_str() == name) else {
        let names: Vec<_> = tests.iter().map(|test| test.name.as_str()).collect();
        bail!("{} has no test {name:?}; take one of: {}", path.display(), names.join("; "));
    };
    Ok((test.facts.clone(), test.staffing.clone(), test.facts.opened_at))
}

fn everybody(rules: &Rules) -> Staffing {
    rules.agents.keys().map(|email| (email.clone(), Load::default())).collect()
}

impl Arguments {
    fn now(&self) -> Timestamp {
        self.at.unwrap_or_else(Timestamp::now)
    }

    fn facts(&self, config: &Config) -> Result<Facts> {
        let Some(form) = config.tickets.form(&self.form) else {
            let names: Vec<_> = config.tickets.forms().into_iter().map(|(name, _)| name).collect();
            bail!("there is no form {:?}; take one of {}", self.form, names.join(", "));
        };
        let mut text = self.text.clone();
        if text == "-" {
            text.clear();
            std::io::stdin().read_to_string(&mut text).context("cannot read the text from standard input")?;
        }
        Ok(Facts {
            form: self.form.clone(),
            subject: self.subject.clone(),
            text,
            answers: self.answer.iter().cloned().collect(),
            locale: self.locale.clone(),
            plan: self.plan.clone(),
            email: self.email.clone(),
            topics: self.topic.clone(),
            tags: form.tags.clone(),
            priority: form.priority,
            opened_at: self.now(),
            ..Facts::default()
        })
    }
}
