//! Did the article help? A form under every article, answered by a page of its own; the script swaps that page's answer
//! in where the form stood.

use leptos::prelude::*;

use crate::model::{Site, VoteState};
use crate::words::Word;

pub fn vote<'a>(site: &'a Site, url: &'a str, state: VoteState) -> impl IntoView + use<'a> {
    let words = &site.words;
    let said = match state {
        VoteState::Open => &words.vote_question,
        VoteState::Helped => &words.vote_thanks,
        VoteState::DidNotHelp => &words.vote_sorry,
        VoteState::Told => &words.vote_noted,
    };
    view! {
        <section class="vote" aria-labelledby="vote">
            <h2 id="vote">{said.as_ref()}</h2>
            {(state == VoteState::Open).then(|| ask(site, url))}
            {(state == VoteState::DidNotHelp).then(|| ask_why(site, url))}
            {matches!(state, VoteState::DidNotHelp | VoteState::Told).then(|| to_a_person(site))}
        </section>
    }
}

/// The way to a person, where there is one.
pub fn to_a_person(site: &Site) -> impl IntoView + use<> {
    site.contact_url
        .clone()
        .map(|url| view! { <p class="to-a-person"><a href=url>{site.words.ask_a_person.clone()}</a></p> })
}

fn ask<'a>(site: &'a Site, url: &'a str) -> impl IntoView + use<'a> {
    view! {
        <form method="post" action=url>
            <button class="quiet" name="helpful" value="yes">{site.words.yes.as_ref()}</button>
            <button class="quiet" name="helpful" value="no">{site.words.no.as_ref()}</button>
        </form>
    }
}

fn ask_why<'a>(site: &'a Site, url: &'a str) -> impl IntoView + use<'a> {
    let words = &site.words;
    let reasons: Vec<_> = [
        ("incomplete", &words.reason_incomplete),
        ("unclear", &words.reason_unclear),
        ("wrong", &words.reason_wrong),
        ("outdated", &words.reason_outdated),
        ("other", &words.reason_other),
    ]
    .into_iter()
    .map(|(value, text): (_, &Word)| {
        view! { <label><input type="radio" name="reason" value=value/>{text.as_ref()}</label> }
    })
    .collect();
    view! {
        <form method="post" action=url>
            <input type="hidden" name="helpful" value="no"/>
            <fieldset aria-labelledby="vote">{reasons}</fieldset>
            <label for="vote-comment">{words.vote_comment.as_ref()}</label>
            <textarea id="vote-comment" name="comment" rows="3" maxlength="2000"></textarea>
            <button class="quiet" type="submit">{words.vote_send.as_ref()}</button>
        </form>
    }
}
