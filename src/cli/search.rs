//! `signpost search`: the search of the site, on the command line.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use app::model::SearchResults;

use super::Common;
use crate::identity;
use crate::search::{self, Attribute, Query};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    /// What to search for
    query: String,
    /// Print the answer as the API gives it
    #[arg(long)]
    json: bool,
    #[arg(long)]
    locale: Option<String>,
    /// Category path, as in the site's addresses
    #[arg(long)]
    category: Option<String>,
    /// May be given more than once
    #[arg(long)]
    tag: Vec<String>,
    /// Version of the product that the articles are about; may be given more than once
    #[arg(long)]
    version: Vec<String>,
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Search as a member of this group of readers; may be given more than once
    #[arg(long)]
    audience: Vec<String>,
}

impl Arguments {
    fn attributes(&self) -> Vec<(Attribute, String)> {
        let tags = self.tag.iter().map(|tag| (Attribute::Tag, tag.clone()));
        tags.chain(self.version.iter().map(|version| (Attribute::Version, version.clone()))).collect()
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let config = arguments.common.config()?;
    let edition = super::edition(&arguments.common, &config, arguments.json)?;
    let query = Query {
        text: arguments.query.clone(),
        locale: arguments.locale.clone(),
        category: arguments.category.clone(),
        attributes: arguments.attributes(),
        limit: arguments.limit,
        ..Query::default()
    };
    let viewer = identity::from_command_line(&arguments.audience);
    let results = search::search(&edition.index, &edition.snapshot, &viewer, &query);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&results)?);
    } else {
        print(&results);
    }
    Ok(if results.hits.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn print(results: &SearchResults) {
    println!("{} articles for {:?} in {} µs", results.total, results.query, results.took_us);
    for hit in &results.hits {
        let section = hit.section.as_ref().map(|section| format!(" › {}", section.plain())).unwrap_or_default();
        println!("\n{}{section}\n  {}  ({:.2}, {:?})", hit.title.plain(), hit.url, hit.score, hit.rung);
        println!("  {}", hit.snippet.plain());
        for section in &hit.sections {
            println!("    also: {}  {}", section.title.plain(), section.url);
        }
    }
}
