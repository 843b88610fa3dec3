//! What the reader said of an article, and what may help further.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::components::{article_list, vote};
use crate::model::{FeedbackPage, Frame, Site};

pub fn feedback(frame: &Frame, page: &FeedbackPage) -> String {
    render(|| document(frame, Kind::Feedback, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a FeedbackPage) -> impl IntoView + use<'a> {
    view! {
        <div class="page narrow">
            <h1>{page.title.as_str()}</h1>
            {vote(site, &page.vote_url, page.state)}
            {article_list("related", &site.words.related_articles, &page.related)}
            <p class="way-out"><a href=page.article_url.as_str()>{site.words.back_to_article.as_ref()}</a></p>
        </div>
    }
}
