//! `/admin/delivery`: what leaves, and how staff steers it.

use std::sync::Arc;

use app::model::{HookRow, LetterRow, MessageRow, SinkRow, SinkState};
use app::pages::{AdminDelivery, DeliveryPanels};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Request, State};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::{Admin, fetched, see_other, staff_frame, streamed, told, when};
use crate::Help;
use crate::delivery::operate::Status;
use crate::delivery::{dead, operate};
use crate::http::error::Error;
use crate::mail;
use crate::webhooks::inbox::{self, Stored};

/// Dead letters and messages that are shown; `signpost outbox list` shows more.
const MOST: u32 = 100;

pub async fn page(State(help): State<Arc<Help>>, _: Admin, request: Request) -> Result<Response, Error> {
    let frame = staff_frame(&help, |words| &words.delivery);
    let panels = move || DeliveryPanels {
        sinks: fetched(sinks(help.clone())),
        letters: fetched(letters(help.clone())),
        messages: fetched(messages(help.clone())),
        hooks: fetched(hooks(help.clone())),
    };
    let page = move || view! { <AdminDelivery frame=frame.clone() panels=panels()/> };
    Ok(streamed(request, page).await)
}

#[derive(Debug, Deserialize)]
pub struct Steering {
    /// `retry`, `drop`, `pause`, `resume`
    deed: String,
    /// Name of a sink, id of a message, a dead letter or an inbound webhook.
    what: String,
}

pub async fn steer(
    State(help): State<Arc<Help>>,
    _: Admin,
    form: Result<Form<Steering>, FormRejection>,
) -> Result<Response, Error> {
    let Form(Steering { deed, what }) = form?;
    let store = &help.store;
    let found = match deed.as_str() {
        "retry" => {
            let now = Timestamp::now();
            operate::retry(store, &what, now).await? || inbox::replay(store, &what, now).await?
        }
        "drop" => operate::discard(store, &what).await? || inbox::discard(store, &what).await?,
        "pause" => operate::pause(store, &what, true).await?,
        "resume" => operate::pause(store, &what, false).await?,
        other => return Err(Error::BadRequest(format!("deed is {other:?}; take retry, drop, pause or resume"))),
    };
    if !found {
        return Err(Error::BadRequest(format!("there is no sink, message or dead letter {what:?} any more")));
    }
    tracing::info!(deed, what, "staff steered the delivery");
    help.delivery.wake();
    help.hooks.wake();
    Ok(see_other(&help, "/admin/delivery", []))
}

async fn sinks(help: Arc<Help>) -> Result<Vec<SinkRow>, String> {
    let now = Timestamp::now().as_millisecond();
    let mut rows = operate::sinks(&help.store).await.map_err(told)?;
    // Who sends no mail need not be told that none can be sent.
    rows.retain(|status| status.waiting > 0 || !is_unset(&help, status));
    Ok(rows.into_iter().map(|status| sink(is_unset(&help, &status), status, now)).collect())
}

fn is_unset(help: &Help, status: &Status) -> bool {
    status.name == mail::CHANNEL && help.config.mail.url.is_none()
}

fn sink(is_unset: bool, status: Status, now: i64) -> SinkRow {
    let state = match status {
        Status { paused: true, .. } => SinkState::Paused,
        _ if is_unset => SinkState::Unset,
        Status { locked: true, .. } => SinkState::Locked,
        Status { opened_until, held_until, due_at, .. } if opened_until.max(held_until).max(due_at) > now => {
            SinkState::Waits
        }
        _ => SinkState::Works,
    };
    let count = |count: i64| usize::try_from(count).unwrap_or(0);
    let at = status.last_error_at.map(when);
    SinkRow {
        name: status.name,
        state,
        guarantee: status.guarantee,
        purpose: status.purpose,
        waiting: count(status.waiting),
        delivered: count(status.sent),
        unknown: count(status.unknown),
        dead: count(status.dead),
        last_error: status.last_error.map(|error| format!("{}: {error}", at.unwrap_or_default())),
    }
}

async fn letters(help: Arc<Help>) -> Result<Vec<LetterRow>, String> {
    let letters = dead::list(&help.store, None, MOST).await.map_err(told)?;
    let row = |letter: dead::Letter| LetterRow {
        id: letter.id,
        sink: letter.sink,
        when: when(letter.at),
        items: usize::try_from(letter.items).unwrap_or(0),
        reason: letter.reason,
        replayable: letter.replayable,
    };
    Ok(letters.into_iter().map(row).collect())
}

async fn messages(help: Arc<Help>) -> Result<Vec<MessageRow>, String> {
    let deeds = operate::waiting(&help.store, None, MOST).await.map_err(told)?;
    let row = |deed: operate::Deed| MessageRow {
        id: deed.id,
        sink: deed.channel,
        when: when(deed.created_at),
        last_error: deed.last_error,
    };
    Ok(deeds.into_iter().map(row).collect())
}

async fn hooks(help: Arc<Help>) -> Result<Vec<HookRow>, String> {
    let dead = inbox::list(&help.store, Some("dead"), None, MOST).await.map_err(told)?;
    let row = |stored: Stored| HookRow {
        id: stored.id,
        provider: stored.provider,
        when: when(stored.received_at),
        reason: stored.last_error.unwrap_or_default(),
    };
    Ok(dead.into_iter().map(row).collect())
}
