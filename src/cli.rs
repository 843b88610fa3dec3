//! The commands of the program `signpost`.

mod check;
mod connector;
mod eval;
mod hooks;
mod init;
mod mail;
mod outbox;
mod privacy;
mod routing;
mod search;
mod serve;
mod threads;
mod user;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use crate::config::{self, Config};
use crate::content::Source;
use crate::edition::{self, Edition, Origin};
use crate::progress::Progress;
use crate::site::Address;
use crate::store::{self, Store};
use crate::{assets, telemetry};

/// A help center in one program: a folder of Markdown becomes a fast, searchable site.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a folder of Markdown as a help center; without --content, Signpost's own manual
    Serve(serve::Arguments),
    /// Lay out a new help center in a folder
    Init(init::Arguments),
    /// Tell what is wrong with the content, file by file, and how to cure it
    Check(check::Arguments),
    /// Search the content from the command line
    Search(search::Arguments),
    /// Measure search on queries that people judged
    Eval(eval::Arguments),
    /// Try where events and messages go
    Connector(connector::Arguments),
    /// See and steer what is on its way out
    Outbox(outbox::Arguments),
    /// See what other programs told of tickets, and handle again what could not be
    Hooks(hooks::Arguments),
    /// Check and try the rules for who takes which ticket, and say who is on call
    Routing(routing::Arguments),
    /// Take in a mail that a mail server hands on
    Mail(mail::Arguments),
    /// Show or erase what is kept of one reader
    Privacy(privacy::Arguments),
    /// Say who may sign in as agent or admin
    User(user::Arguments),
}

/// What every command that reads content takes.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Folder of Markdown; without it `content.dir` of the settings, else the manual in the program
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// Settings file; without it `signpost.toml` of the working directory, where there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Common {
    fn config(&self) -> Result<Config> {
        config::read(self.config.as_deref(), std::env::vars())
    }

    fn source(&self, config: &Config) -> Source {
        match self.content.clone().or_else(|| config.content.dir.clone()) {
            Some(folder) => Source::Dir(folder),
            None => Source::Embedded(assets::manual()),
        }
    }

    /// Where an edition comes from; `cache` is the folder that keeps what can be made anew.
    fn origin(&self, config: &Config, address: Address, cache: Option<PathBuf>) -> Origin {
        Origin {
            source: self.source(config),
            content: config.content.clone(),
            search: config.search.clone(),
            address,
            cache,
        }
    }
}

/// Lets `work` use the database that a server has in `data`, which may run meanwhile; its answer is the exit code: was
/// there what was asked for?
fn with_store(data: &Path, work: impl AsyncFnOnce(&Store) -> Result<bool>) -> Result<ExitCode> {
    ensure!(data.is_dir(), "there is no folder {}; name with --data the one that the server has", data.display());
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let store = store::open(data).await?;
        let found = work(&store).await;
        store.close().await;
        Ok(if found? { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })
}

/// Says what was done with what.
fn confirm(json: bool, what: &str, done: &str) -> Result<()> {
    search::say(&if json { json!({ "id": what, "done": done }).to_string() } else { format!("{what} {done}") })
}

/// A time as people read it, of milliseconds since 1970-01-01 UTC.
fn time(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map_or_else(|_| "never".to_owned(), |time| format!("{time:.0}"))
}

/// Builds an edition in memory, for a command that is no server.
fn edition(common: &Common, config: &Config, quiet: bool) -> Result<Edition> {
    telemetry::start_log(&telemetry::Settings { filter: "error".to_owned(), ..config.log.clone() })?;
    let url = config.site.url.clone().unwrap_or_else(|| format!("http://{}", config.server.listen));
    let origin = common.origin(config, Address::parse(&url), None);
    let progress = if quiet { Progress::quiet() } else { Progress::shown() };
    let built = edition::build(&origin, None, &progress, Timestamp::now());
    progress.finish();
    built
}

/// Runs the command; the exit code is its answer.
///
/// # Errors
/// Whatever kept it from being carried out.
pub fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Search(arguments) => search::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Connector(arguments) => connector::run(&arguments),
        Command::Outbox(arguments) => outbox::run(&arguments),
        Command::Hooks(arguments) => hooks::run(&arguments),
        Command::Routing(arguments) => routing::run(&arguments),
        Command::Mail(arguments) => mail::run(&arguments),
        Command::Privacy(arguments) => privacy::run(&arguments),
        Command::User(arguments) => user::run(&arguments),
    }
}
