//! From one page of results to the next.

use leptos::prelude::*;

use crate::model::{SearchPage, Site};
use crate::words::fill;

pub fn pager<'a>(site: &'a Site, page: &'a SearchPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let place = fill(&words.page_of_pages, &[("page", &words.number(page.page)), ("pages", &words.number(page.pages))]);
    let step = |url: &'a Option<String>, rel: &'static str, label: &'a str| {
        url.as_deref().map(|url| view! { <a class=rel rel=rel href=url>{label}</a> })
    };
    (page.pages > 1).then(|| {
        view! {
            <nav class="pager" aria-label=words.result_pages.as_ref()>
                {step(&page.previous_url, "prev", words.previous_page.as_ref())}
                <span>{place}</span>
                {step(&page.next_url, "next", words.next_page.as_ref())}
            </nav>
        }
    })
}
