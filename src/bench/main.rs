//! `cargo xtask bench`: what readers and editors wait for, beside what the parts could do at best.
//!
//! The program measured is the optimised `signpost` in a process of its own, on loopback. What it is compared
//! with (`bare`) runs in a process of its own too, and both are asked in turns, so that whatever else the
//! machine does slows both. Absolute figures are this machine's; the ratios should hold anywhere.

mod articles;
mod bare;
mod building;
mod client;
mod corpus;
mod edits;
mod load;
mod memory;
mod process;
mod queries;
mod searches;
mod start;
mod table;
mod weight;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use table::Table;

#[derive(Parser)]
struct Arguments {
    /// Folder of Markdown to measure; without it one is made up, always the same
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// Seconds of load for each figure of the article page
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Be the server that others are compared with, made of what lies in this folder
    #[arg(long, value_name = "DIR", hide = true)]
    bare: Option<PathBuf>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// What every measurement shares.
struct Subject {
    content: PathBuf,
    /// Gone at the end.
    scratch: tempfile::TempDir,
    pages: usize,
    bytes: u64,
}

impl Subject {
    fn folder(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let _guard = runtime.enter();
    any_spawner::Executor::init_tokio().context("the task spawner was started twice")?;
    match &arguments.bare {
        Some(folder) => runtime.block_on(bare::server::serve(folder)),
        None => runtime.block_on(measure(&arguments)),
    }
}

async fn measure(arguments: &Arguments) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let content = match &arguments.content {
        Some(folder) => folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?,
        None => corpus::write(&scratch.path().join("corpus"), corpus::USUAL)?,
    };
    let (pages, bytes) = corpus::weigh(&content)?;
    let subject = Subject { content, scratch, pages, bytes };
    let mut table = Table::new(&subject);
    let snapshot = building::measure(&subject, &mut table).await?;
    start::measure(&subject, &mut table).await?;
    edits::measure(&subject, &mut table).await?;
    let site = process::Program::serve(&subject.content, &subject.folder("data"))?;
    memory::measure(&site, &subject, &mut table).await?;
    let article = articles::choose(&site, &snapshot).await?;
    weight::measure(&site, &article, &mut table).await?;
    bare::prepare(&subject.folder("bare"), &snapshot, &article)?;
    let bare = process::Program::bare(&subject.folder("bare"))?;
    articles::measure(&site, &bare, &article, arguments.seconds, &mut table).await?;
    searches::measure(&site, &bare, &subject.folder("bare"), &snapshot, &mut table).await?;
    print!("{table}");
    Ok(())
}
