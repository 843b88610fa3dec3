//! The queue: what waits for whom, and since when.

use leptos::either::Either;
use leptos::prelude::*;

use super::{clock, options, portal, priority_badge, status_badge};
use crate::model::agent::{QueueFilter, QueuePage, QueueRow, QueueTab};
use crate::model::{Frame, Site};
use crate::pages::render;
use crate::words::{Words, fill};

pub fn queue(frame: &Frame, page: &QueuePage) -> String {
    render(|| portal(frame, "/agent", content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a QueuePage) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <h1 class="unseen">{words.agent.queue.as_ref()}</h1>
        <div class="queue-tabs" data-live="" id="tabs">
            {tabs(words, &words.agent.status, &page.statuses)}
            {tabs(words, &words.agent.owner, &page.owners)}
        </div>
        {page.away.then(|| away(site))}
        {find(site, page)}
        {page.find.query.is_empty().then(|| filter(site, &page.filter))}
        <div data-live="" id="queue">
            {table(site, page)}
            {paging(&site.words, page.page, page.previous_url.as_deref(), page.next_url.as_deref())}
        </div>
    }
}

/// Who is away sees it, so that nobody forgets to say that they are back.
fn away(site: &Site) -> impl IntoView + use<'_> {
    let own = &site.words.agent;
    view! {
        <form class="away notice" method="post" action=format!("{}/agent/account/away", site.base)>
            <p>{own.away_now.as_ref()}</p>
            <button class="quiet" name="away" value="no">{own.back.as_ref()}</button>
        </form>
    }
}

/// Tickets by number, name or words, whatever narrows the queue.
fn find<'a>(site: &'a Site, page: &'a QueuePage) -> impl IntoView + use<'a> {
    let (words, own, find) = (&site.words, &site.words.agent, &page.find);
    let found = (!find.query.is_empty()).then(|| {
        let reading = find.reading.then(|| view! { <p class="hint">{own.past_reading.as_ref()}</p> });
        view! {
            <p class="found-for" role="status"><bdi>{fill(&own.found_for, &[("query", &find.query)])}</bdi>" "
                <a href=find.queue_url.as_str()>{own.back_to_queue.as_ref()}</a></p>
            {reading}
        }
    });
    view! {
        <form class="finder" role="search" aria-label=own.find_ticket.as_ref() method="get"
            action=format!("{}/agent", site.base)>
            <label for="ticket-q" class="unseen">{own.find_ticket.as_ref()}</label>
            <div class="find-row">
                <input type="search" id="ticket-q" name="q" value=find.query.as_str() maxlength="200" autocomplete="off"
                    placeholder=own.find_ticket_hint.as_ref()/>
                <button class="quiet">{words.search_button.as_ref()}</button>
            </div>
        </form>
        {found}
    }
}

pub(super) fn tabs<'a>(words: &'a Words, label: &'a str, tabs: &'a [QueueTab]) -> impl IntoView + use<'a> {
    let tab = |tab: &'a QueueTab| {
        let count = tab.count.map(|count| view! { " "<span class="count">{words.number(count)}</span> });
        let current = tab.current.then_some("true");
        view! { <li><a href=tab.url.as_str() aria-current=current>{tab.label.as_str()}{count}</a></li> }
    };
    let tabs: Vec<_> = tabs.iter().map(tab).collect();
    view! { <nav class="tabs" aria-label=label><ul>{tabs}</ul></nav> }
}

