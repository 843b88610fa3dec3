//! What stands beside a conversation: how the ticket stands, who asks, what happened before, where else it is.

use leptos::either::Either;
use leptos::prelude::*;

use super::ticket::ticket_link;
use super::{alerts, options, routing};
use crate::model::Site;
use crate::model::agent::{ClueRow, TicketPage, Undelivered};
use crate::words::{Word, Words};

pub fn panels<'a>(site: &'a Site, page: &'a TicketPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let own = &words.agent;
    view! {
        <section class="panel" id="standing" data-live="">
            <h2>{own.properties.as_ref()}</h2>
            {standing(words, page)}
        </section>
        <div id="promises" data-live="">{routing::panel(words, &page.routing)}</div>
        <div id="alerts" data-live="">{alerts::panel(words, page)}</div>
        <section class="panel" id="dossier">
            <h2>{own.dossier.as_ref()}</h2>
            {dossier(words, &page.clues)}
        </section>
        {facts(&own.requester, &page.requester)}
        {facts(&own.fields, &page.fields)}
        {earlier(words, page)}
        <div id="places" data-live="">{undelivered(words, page)}{places(words, page)}</div>
        {if page.is_merged { Either::Left(unmerge(words, page)) } else { Either::Right(merge(words, page)) }}
        <section class="panel"><p><a href=page.stub_url.as_str() download>{own.stub.as_ref()}</a></p></section>
    }
}

fn standing<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    let (own, standing) = (&words.agent, &page.standing);
    let take = (!standing.is_mine).then(|| {
        view! { <button class="quiet" name="deed" value="take" data-take="">{own.assign_me.as_ref()}</button> }
    });
    let held = standing.held.then(|| {
        view! {
            <p class="notice caution">{own.held.as_ref()}</p>
            <button name="deed" value="release">{own.release.as_ref()}</button>
        }
    });
    let groups = (!standing.groups.is_empty()).then(|| {
        view! {
            <label for="group">{own.team.as_ref()}</label>
            <select id="group" name="group"><option value="">"–"</option>{options(&standing.groups)}</select>
        }
    });
    view! {
        <form class="standing" method="post" action=format!("{}/standing", page.url)>
            <input type="hidden" name="seen" value=page.seen.to_string()/>
            {held}
            <label for="status">{own.status.as_ref()}</label>
            <select id="status" name="status">{options(&standing.statuses)}</select>
            <label for="priority">{own.priority.as_ref()}</label>
            <select id="priority" name="priority">{options(&standing.priorities)}</select>
            <label for="assignee">{own.assignee.as_ref()}</label>
            <select id="assignee" name="assignee">{options(&standing.assignees)}</select>
            <label for="class">{own.class.as_ref()}</label>
            <select id="class" name="class">{options(&standing.classes)}</select>
            {groups}
            <label for="tags">{words.tags.as_ref()}</label>
            <input id="tags" name="tags" value=standing.tags.as_str() maxlength="500" placeholder=own.tags_hint.as_ref()/>
            <div class="deeds"><button name="deed" value="save">{words.save.as_ref()}</button>{take}</div>
        </form>
    }
}

/// What was done, in order, then what is known.
pub fn dossier<'a>(words: &'a Words, clues: &'a [ClueRow]) -> impl IntoView + use<'a> {
    if clues.is_empty() {
        return Either::Left(view! { <p class="nothing">{words.agent.dossier_none.as_ref()}</p> });
    }
    let (steps, facts): (Vec<_>, Vec<_>) = clues.iter().partition(|clue| clue.when.is_some());
    let step = |clue: &'a ClueRow| {
        view! {
            <li data-kind=clue.kind.as_str()><span class="when">{clue.when.as_deref()}</span>
                <bdi>{clue.text.as_str()}</bdi></li>
        }
    };
    let steps: Vec<_> = steps.into_iter().map(step).collect();
    let facts: Vec<_> = facts.into_iter().map(|clue| view! { <li><bdi>{clue.text.as_str()}</bdi></li> }).collect();
    let steps = (!steps.is_empty()).then(|| view! { <ol class="steps">{steps}</ol> });
    let facts = (!facts.is_empty()).then(|| view! { <ul class="known">{facts}</ul> });
    Either::Right(view! { {steps}{facts} })
}

pub fn facts<'a>(title: &'a Word, facts: &'a [(String, String)]) -> impl IntoView + use<'a> {
    (!facts.is_empty()).then(|| {
        let rows: Vec<_> = facts
            .iter()
            .map(|(name, value)| view! { <div><dt>{name.as_str()}</dt><dd><bdi>{value.as_str()}</bdi></dd></div> })
            .collect();
        view! { <section class="panel"><h2>{title.as_ref()}</h2><dl class="pairs">{rows}</dl></section> }
    })
}

fn earlier<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    (!page.earlier.is_empty()).then(|| {
        let rows: Vec<_> = page.earlier.iter().map(|link| view! { <li>{ticket_link(words, link)}</li> }).collect();
        view! { <section class="panel"><h2>{words.agent.earlier.as_ref()}</h2><ul class="ticket-rows">{rows}</ul></section> }
    })
}

fn places<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    (!page.places.is_empty()).then(|| {
        let row = |(desk, state, url): &'a (String, String, Option<String>)| {
            let state = match url {
                Some(url) => {
                    Either::Left(view! { <a href=url.as_str() rel="noopener" target="_blank">{state.as_str()}</a> })
                }
                None => Either::Right(state.as_str()),
            };
            view! { <div><dt><code>{desk.as_str()}</code></dt><dd>{state}</dd></div> }
        };
        let rows: Vec<_> = page.places.iter().map(row).collect();
        view! { <section class="panel"><h2>{words.agent.places.as_ref()}</h2><dl class="pairs">{rows}</dl></section> }
    })
}

fn merge<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    let own = &words.agent;
    view! {
        <section class="panel">
            <h2>{own.merge.as_ref()}</h2>
            <form class="merge" method="post" action=format!("{}/merge", page.url)>
                <label for="into">{own.merge_into.as_ref()}</label>
                <div class="find-row">
                    <input id="into" name="into" inputmode="numeric" pattern="#?[0-9]+" required maxlength="20"
                        aria-describedby="merge-hint"/>
                    <button class="quiet">{own.merge.as_ref()}</button>
                </div>
                <p class="hint" id="merge-hint">{own.merge_hint.as_ref()}</p>
            </form>
        </section>
    }
}

fn unmerge<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    let own = &words.agent;
    view! {
        <section class="panel">
            <h2>{own.merge.as_ref()}</h2>
            <form class="merge" method="post" action=format!("{}/unmerge", page.url)>
                <p class="hint" id="unmerge-hint">{own.unmerge_hint.as_ref()}</p>
                <button class="quiet" aria-describedby="unmerge-hint">{own.unmerge.as_ref()}</button>
            </form>
        </section>
    }
}

/// What desks did not take, in their words, with the way to send it again.
fn undelivered<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    (!page.undelivered.is_empty()).then(|| {
        let row = |letter: &'a Undelivered| {
            view! {
                <form method="post" action=format!("{}/retry", page.url)>
                    <p>{letter.text.as_str()}</p>
                    <p class="refusal" lang="en" dir="ltr">{letter.reason.as_str()}</p>
                    <button class="quiet" name="letter" value=letter.id.as_str()>{words.try_again.as_ref()}</button>
                </form>
            }
        };
        let rows: Vec<_> = page.undelivered.iter().map(row).collect();
        view! { <section class="panel"><h2>{words.agent.not_delivered.as_ref()}</h2>{rows}</section> }
    })
}
