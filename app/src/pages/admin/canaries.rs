//! Searches that must find their article.

use leptos::either::Either;
use leptos::prelude::*;

use super::{heads, table_region};
use crate::model::{CanaryRow, Site};
use crate::words::Words;

pub fn table(site: &Site, rows: Vec<CanaryRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{words.no_canaries.clone()}</p> });
    }
    let head = heads(vec![&words.query, &words.expected_article, &words.result]);
    let body: Vec<_> = rows.into_iter().map(|canary| row(words, canary)).collect();
    Either::Right(table_region(words.canaries.clone(), head, body))
}

fn row(words: &Words, canary: CanaryRow) -> impl IntoView + use<> {
    let (class, result) = match canary.found {
        true => ("badge good", &words.canary_found),
        false => ("badge bad", &words.canary_missing),
    };
    view! {
        <tr>
            <td>{canary.query}</td>
            <td><code>{canary.expected}</code></td>
            <td><span class=class>{result.clone()}</span></td>
        </tr>
    }
}
