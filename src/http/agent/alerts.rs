//! `/agent/alerts`: what alerts told lately, and which of them nobody wants to hear of any more.

use std::sync::Arc;

use app::model::agent::{AlertAbout, AlertRow, AlertsPage, MuteRow};
use app::words::{Words, fill};
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{Agent, NO_STORE, clock, portal, routing, see_other, ticket};
use crate::Help;
use crate::http::admin::tickets::titled;
use crate::http::error::Error;
use crate::routing::Shared;
use crate::tickets::{Alerted, Mute};

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

pub async fn page(
    State(help): State<Arc<Help>>,
    agent: Agent,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Error> {
    let (asked, now) = (asked?.0, Timestamp::now());
    let site = agent.site(&help);
    let words = &site.words;
    let (alerts, mutes) = tokio::try_join!(help.tickets.alerted(now), help.tickets.mutes(now))?;
    let page = AlertsPage {
        notice: (asked.done == "saved").then(|| words.agent.done_saved.to_string()),
        alerts: alerts.into_iter().map(|alerted| row(&help, words, alerted, now)).collect(),
        mutes: mutes.into_iter().map(|it| mute(&help, words, it, now)).collect(),
    };
    let frame = portal(&help, &agent, words.agent.alerts.to_string());
    Ok((NO_STORE, Html(app::pages::alerts(&frame, &page))).into_response())
}

fn row(help: &Help, words: &Words, alerted: Alerted, now: Timestamp) -> AlertRow {
    let url = |number: i64| help.address.href(&format!("/agent/tickets/{number}"));
    let Alerted { id, alert, kind, about, at, told, tickets, number, subject, muted } = alerted;
    let about = match (number, subject) {
        (Some(number), Some(subject)) => {
            let title = format!("#{number} {subject}");
            AlertAbout { alert, kind, about, label: None, title, url: Some(url(number)) }
        }
        _ => shared(help, words, alert, kind, about),
    };
    AlertRow {
        id,
        about,
        when: clock::ago(words, at, now),
        at: clock::exact(at),
        told: told.join(", "),
        tickets: tickets.into_iter().map(|number| (number, url(number))).collect(),
        muted,
    }
}

/// What many tickets have in common, as agents call it.
fn shared(help: &Help, words: &Words, alert: String, kind: String, about: String) -> AlertAbout {
    let own = &words.agent;
    let shared = Shared::ALL.iter().find(|shared| shared.name() == kind);
    let (label, (title, url)) = match shared {
        Some(Shared::Article) => (&own.article, titled(help, about.clone())),
        Some(Shared::Topic) => (&words.category, (about.clone(), None)),
        Some(Shared::Class) => {
            let url = help.address.href(&format!("/agent?status=any&sort=newest&class={}", encoded(&about)));
            (&own.class, (routing::class(words, &about), Some(url)))
        }
        Some(Shared::Query) | None => (&words.search, (about.clone(), None)),
    };
    AlertAbout { alert, kind, about, label: Some(label.to_string()), title, url }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn mute(help: &Help, words: &Words, mute: Mute, now: Timestamp) -> MuteRow {
    let own = &words.agent;
    let Mute { alert, kind, about, until, agent } = mute;
    let text = match until {
        Some(until) => {
            let time = clock::span(words, until - now.as_millisecond());
            fill(&own.muted_for, &[("time", &time), ("name", &agent)])
        }
        None => fill(&own.muted_for_good, &[("name", &agent)]),
    };
    MuteRow { about: shared(help, words, alert, kind, about), text }
}

#[derive(Debug, Deserialize)]
pub struct Wish {
    alert: String,
    kind: String,
    about: String,
    /// `day`, `good`, or `again`.
    deed: String,
}

pub async fn steer(
    State(help): State<Arc<Help>>,
    agent: Agent,
    form: Result<Form<Wish>, FormRejection>,
) -> Result<Response, Error> {
    let Form(Wish { alert, kind, about, deed }) = form?;
    let (tickets, now) = (&help.tickets, Timestamp::now());
    let is_shared = Shared::ALL.iter().any(|shared| shared.name() == kind);
    let until = (deed == "day").then(|| (now + DAY).as_millisecond());
    match (deed.as_str(), tickets.by_id(&about).await?) {
        ("good" | "again", Some(ticket)) if kind == "ticket" => {
            tickets.mute(&ticket, deed == "good", (&agent.id, &agent.name), now).await?;
        }
        ("again", _) if is_shared => tickets.unmute_burst(&alert, &kind, &about).await?,
        ("day" | "good", _) if is_shared => {
            tickets.mute_burst(&Mute { alert, kind, about, until, agent: agent.name.clone() }, now).await?;
        }
        _ => return Err(Error::BadRequest(format!("there is no way to do {deed:?} with an alert about {kind:?}"))),
    }
    Ok(see_other(&help, "/agent/alerts?done=saved", []))
}

#[derive(Debug, Deserialize)]
pub struct Muted {
    /// `yes` or `no`.
    muted: String,
}

/// Beside a ticket: nobody is told of it any more, or they are again.
pub async fn mute_ticket(
    State(help): State<Arc<Help>>,
    agent: Agent,
    Path(number): Path<String>,
    form: Result<Form<Muted>, FormRejection>,
) -> Result<Response, Error> {
    let Form(Muted { muted }) = form?;
    let ticket = ticket::of(&help, &number).await?;
    let (muted, done) = match muted.as_str() {
        "yes" => (true, "muted"),
        "no" => (false, "unmuted"),
        other => return Err(Error::BadRequest(format!("`muted` is {other:?}; send yes or no"))),
    };
    help.tickets.mute(&ticket, muted, (&agent.id, &agent.name), Timestamp::now()).await?;
    Ok(see_other(&help, &format!("/agent/tickets/{number}?done={done}"), []))
}
