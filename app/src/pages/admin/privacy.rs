//! What readers chose, what is done with their data, and what became of it.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Panel, heads, panel, staff_page, table_region};
use crate::model::{AuditRow, ChoicesRow, Frame, ProcessingRow, Site};
use crate::words::Word;

pub struct PrivacyPanels {
    pub choices: Panel<ChoicesRow>,
    pub processing: Panel<ProcessingRow>,
    pub audit: Panel<AuditRow>,
}

#[component]
pub fn AdminPrivacy(frame: Frame, panels: PrivacyPanels) -> impl IntoView {
    let site = frame.site.clone();
    let PrivacyPanels { choices, processing, audit } = panels;
    let content = view! {
        <h1>{site.words.privacy.clone()}</h1>
        <section>
            <h2 id="choices">{site.words.consents_by_day.clone()}</h2>
            {panel(site.clone(), choices, choices_table)}
        </section>
        <section>
            <h2 id="processing">{site.words.processing_record.clone()}</h2>
            <p>{site.words.processing_text.clone()}</p>
            {panel(site.clone(), processing, processing_table)}
        </section>
        <section>
            <h2 id="audit">{site.words.audit_log.clone()}</h2>
            {panel(site.clone(), audit, audit_table)}
        </section>
    };
    staff_page(&frame, "/admin/privacy", content)
}

fn choices_table(site: &Site, rows: Vec<ChoicesRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{words.no_consents.clone()}</p> });
    }
    let purposes = [&words.purpose_preferences, &words.purpose_analytics, &words.purpose_marketing];
    let head = heads([&words.day, &words.answers].into_iter().chain(purposes).collect());
    let row = |row: ChoicesRow| {
        let counts = [row.answers, row.preferences, row.analytics, row.marketing];
        let counts: Vec<_> =
            counts.into_iter().map(|count| view! { <td class="right">{words.number(count)}</td> }).collect();
        view! { <tr><th scope="row">{row.day}</th>{counts}</tr> }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(words.consents_by_day.clone(), head, body))
}

fn processing_table(site: &Site, rows: Vec<ProcessingRow>) -> impl IntoView + use<> {
    let words = &site.words;
    let head = heads(vec![&words.data, &words.purpose, &words.kept_for, &words.goes_to]);
    let row = |row: ProcessingRow| {
        let to: Word = if row.goes_to.is_empty() { words.stays_here.clone() } else { row.goes_to.join(", ").into() };
        view! {
            <tr>
                <th scope="row"><code>{row.data}</code></th>
                <td><code>{row.purpose}</code></td>
                <td>{row.kept}</td>
                <td>{to}</td>
            </tr>
        }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    table_region(words.processing_record.clone(), head, body)
}

fn audit_table(site: &Site, rows: Vec<AuditRow>) -> impl IntoView + use<> {
    let words = &site.words;
    if rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{words.no_audit.clone()}</p> });
    }
    let head = heads(vec![&words.when, &words.deed, &words.details]);
    let row = |row: AuditRow| {
        view! { <tr><th scope="row">{row.when}</th><td><code>{row.deed}</code></td><td><code>{row.detail}</code></td></tr> }
    };
    let body: Vec<_> = rows.into_iter().map(row).collect();
    Either::Right(table_region(words.audit_log.clone(), head, body))
}
