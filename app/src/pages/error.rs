//! Something went wrong: what, and what to do.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::components::{Behaviour, search_box};
use crate::model::{ErrorPage, Frame, Site};
use crate::words::fill;

pub fn error(frame: &Frame, page: &ErrorPage) -> String {
    render(|| document(frame, Kind::Error, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a ErrorPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    // English whatever the page's language is, as in the log and in the answers of the API.
    let detail = page.detail.as_deref().map(|detail| {
        view! { <p class="request-id">{words.error_detail.as_ref()}" "<span lang="en" dir="ltr">{detail}</span></p> }
    });
    let quote = page.request_id.as_deref().map(|id| {
        view! { <p class="request-id">{fill(&words.request_id, &[("id", id)])}</p> }
    });
    view! {
        <div class="page">
            <p class="status" aria-hidden="true">{page.status}</p>
            <h1>{page.title.as_str()}</h1>
            <p class="lead">{page.message.as_str()}</p>
            {search_box(site, Behaviour::Choose, "", Vec::new(), None)}
            {detail}
            {quote}
            <p class="way-out"><a href=site.home_url.as_str()>{words.back_to_home.as_ref()}</a></p>
        </div>
    }
}
