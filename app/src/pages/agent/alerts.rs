//! What alerts told lately, and the way to hear no more of it.

use leptos::either::Either;
use leptos::prelude::*;

use super::portal;
use crate::model::agent::{AlertAbout, AlertRow, AlertsPage, MuteRow, TicketPage};
use crate::model::{Frame, Site};
use crate::pages::render;
use crate::words::{Word, Words, fill};

pub fn alerts(frame: &Frame, page: &AlertsPage) -> String {
    render(|| portal(frame, "/agent/alerts", content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a AlertsPage) -> impl IntoView + use<'a> {
    let own = &site.words.agent;
    let rows: Vec<_> = page.alerts.iter().map(|it| row(site, it)).collect();
    let rows = match rows.is_empty() {
        true => Either::Left(view! { <p class="nothing">{own.alerts_none.as_ref()}</p> }),
        false => Either::Right(view! { <ul class="alerts">{rows}</ul> }),
    };
    view! {
        <h1>{own.alerts.as_ref()}</h1>
        {page.notice.as_deref().map(|notice| view! { <p class="notice good" role="status">{notice}</p> })}
        <p class="hint">{own.alerts_text.as_ref()}</p>
        {(!page.mutes.is_empty()).then(|| mutes(site, &page.mutes))}
        <section id="told" data-live="">
            <h2>{own.alerts_told.as_ref()}</h2>
            {rows}
        </section>
    }
}

fn row<'a>(site: &'a Site, row: &'a AlertRow) -> impl IntoView + use<'a> {
    let own = &site.words.agent;
    let link = |(number, url): &'a (i64, String)| view! { <a href=url.as_str()>{format!("#{number}")}</a>" " };
    let tickets: Vec<_> = row.tickets.iter().map(link).collect();
    let tickets = (!tickets.is_empty()).then(|| view! { <p class="ticket-links">{tickets}</p> });
    let deeds: &[_] = match (row.muted, row.about.label.is_some()) {
        (true, _) => &[("again", &own.unmute)],
        (false, true) => &[("day", &own.mute_day), ("good", &own.mute_good)],
        (false, false) => &[("good", &own.mute)],
    };
    let muted = row.muted.then(|| view! { " "<span class="badge faint">{own.muted.as_ref()}</span> });
    view! {
        <li id=row.id.as_str()>
            <p class="what"><strong><bdi>{row.about.alert.as_str()}</bdi></strong>{muted}" "
                <time class="when" datetime=row.at.as_str() title=row.at.as_str()>{row.when.as_str()}</time></p>
            {about(&row.about)}
            {tickets}
            <p class="when">{fill(&own.told_to, &[("people", &row.told)])}</p>
            {steer(site, &row.about, deeds)}
        </li>
    }
}

fn mutes<'a>(site: &'a Site, mutes: &'a [MuteRow]) -> impl IntoView + use<'a> {
    let own = &site.words.agent;
    let row = |mute: &'a MuteRow| {
        view! {
            <li>
                <p class="what"><strong><bdi>{mute.about.alert.as_str()}</bdi></strong></p>
                {about(&mute.about)}
                <p class="when">{mute.text.as_str()}</p>
                {steer(site, &mute.about, &[("again", &own.unmute)])}
            </li>
        }
    };
    let rows: Vec<_> = mutes.iter().map(row).collect();
    view! { <section><h2>{own.muted.as_ref()}</h2><ul class="alerts">{rows}</ul></section> }
}

fn about(about: &AlertAbout) -> impl IntoView + use<'_> {
    let label = about.label.as_deref().map(|label| view! { <span class="tag">{label}</span>" " });
    let title = match about.url.as_deref() {
        Some(url) => Either::Left(view! { <a href=url><bdi>{about.title.as_str()}</bdi></a> }),
        None => Either::Right(view! { <bdi>{about.title.as_str()}</bdi> }),
    };
    view! { <p>{label}{title}</p> }
}

fn steer<'a>(site: &'a Site, about: &'a AlertAbout, deeds: &[(&'static str, &'a Word)]) -> impl IntoView + use<'a> {
    let button = |(deed, word): (&'static str, &'a Word)| {
        let label = format!("{word}: {}, {}", about.alert, about.title);
        view! { <button class="quiet" name="deed" value=deed aria-label=label>{word.as_ref()}</button> }
    };
    let buttons: Vec<_> = deeds.iter().copied().map(button).collect();
    view! {
        <form class="steer" method="post" action=format!("{}/agent/alerts", site.base)>
            <input type="hidden" name="alert" value=about.alert.as_str()/>
            <input type="hidden" name="kind" value=about.kind.as_str()/>
            <input type="hidden" name="about" value=about.about.as_str()/>
            {buttons}
        </form>
    }
}

/// Beside a ticket: is anybody told of it?
pub fn panel<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    let own = &words.agent;
    page.muted.map(|muted| {
        let (hint, deed, value) = match muted {
            true => (&own.muted_hint, &own.unmute, "no"),
            false => (&own.mute_hint, &own.mute, "yes"),
        };
        view! {
            <section class="panel">
                <h2>{own.alerts.as_ref()}</h2>
                <form class="merge" method="post" action=format!("{}/mute", page.url)>
                    <p class="hint" id="mute-hint">{hint.as_ref()}</p>
                    <button class="quiet" name="muted" value=value aria-describedby="mute-hint">{deed.as_ref()}</button>
                </form>
            </section>
        }
    })
}
