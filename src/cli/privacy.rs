//! `signpost privacy`: what is kept of one reader whom the host signed in, shown or erased.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use super::search::say;
use crate::delivery::outbox;
use crate::mail::suppression;
use crate::store::Store;
use crate::{chat, community, config, events, help, retention, tickets};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Settings file; without it `signpost.toml` of the working directory, where there is one
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Folder of the database
    #[arg(long, value_name = "DIR", default_value = ".signpost", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print every event of a reader, and what it asked and said in public, one JSON object a line
    Export {
        /// The `sub` of the reader's token, or an address
        user: String,
    },
    /// Delete all of that, chats, and what mail providers told of the address, and tell the vendors that can erase
    Erase {
        /// The `sub` of the reader's token, or an address
        user: String,
    },
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    super::with_store(&arguments.data, async |store| obey(arguments, store).await)
}

/// False when nothing is kept of the reader.
async fn obey(arguments: &Arguments, store: &Store) -> Result<bool> {
    match &arguments.command {
        Command::Export { user } => {
            let mut bodies = events::of_reader(store, user).await?;
            bodies.extend(community::of_reader(store, user).await?);
            bodies.iter().try_for_each(|body| say(body))?;
            Ok(!bodies.is_empty())
        }
        Command::Erase { user } => {
            let erased = erase(arguments, store, user).await?;
            say(&format!("{} events and {} chats were deleted", erased.events, erased.chats))?;
            if erased.in_public > 0 {
                say(&format!("{} questions and replies were deleted", erased.in_public))?;
            }
            if erased.addresses > 0 {
                say(&format!("what mail providers told of {} addresses was forgotten", erased.addresses))?;
            }
            Ok(erased.events + erased.chats + erased.in_public + erased.addresses > 0)
        }
    }
}

/// How much of each was deleted.
struct Erased {
    events: u64,
    chats: u64,
    /// Questions and replies.
    in_public: u64,
    addresses: u64,
}

/// In one transaction: events, chats, questions and replies go, and what was told of the address; the vendors that can
/// erase are told, and the deed is written down.
async fn erase(arguments: &Arguments, store: &Store, user: &str) -> Result<Erased> {
    let config = config::read(arguments.config.as_deref(), std::env::vars())?;
    let can_erase: Vec<String> = help::destinations(&config)
        .build()?
        .into_iter()
        .filter(|(_, sink)| sink.can_erase())
        .map(|(name, _)| name)
        .collect();
    let now = Timestamp::now();
    let mut transaction = store.writer().begin().await?;
    tickets::erase_reader(&mut transaction, user).await?;
    let erased = Erased {
        // Before the events, which say in which sessions it was.
        in_public: community::erase_reader(&mut transaction, user).await?,
        events: events::erase_reader(&mut transaction, user).await?,
        chats: chat::erase_reader(&mut transaction, user).await?,
        addresses: suppression::erase(&mut transaction, user).await?,
    };
    for channel in &can_erase {
        let deed = json!({ "erase": { "user": events::pseudonym(user) } });
        outbox::enqueue(&mut transaction, channel, deed, None, Some(config.delivery.backlog), now).await?;
    }
    // Who it was is not written down: that would keep what was erased.
    let Erased { events, chats, in_public, addresses } = &erased;
    let detail = json!({
        "table": "events", "rows": events, "chats": chats, "in_public": in_public, "addresses": addresses,
        "told": can_erase,
    });
    retention::write_down(&mut transaction, "erase", &detail, now).await?;
    transaction.commit().await?;
    Ok(erased)
}
