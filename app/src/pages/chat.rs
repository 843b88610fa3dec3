//! A chat: before its first word, as it goes on, and the parts of it that the stream sends anew.

use leptos::either::Either;
use leptos::prelude::*;

use super::contact::{piece, work};
use super::document::{Kind, document};
use super::render;
use crate::components::{draft_line, draft_script, field, in_textarea};
use crate::model::{ChatAuthor, ChatBar, ChatPage, ChatSaid, ChatStand, ChatStart, ChatState, Frame, Said, Site};
use crate::words::fill;

/// `/chat`, before the first word.
pub fn chat_start(frame: &Frame, page: &ChatStart) -> String {
    render(|| document(frame, Kind::Chat, start(&frame.site, page)))
}

fn start<'a>(site: &'a Site, page: &'a ChatStart) -> impl IntoView + use<'a> {
    let words = &site.words;
    let bot = page.bot.as_deref().map(|name| fill(&words.chat_bot, &[("name", name)]));
    let is_answered = page.people || bot.is_some();
    let people = match page.vendor {
        Some(name) => fill(&words.chat_vendor, &[("name", name)]),
        None => words.chat_people.to_string(),
    };
    let people = page.people.then(|| view! { <p class="lead">{people}</p> });
    let nobody = if page.vendor.is_some() { &words.chat_away } else { &words.chat_nobody };
    let nobody = (!page.people).then(|| view! { <p class="notice">{nobody.as_ref()}</p> });
    view! {
        <link rel="stylesheet" href=page.stylesheet_url.as_str()/>
        <div class="page narrow">
            <h1>{words.chat.as_ref()}</h1>
            {bot.map(|bot| view! { <p class="lead">{bot}</p> }.into_any()).or_else(|| people.map(IntoAny::into_any))}
            {nobody}
            {page.opens.as_deref().map(|time| view! { <p>{fill(&words.chat_opens, &[("time", time)])}</p> })}
            {page.hours.as_deref().map(|hours| view! { <p class="hours">{hours}</p> })}
            {page.fault.as_deref().map(|fault| view! { <p class="notice caution" role="alert">{fault}</p> })}
            {match is_answered {
                true => Either::Left(begin(site, page)),
                false => Either::Right(view! { <p>{words.chat_nobody_text.as_ref()}</p> }),
            }}
            <p class="way-out"><a href=page.form_url.as_str()>{words.chat_form.as_ref()}</a></p>
            {draft_script(site)}
        </div>
    }
}

fn begin<'a>(site: &'a Site, page: &'a ChatStart) -> impl IntoView + use<'a> {
    let words = &site.words;
    let fields: Vec<_> = page.fields.iter().map(|row| field(site, row)).collect();
    let hidden: Vec<_> = page
        .hidden
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=*name value=value.as_str()/> })
        .collect();
    let pieces: Vec<_> = page.pieces.iter().map(piece).collect();
    let dossier = (!pieces.is_empty()).then(|| {
        view! {
            <details class="sent-along">
                <summary>{words.dossier_title.as_ref()}</summary>
                <p class="field-help">{words.dossier_text.as_ref()}</p>
                <div class="dossier"><ul>{pieces}</ul></div>
            </details>
        }
    });
    view! {
        // Where it goes on elsewhere, no page of ours comes after it that could drop what is kept of it.
        <form class="sheet ask" method="post" action=page.action_url.as_str() novalidate data-draft=""
            data-ends=page.vendor.map(|_| page.action_url.as_str())>
            {hidden}
            {draft_line(site)}
            {message_field(site, &page.text, page.longest, false)}
            {fields}
            {page.asked_as.as_deref().map(|who| view! { <p class="field-help">{who}</p> })}
            {dossier}
            // Whoever sees the page does not see this field; who fills it in is a machine.
            <div class="trap" aria-hidden="true">
                <label for="website">{words.field_website.as_ref()}</label>
                <input id="website" name="website" tabindex="-1" autocomplete="off"/>
            </div>
            {page.work.as_ref().map(work)}
            <button name="deed" value="begin">{words.chat_begin.as_ref()}</button>
        </form>
    }
}

