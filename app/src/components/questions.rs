//! Questions that readers ask in public, and what is said to them. Texts are in whatever language they were written.

use leptos::prelude::*;

use crate::model::{QuestionRow, Questions, ReplyRow, Said, Site};

/// Under an article: a few of them, and the way to all.
pub fn questions<'a>(site: &'a Site, asked: &'a Questions) -> impl IntoView + use<'a> {
    let words = &site.words;
    let way = if asked.first.is_empty() { &words.ask_question } else { &words.all_questions };
    let rows: Vec<_> = asked.first.iter().map(|row| folded(site, row)).collect();
    view! {
        <section class="questions" aria-labelledby="ui-questions">
            <h2 id="ui-questions">{words.questions_title.as_ref()}</h2>
            {rows}
            <p class="way-out"><a href=asked.url.as_str()>{way.as_ref()}</a></p>
        </section>
    }
}

/// A question that opens: with the accepted reply, or the first one.
pub fn folded<'a>(site: &'a Site, row: &'a QuestionRow) -> impl IntoView + use<'a> {
    let language = row.locale.as_deref();
    let is_accepted = row.replies.first().is_some_and(|first| first.accepted);
    let mark = is_accepted.then(|| view! { " "<span class="badge good">{site.words.accepted_answer.as_ref()}</span> });
    let first = row.replies.first();
    let first = first.map(|first| view! { <ol class="conversation">{reply(site, first, language)}</ol> });
    view! {
        <details class="question">
            <summary><bdi lang=language>{row.title.as_str()}</bdi>{mark}</summary>
            <div class="question-body">
                {asked(row)}
                {first}
                <p><a href=row.url.as_str()>{site.words.all_replies.as_ref()}</a></p>
            </div>
        </details>
    }
}

/// What was asked beyond the title, by whom and when.
pub fn asked(row: &QuestionRow) -> impl IntoView + use<'_> {
    let text = (!row.text.is_empty()).then(|| {
        view! { <p class="said-text" dir="auto" lang=row.locale.as_deref()>{row.text.as_str()}</p> }
    });
    view! { {text}{who(&row.by, &row.when)} }
}

/// Each in its own direction.
fn who<'a>(by: &'a str, when: &'a str) -> impl IntoView + use<'a> {
    view! { <p class="said-who"><strong><bdi>{by}</bdi></strong>" "<span class="when">{when}</span></p> }
}

/// In the `language` of its question, where that is not the page's.
pub fn reply<'a>(site: &'a Site, row: &'a ReplyRow, language: Option<&'a str>) -> impl IntoView + use<'a> {
    let words = &site.words;
    let team = row.by_team.then(|| view! { " "<span class="badge">{words.of_team.as_ref()}</span> });
    let accepted = row.accepted.then(|| view! { " "<span class="badge good">{words.accepted_answer.as_ref()}</span> });
    let text = match &row.text {
        Said::Html(html) => {
            view! { <div class="prose" dir="auto" lang=language inner_html=html.as_str()></div> }.into_any()
        }
        Said::Plain(text) => view! { <p class="said-text" dir="auto" lang=language>{text.as_str()}</p> }.into_any(),
    };
    view! {
        <li class="said" class:own=row.by_team>
            <p class="said-who"><strong><bdi>{row.by.as_str()}</bdi></strong>" "<span class="when">{row.when.as_str()}</span>
                {team}{accepted}</p>
            {text}
        </li>
    }
}
