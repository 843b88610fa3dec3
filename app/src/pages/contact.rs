//! The ways to a person; a form; the look at it before it is sent.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::components::{article_list, draft_line, draft_script, field};
use crate::model::{ContactPage, FormPage, Frame, PieceRow, ReviewPage, Site, Way, Work};
use crate::words::fill;

/// `/contact`
pub fn contact(frame: &Frame, page: &ContactPage) -> String {
    render(|| document(frame, Kind::Contact, ways(&frame.site, page)))
}

fn ways<'a>(site: &'a Site, page: &'a ContactPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let rows: Vec<_> = page.ways.iter().map(way).collect();
    view! {
        <div class="page narrow">
            {page.answered.then(|| view! { <p class="notice" role="status">{words.answered_thanks.as_ref()}</p> })}
            <h1>{words.contact.as_ref()}</h1>
            <p class="lead">{words.contact_text.as_ref()}</p>
            {page.hours.as_deref().map(|hours| view! { <p class="hours">{hours}</p> })}
            <ul class="rows ways">{rows}</ul>
            {page.requests_url.as_deref().map(|url| {
                view! { <p class="way-out"><a href=url>{words.your_requests.as_ref()}</a></p> }
            })}
        </div>
    }
}

fn way(way: &Way) -> impl IntoView + use<'_> {
    let about = way.about.as_deref().map(|about| view! { <span class="row-text">{about}</span> });
    view! { <li><a href=way.url.as_str()><span class="row-title">{way.title.as_str()}</span>{about}</a></li> }
}

/// `/contact/{form}`
pub fn ask(frame: &Frame, page: &FormPage) -> String {
    render(|| document(frame, Kind::Contact, form(&frame.site, page)))
}

fn form<'a>(site: &'a Site, page: &'a FormPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let fields: Vec<_> = page.fields.iter().map(|row| field(site, row)).collect();
    let hidden: Vec<_> = page
        .hidden
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=*name value=value.as_str()/> })
        .collect();
    let faulty = page.fields.iter().any(|row| row.fault.is_some());
    let fault = page.fault.as_deref().or_else(|| faulty.then(|| words.fault_summary.as_ref()));
    view! {
        <div class="page narrow">
            <h1>{page.title.as_str()}</h1>
            {page.about.as_deref().map(|about| view! { <p class="lead">{about}</p> })}
            {fault.map(|fault| view! { <p class="notice caution" role="alert">{fault}</p> })}
            <form class="sheet ask" method="post" action=page.action_url.as_str() novalidate data-draft="">
                {hidden}
                {draft_line(site)}
                {fields}
                {page.asked_as.as_deref().map(|who| view! { <p class="field-help">{who}</p> })}
                {trap(site)}
                <button type="submit">{words.go_on.as_ref()}</button>
            </form>
            <p class="way-out"><a href=page.contact_url.as_str()>{words.other_ways.as_ref()}</a></p>
            {draft_script(site)}
        </div>
    }
}

/// Whoever sees the page does not see this field; who fills it in is a machine.
pub(super) fn trap(site: &Site) -> impl IntoView + use<'_> {
    view! {
        <div class="trap" aria-hidden="true">
            <label for="website">{site.words.field_website.as_ref()}</label>
            <input id="website" name="website" tabindex="-1" autocomplete="off"/>
        </div>
    }
}

/// `/contact/draft/{secret}`
pub fn review(frame: &Frame, page: &ReviewPage) -> String {
    render(|| document(frame, Kind::Contact, look(&frame.site, page)))
}

fn look<'a>(site: &'a Site, page: &'a ReviewPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let answered = (!page.proposals.is_empty()).then(|| {
        view! {
            <form class="answered" method="post" action=page.action_url.as_str() enctype="multipart/form-data"
                data-ends=page.edit_url.as_str()>
                <button class="quiet" name="deed" value="answered">{words.answered.as_ref()}</button>
                <a href="#message">{words.proposals_no.as_ref()}</a>
            </form>
        }
    });
    view! {
        <div class="page narrow">
            <h1>{page.title.as_str()}</h1>
            <p class="lead">{words.review_lead.as_ref()}</p>
            {page.fault.as_deref().map(|fault| view! { <p class="notice caution" role="alert">{fault}</p> })}
            {article_list("proposals", &words.proposals_title, &page.proposals)}
            {answered}
            <section aria-labelledby="message">
                <h2 id="message">{words.review_title.as_ref()}</h2>
                <div class="said own">
                    <p class="said-subject">{page.subject.as_str()}</p>
                    <p class="said-text">{page.text.as_str()}</p>
                </div>
                <p><a href=page.edit_url.as_str()>{words.edit.as_ref()}</a></p>
            </section>
            {send(site, page)}
            {draft_script(site)}
        </div>
    }
}

fn send<'a>(site: &'a Site, page: &'a ReviewPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let pieces: Vec<_> = page.pieces.iter().map(piece).collect();
    let dossier = (!pieces.is_empty()).then(|| {
        view! {
            <fieldset class="dossier" aria-describedby="dossier-text">
                <legend>{words.dossier_title.as_ref()}</legend>
                <p id="dossier-text" class="field-help">{words.dossier_text.as_ref()}</p>
                <ul>{pieces}</ul>
            </fieldset>
        }
    });
    view! {
        <form class="send" method="post" action=page.action_url.as_str() enctype="multipart/form-data" data-draft=""
            data-ends=page.edit_url.as_str()>
            {draft_line(site)}
            {dossier}
            {files(site, page.files)}
            {page.work.as_ref().map(work)}
            <button class="primary" name="deed" value="send">{words.send_ticket.as_ref()}</button>
        </form>
    }
}

/// What a browser with script does meanwhile.
pub(super) fn work(work: &Work) -> impl IntoView + use<'_> {
    view! {
        <input type="hidden" name="challenge" value=work.challenge.as_str()/>
        <input type="hidden" name="work" data-bits=work.bits.to_string()/>
        <script type="module" src=work.script_url.as_str()></script>
    }
}

/// Where files may come with it.
pub(super) fn files(site: &Site, limits: Option<(usize, usize)>) -> impl IntoView + use<'_> {
    let words = &site.words;
    limits.map(|(files, megabytes)| {
        let limits = [("files", words.number(files)), ("size", words.number(megabytes))];
        let limits: Vec<_> = limits.iter().map(|(name, number)| (*name, number.as_str())).collect();
        view! {
            <div class="field">
                <label for="files">{words.attachments.as_ref()}</label>
                <p class="field-help" id="files-help">{fill(&words.attachments_text, &limits)}</p>
                <input id="files" type="file" name="files" multiple=files != 1 aria-describedby="files-help"/>
            </div>
        }
    })
}

pub(super) fn piece(row: &PieceRow) -> impl IntoView + use<'_> {
    let id = format!("piece-{}", row.id);
    let when = row.when.as_deref().map(|when| view! { " " <span class="when">{when}</span> });
    view! {
        <li>
            <input type="checkbox" id=id.clone() name="piece" value=row.id.as_str() checked=row.ticked/>
            <label for=id>{row.text.as_str()}{when}</label>
        </li>
    }
}