fn filter<'a>(site: &'a Site, filter: &'a QueueFilter) -> impl IntoView + use<'a> {
    let words = &site.words;
    let kept: Vec<_> = filter
        .kept
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=*name value=value.as_str()/> })
        .collect();
    let groups = (!filter.groups.is_empty()).then(|| {
        view! { <label>{words.agent.team.as_ref()}<select name="group">{options(&filter.groups)}</select></label> }
    });
    view! {
        <details class="narrowing" open=filter.clear_url.is_some()>
            <summary>{words.filters.as_ref()}</summary>
            <form method="get" action=format!("{}/agent", site.base)>
                {kept}
                <label>{words.agent.kind.as_ref()}<select name="form">{options(&filter.forms)}</select></label>
                <label>{words.agent.priority.as_ref()}<select name="priority">{options(&filter.priorities)}</select></label>
                <label>{words.agent.class.as_ref()}<select name="class">{options(&filter.classes)}</select></label>
                {groups}
                <label>{words.tag.as_ref()}<input name="tag" value=filter.tag.as_str() maxlength="60"/></label>
                <label>{words.agent.order.as_ref()}<select name="sort">{options(&filter.orders)}</select></label>
                <button class="quiet">{words.agent.narrow.as_ref()}</button>
                {filter.clear_url.as_deref().map(|url| view! { <a href=url>{words.clear_filters.as_ref()}</a> })}
            </form>
        </details>
    }
}

fn table<'a>(site: &'a Site, page: &'a QueuePage) -> impl IntoView + use<'a> {
    let words = &site.words;
    if page.rows.is_empty() {
        let none = if page.find.query.is_empty() { &words.agent.no_tickets } else { &words.agent.found_none };
        return Either::Left(view! { <p class="nothing">{none.as_ref()}</p> });
    }
    let own = &words.agent;
    let heads = [&own.ticket, &own.subject, &own.requester, &own.status, &own.assignee, &own.waits, &own.due];
    let heads: Vec<_> = heads.into_iter().map(|name| view! { <th scope="col">{name.as_ref()}</th> }).collect();
    let rows: Vec<_> = page.rows.iter().map(|row| line(site, row)).collect();
    Either::Right(view! {
        <table class="queue">
            <caption class="unseen">{own.queue.as_ref()}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    })
}

fn line<'a>(site: &'a Site, row: &'a QueueRow) -> impl IntoView + use<'a> {
    let words = &site.words;
    let tags: Vec<_> = row.tags.iter().map(|tag| view! { " "<span class="tag">{tag.as_str()}</span> }).collect();
    let undelivered =
        row.is_undelivered.then(|| view! { " "<span class="badge bad">{words.agent.not_delivered.as_ref()}</span> });
    let plan = row.plan.as_deref().map(|plan| view! { " "<span class="tag">{plan}</span> });
    let class = row.class.as_deref().map(|class| view! { <span class="tag about">{class}</span> });
    let group = row.group.as_deref().map(|group| view! { " "<span class="tag">{group}</span> });
    let assignee = row.assignee.as_deref().unwrap_or(&words.agent.nobody);
    view! {
        <tr data-number=row.number.to_string()>
            <td class="number">{format!("#{}", row.number)}</td>
            <th scope="row" class="subject">
                <a href=row.url.as_str()><bdi>{row.subject.as_str()}</bdi></a>
                <span class="labels">{priority_badge(words, row.priority)}{class}{undelivered}{tags}</span>
            </th>
            <td class="who"><bdi>{row.requester.as_str()}</bdi>{plan}</td>
            <td>{status_badge(words, row.status)}</td>
            <td class="assignee">{assignee}{group}</td>
            <td class="waits"><span class="narrow-label">{words.agent.waits.as_ref()}" "</span>
                <time datetime=row.since.as_str()>{row.waits.as_str()}</time></td>
            <td class="due">{row.clock.as_ref().map(clock)}</td>
        </tr>
    }
}

/// The way to the pages before and behind this one.
pub(super) fn paging<'a>(
    words: &'a Words,
    page: u32,
    previous: Option<&'a str>,
    next: Option<&'a str>,
) -> impl IntoView + use<'a> {
    (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="paging" aria-label=words.result_pages.as_ref()>
                {previous.map(|url| view! { <a href=url rel="prev">{words.previous_page.as_ref()}</a> })}
                <span aria-current="page">{page.to_string()}</span>
                {next.map(|url| view! { <a href=url rel="next">{words.next_page.as_ref()}</a> })}
            </nav>
        }
    })
}
