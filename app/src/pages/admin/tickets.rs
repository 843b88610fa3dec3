//! What proposals spare, which articles answer, how soon desks do.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Panel, heads, panel, staff_page, table_region};
use crate::model::{ClosingRow, DeskRow, EffectRows, Frame, GivenRow, RoutingRow, Site};

pub struct TicketPanels {
    pub effect: Panel<EffectRows>,
    pub closing: Panel<ClosingRow>,
    pub given: Panel<GivenRow>,
    pub desks: Panel<DeskRow>,
    pub routing: Panel<RoutingRow>,
}

#[component]
pub fn AdminTickets(frame: Frame, panels: TicketPanels) -> impl IntoView {
    let site = frame.site.clone();
    let own = &site.words.agent;
    let TicketPanels { effect, closing, given, desks, routing } = panels;
    let content = view! {
        <h1>{own.tickets.clone()}</h1>
        <section>
            <h2 id="desks">{own.by_desk.clone()}</h2>
            {panel(site.clone(), desks, desk_table)}
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

fn desk_table(site: &Site, rows: Vec<DeskRow>) -> impl IntoView + use<> {
    let own = &site.words.agent;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.none_yet.clone()}</p> });
    }
    let names = [&own.by_desk, &own.tickets, &own.status_open, &own.answered_count, &own.first_answer];
    let head = heads(names.into_iter().chain([&own.first_answer_most]).collect());
    let row = |row: DeskRow| {
        let name = match row.desk {
            Some(desk) => Either::Left(view! { <code>{desk}</code> }),
            None => Either::Right(own.own_portal.clone()),
        };
        let time = |time: Option<String>| view! { <td class="right">{time.unwrap_or_else(|| "–".to_owned())}</td> };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="right">{site.words.number(row.tickets)}</td>
                <td class="right">{site.words.number(row.open)}</td>
                <td class="right">{site.words.number(row.answered)}</td>
                {time(row.half_within)}
                {time(row.most_within)}
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(own.by_desk.clone(), head, body))
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

fn article(title: String, url: Option<String>) -> impl IntoView + use<> {
    match url {
        Some(url) => Either::Left(view! { <a href=url>{title}</a> }),
        None => Either::Right(view! { <code>{title}</code> }),
    }
}
