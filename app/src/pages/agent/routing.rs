//! What is promised of a ticket, what happens next, and why it is where it is.

use leptos::prelude::*;

use super::clock;
use crate::model::agent::{PromiseRow, Routing};
use crate::words::Words;

pub fn panel<'a>(words: &'a Words, routing: &'a Routing) -> impl IntoView + use<'a> {
    let Routing { promises, next_step, why } = routing;
    (!promises.is_empty() || !why.is_empty()).then(|| {
        let rows: Vec<_> = promises.iter().map(row).collect();
        let rows = (!rows.is_empty()).then(|| view! { <dl class="pairs promises">{rows}</dl> });
        let next = next_step.as_deref().map(|next| view! { <p class="hint">{next}</p> });
        view! {
            <section class="panel">
                <h2>{words.agent.promises.as_ref()}</h2>
                {rows}
                {next}
                {reasons(words, why)}
            </section>
        }
    })
}

fn row(promise: &PromiseRow) -> impl IntoView + use<'_> {
    view! {
        <div><dt>{promise.label.as_str()}</dt>
            <dd>{clock(&promise.clock)}" "<span class="when" title=promise.due.as_deref()>{promise.used.as_str()}</span></dd></div>
    }
}

/// In the words of the rules, which are the operator's and English.
fn reasons<'a>(words: &'a Words, why: &'a [(String, String, String)]) -> impl IntoView + use<'a> {
    (!why.is_empty()).then(|| {
        let row = |(what, outcome, reason): &'a (String, String, String)| {
            view! {
                <li><code>{what.as_str()}</code>" "<strong><bdi>{outcome.as_str()}</bdi></strong>
                    <span class="when">{reason.as_str()}</span></li>
            }
        };
        let rows: Vec<_> = why.iter().map(row).collect();
        view! {
            <details class="reasons">
                <summary>{words.agent.why_here.as_ref()}</summary>
                <ol lang="en" dir="ltr">{rows}</ol>
            </details>
        }
    })
}
