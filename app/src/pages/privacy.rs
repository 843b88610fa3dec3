//! What the reader allows, and what the reader did: to be seen, changed and struck out.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::model::{Frame, PrivacyPage, Purpose, PurposeRow, Site, TrailRow};
use crate::words::{Word, Words, fill};

pub fn privacy(frame: &Frame, page: &PrivacyPage) -> String {
    render(|| document(frame, Kind::Privacy, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a PrivacyPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <div class="page narrow">
            <h1>{words.privacy.as_ref()}</h1>
            <section>
                <h2 id="consent">{words.consent_title.as_ref()}</h2>
                {page.signal.map(|signal| {
                    view! { <p class="notice" role="status">{fill(&words.consent_signal, &[("signal", signal)])}</p> }
                })}
                {choice(site, page)}
            </section>
            <section>
                <h2 id="trail">{words.trail_title.as_ref()}</h2>
                <p>{if is_kept(page) { &words.trail_text_allowed } else { &words.trail_text }.as_ref()}</p>
                {trail(site, page)}
            </section>
        </div>
    }
}

/// Are these steps kept for longer than the reader sees them?
fn is_kept(page: &PrivacyPage) -> bool {
    page.purposes.iter().any(|row| row.purpose == Purpose::Analytics && row.granted)
}

fn choice<'a>(site: &'a Site, page: &'a PrivacyPage) -> impl IntoView + use<'a> {
    let rows: Vec<_> = page.purposes.iter().map(|row| purpose(site, page, row)).collect();
    let can_choose = page.purposes.iter().any(|row| is_open(page, row));
    let save = can_choose.then(|| {
        view! { <button type="submit" name="choice" value="chosen">{site.words.consent_save.as_ref()}</button> }
    });
    view! {
        <form class="sheet purposes" method="post" action=site.privacy_url.as_str()>
            <input type="hidden" name="way" value="page"/>
            {rows}
            {save}
        </form>
    }
}

/// May the reader change it now?
fn is_open(page: &PrivacyPage, row: &PurposeRow) -> bool {
    row.offered && (page.signal.is_none() || row.purpose == Purpose::Preferences)
}

fn purpose<'a>(site: &'a Site, page: &'a PrivacyPage, row: &'a PurposeRow) -> impl IntoView + use<'a> {
    let words = &site.words;
    let (name, text) = said(words, row.purpose);
    let id = format!("purpose-{}", row.purpose.name());
    let about = format!("{id}-text");
    let why = match (row.purpose, row.offered) {
        (Purpose::Necessary, _) => Some(&words.always_on),
        (_, false) => Some(&words.not_used_here),
        _ => None,
    };
    let input = view! {
        <input id=id.clone() type="checkbox" name="purpose" value=row.purpose.name() checked=row.granted
            disabled=!is_open(page, row) aria-describedby=about.clone()/>
    };
    view! {
        <div class="purpose">
            {input}
            <div>
                <label for=id>{name.as_ref()}</label>
                {why.map(|why| view! { " " <span class="badge">{why.as_ref()}</span> })}
                <p id=about>{text.as_ref()}</p>
            </div>
        </div>
    }
}

fn said(words: &Words, purpose: Purpose) -> (&Word, &Word) {
    match purpose {
        Purpose::Necessary => (&words.purpose_necessary, &words.purpose_necessary_text),
        Purpose::Preferences => (&words.purpose_preferences, &words.purpose_preferences_text),
        Purpose::Analytics => (&words.purpose_analytics, &words.purpose_analytics_text),
        Purpose::Marketing => (&words.purpose_marketing, &words.purpose_marketing_text),
    }
}

fn trail<'a>(site: &'a Site, page: &'a PrivacyPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let rows: Vec<_> = page.trail.iter().map(|row| step(site, row)).collect();
    let nothing = rows.is_empty().then(|| view! { <p class="nothing">{words.trail_empty.as_ref()}</p> });
    let list = (!rows.is_empty()).then(|| {
        view! {
            <form method="post" action=format!("{}/trail", site.privacy_url)>
                <ol class="trail">{rows}</ol>
                <button class="quiet" type="submit" name="step" value="all">{words.trail_strike_all.as_ref()}</button>
            </form>
        }
    });
    view! { {nothing} {list} }
}

fn step<'a>(site: &'a Site, row: &'a TrailRow) -> impl IntoView + use<'a> {
    let words = &site.words;
    let label = format!("{}: {}", words.trail_strike, row.text);
    view! {
        <li>
            <span class="when">{row.when(site)}</span>
            <span>{row.text.as_str()}</span>
            <button class="quiet" type="submit" name="step" value=row.id.as_str() aria-label=label>
                {words.trail_strike.as_ref()}
            </button>
        </li>
    }
}
