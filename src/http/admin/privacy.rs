//! `/admin/privacy`: what readers chose, what is done with their data, and what became of it.

use std::sync::Arc;

use app::model::{AuditRow, ChoicesRow, ProcessingRow, Purpose};
use app::pages::{AdminPrivacy, PrivacyPanels};
use axum::extract::{Request, State};
use axum::response::Response;
use leptos::prelude::*;

use super::{Admin, fetched, staff_frame, streamed, told, when};
use crate::http::error::Error;
use crate::privacy::Grants;
use crate::{Help, privacy, retention};

/// Days and audit rows that are shown.
const MOST: u32 = 60;

pub async fn page(State(help): State<Arc<Help>>, _: Admin, request: Request) -> Result<Response, Error> {
    let frame = staff_frame(&help, |words| &words.privacy);
    let panels = move || PrivacyPanels {
        choices: fetched(choices(help.clone())),
        processing: fetched(processing(help.clone())),
        audit: fetched(audit(help.clone())),
    };
    let page = move || view! { <AdminPrivacy frame=frame.clone() panels=panels()/> };
    Ok(streamed(request, page).await)
}

async fn choices(help: Arc<Help>) -> Result<Vec<ChoicesRow>, String> {
    let days = privacy::choices_by_day(&help.store, MOST).await.map_err(told)?;
    let count = |count: i64| usize::try_from(count).unwrap_or(0);
    let row = |day: privacy::Day| ChoicesRow {
        day: when(day.day * 86_400_000)[..10].to_owned(),
        answers: count(day.answers),
        preferences: count(day.preferences),
        analytics: count(day.analytics),
        marketing: count(day.marketing),
    };
    Ok(days.into_iter().map(row).collect())
}

/// Made of the settings, so that it says what this program does and nothing else.
async fn processing(help: Arc<Help>) -> Result<Vec<ProcessingRow>, String> {
    let config = &help.config;
    let here = |data: &str, purpose: Purpose, kept: String| ProcessingRow {
        data: data.to_owned(),
        purpose: purpose.name(),
        kept: Some(kept),
        goes_to: Vec::new(),
    };
    let days = |days: u32| format!("{days} d");
    let ages = &config.retention;
    let mut rows = vec![here("trail", Purpose::Necessary, "30 min".to_owned())];
    if config.privacy.purposes.allow(Purpose::Analytics) && config.events.collect {
        rows.push(here("events", Purpose::Analytics, days(ages.events_days)));
    }
    rows.push(here("consents", Purpose::Necessary, days(ages.consents_days)));
    rows.push(here("votes", Purpose::Necessary, days(ages.votes_days)));
    for counts in ["article_views", "search_counts", "event_counts"] {
        rows.push(here(counts, Purpose::Necessary, days(ages.counts_days)));
    }
    if config.chat.open {
        rows.push(here("chats", Purpose::Necessary, days(config.chat.keep_days)));
    }
    if config.community.questions {
        rows.push(here("questions", Purpose::Necessary, days(config.community.name_days)));
    }
    let passed_on = |data: &str, purpose: Purpose, to: String| ProcessingRow {
        data: data.to_owned(),
        purpose: purpose.name(),
        kept: None,
        goes_to: vec![to],
    };
    rows.extend(help.delivery.event_sinks().map(|(name, purpose)| passed_on("events", purpose, name.to_owned())));
    let bot = help.chats.bot().map(|_| passed_on("chats", Purpose::Necessary, "chat.bot".to_owned()));
    rows.extend(bot);
    if help.community.forum.is_some() {
        rows.push(passed_on("searches", Purpose::Necessary, "discourse".to_owned()));
    }
    let vendor = help.chats.vendor().map(|vendor| &vendor.messenger);
    rows.extend(vendor.map(|it| passed_on("chats", it.purpose(), format!("chat.{}", it.desk()))));
    let all = Grants::of(Purpose::ALL);
    rows.extend(config.tags.vendors(all).map(|(name, purpose)| passed_on("tags", purpose, name.to_owned())));
    Ok(rows)
}

async fn audit(help: Arc<Help>) -> Result<Vec<AuditRow>, String> {
    let deeds = retention::audit(&help.store, MOST).await.map_err(told)?;
    let row = |(at, deed, detail): (i64, String, String)| AuditRow { when: when(at), deed, detail };
    Ok(deeds.into_iter().map(row).collect())
}
