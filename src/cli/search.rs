//! `signpost search`: the search of the site, on the command line.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use app::model::{Explanation, Notice, SearchResults, WordPart};

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
        count_locales: true,
        ..Query::default()
    };
    let viewer = identity::from_command_line(&arguments.audience);
    let results = search::search(&edition.index, &edition.snapshot, &viewer, &query);
    let text = if arguments.json { serde_json::to_string_pretty(&results)? } else { for_people(&results) };
    say(&text)?;
    Ok(if results.hits.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Whoever closes the pipe has read enough.
pub fn say(text: &str) -> Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

pub fn for_people(results: &SearchResults) -> String {
    let mut lines = vec![format!("{} articles for {:?} in {} µs", results.total, results.query, results.took_us)];
    lines.extend(results.notices.iter().map(told));
    lines.extend(results.suggestion.iter().map(|better| format!("Did you mean {better:?}?")));
    for hit in &results.hits {
        let section = hit.section.as_ref().map(|section| format!(" › {}", section.plain())).unwrap_or_default();
        lines.push(format!("\n{}{section}", hit.title.plain()));
        lines.push(format!("  {}  ({:.2}, {})", hit.url, hit.score, hit.rung.name()));
        lines.push(format!("  {}", hit.snippet.plain()));
        lines.extend(hit.explanation.as_ref().map(explained));
        lines
            .extend(hit.sections.iter().map(|section| format!("    also: {}  {}", section.title.plain(), section.url)));
    }
    lines.join("\n")
}

fn told(notice: &Notice) -> String {
    match notice {
        Notice::QueryShortened { used } => format!("Only the first {used} characters were searched."),
        Notice::UnknownFilter { name, value } => format!("There is no {name} {value:?}; it was left out."),
        Notice::Excluded { words } => format!("Articles that contain {words:?} are left out."),
        Notice::Corrected { to, .. } => format!("Nothing contains this; these results are for {:?}.", to.trim()),
        Notice::FewerWords => "Nothing contains all of the words.".to_owned(),
        Notice::OtherLanguage { locale, .. } => format!("Nothing in this language; these results are in {locale}."),
    }
}

/// One line a part; they add up to the score.
fn explained(explanation: &Explanation) -> String {
    let part = |WordPart { word, rung, instead, score }: &WordPart| {
        let instead = if instead.is_empty() { String::new() } else { format!(" as {}", instead.join(", ")) };
        format!("    {score:>6.3}  {word} ({}{instead})", rung.name())
    };
    let mut lines: Vec<String> = explanation.words.iter().map(part).collect();
    lines.push(format!("    {:>6.3}  meaning", explanation.meaning));
    if explanation.boost != 1.0 {
        lines.push(format!("    each multiplied by the article's boost, {}", explanation.boost));
    }
    lines.join("\n")
}
