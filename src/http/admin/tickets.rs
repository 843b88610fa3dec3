//! `/admin/tickets`: what becomes of tickets, what proposals spare, which articles answer.

use std::sync::Arc;

use app::model::{Channel, ClosingRow, EffectRows, GivenRow, OutcomeRow, RoutingRow};
use app::pages::{AdminTickets, TicketPanels};
use app::words::{Words, fill};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::period::Period;
use super::{Admin, fetched, staff_frame, streamed, told, when};
use crate::Help;
use crate::http::agent::{clock, form_title, routing as routed};
use crate::http::error::Error;
use crate::staff::account;
use crate::tickets::{By, Closing, Effect, Estimate, FEWEST, Figures, Given, RoutingFigures, Times, wilson};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    days: String,
}

pub async fn page(
    State(help): State<Arc<Help>>,
    _: Admin,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Result<Response, Error> {
    let frame = staff_frame(&help, |words| &words.agent.tickets);
    let site = frame.site.clone();
    let period = Period::of(&asked?.0.days);
    let spans = period.links(&site.words, |to| help.address.href(&format!("/admin/tickets?days={}", to.days())));
    let since = period.since(Timestamp::now());
    let panels = move || TicketPanels {
        effect: fetched(effect(help.clone(), site.clone())),
        closing: fetched(closing(help.clone())),
        given: fetched(given(help.clone())),
        outcomes: [By::Desk, By::Agent, By::Channel, By::Form]
            .map(|by| fetched(outcomes(help.clone(), site.clone(), by, since))),
        routing: fetched(routing(help.clone(), site.clone())),
    };
    let page = move || view! { <AdminTickets frame=frame.clone() spans=spans.clone() panels=panels()/> };
    Ok(streamed(request, page).await)
}

async fn effect(help: Arc<Help>, site: Arc<app::model::Site>) -> Result<Vec<EffectRows>, String> {
    let words = &site.words;
    let effect = help.tickets.effect().await.map_err(told)?;
    let group = |drafts: i64, without: i64| {
        let share = if drafts > 0 { format!("{} %", points(without as f64 / drafts as f64)) } else { "–".to_owned() };
        (count(drafts), count(without), share)
    };
    let groups =
        [group(effect.shown, effect.shown_without_ticket), group(effect.held_out, effect.held_out_without_ticket)];
    let difference = effect.difference();
    let doubt = doubt(words, &effect, difference, help.config.tickets.hold_out > 0.0);
    let told = |Estimate { share, low, high }: Estimate| {
        let values = [("difference", signed(share)), ("low", signed(low)), ("high", signed(high))];
        fill(&words.agent.difference, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    Ok(vec![EffectRows { groups, difference: difference.map(told), doubt }])
}

/// What keeps the difference from being believed.
fn doubt(words: &Words, effect: &Effect, difference: Option<Estimate>, holds_out: bool) -> Option<String> {
    if effect.held_out == 0 && !holds_out {
        return Some(words.agent.no_hold_out.to_string());
    }
    if effect.is_too_small() {
        return Some(fill(&words.agent.too_few, &[("count", &words.number(count(FEWEST)))]));
    }
    let is_chance = difference.is_some_and(|Estimate { low, high, .. }| low <= 0.0 && high >= 0.0);
    is_chance.then(|| words.agent.may_be_chance.to_string())
}

async fn closing(help: Arc<Help>) -> Result<Vec<ClosingRow>, String> {
    let rows = help.tickets.closing().await.map_err(told)?;
    let row = |Closing { article, opened, answered, deflected }| {
        let (title, url) = titled(&help, article);
        ClosingRow { title, url, opened: count(opened), answered: count(answered), spared: count(deflected) }
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn given(help: Arc<Help>) -> Result<Vec<GivenRow>, String> {
    let rows = help.tickets.given().await.map_err(told)?;
    let row = |Given { article, tickets, last_at }| {
        let (title, url) = titled(&help, article);
        GivenRow { title, url, tickets: count(tickets), last: when(last_at)[..10].to_owned() }
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn outcomes(
    help: Arc<Help>,
    site: Arc<app::model::Site>,
    by: By,
    since: Timestamp,
) -> Result<Vec<OutcomeRow>, String> {
    let rows = help.tickets.figures(by, since).await.map_err(told)?;
    let agents = if by == By::Agent { account::list(&help.store).await.map_err(told)? } else { Vec::new() };
    let called = |name: &str| match by {
        By::Agent => agents.iter().find(|agent| agent.id == name).map(|agent| agent.name.clone()),
        _ => None,
    };
    let row = |figures: Figures| {
        let name = called(&figures.name).unwrap_or_else(|| name(&help, &site.words, by, &figures.name));
        outcome(&site.words, name, &figures)
    };
    Ok(rows.into_iter().map(row).collect())
}

fn outcome(words: &Words, name: String, figures: &Figures) -> OutcomeRow {
    let times = |Times { half, most }| [half, most].map(|time| time.map(|time| clock::span(words, time)));
    OutcomeRow {
        name,
        tickets: count(figures.tickets),
        answered: count(figures.answered),
        answer: times(figures.answer),
        solved: count(figures.solved),
        solve: times(figures.solve),
        good: wilson(figures.good, figures.rated).map(|good| share(words, good, figures.rated)),
        reopened: count(figures.reopened),
    }
}

/// In words, what tickets are counted by.
fn name(help: &Help, words: &Words, by: By, name: &str) -> String {
    let own = &words.agent;
    match (by, Channel::try_from(name.to_owned())) {
        (By::Desk, _) if name.is_empty() => own.own_portal.to_string(),
        (By::Agent, _) if name.is_empty() => own.nobody.to_string(),
        (By::Form, _) => form_title(help, words, name),
        (By::Channel, Ok(Channel::Portal)) => own.channel_portal.to_string(),
        (By::Channel, Ok(Channel::Mail)) => own.channel_mail.to_string(),
        (By::Channel, Ok(Channel::Chat)) => own.channel_chat.to_string(),
        (By::Channel, Ok(Channel::Desk)) => own.channel_desk.to_string(),
        _ => name.to_owned(),
    }
}

/// `87 % of 31 (74 to 94 %)`.
pub fn share(words: &Words, Estimate { share, low, high }: Estimate, of: i64) -> String {
    let percent = |share: f64| words.number((share * 100.0).round() as usize);
    let values =
        [("share", percent(share)), ("low", percent(low)), ("high", percent(high)), ("count", words.number(count(of)))];
    fill(&words.agent.share_of, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

async fn routing(help: Arc<Help>, site: Arc<app::model::Site>) -> Result<Vec<RoutingRow>, String> {
    let rows = help.tickets.by_class_and_group().await.map_err(told)?;
    let row = |RoutingFigures { class, group, tickets, open, answered, late, half_within }| RoutingRow {
        class: if String::is_empty(&class) { "–".to_owned() } else { routed::class(&site.words, &class) },
        group: Some(group).filter(|group: &String| !group.is_empty()),
        tickets: count(tickets),
        open: count(open),
        answered: count(answered),
        late: count(late),
        half_within: half_within.map(|time| clock::span(&site.words, time)),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Title and lasting link of an article that everybody may read; its id otherwise.
pub fn titled(help: &Help, article: String) -> (String, Option<String>) {
    let edition = help.edition.load();
    let viewer = crate::identity::remembered(&crate::identity::Audience::default());
    let title = edition.snapshot.view(&viewer).by_id(&article).map(|page| page.title.clone());
    match title {
        Some(title) => (title, Some(help.address.href(&format!("/a/{article}")))),
        None => (article, None),
    }
}

pub fn count(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// A share in percent.
fn points(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

fn signed(share: f64) -> String {
    format!("{:+.1}", share * 100.0).replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_believed_says_why() {
        let check = |shown: (i64, i64), held_out: (i64, i64), holds_out: bool, expect: Option<&str>| {
            let effect = Effect {
                shown: shown.1,
                shown_without_ticket: shown.0,
                held_out: held_out.1,
                held_out_without_ticket: held_out.0,
            };
            let doubt = doubt(Words::english(), &effect, effect.difference(), holds_out).unwrap_or_default();
            assert!(doubt.starts_with(expect.unwrap_or_default()), "{effect:?}: {doubt}");
            assert_eq!(doubt.is_empty(), expect.is_none(), "{effect:?}: {doubt}");
        };
        check((5, 10), (0, 0), false, Some("Nobody is held out"));
        check((5, 10), (0, 0), true, Some("Too few"));
        check((50, 100), (48, 100), true, Some("Zero lies between"));
        check((80, 100), (40, 100), true, None);
    }

    #[test]
    fn a_share_says_of_how_many_it_is_and_how_sure() {
        let check = |part: i64, of: i64, expect: &str| {
            let told = wilson(part, of).map(|estimate| share(Words::english(), estimate, of));
            assert_eq!(told.unwrap_or_default(), expect);
        };
        check(27, 31, "87 % of 31 (71 to 95 %)");
        check(0, 1, "0 % of 1 (0 to 79 %)");
        check(0, 0, "");
    }

    #[test]
    fn a_share_has_its_sign() {
        let check = |share: f64, expect: &str| assert_eq!(signed(share), expect);
        check(0.1234, "+12.3");
        check(-0.05, "−5.0");
        check(0.0, "+0.0");
    }
}
