//! `signpost hooks`: what other programs told, and what could not be handled. A server that runs meanwhile sees every
//! change within `delivery.look_ms`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::search::say;
use crate::store::Store;
use crate::webhooks::inbox::{self, Stored};

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
    /// Show what came, newest first
    List {
        /// Only of this one of [hooks]
        #[arg(long)]
        provider: Option<String>,
        /// Only what waits, is done, or could not be handled
        #[arg(long)]
        state: Option<State>,
        /// The most to show
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show one whole
    Show { id: String },
    /// Handle again what could not be handled, or at once what waits
    Replay { id: String },
    /// Give up what waits or could not be handled
    Drop { id: String },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum State {
    Waiting,
    Done,
    Dead,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    super::with_store(&arguments.data, async |store| obey(arguments, store).await)
}

/// False when what was named does not exist.
async fn obey(arguments: &Arguments, store: &Store) -> Result<bool> {
    let (id, found, done) = match &arguments.command {
        Command::List { provider, state, limit } => {
            let stored = inbox::list(store, state.map(State::name), provider.as_deref(), *limit).await?;
            say(&if arguments.json { serde_json::to_string_pretty(&stored)? } else { for_people(&stored) })?;
            return Ok(true);
        }
        Command::Show { id } => {
            let stored = inbox::find(store, id).await?;
            stored.as_ref().map(|stored| say(&serde_json::to_string_pretty(stored)?)).transpose()?;
            (id, stored.is_some(), None)
        }
        Command::Replay { id } => {
            (id, inbox::replay(store, id, Timestamp::now()).await?, Some("will be handled within seconds"))
        }
        Command::Drop { id } => (id, inbox::discard(store, id).await?, Some("was dropped")),
    };
    match (found, done) {
        (true, Some(done)) => super::confirm(arguments.json, id, done)?,
        (true, None) => {}
        (false, None) => eprintln!("there is no {id}; see `signpost hooks list`"),
        (false, Some(_)) => eprintln!("there is no {id} that waits or is dead; see `signpost hooks list`"),
    }
    Ok(found)
}

fn for_people(stored: &[Stored]) -> String {
    if stored.is_empty() {
        return "Nothing came; see [hooks] of the settings.".to_owned();
    }
    let mut text = String::new();
    for Stored { id, provider, event, received_at, state, outcome, last_error, .. } in stored {
        let time = super::time(*received_at);
        let state = outcome.as_deref().unwrap_or(state);
        writeln!(text, "{time}  {state:<14}  {provider}  {id}  {event}").expect("writing to a string cannot fail");
        if let Some(error) = last_error {
            writeln!(text, "  {error}").expect("writing to a string cannot fail");
        }
    }
    text.trim_end().to_owned()
}