/// `keys`: Enter sends, where there is script.
fn message_field<'a>(site: &'a Site, text: &'a str, longest: usize, keys: bool) -> impl IntoView + use<'a> {
    view! {
        <div class="field">
            <label for="text">{site.words.chat_message.as_ref()}</label>
            <textarea id="text" name="text" rows="3" dir="auto" maxlength=longest.to_string()
                aria-describedby=keys.then_some("chat-keys")>
                {in_textarea(text)}
            </textarea>
            {keys.then(|| view! { <p class="field-help js-only" id="chat-keys">{site.words.chat_keys.as_ref()}</p> })}
        </div>
    }
}

/// `/chat`, as it goes on.
pub fn chat(frame: &Frame, page: &ChatPage) -> String {
    render(|| document(frame, Kind::Chat, talk(&frame.site, page)))
}

fn talk<'a>(site: &'a Site, page: &'a ChatPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let messages: Vec<_> = page.messages.iter().map(|said| message(site, said)).collect();
    let is_over = page.stand.state == ChatState::Over;
    view! {
        <link rel="stylesheet" href=page.stylesheet_url.as_str()/>
        <div class="page narrow" id="chat" data-chat=page.id.as_str() data-stream=page.stream_url.as_str()
            data-messages=page.messages_url.as_str() data-typing=page.typing_url.as_str()
            data-you=words.from_you.as_ref() data-types=words.chat_types.as_ref() data-sending=words.chat_sending.as_ref()
            data-lost=words.chat_lost.as_ref() data-refused=words.chat_refused.as_ref()>
            <h1>{words.chat.as_ref()}</h1>
            <div id="chat-stand">{stand(site, &page.stand)}</div>
            <div class="chat-log" id="chat-log" role="log" aria-live="polite" aria-label=words.chat_talk.as_ref() tabindex="0">
                <ol class="conversation">{messages}</ol>
            </div>
            <p class="chat-typing" id="chat-typing" aria-live="off"></p>
            <p class="chat-lost" id="chat-lost" role="status"></p>
            {page.fault.as_deref().map(|fault| view! { <p class="notice caution" role="alert">{fault}</p> })}
            {(!is_over).then(|| say(site, page))}
            {draft_script(site)}
            <script src=page.script_url.as_str() defer></script>
        </div>
    }
}

/// One form for everything, so that whatever button is pressed the text comes along.
fn say<'a>(site: &'a Site, page: &'a ChatPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <form class="sheet ask" id="chat-form" method="post" action=page.stand.action_url.as_str() novalidate data-draft="">
            <input type="hidden" name="id" value=page.key.as_str()/>
            {draft_line(site)}
            {message_field(site, &page.text, page.longest, true)}
            <div class="deeds">
                <button name="deed" value="say">{words.send_ticket.as_ref()}</button>
                <button class="quiet no-js" name="deed" value="look">{words.chat_look.as_ref()}</button>
            </div>
        </form>
    }
}

/// How it stands, as the stream sends it.
pub fn chat_stand(site: &Site, page: &ChatStand) -> String {
    render(|| stand(site, page))
}

