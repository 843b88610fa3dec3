//! What became of a request, as its requester sees it; and all of a reader's requests.

use leptos::prelude::*;

use super::contact::files;
use super::document::{Kind, document};
use super::render;
use crate::components::{draft_line, draft_script, in_textarea};
use crate::model::{
    Author, FileRow, Frame, Rating, RequestPage, RequestRow, RequestsPage, Said, SaidRow, Site, Status,
};
use crate::words::{Word, Words, fill};

/// `/requests/{secret}`
pub fn request(frame: &Frame, page: &RequestPage) -> String {
    render(|| document(frame, Kind::Request, conversation(&frame.site, page)))
}

fn conversation<'a>(site: &'a Site, page: &'a RequestPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let number = fill(&words.request_number, &[("number", &page.number.to_string())]);
    let last = page.messages.len();
    let messages: Vec<_> = page.messages.iter().zip(1..).map(|(row, place)| said(row, place == last)).collect();
    let just_sent = page.just_sent.as_deref().map(|text| {
        view! { <div class="notice good" role="status"><p><strong>{words.request_sent.as_ref()}</strong></p><p>{text}</p></div> }
    });
    view! {
        <div class="page narrow">
            {just_sent}
            <p class="request-number">{number}" " {badge(words, page.status)}" "<span>{page.opened.as_str()}</span></p>
            <h1>{page.subject.as_str()}</h1>
            <ol class="conversation">{messages}</ol>
            {sent_along(site, page)}
            {(page.status == Status::Solved).then(|| rate(site, page))}
            {next(site, page)}
            {draft_script(site)}
            {page.requests_url.as_deref().map(|url| {
                view! { <p class="way-out"><a href=url>{words.your_requests.as_ref()}</a></p> }
            })}
        </div>
    }
}

/// How a ticket stands, in a word and a colour.
pub fn badge(words: &Words, status: Status) -> impl IntoView + use<'_> {
    let (class, word) = match status {
        Status::New => ("badge", &words.status_new),
        Status::Open => ("badge doubtful", &words.status_open),
        Status::Pending => ("badge bad", &words.status_pending),
        Status::Solved => ("badge good", &words.status_solved),
        Status::Closed => ("badge", &words.status_closed),
    };
    view! { <span class=class>{word.as_ref()}</span> }
}

/// The last one is where an answer leads to that was sent just now.
fn said(row: &SaidRow, is_last: bool) -> impl IntoView + use<'_> {
    let own = row.author == Author::Requester;
    let text = match &row.text {
        Said::Html(html) => view! { <div class="prose" inner_html=html.as_str()></div> }.into_any(),
        Said::Plain(text) => view! { <p class="said-text">{text.as_str()}</p> }.into_any(),
    };
    let attached: Vec<_> = row.files.iter().map(file).collect();
    let attached = (!attached.is_empty()).then(|| view! { <ul class="said-files">{attached}</ul> });
    view! {
        <li class="said" class:own=own id=is_last.then_some("last")>
            <p class="said-who"><strong>{row.name.as_str()}</strong>" " <span class="when">{row.when.as_str()}</span></p>
            {text}
            {attached}
        </li>
    }
}

fn file(row: &FileRow) -> impl IntoView + use<'_> {
    view! { <li><a href=row.url.as_str() download>{row.name.as_str()}</a>" " <span class="when">{row.size.as_str()}</span></li> }
}

fn sent_along<'a>(site: &'a Site, page: &'a RequestPage) -> impl IntoView + use<'a> {
    let rows: Vec<_> = page.sent_along.iter().map(|row| view! { <li>{row.text.as_str()}</li> }).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <details class="sent-along">
                <summary>{site.words.sent_along.as_ref()}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}

/// What the requester can do next.
fn next<'a>(site: &'a Site, page: &'a RequestPage) -> AnyView {
    let words = &site.words;
    if page.status == Status::Closed {
        return view! {
            <p class="notice">{words.closed_text.clone()}" " <a href=page.follow_url.clone()>{words.follow_up.clone()}</a></p>
        }
        .into_any();
    }
    let (fault, text) = page.fault.clone().unzip();
    let solve = (page.status != Status::Solved)
        .then(|| view! { <button class="quiet" name="deed" value="solved" formnovalidate>{words.mark_solved.clone()}</button> });
    let reopens = (page.status == Status::Solved)
        .then(|| view! { <p class="field-help" id="reopens">{words.answer_reopens.clone()}</p> });
    view! {
        <form class="sheet ask" method="post" action=page.action_url.clone() enctype="multipart/form-data"
            data-draft="">
            {draft_line(site)}
            {fault.map(|fault| view! { <p class="refusal" role="alert">{fault}</p> })}
            <div class="field">
                <label for="text">{words.your_answer.clone()}</label>
                {reopens}
                <textarea id="text" name="text" rows="5" maxlength="20000" required
                    aria-describedby=(page.status == Status::Solved).then_some("reopens")>{text.as_deref().map(in_textarea)}</textarea>
            </div>
            {files(site, page.files).into_any()}
            <div class="deeds"><button name="deed" value="answer">{words.send_answer.clone()}</button>{solve}</div>
        </form>
    }
    .into_any()
}

fn rate<'a>(site: &'a Site, page: &'a RequestPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let choice = |rating: Rating, word: &'a Word| {
        let is_chosen = page.rating == Some(rating);
        view! {
            <label class="choice">
                <input type="radio" name="rating" value=rating.name() checked=is_chosen required/>
                {word.as_ref()}
            </label>
        }
    };
    let thanks = page.rating.map(|_| view! { <p role="status">{words.rate_thanks.as_ref()}</p> });
    view! {
        <form class="sheet rate" method="post" action=page.action_url.as_str() enctype="multipart/form-data">
            <fieldset>
                <legend>{words.rate_question.as_ref()}</legend>
                {choice(Rating::Good, &words.rate_good)}
                {choice(Rating::Bad, &words.rate_bad)}
            </fieldset>
            <label for="rate-comment">{words.rate_comment.as_ref()}</label>
            <textarea id="rate-comment" name="text" rows="2" maxlength="2000"></textarea>
            <button class="quiet" name="deed" value="rate">{words.rate_send.as_ref()}</button>
            {thanks}
        </form>
    }
}

/// `/requests`
pub fn requests(frame: &Frame, page: &RequestsPage) -> String {
    render(|| document(frame, Kind::Request, list(&frame.site, page)))
}

fn list<'a>(site: &'a Site, page: &'a RequestsPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let row = |row: &'a RequestRow| {
        view! {
            <li>
                <a href=row.url.as_str()>
                    <span class="row-where">{fill(&words.request_number, &[("number", &row.number.to_string())])}</span>
                    <span class="row-title">{row.subject.as_str()}</span>
                    <span class="row-text">{badge(words, row.status)}" " {row.updated.as_str()}</span>
                </a>
            </li>
        }
    };
    let rows: Vec<_> = page.requests.iter().map(row).collect();
    let nothing = rows.is_empty().then(|| view! { <p class="nothing">{words.no_requests.as_ref()}</p> });
    view! {
        <div class="page narrow">
            <h1>{words.your_requests.as_ref()}</h1>
            {nothing}
            <ul class="rows">{rows}</ul>
            <p class="way-out"><a href=page.contact_url.as_str()>{words.contact.as_ref()}</a></p>
        </div>
    }
}
