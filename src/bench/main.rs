//! `cargo xtask bench`: what readers, editors and agents wait for, beside what the parts could do at best.
//!
//! The program measured is the optimised `signpost` in a process of its own, on loopback. What it is compared
//! with (`bare`) runs in a process of its own too, and both are asked in turns, so that whatever else the
//! machine does slows both. Absolute figures are this machine's; the ratios should hold anywhere.

mod articles;
mod bare;
mod building;
mod chat;
mod client;
mod corpus;
mod edits;
mod growth;
mod load;
mod memory;
mod process;
mod profile;
mod queries;
mod queue;
mod searches;
mod site;
mod start;
mod subject;
mod table;
mod telling;
mod tickets;
mod visits;
mod weight;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use mimalloc::MiMalloc;
use searches::Servers;
use subject::Subject;
use table::Table;

/// As in the program: what it is compared with shall not be slower for want of it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Pages of the large site that `search` alone is measured on.
const LARGE: u64 = 26_000;

#[derive(Parser)]
struct Arguments {
    /// Measure this part alone; without it everything
    part: Option<Part>,
    /// Folder of Markdown to measure; without it one is made up, always the same
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// Also measure searches on a made-up site of so many pages; `search` alone does on one of 26000, 0 is none
    #[arg(long, value_name = "COUNT")]
    pages: Option<u64>,
    /// Seconds of load for each figure of the article page and of events; tickets sent are five hundred times as many
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Be the server that others are compared with, made of what lies in this folder
    #[arg(long, value_name = "DIR", hide = true)]
    bare: Option<PathBuf>,
    /// Be the site of a folder of Markdown, with a data directory
    #[arg(long, num_args = 2, value_names = ["CONTENT", "DATA"], hide = true)]
    site: Option<Vec<PathBuf>>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Search,
    Events,
    Tickets,
    Chat,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let _guard = runtime.enter();
    any_spawner::Executor::init_tokio().context("the task spawner was started twice")?;
    match (&arguments.bare, arguments.site.as_deref()) {
        (Some(folder), _) => runtime.block_on(bare::server::serve(folder)),
        (_, Some([content, data])) => runtime.block_on(site::serve(content, data)),
        _ => runtime.block_on(measure(&arguments)),
    }
}

async fn measure(arguments: &Arguments) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let subject = subject(arguments, scratch.path())?;
    let mut table = Table::new(&subject);
    let built = match arguments.part {
        None => everything(&subject, arguments.seconds, &mut table).await?,
        Some(Part::Search) => building::once(&subject, 0)?,
        Some(part @ (Part::Events | Part::Tickets | Part::Chat)) => {
            match part {
                Part::Events => {
                    let path = articles::choose(&building::once(&subject, 0)?.snapshot)?;
                    telling::measure(&subject, &path, arguments.seconds, &mut table).await?;
                }
                Part::Chat => chat::measure(&subject, arguments.seconds, &mut table).await?,
                _ => asking(&subject, arguments.seconds, &mut table).await?,
            }
            print!("{table}");
            return Ok(());
        }
    };
    search(&subject, &built, &mut table).await?;
    let usual = if arguments.part.is_some() { LARGE } else { 0 };
    if let pages @ 1.. = arguments.pages.unwrap_or(usual) {
        let large = Subject::made_up(pages, scratch.path().join("large"))?;
        let built_large = building::once(&large, 0)?;
        building::compare(&[(&subject, &built), (&large, &built_large)], &mut table);
        search(&large, &built_large, &mut table).await?;
    }
    print!("{table}");
    Ok(())
}

fn subject(arguments: &Arguments, scratch: &Path) -> Result<Subject> {
    let scratch = scratch.to_owned();
    match &arguments.content {
        Some(folder) => {
            let content = folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
            Subject::of(content, scratch)
        }
        None => Subject::made_up(corpus::USUAL, scratch),
    }
}

/// All but the searches.
async fn everything(subject: &Subject, seconds: u64, table: &mut Table) -> Result<building::Built> {
    let built = building::measure(subject, table).await?;
    start::measure(subject, table).await?;
    edits::measure(subject, table).await?;
    let site = process::Program::serve(&subject.content, &subject.folder("data"))?;
    memory::measure(&site, subject, table).await?;
    let article = articles::fetch(&site, articles::choose(&built.snapshot)?).await?;
    weight::measure(&site, &article, table).await?;
    let folder = subject.folder("bare");
    bare::keep(&folder, &article)?;
    bare::index(&folder, &built.snapshot)?;
    let bare = process::Program::bare(&folder)?;
    articles::measure(&site, &bare, &article, seconds, table).await?;
    drop((site, bare));
    telling::measure(subject, &article.path, seconds, table).await?;
    chat::measure(subject, seconds, table).await?;
    asking(subject, seconds, table).await?;
    Ok(built)
}

/// Readers who send tickets, and agents who see many of them.
async fn asking(subject: &Subject, seconds: u64, table: &mut Table) -> Result<()> {
    tickets::measure(subject, seconds, table).await?;
    queue::measure(subject, table).await
}

async fn search(subject: &Subject, built: &building::Built, table: &mut Table) -> Result<()> {
    let servers = Servers::start(subject, &built.snapshot)?;
    searches::measure(&servers, subject, &built.snapshot, table).await?;
    let bare = bare::index::Bare::open(&subject.folder("searched").join(bare::INDEX))?;
    let full = profile::measure(&servers, built, &bare, &queries::full(&built.snapshot)).await?;
    let typing = profile::measure(&servers, built, &bare, &queries::as_you_type(&built.snapshot)).await?;
    profile::show::parts(&subject.name(), &full, &typing, table);
    profile::show::slowest(&subject.name(), full.iter().chain(&typing), table);
    Ok(())
}