fn stand<'a>(site: &'a Site, page: &'a ChatStand) -> impl IntoView + use<'a> {
    let words = &site.words;
    let with = |text: &str| fill(text, &[("name", page.with.as_deref().unwrap_or(&site.name))]);
    let text = match page.state {
        ChatState::Bot => with(&words.chat_with_bot),
        ChatState::Waiting => words.chat_waiting.to_string(),
        ChatState::Talking => with(&words.chat_with),
        ChatState::Missed => words.chat_missed.to_string(),
        ChatState::Over => words.chat_over.to_string(),
    };
    let button = |deed: &'static str, word: &'a str| {
        view! { <button class="quiet" form="chat-form" name="deed" value=deed>{word}</button> }
    };
    let is_over = page.state == ChatState::Over;
    let request = page.request.as_ref().map(|(number, url)| {
        let text = fill(&words.chat_request, &[("number", &number.to_string())]);
        view! { <p class="way-out"><a href=url.as_str()>{text}</a></p> }
    });
    let class = if page.state == ChatState::Missed { "notice caution" } else { "notice" };
    view! {
        <div class=class role="status"><p>{text}</p>{request}</div>
        {(page.state == ChatState::Missed).then(|| leave(site, page))}
        <div class="deeds">
            {(page.state == ChatState::Bot).then(|| button("person", &words.chat_person))}
            {(!is_over).then(|| button("end", &words.chat_end))}
            {is_over.then(|| view! { <a class="quiet" href=page.new_url.as_str()>{words.chat_again.as_ref()}</a> })}
        </div>
    }
}

/// Where to answer, once nobody came.
fn leave<'a>(site: &'a Site, page: &'a ChatStand) -> impl IntoView + use<'a> {
    let words = &site.words;
    let ask = page.needs_email.then(|| {
        view! {
            <div class="field">
                <label for="chat-email">{words.field_email.as_ref()}</label>
                <input type="email" id="chat-email" name="email" form="chat-form" autocomplete="email" maxlength="254"/>
            </div>
        }
    });
    view! {
        <div class="chat-leave">
            <p>{words.chat_missed_text.as_ref()}</p>
            {ask}
            <button class="primary" form="chat-form" name="deed" value="leave">{words.chat_leave.as_ref()}</button>
        </div>
    }
}

/// A message, as the stream sends it.
pub fn chat_message(site: &Site, said: &ChatSaid) -> String {
    render(|| message(site, said))
}

fn message<'a>(site: &'a Site, said: &'a ChatSaid) -> impl IntoView + use<'a> {
    let (id, place) = (format!("m-{}", said.key), said.place.to_string());
    let time = view! { <time class="when" datetime=said.at.as_str()>{said.when.as_str()}</time> };
    let text = match &said.said {
        Said::Html(html) => Either::Left(view! { <div class="prose" dir="auto" inner_html=html.as_str()></div> }),
        Said::Plain(text) => Either::Right(view! { <p class="said-text" dir="auto">{text.as_str()}</p> }),
    };
    if said.author == ChatAuthor::Line {
        return Either::Left(view! { <li class="chat-line" id=id data-place=place>{text}" "{time}</li> });
    }
    let own = said.author == ChatAuthor::Reader;
    let bot = (said.author == ChatAuthor::Bot)
        .then(|| view! { <span class="badge">{site.words.chat_is_bot.as_ref()}</span>" " });
    let articles: Vec<_> =
        said.articles.iter().map(|(title, url)| view! { <li><a href=url.as_str()>{title.as_str()}</a></li> }).collect();
    let articles = (!articles.is_empty()).then(|| view! { <ul class="chat-articles">{articles}</ul> });
    Either::Right(view! {
        <li class="said" class:own=own id=id data-place=place>
            <p class="said-who"><strong><bdi>{said.name.as_str()}</bdi></strong>" "{bot}{time}</p>
            {text}
            {articles}
        </li>
    })
}

/// What other pages show while a chat goes on.
pub fn chat_bar(site: &Site, bar: &ChatBar) -> String {
    let new = (bar.new > 0).then(|| fill(&site.words.chat_bar_new, &[("count", &site.words.number(bar.new))]));
    render(|| {
        view! {
            <link rel="stylesheet" href=bar.stylesheet_url.as_str()/>
            <aside class="chat-bar" id="chat-bar" aria-label=site.words.chat.as_ref()>
                <a href=bar.url.as_str()>{site.words.chat_bar.as_ref()}
                    {new.map(|new| view! { " "<span class="badge bad" role="status">{new}</span> })}</a>
            </aside>
        }
    })
}
