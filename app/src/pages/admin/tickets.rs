//! What becomes of tickets, what proposals spare, which articles answer.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;

use super::periods::periods;
use super::{Panel, heads, panel, staff_page, table_region};
use crate::model::{ClosingRow, EffectRows, Frame, GivenRow, OutcomeRow, PeriodLink, RoutingRow, Site};
use crate::words::Word;

pub struct TicketPanels {
    pub effect: Panel<EffectRows>,
    pub closing: Panel<ClosingRow>,
    pub given: Panel<GivenRow>,
    /// By desk, agent, channel and form.
    pub outcomes: [Panel<OutcomeRow>; 4],
    pub routing: Panel<RoutingRow>,
}

#[component]
pub fn AdminTickets(frame: Frame, spans: Vec<PeriodLink>, panels: TicketPanels) -> impl IntoView {
    let site = frame.site.clone();
    let own = &site.words.agent;
    let TicketPanels { effect, closing, given, outcomes, routing } = panels;
    let titles =
        [("desks", &own.by_desk), ("agents", &own.by_agent), ("channels", &own.by_channel), ("forms", &own.by_form)];
    let outcomes: Vec<_> =
        titles.into_iter().zip(outcomes).map(|((id, title), rows)| by(&site, id, title, rows)).collect();
    let content = view! {
        <h1>{own.tickets.clone()}</h1>
        <section>
            <h2 id="outcomes">{own.outcomes.clone()}</h2>
            {periods(&site, &spans)}
            {outcomes}
            <p class="hint">{own.interval_text.clone()}</p>
        </section>
        <section>
            <h2 id="routing">{own.by_class_and_group.clone()}</h2>
            {panel(site.clone(), routing, routing_table)}
        </section>
        <section>
            <h2 id="effect">{own.effect.clone()}</h2>
            <p>{own.effect_text.clone()}</p>
            {panel(site.clone(), effect, effects)}
        </section>
        <section>
            <h2 id="closing">{own.closing.clone()}</h2>
            {panel(site.clone(), closing, closing_table)}
        </section>
        <section>
            <h2 id="given">{own.given.clone()}</h2>
            {panel(site.clone(), given, given_table)}
        </section>
    };
    staff_page(&frame, "/admin/tickets", content)
}

fn effects(site: &Site, rows: Vec<EffectRows>) -> impl IntoView + use<> {
    let own = &site.words.agent;
    let one = |effect: EffectRows| {
        let names = [&own.group_shown, &own.group_held_out];
        let head = heads(vec![&own.group, &own.drafts, &own.without_ticket]);
        let body = names.into_iter().zip(effect.groups).map(|(name, (drafts, without, share))| {
            view! {
                <tr>
                    <th scope="row">{name.clone()}</th>
                    <td class="right">{site.words.number(drafts)}</td>
                    <td class="right">{format!("{} ({share})", site.words.number(without))}</td>
                </tr>
            }
        });
        let body: Vec<_> = body.collect();
        view! {
            {table_region(own.effect.clone(), head, body)}
            {effect.difference.map(|text| view! { <p>{text}</p> })}
            {effect.doubt.map(|text| view! { <p class="hint">{text}</p> })}
        }
    };
    rows.into_iter().map(one).collect::<Vec<_>>()
}

fn closing_table(site: &Site, rows: Vec<ClosingRow>) -> impl IntoView + use<> {
    let own = &site.words.agent;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.none_yet.clone()}</p> });
    }
    let head = heads(vec![&own.article, &own.opened, &own.said_to_answer, &own.spared]);
    let row = |row: ClosingRow| {
        view! {
            <tr>
                <th scope="row">{article(row.title, row.url)}</th>
                <td class="right">{site.words.number(row.opened)}</td>
                <td class="right">{site.words.number(row.answered)}</td>
                <td class="right">{site.words.number(row.spared)}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(own.closing.clone(), head, body))
}

fn given_table(site: &Site, rows: Vec<GivenRow>) -> impl IntoView + use<> {
    let own = &site.words.agent;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.none_yet.clone()}</p> });
    }
    let head = heads(vec![&own.article, &own.tickets, &own.last_given]);
    let row = |row: GivenRow| {
        view! {
            <tr>
                <th scope="row">{article(row.title, row.url)}</th>
                <td class="right">{site.words.number(row.tickets)}</td>
                <td>{row.last}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(own.given.clone(), head, body))
}

/// Tickets that are counted by one thing.
fn by(site: &Arc<Site>, id: &'static str, title: &Word, rows: Panel<OutcomeRow>) -> impl IntoView + use<> {
    let label = title.clone();
    view! {
        <h3 id=id>{title.clone()}</h3>
        {panel(site.clone(), rows, move |site, rows| outcome_table(site, label, rows))}
    }
}

fn outcome_table(site: &Site, title: Word, rows: Vec<OutcomeRow>) -> impl IntoView + use<> {
    let own = &site.words.agent;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.none_yet.clone()}</p> });
    }
    let head = heads(vec![
        &title,
        &own.tickets,
        &own.answered_count,
        &own.first_answer,
        &own.first_answer_most,
        &own.solved_count,
        &own.solved_half,
        &own.solved_most,
        &own.good_share,
        &own.reopened_count,
    ]);
    let body: Vec<_> = rows.into_iter().map(|row| outcome(site, row)).collect();
    Either::Right(table_region(title, head, body))
}

fn outcome(site: &Site, row: OutcomeRow) -> impl IntoView + use<> {
    let count = |count: usize| view! { <td class="right">{site.words.number(count)}</td> };
    let times = |times: [Option<String>; 2]| {
        times
            .map(|time| view! { <td class="right">{time.unwrap_or_else(|| "–".to_owned())}</td> })
            .into_iter()
            .collect_view()
    };
    view! {
        <tr>
            <th scope="row"><bdi>{row.name}</bdi></th>
            {count(row.tickets)}
            {count(row.answered)}
            {times(row.answer)}
            {count(row.solved)}
            {times(row.solve)}
            <td class="right">{row.good.unwrap_or_else(|| "–".to_owned())}</td>
            {count(row.reopened)}
        </tr>
    }
}

fn routing_table(site: &Site, rows: Vec<RoutingRow>) -> impl IntoView + use<> {
    let own = &site.words.agent;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.none_yet.clone()}</p> });
    }
    let names =
        [&own.class, &own.team, &own.tickets, &own.status_open, &own.answered_count, &own.late, &own.first_answer];
    let head = heads(names.to_vec());
    let row = |row: RoutingRow| {
        let count = |count: usize| view! { <td class="right">{site.words.number(count)}</td> };
        view! {
            <tr>
                <th scope="row">{row.class}</th>
                <td>{row.group.unwrap_or_else(|| "–".to_owned())}</td>
                {count(row.tickets)}
                {count(row.open)}
                {count(row.answered)}
                {count(row.late)}
                <td class="right">{row.half_within.unwrap_or_else(|| "–".to_owned())}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(own.by_class_and_group.clone(), head, body))
}

pub(super) fn article(title: String, url: Option<String>) -> impl IntoView + use<> {
    match url {
        Some(url) => Either::Left(view! { <a href=url>{title}</a> }),
        None => Either::Right(view! { <code>{title}</code> }),
    }
}
