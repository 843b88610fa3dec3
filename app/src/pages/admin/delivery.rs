//! What leaves: each sink, what could not be delivered, what waits; and the buttons to steer it.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Panel, heads, panel, staff_page, table_region};
use crate::model::{Frame, HookRow, LetterRow, MessageRow, SinkRow, SinkState, Site, SuppressedFor, SuppressedRow};
use crate::words::{Word, Words};

pub struct DeliveryPanels {
    pub sinks: Panel<SinkRow>,
    pub letters: Panel<LetterRow>,
    pub messages: Panel<MessageRow>,
    pub hooks: Panel<HookRow>,
    pub suppressed: Panel<SuppressedRow>,
}

#[component]
pub fn AdminDelivery(frame: Frame, panels: DeliveryPanels) -> impl IntoView {
    let site = frame.site.clone();
    let DeliveryPanels { sinks, letters, messages, hooks, suppressed } = panels;
    let content = view! {
        <h1>{site.words.delivery.clone()}</h1>
        <section>
            <h2 id="sinks">{site.words.sinks.clone()}</h2>
            {panel(site.clone(), sinks, sink_cards)}
        </section>
        <section>
            <h2 id="dead-letters">{site.words.dead_letters.clone()}</h2>
            {panel(site.clone(), letters, letter_table)}
        </section>
        <section>
            <h2 id="messages">{site.words.messages_waiting.clone()}</h2>
            {panel(site.clone(), messages, message_table)}
        </section>
        <section>
            <h2 id="hooks">{site.words.hooks_failed.clone()}</h2>
            {panel(site.clone(), hooks, hook_table)}
        </section>
        <section>
            <h2 id="suppressed">{site.words.suppressed.clone()}</h2>
            {panel(site.clone(), suppressed, suppressed_table)}
        </section>
    };
    staff_page(&frame, "/admin/delivery", content)
}

fn nothing(text: &Word) -> impl IntoView + use<> {
    view! { <p class="nothing">{text.clone()}</p> }
}

/// A card each: a table of so much would be too wide for a phone.
fn sink_cards(site: &Site, rows: Vec<SinkRow>) -> impl IntoView + use<> {
    if rows.is_empty() {
        return Either::Left(nothing(&site.words.no_sinks));
    }
    let cards: Vec<_> = rows.into_iter().map(|sink| sink_card(site, sink)).collect();
    Either::Right(view! { <ul class="sinks">{cards}</ul> })
}

fn sink_card(site: &Site, sink: SinkRow) -> impl IntoView + use<> {
    let words = &site.words;
    let (class, state) = match sink.state {
        SinkState::Works => ("badge good", &words.sink_works),
        SinkState::Paused => ("badge doubtful", &words.sink_paused),
        SinkState::Waits => ("badge doubtful", &words.sink_waits),
        SinkState::Locked => ("badge bad", &words.sink_locked),
        SinkState::Unset => ("badge bad", &words.sink_unset),
    };
    let hold = match sink.state {
        SinkState::Paused => ("resume", &words.resume),
        _ => ("pause", &words.pause),
    };
    let facts: Vec<_> = [
        (&words.waiting, Some(words.number(sink.waiting))),
        (&words.delivered, Some(words.number(sink.delivered))),
        (&words.outcome_unknown, Some(words.number(sink.unknown))),
        (&words.dead_letters, Some(words.number(sink.dead))),
        (&words.guarantee, Some(sink.guarantee)),
        (&words.purpose, sink.purpose),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(view! { <div><dt>{name.clone()}</dt><dd>{value?}</dd></div> }))
    .collect();
    let error = sink.last_error.map(|error| {
        view! {
            <p class="sink-error">{format!("{}: ", words.last_error)}<span lang="en" dir="ltr">{error}</span></p>
        }
    });
    view! {
        <li>
            <h3><code>{sink.name.clone()}</code>" "<span class=class>{state.clone()}</span></h3>
            <dl class="facts">{facts}</dl>
            {error}
            {steer(site, &sink.name, &[("retry", &words.try_again), hold])}
        </li>
    }
}

