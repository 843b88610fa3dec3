//! A ticket: what was said, and beside it all that is known.

use leptos::prelude::*;

use super::{aside, clock, portal, reply, status_badge, talk};
use crate::model::agent::{MailTrouble, TicketLink, TicketPage};
use crate::model::{Frame, Site};
use crate::pages::render;
use crate::words::{Words, fill};

pub fn ticket(frame: &Frame, page: &TicketPage) -> String {
    render(|| portal(frame, &page.url, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a TicketPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let links: Vec<_> = page.links.iter().map(|link| view! { <li>{ticket_link(words, link)}</li> }).collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="ticket-links">{links}</ul> });
    view! {
        <div class="ticket" data-ticket=page.number.to_string()>
            <header class="ticket-head" id="head" data-live="">
                <p class="number">{format!("#{} ", page.number)}{status_badge(words, page.status)}" "
                    {page.clock.as_ref().map(clock)}</p>
                <h1><bdi>{page.subject.as_str()}</bdi></h1>
                {links}
                // Beside the conversation where there is room, else far below it.
                <p class="to-dossier"><a href="#dossier">{words.agent.dossier.as_ref()}</a></p>
            </header>
            <div class="talk-and-reply">
                {page.notice.as_deref().map(|notice| view! { <p class="notice good" role="status">{notice}</p> })}
                <section id="talk" data-live="" aria-label=words.agent.conversation.as_ref()>
                    {talk::list(words, &page.talk)}
                </section>
                // Before whoever answers begins to write.
                <div id="mail" data-live="">{mail(words, page)}</div>
                {reply::form(words, page)}
            </div>
            <div class="ticket-side">{aside::panels(site, page)}</div>
        </div>
    }
}

/// Why the requester gets no letters, with the way to send them again.
fn mail<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    page.mail.as_ref().map(|trouble: &'a MailTrouble| {
        let detail = trouble.detail.as_deref();
        let detail = detail.map(|detail| view! { <p class="refusal" lang="en" dir="ltr">{detail}</p> });
        let allow = trouble.is_final.then(|| {
            view! {
                <form method="post" action=format!("{}/mail", page.url)>
                    <button class="quiet">{words.agent.mail_allow.as_ref()}</button>
                </form>
            }
        });
        view! {
            <section class="panel">
                <h2>{words.agent.mail_trouble.as_ref()}</h2>
                <p>{trouble.text.as_str()}</p>
                {detail}{allow}
            </section>
        }
    })
}

/// A way to another ticket, with how it stands.
pub fn ticket_link<'a>(words: &'a Words, link: &'a TicketLink) -> impl IntoView + use<'a> {
    let number = format!("#{}", link.number);
    let label = match link.label.contains("{number}") {
        true => fill(&link.label, &[("number", &number)]),
        false => format!("{number} {}", link.label),
    };
    view! {
        <a href=link.url.as_str()><bdi>{label}</bdi></a>
        {link.status.map(|status| view! { " "{status_badge(words, status)} })}
        {link.when.as_deref().map(|when| view! { " "<span class="when">{when}</span> })}
    }
}
