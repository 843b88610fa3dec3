//! Pages that take longest to render and compress.

use leptos::either::Either;
use leptos::prelude::*;

use super::{heads, table_region};
use crate::model::{Site, SlowPage};

pub fn table(site: &Site, rows: Vec<SlowPage>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{words.no_slow_pages.clone()}</p> });
    }
    let head = heads(vec![&words.page, &words.time_to_make, &words.size]);
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(words.slow_pages.clone(), head, body))
}

fn row(page: SlowPage) -> impl IntoView + use<> {
    view! {
        <tr>
            <td><code>{page.path}</code></td>
            <td class="right">{format!("{:.1} ms", page.milliseconds)}</td>
            <td class="right">{format!("{:.1} KB", page.bytes as f64 / 1000.0)}</td>
        </tr>
    }
}
