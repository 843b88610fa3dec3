//! Nothing is here: say so, and propose what may have been meant.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::components::{Behaviour, article_list, search_box, to_a_person};
use crate::model::{Frame, NotFoundPage, Site};

pub fn not_found(frame: &Frame, page: &NotFoundPage) -> String {
    render(|| document(frame, Kind::NotFound, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a NotFoundPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <div class="page">
            <p class="status" aria-hidden="true">"404"</p>
            <h1>{words.not_found_title.as_ref()}</h1>
            <p class="lead">{words.not_found_text.as_ref()}</p>
            {search_box(site, Behaviour::Choose, &page.query, Vec::new(), None)}
            {article_list("proposals", &words.not_found_proposals, &page.proposals)}
            {to_a_person(site)}
            <p class="way-out"><a href=site.home_url.as_str()>{words.back_to_home.as_ref()}</a></p>
        </div>
    }
}
