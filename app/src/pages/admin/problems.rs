//! Every problem `signpost check` knows.

use leptos::either::Either;
use leptos::prelude::*;

use super::{heads, table_region};
use crate::model::{ProblemRow, Severity, Site};
use crate::words::{Word, Words};

pub fn table(site: &Site, rows: Vec<ProblemRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{words.no_problems.clone()}</p> });
    }
    let head = heads(vec![&words.severity, &words.place, &words.finding, &words.cure]);
    let body: Vec<_> = rows.into_iter().map(|problem| row(words, problem)).collect();
    Either::Right(table_region(words.problems.clone(), head, body))
}

fn row(words: &Words, problem: ProblemRow) -> impl IntoView + use<> {
    let (class, name) = severity(words, problem.severity);
    view! {
        <tr>
            <td><span class=class>{name.clone()}</span></td>
            <td><code>{problem.place}</code></td>
            <td>{problem.message}<span class="kind">{problem.kind}</span></td>
            <td>{problem.cure}</td>
        </tr>
    }
}

fn severity(words: &Words, severity: Severity) -> (&'static str, &Word) {
    match severity {
        Severity::Error => ("badge bad", &words.severity_error),
        Severity::Warning => ("badge doubtful", &words.severity_warning),
        Severity::Notice => ("badge", &words.severity_notice),
    }
}
