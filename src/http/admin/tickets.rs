//! `/admin/tickets`: what proposals spare, which articles answer, how soon desks do.

use std::sync::Arc;

use app::model::{ClosingRow, DeskRow, EffectRows, GivenRow, RoutingRow};
use app::pages::{AdminTickets, TicketPanels};
use app::words::{Words, fill};
use axum::extract::{Request, State};
use axum::response::Response;
use leptos::prelude::*;

use super::{Admin, staff_frame, streamed, told, when};
use crate::Help;
use crate::http::agent::{clock, routing as routed};
use crate::http::error::Error;
use crate::tickets::{Closing, DeskFigures, Difference, Effect, FEWEST, Given, RoutingFigures};

pub async fn page(State(help): State<Arc<Help>>, _: Admin, request: Request) -> Result<Response, Error> {
    let frame = staff_frame(&help, |words| &words.agent.tickets);
    let site = frame.site.clone();
    let panels = move || TicketPanels {
        effect: Box::pin(effect(help.clone(), site.clone())),
        closing: Box::pin(closing(help.clone())),
        given: Box::pin(given(help.clone())),
        desks: Box::pin(desks(help.clone(), site.clone())),
        routing: Box::pin(routing(help.clone(), site.clone())),
    };
    let page = move || view! { <AdminTickets frame=frame.clone() panels=panels()/> };
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
    let told = |Difference { share, low, high }: Difference| {
        let values = [("difference", signed(share)), ("low", signed(low)), ("high", signed(high))];
        fill(&words.agent.difference, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    Ok(vec![EffectRows { groups, difference: difference.map(told), doubt }])
}

/// What keeps the difference from being believed.
fn doubt(words: &Words, effect: &Effect, difference: Option<Difference>, holds_out: bool) -> Option<String> {
    if effect.held_out == 0 && !holds_out {
        return Some(words.agent.no_hold_out.to_string());
    }
    if effect.is_too_small() {
        return Some(fill(&words.agent.too_few, &[("count", &words.number(count(FEWEST)))]));
    }
    let is_chance = difference.is_some_and(|Difference { low, high, .. }| low <= 0.0 && high >= 0.0);
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

async fn desks(help: Arc<Help>, site: Arc<app::model::Site>) -> Result<Vec<DeskRow>, String> {
    let rows = help.tickets.desks().await.map_err(told)?;
    let span = |time: i64| clock::span(&site.words, time);
    let row = |DeskFigures { desk, tickets, open, answered, half_within, most_within }| DeskRow {
        desk: Some(desk).filter(|desk: &String| !desk.is_empty()),
        tickets: count(tickets),
        open: count(open),
        answered: count(answered),
        half_within: half_within.map(span),
        most_within: most_within.map(span),
    };
    Ok(rows.into_iter().map(row).collect())
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
fn titled(help: &Help, article: String) -> (String, Option<String>) {
    let edition = help.edition.load();
    let viewer = crate::identity::remembered(&crate::identity::Audience::default());
    let title = edition.snapshot.view(&viewer).by_id(&article).map(|page| page.title.clone());
    match title {
        Some(title) => (title, Some(help.address.href(&format!("/a/{article}")))),
        None => (article, None),
    }
}

fn count(count: i64) -> usize {
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
    fn a_share_has_its_sign() {
        let check = |share: f64, expect: &str| assert_eq!(signed(share), expect);
        check(0.1234, "+12.3");
        check(-0.05, "−5.0");
        check(0.0, "+0.0");
    }
}
