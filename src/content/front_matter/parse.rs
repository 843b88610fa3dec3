//! Front matter text → [`FrontMatter`], with the place of whatever is wrong.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_saphyr::DuplicateKeyPolicy;

use super::{FrontMatter, Split, Syntax, is_known};
use crate::content::{Position, Problem};

/// What the matter says, and problems that do not keep the page from being served; `Err` for those that do.
pub fn parse(file: &str, split: &Split<'_>) -> Result<(FrontMatter, Vec<Problem>), Problem> {
    let Some((syntax, text)) = split.matter else {
        return Ok(Default::default());
    };
    if text.trim().is_empty() {
        return Ok(Default::default());
    }
    let mut problems = Vec::new();
    let mut matter: FrontMatter = match read(syntax, text, DuplicateKeyPolicy::Error) {
        Ok(matter) => matter,
        Err(fault) => {
            let problem = fault.problem(file, syntax);
            // A key given twice: the last one counts, as other generators have it.
            let matter = read(syntax, text, DuplicateKeyPolicy::LastWins).map_err(|_| problem.clone())?;
            problems.push(
                Problem::warning("duplicate-key", file, problem.message, "Keep one of them.").at(problem.position),
            );
            matter
        }
    };
    matter.extra = read::<BTreeMap<String, serde_json::Value>>(syntax, text, DuplicateKeyPolicy::LastWins)
        .map(|all| all.into_iter().filter(|(key, _)| !is_known(key)).collect())
        .unwrap_or_default(); // a value JSON cannot hold loses only the notice
    problems.extend(matter.extra.keys().map(|key| unknown(file, text, key)));
    Ok((matter, problems))
}

fn unknown(file: &str, text: &str, key: &str) -> Problem {
    let starts = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with([':', '=']));
    let line = text.lines().position(starts).and_then(|line| u32::try_from(line).ok());
    Problem::notice(
        "unknown-key",
        file,
        format!("The front matter has a key `{key}` that means nothing here."),
        "Remove it, or leave it: it is kept and not used.",
    )
    .at(line.map(|line| Position { line: line + 2, column: 1 }))
}

struct Fault {
    message: String,
    position: Option<Position>,
}

impl Fault {
    fn problem(self, file: &str, syntax: Syntax) -> Problem {
        let (name, example) = match syntax {
            Syntax::Yaml => ("YAML", "`title: Install`; quote a text with `: ` or `#` in it"),
            Syntax::Toml => ("TOML", "`title = \"Install\"`"),
        };
        let message = format!("The front matter cannot be read as {name}: {}.", self.message.trim_end_matches('.'));
        Problem::error("bad-front-matter", file, message, format!("Write {example}.")).at(self.position)
    }
}

fn read<T: DeserializeOwned>(syntax: Syntax, text: &str, duplicates: DuplicateKeyPolicy) -> Result<T, Fault> {
    match syntax {
        Syntax::Yaml => yaml(text, duplicates),
        Syntax::Toml => toml::from_str(text).map_err(|error| Fault {
            message: error.message().to_owned(),
            position: error.span().map(|span| Position::at(text, span.start).below(1)),
        }),
    }
}

fn yaml<T: DeserializeOwned>(text: &str, duplicates: DuplicateKeyPolicy) -> Result<T, Fault> {
    let options = serde_saphyr::options! { duplicate_keys: duplicates, with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().filter(|place| place.line() > 0);
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let position = place.map(|at| Position { line: number(at.line()), column: number(at.column()) }.below(1));
        Fault { message: one_line(&error.to_string()), position }
    })
}

/// The position is said apart, so it is cut off where the parser repeats it.
fn one_line(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
