//! Every problem `signpost check` knows, by kind: of a kind that comes often the first few, the rest to be opened.

use leptos::either::Either;
use leptos::prelude::*;

use super::{heads, table_region};
use crate::model::{ProblemGroup, ProblemRow, Severity, Site};
use crate::words::{Word, Words};

/// Problems of one kind that are seen at once; errors are seen all.
const FIRST_PROBLEMS: usize = 5;

pub fn groups(site: &Site, groups: Vec<ProblemGroup>) -> impl IntoView + use<> {
    let words = &site.words;
    if groups.is_empty() {
        return Either::Left(view! { <p class="nothing">{words.no_problems.clone()}</p> });
    }
    Either::Right(groups.into_iter().map(|problems| group(words, problems)).collect::<Vec<_>>())
}

fn group(words: &Words, group: ProblemGroup) -> impl IntoView + use<> {
    let ProblemGroup { severity, kind, mut problems } = group;
    let count = problems.len();
    let shown = if severity == Severity::Error { count } else { count.min(FIRST_PROBLEMS) };
    let more = problems.split_off(shown);
    let more = (!more.is_empty()).then(|| {
        let label = words.count(&words.more_problems, more.len());
        let rest = table(words, format!("{kind}: {label}"), more);
        view! { <details><summary>{label}</summary>{rest}</details> }
    });
    let (class, name) = badge(words, severity);
    view! {
        <section class="problems">
            <h3><span class=class>{name.clone()}</span>{kind.clone()}<span class="number">{words.number(count)}</span></h3>
            {table(words, kind, problems)}
            {more}
        </section>
    }
}

fn table(words: &Words, label: String, problems: Vec<ProblemRow>) -> impl IntoView + use<> {
    let head = heads(vec![&words.place, &words.finding, &words.cure]);
    table_region(label, head, problems.into_iter().map(row).collect::<Vec<_>>())
}

fn row(problem: ProblemRow) -> impl IntoView + use<> {
    view! {
        <tr>
            <td><code>{problem.place}</code></td>
            <td>{problem.message}</td>
            <td>{problem.cure}</td>
        </tr>
    }
}

fn badge(words: &Words, severity: Severity) -> (&'static str, &Word) {
    match severity {
        Severity::Error => ("badge bad", &words.severity_error),
        Severity::Warning => ("badge doubtful", &words.severity_warning),
        Severity::Notice => ("badge", &words.severity_notice),
    }
}
