//! `signpost search`: the search of the site, on the command line.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use app::model::{Explanation, SearchResults, WordPart};

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
    /// Show what each score is made of
    #[arg(long)]
    explain: bool,
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
        explain: arguments.explain,
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

/// For people.
pub fn print(results: &SearchResults) {
    println!("{} articles for {:?} in {} µs", results.total, results.query, results.took_us);
    for hit in &results.hits {
        let section = hit.section.as_ref().map(|section| format!(" › {}", section.plain())).unwrap_or_default();
        println!("\n{}{section}\n  {}  ({:.2}, {})", hit.title.plain(), hit.url, hit.score, hit.rung.name());
        println!("  {}", hit.snippet.plain());
        if let Some(explanation) = &hit.explanation {
            explain(explanation);
        }
        for section in &hit.sections {
            println!("    also: {}  {}", section.title.plain(), section.url);
        }
    }
}

/// One line a part; they add up to the score.
fn explain(explanation: &Explanation) {
    for WordPart { word, rung, instead, score } in &explanation.words {
        let instead = if instead.is_empty() { String::new() } else { format!(" as {}", instead.join(", ")) };
        println!("    {score:>6.3}  {word} ({}{instead})", rung.name());
    }
    println!("    {:>6.3}  meaning", explanation.meaning);
    if explanation.boost != 1.0 {
        println!("    each multiplied by the article's boost, {}", explanation.boost);
    }
}
