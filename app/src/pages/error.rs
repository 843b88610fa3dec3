//! Something went wrong: what, and what to do.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::model::{ErrorPage, Frame, Site};
use crate::words::fill;

pub fn error(frame: &Frame, page: &ErrorPage) -> String {
    render(|| document(frame, Kind::Error, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a ErrorPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let quote = page.request_id.as_deref().map(|id| {
        view! { <p class="request-id">{fill(&words.request_id, &[("id", id)])}</p> }
    });
    view! {
        <div class="page">
            <p class="status" aria-hidden="true">{page.status}</p>
            <h1>{page.title.as_str()}</h1>
            <p class="lead">{page.message.as_str()}</p>
            {quote}
            <p class="way-out"><a href=site.home_url.as_str()>{words.back_to_home.as_ref()}</a></p>
        </div>
    }
}
