//! `signpost outbox`: what is on its way out, what is stuck, and what to do about it. A server that runs meanwhile
//! sees every change within `delivery.look_ms`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use super::search::say;
use super::time;
use crate::delivery::dead::{self, Letter};
use crate::delivery::operate::{self, Deed, Status};
use crate::store::Store;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the database
    #[arg(long, value_name = "DIR", default_value = ".signpost", global = true)]
    data: PathBuf,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show how every sink is, which messages wait, and the dead letters
    List {
        /// Only of this sink
        #[arg(long)]
        sink: Option<String>,
        /// The most messages and dead letters to show
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show a message or a dead letter whole
    Show { id: String },
    /// Try again at once: a message, a dead letter, or, by the sink's name, all that waits for it
    Retry {
        what: String,
        /// Of a mail that a transport may have: let any other send it, too
        #[arg(long)]
        anywhere: bool,
    },
    /// Give up a message or a dead letter for good
    Drop { id: String },
    /// Hold a sink; what comes meanwhile waits
    Pause { sink: String },
    /// Let a sink go on
    Resume { sink: String },
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    super::with_store(&arguments.data, async |store| obey(arguments, store).await)
}

/// False when what was named does not exist.
async fn obey(arguments: &Arguments, store: &Store) -> Result<bool> {
    let (what, found, done) = match &arguments.command {
        Command::List { sink, limit } => {
            list(arguments, store, sink.as_deref(), *limit).await?;
            return Ok(true);
        }
        Command::Show { id } => return show(store, id).await,
        Command::Retry { what, anywhere } => {
            let now = Timestamp::now();
            let found = match anywhere {
                true => operate::retry_anywhere(store, what, now).await?,
                false => operate::retry(store, what, now).await?,
            };
            (what, found, "will be tried again within seconds")
        }
        Command::Drop { id } => (id, operate::discard(store, id).await?, "was dropped"),
        Command::Pause { sink } => (sink, operate::pause(store, sink, true).await?, "is held"),
        Command::Resume { sink } => (sink, operate::pause(store, sink, false).await?, "goes on"),
    };
    if found {
        super::confirm(arguments.json, what, done)?;
    } else {
        missing(what);
    }
    Ok(found)
}

fn missing(what: &str) {
    eprintln!(
        "there is no {what} among the sinks, the messages that wait and the dead letters; see `signpost outbox list`"
    );
}

async fn list(arguments: &Arguments, store: &Store, sink: Option<&str>, limit: u32) -> Result<()> {
    let mut sinks = operate::sinks(store).await?;
    sinks.retain(|one| sink.is_none_or(|name| name == one.name));
    let (waiting, dead) = (operate::waiting(store, sink, limit).await?, dead::list(store, sink, limit).await?);
    say(&if arguments.json {
        serde_json::to_string_pretty(&json!({ "sinks": sinks, "waiting": waiting, "dead": dead }))?
    } else {
        for_people(&sinks, &waiting, &dead, Timestamp::now())
    })
}

async fn show(store: &Store, id: &str) -> Result<bool> {
    let letter = dead::find(store, id).await?.map(|letter| serde_json::to_string_pretty(&letter)).transpose()?;
    let deed = operate::find(store, id).await?.map(|deed| serde_json::to_string_pretty(&deed)).transpose()?;
    match letter.or(deed) {
        Some(text) => say(&text).map(|()| true),
        None => {
            missing(id);
            Ok(false)
        }
    }
}

fn for_people(sinks: &[Status], waiting: &[Deed], dead: &[Letter], now: Timestamp) -> String {
    let mut text = String::new();
    let mut line = |line: String| writeln!(text, "{line}").expect("writing to a string cannot fail");
    if sinks.is_empty() {
        line("No sink was ever set up; see [sinks], [connectors] and [webhooks] of the settings.".to_owned());
    }
    for sink in sinks {
        let Status { name, waiting, sent, unknown, dead, .. } = sink;
        line(format!("{name}  {}  {waiting} waiting, {sent} sent, {unknown} unknown, {dead} dead", state(sink, now)));
        if let (Some(error), Some(at)) = (&sink.last_error, sink.last_error_at) {
            line(format!("  last error {}: {error}", time(at)));
        }
    }
    for deed in waiting {
        let Deed { id, channel, attempts, due_at, .. } = deed;
        line(format!("waiting  {id}  {channel}  {attempts} attempts, due {}", time(*due_at)));
        line(format!("  {}", deed.last_error.as_deref().unwrap_or("not tried yet")));
    }
    for Letter { id, sink, at, items, reason, .. } in dead {
        line(format!("dead     {id}  {sink}  {items} since {}\n  {reason}", time(*at)));
    }
    text.trim_end().to_owned()
}

fn state(sink: &Status, now: Timestamp) -> String {
    let later = |time: i64| time > now.as_millisecond();
    match sink {
        sink if sink.paused => "held by an operator".to_owned(),
        sink if sink.locked => "stopped until its settings change".to_owned(),
        sink if later(sink.opened_until) => format!("left alone until {}", time(sink.opened_until)),
        sink if later(sink.held_until) => format!("asked for a pause until {}", time(sink.held_until)),
        sink if later(sink.due_at) => format!("tries again at {}", time(sink.due_at)),
        _ => "well".to_owned(),
    }
}
