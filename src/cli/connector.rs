//! `signpost connector test`: the exact requests a sink would send, without their secrets; or, if asked to, sent.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::search::say;
use crate::config;
use crate::events::Sendable;
use crate::help::destinations;
use crate::integrations::http::{self, Caller};
use crate::integrations::{Batch, Errand, Sink, sample};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print what a sink, a desk, a connector or a webhook of the settings, or `mail`, would send, its secrets masked
    Test(Test),
}

#[derive(Debug, Args)]
struct Test {
    /// Name of the sink (`ga4`, `mail`), of the connector or of the webhook; `mail.NAME` is one transport of mail
    name: String,
    /// File with one event, a list of events, or a deed, as JSON; without it, invented ones
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// Really send them, once, and tell what came back
    #[arg(long)]
    send: bool,
    /// Settings file; without it `signpost.toml` of the working directory, where there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Command::Test(test) = &arguments.command;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(carry_out(test, Timestamp::now()))
}

async fn carry_out(test: &Test, now: Timestamp) -> Result<ExitCode> {
    let config = config::read(test.config.as_deref(), std::env::vars())?;
    let (name, sink) = find(destinations(&config).build()?, &test.name)?;
    let given = test.with.as_deref().map(read).transpose()?;
    // As the outbox would make it: a key of this test alone.
    let key = Uuid::now_v7().to_string();
    let told = match sink.purpose() {
        Some(_) => events(&sink, &key, given, test.send, now).await?,
        None => deed(&sink, &key, given.unwrap_or_else(|| sample_deed(&sink, now)), test.send, now).await?,
    };
    if test.send {
        eprintln!(
            "{name}: {}",
            told.as_ref().map_or("delivered".to_owned(), |reason| format!("not delivered: {reason}"))
        );
    }
    Ok(if told.is_some() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn find(sinks: Vec<(String, Sink)>, name: &str) -> Result<(String, Sink)> {
    let names: Vec<_> = sinks.iter().map(|(name, _)| name.clone()).collect();
    let is_it = |known: &str| known == name || known.split_once('.').is_some_and(|(_, behind)| behind == name);
    let of_mail = name.strip_prefix("mail.");
    let found = match of_mail {
        Some(transport) => sinks.into_iter().find_map(|(known, sink)| match sink {
            Sink::Mail(mailer) => Some((format!("{known}.{transport}"), Sink::Mail(Box::new(mailer.only(transport)?)))),
            _ => None,
        }),
        None => sinks.into_iter().find(|(known, _)| is_it(known)),
    };
    found.with_context(|| match names.as_slice() {
        [] => "the settings have no sinks, connectors and webhooks; add one of [connectors.NAME]".to_owned(),
        names => format!("the settings have no {name}; there are {}", names.join(", ")),
    })
}

fn read(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}

/// Why they were not delivered, if they were not.
async fn events(sink: &Sink, key: &str, given: Option<Value>, send: bool, now: Timestamp) -> Result<Option<String>> {
    let events = match given {
        Some(Value::Array(events)) => events.into_iter().map(event).collect::<Result<_>>()?,
        Some(one) => vec![event(one)?],
        None => sample::events(now),
    };
    let parts = sink.parts(key, &events, now).await?;
    if parts.is_empty() {
        say("no request: this sink writes files")?;
    }
    for part in parts {
        say(&format!("{}\n", part.request.shown()))?;
    }
    if !send {
        return Ok(None);
    }
    let mut batch = Batch::new(key, events);
    let sent = sink.send(&caller(sink), &mut batch, now).await;
    let refused = batch.refused.into_iter().map(|refusal| refusal.reason);
    Ok(sent
        .err()
        .map(|failure| failure.to_string())
        .into_iter()
        .chain(refused)
        .reduce(|all, one| format!("{all}; {one}")))
}

async fn deed(sink: &Sink, key: &str, deed: Value, send: bool, now: Timestamp) -> Result<Option<String>> {
    say(&sink.shown(key, &deed, now)?)?;
    if !send {
        return Ok(None);
    }
    let mut errand = Errand::new(key, deed);
    let sent = sink.send_deed(&caller(sink), &mut errand, now).await;
    if let Some(url) = errand.receipt.and_then(|receipt| receipt.url) {
        eprintln!("see {url}");
    }
    Ok(sent.err().map(|failure| failure.to_string()))
}

fn caller(sink: &Sink) -> Caller {
    Caller::new(http::client(), sink.limits().per_second)
}

/// An event as it would be read from the database.
fn event(body: Value) -> Result<Sendable> {
    let text =
        |key: &str| body[key].as_str().map(str::to_owned).with_context(|| format!("an event has no text `{key}`"));
    let (Some(at), true) = (body["at"].as_i64(), body.is_object()) else {
        bail!("an event is an object with `id`, `at` (milliseconds since 1970), `kind` and `session`");
    };
    Ok(Sendable { id: text("id")?, at, kind: text("kind")?, session: text("session")?, body: body.to_string() })
}

fn sample_deed(sink: &Sink, now: Timestamp) -> Value {
    match sink {
        Sink::Mail(mailer) => mailer.sample().deed(),
        _ => sample::deed(now),
    }
}
