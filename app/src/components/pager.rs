//! From one page of a list to the next.

use leptos::prelude::*;

use crate::model::Site;
use crate::words::fill;

/// Nothing where there is one page.
pub fn pager<'a>(
    site: &'a Site,
    page: usize,
    pages: usize,
    previous: Option<&'a str>,
    next: Option<&'a str>,
) -> impl IntoView + use<'a> {
    let words = &site.words;
    let place = fill(&words.page_of_pages, &[("page", &words.number(page)), ("pages", &words.number(pages))]);
    let step = |url: Option<&'a str>, rel: &'static str, label: &'a str| {
        url.map(|url| view! { <a class=rel rel=rel href=url>{label}</a> })
    };
    (pages > 1).then(|| {
        view! {
            <nav class="pager" aria-label=words.result_pages.as_ref()>
                {step(previous, "prev", words.previous_page.as_ref())}
                <span>{place}</span>
                {step(next, "next", words.next_page.as_ref())}
            </nav>
        }
    })
}
