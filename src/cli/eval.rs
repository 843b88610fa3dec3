//! `signpost eval`: search measured on queries that people judged.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::Args;
use serde_json::json;

use crate::eval::{self, Difference, Indexed, Measures, Score};
use crate::search::{Ladder, Query};
use crate::telemetry;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder with corpus.jsonl, meta.json and queries*.jsonl beside qrels.tsv; or a folder of such folders
    folder: PathBuf,
    /// Which of search's systems to measure; the others are compared with the first
    #[arg(long, value_name = "NAME", value_delimiter = ',', default_value = "hybrid")]
    system: Vec<String>,
    /// Instead of measuring, ask this one query and show what each score is made of
    #[arg(long, value_name = "QUERY")]
    explain: Option<String>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    telemetry::start_log(&telemetry::Settings { filter: "error".to_owned(), ..telemetry::Settings::default() })?;
    let systems = systems(&arguments.system)?;
    if let Some(text) = &arguments.explain {
        return explain(arguments, text, systems[0].1);
    }
    let mut scores = Vec::new();
    for collection in eval::find(&arguments.folder)? {
        let indexed = Indexed::new(&collection)?;
        for set in &collection.query_sets {
            for (name, ladder) in &systems {
                scores.push(indexed.score(&collection, set, name, *ladder));
            }
        }
    }
    let differences = differences(&scores, &systems);
    if arguments.json {
        let differences: BTreeMap<_, _> = differences.into_iter().collect();
        println!("{:#}", json!({ "scores": scores, "differences_in_mrr_10": differences }));
    } else {
        print(&scores, &differences, &systems[0].0);
    }
    Ok(ExitCode::SUCCESS)
}

/// What the first system finds for one query in every collection.
fn explain(arguments: &Arguments, text: &str, ladder: Ladder) -> Result<ExitCode> {
    for collection in eval::find(&arguments.folder)? {
        let query = Query { text: text.to_owned(), ladder, explain: true, ..Query::default() };
        let results = Indexed::new(&collection)?.ask(query);
        super::search::say(&match arguments.json {
            true => serde_json::to_string_pretty(&results)?,
            false => super::search::for_people(&results),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn systems(names: &[String]) -> Result<Vec<(String, Ladder)>> {
    let known = eval::systems();
    let unknown = |name: &String| {
        anyhow!("there is no system {name:?}; take {}", known.keys().cloned().collect::<Vec<_>>().join(", "))
    };
    let named = names.iter().map(|name| Ok((name.clone(), *known.get(name).ok_or_else(|| unknown(name))?)));
    named.collect()
}

/// The first system against each of the others, all queries of all collections pooled.
fn differences(scores: &[Score], systems: &[(String, Ladder)]) -> Vec<(String, Difference)> {
    let pooled = |system: &str| -> Vec<Measures> {
        scores.iter().filter(|score| score.system == system).flat_map(|score| score.each.iter().copied()).collect()
    };
    let first = pooled(&systems[0].0);
    let others = systems.iter().skip(1);
    others.map(|(name, _)| (name.clone(), eval::difference(&first, &pooled(name)))).collect()
}

fn print(scores: &[Score], differences: &[(String, Difference)], first: &str) {
    println!(
        "{:<40} {:<24} {:>7} {:>7} {:>7} {:>7} {:>7} {:>10} {:>7}",
        "queries", "system", "count", "MRR@10", "nDCG@10", "S@1", "S@5", "Recall@100", "nothing"
    );
    for Score { collection, queries, system, count, mean, .. } in scores {
        println!(
            "{:<40} {system:<24} {count:>7} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>10.3} {:>7.3}",
            format!("{collection}/{queries}"),
            mean.mrr_10,
            mean.ndcg_10,
            mean.success_1,
            mean.success_5,
            mean.recall_100,
            mean.zero_results,
        );
    }
    for (other, Difference { mean, low, high }) in differences {
        println!("\n{first} against {other}, MRR@10, all queries: {mean:+.4} (95 % between {low:+.4} and {high:+.4})");
    }
}
