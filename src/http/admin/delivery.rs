//! `/admin/delivery`: what leaves, and how staff steers it.

use std::sync::Arc;

use app::model::{HookRow, LetterRow, MessageRow, SinkRow, SinkState, SuppressedFor, SuppressedRow};
use app::pages::{AdminDelivery, DeliveryPanels};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Request, State};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::{Admin, see_other, staff_frame, streamed, told, when};
use crate::Help;
use crate::delivery::operate::Status;
use crate::delivery::{dead, operate};
use crate::http::error::Error;
use crate::mail;
use crate::mail::suppression::{self, Known, Reason};
use crate::webhooks::inbox::{self, Stored};

/// Dead letters and messages that are shown; `signpost outbox list` shows more.
const MOST: u32 = 100;

pub async fn page(State(help): State<Arc<Help>>, _: Admin, request: Request) -> Result<Response, Error> {
    let frame = staff_frame(&help, |words| &words.delivery);
    let panels = move || DeliveryPanels {
        sinks: Box::pin(sinks(help.clone())),
        letters: Box::pin(letters(help.clone())),
        messages: Box::pin(messages(help.clone())),
        hooks: Box::pin(hooks(help.clone())),
        suppressed: Box::pin(suppressed(help.clone())),
    };
    let page = move || view! { <AdminDelivery frame=frame.clone() panels=panels()/> };
    Ok(streamed(request, page).await)
}

#[derive(Debug, Deserialize)]
pub struct Steering {
    /// `retry`, `drop`, `pause`, `resume`, `allow`
    deed: String,
    /// Name of a sink, id of a message, a dead letter or an inbound webhook; an address that gets no mail.
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
        "allow" => suppression::forget(store, &what).await?,
        other => return Err(Error::BadRequest(format!("deed is {other:?}; take retry, drop, pause, resume or allow"))),
    };
    if !found {
        return Err(Error::BadRequest(format!("there is no sink, message, dead letter or address {what:?} any more")));
    }
    // An address is nobody's matter but its owner's.
    tracing::info!(deed, what = if deed == "allow" { "an address" } else { &what }, "staff steered the delivery");
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
    status.name == mail::CHANNEL && !help.config.mail.is_set()
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

async fn suppressed(help: Arc<Help>) -> Result<Vec<SuppressedRow>, String> {
    let known = suppression::list(&help.store, MOST).await.map_err(told)?;
    let row = |known: Known| {
        let reason = match known.reason()? {
            Reason::Bounce => SuppressedFor::Bounce,
            Reason::Complaint => SuppressedFor::Complaint,
            Reason::Unsubscribe => SuppressedFor::Unsubscribe,
        };
        let detail = [known.source, known.detail].into_iter().flatten().filter(|word| !word.is_empty());
        let detail = detail.collect::<Vec<_>>().join(": ");
        Some(SuppressedRow { address: known.address, when: when(known.since?), reason, detail })
    };
    Ok(known.into_iter().filter_map(row).collect())
}