/// Buttons that do something with a sink, a letter or a message.
fn steer(site: &Site, what: &str, deeds: &[(&'static str, &Word)]) -> impl IntoView + use<> {
    let buttons: Vec<_> = deeds
        .iter()
        .map(|(deed, word)| {
            let label = format!("{word}: {what}");
            view! { <button class="quiet" name="deed" value=*deed aria-label=label>{(*word).clone()}</button> }
        })
        .collect();
    view! {
        <form class="steer" method="post" action=format!("{}/admin/delivery", site.base)>
            <input type="hidden" name="what" value=what.to_owned()/>
            {buttons}
        </form>
    }
}

fn letter_table(site: &Site, rows: Vec<LetterRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(nothing(&words.no_dead_letters));
    }
    let head = heads(vec![&words.sink, &words.when, &words.items, &words.reason, &words.deed]);
    let body: Vec<_> = rows.into_iter().map(|letter| letter_row(site, words, letter)).collect();
    Either::Right(table_region(words.dead_letters.clone(), head, body))
}

fn letter_row(site: &Site, words: &Words, letter: LetterRow) -> impl IntoView + use<> {
    let again = letter.replayable.then_some(("retry", &words.try_again));
    let deeds: Vec<_> = again.into_iter().chain([("drop", &words.give_up)]).collect();
    view! {
        <tr>
            <th scope="row"><code>{letter.sink}</code></th>
            <td>{letter.when}</td>
            <td class="right">{words.number(letter.items)}</td>
            <td lang="en" dir="ltr">{letter.reason}</td>
            <td>{steer(site, &letter.id, &deeds)}</td>
        </tr>
    }
}

fn message_table(site: &Site, rows: Vec<MessageRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(nothing(&words.no_messages_waiting));
    }
    let head = heads(vec![&words.sink, &words.when, &words.last_error, &words.deed]);
    let deeds = [("retry", &words.try_again), ("drop", &words.give_up)];
    let row = |message: MessageRow| {
        view! {
            <tr>
                <th scope="row"><code>{message.sink}</code></th>
                <td>{message.when}</td>
                <td lang="en" dir="ltr">{message.last_error}</td>
                <td>{steer(site, &message.id, &deeds)}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(words.messages_waiting.clone(), head, body))
}

fn hook_table(site: &Site, rows: Vec<HookRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(nothing(&words.no_hooks_failed));
    }
    let head = heads(vec![&words.sender, &words.when, &words.reason, &words.deed]);
    let deeds = [("retry", &words.try_again), ("drop", &words.give_up)];
    let row = |hook: HookRow| {
        view! {
            <tr>
                <th scope="row"><code>{hook.provider}</code></th>
                <td>{hook.when}</td>
                <td lang="en" dir="ltr">{hook.reason}</td>
                <td>{steer(site, &hook.id, &deeds)}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(words.hooks_failed.clone(), head, body))
}

fn suppressed_table(site: &Site, rows: Vec<SuppressedRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(nothing(&words.no_suppressed));
    }
    let head = heads(vec![&words.email, &words.when, &words.reason, &words.deed]);
    let row = |row: SuppressedRow| {
        let reason = match row.reason {
            SuppressedFor::Bounce => &words.suppressed_bounce,
            SuppressedFor::Complaint => &words.suppressed_complaint,
            SuppressedFor::Unsubscribe => &words.suppressed_unsubscribe,
        };
        view! {
            <tr>
                <th scope="row"><bdi>{row.address.clone()}</bdi></th>
                <td>{row.when}</td>
                <td>{reason.clone()}" · "<span lang="en" dir="ltr">{row.detail}</span></td>
                <td>{steer(site, &row.address, &[("allow", &words.agent.mail_allow)])}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(words.suppressed.clone(), head, body))
}
