//! Answering: search, macros, text, files, how it stands after that. One form, so that whatever button is pressed, the
//! text comes along.

use leptos::prelude::*;

use super::options;
use super::ticket::ticket_link;
use crate::components::in_textarea;
use crate::model::Marked;
use crate::model::agent::{ArticleFind, Finds, ReplyForm, TicketFind, TicketPage};
use crate::words::{Words, fill};

pub fn form<'a>(words: &'a Words, page: &'a TicketPage) -> impl IntoView + use<'a> {
    let reply = &page.reply;
    let refused = page.refusal.as_ref().map(|_| "refusal");
    view! {
        <form class="reply" id="reply" method="post" action=page.url.as_str() enctype="multipart/form-data"
            data-note=reply.is_note.to_string()>
            <input type="hidden" name="seen" value=page.seen.to_string() data-seen=""/>
            {page.refusal.as_deref().map(|why| view! { <p class="refusal" id="refusal" role="alert">{why}</p> })}
            {finder(words, &page.find)}
            {voices(words, reply)}
            {macros(words, &reply.macros)}
            <label for="text" class="unseen">{words.agent.your_text.as_ref()}</label>
            <textarea id="text" name="text" rows="7" dir="auto" maxlength=reply.longest.to_string() aria-invalid=refused.map(|_| "true")
                aria-describedby=format!("text-hint {}", refused.unwrap_or_default()).trim_end().to_owned()>
                {in_textarea(&reply.text)}
            </textarea>
            <p class="hint" id="text-hint">{words.agent.markdown_hint.as_ref()}</p>
            {files(words, reply)}
            <div class="send">
                <label>{words.agent.status_after.as_ref()}" "<select name="status">{options(&reply.statuses)}</select></label>
                <button type="submit" name="deed" value="send" data-send="">{words.agent.send.as_ref()}</button>
            </div>
        </form>
    }
}

fn voices<'a>(words: &'a Words, reply: &'a ReplyForm) -> impl IntoView + use<'a> {
    let choice = |value: &'static str, label: &'a str, key: &'static str, chosen: bool| {
        view! {
            <label><input type="radio" name="voice" value=value checked=chosen/>" "{label}" "
                <kbd class="js-only" aria-hidden="true">{key}</kbd></label>
        }
    };
    view! {
        <fieldset class="voices">
            <legend class="unseen">{words.agent.your_text.as_ref()}</legend>
            {choice("reply", &words.agent.to_requester, "r", !reply.is_note)}
            {choice("note", &words.agent.note, "n", reply.is_note)}
        </fieldset>
    }
}

pub fn macros<'a>(words: &'a Words, macros: &'a [(String, String)]) -> impl IntoView + use<'a> {
    (!macros.is_empty()).then(|| {
        let option = |(name, text): &'a (String, String)| {
            view! { <option value=name.as_str() data-text=text.as_str()>{name.as_str()}</option> }
        };
        let macros: Vec<_> = macros.iter().map(option).collect();
        view! {
            <div class="macros">
                <label>{words.agent.macros.as_ref()}" "<select name="macro" id="macro">{macros}</select></label>
                <button class="quiet" name="deed" value="macro" data-macro="">{words.agent.insert.as_ref()}</button>
            </div>
        }
    })
}

fn files<'a>(words: &'a Words, reply: &'a ReplyForm) -> impl IntoView + use<'a> {
    reply.files.map(|(count, size)| {
        let hint = fill(&words.agent.files_hint, &[("count", &count.to_string()), ("size", &size.to_string())]);
        view! {
            <div class="take">
                <label for="files">{words.agent.files.as_ref()}</label>
                <input type="file" id="files" name="files" multiple aria-describedby="files-hint"/>
                <p class="hint" id="files-hint">{hint}</p>
            </div>
        }
    })
}

pub fn finder<'a>(words: &'a Words, finds: &'a Finds) -> impl IntoView + use<'a> {
    view! {
        <div class="finder" id="finder" role="search">
            <label for="find">{words.agent.find.as_ref()}</label>
            <div class="find-row">
                <input type="search" id="find" name="find" value=finds.query.as_str() maxlength="200" autocomplete="off"
                    placeholder=words.agent.find_hint.as_ref() aria-describedby="find-viewer"/>
                <button class="quiet" name="deed" value="find">{words.search_button.as_ref()}</button>
            </div>
            <p class="hint" id="find-viewer">{finds.viewer.as_str()}</p>
            <div id="finds">{found(words, finds)}</div>
        </div>
    }
}

fn found<'a>(words: &'a Words, finds: &'a Finds) -> impl IntoView + use<'a> {
    (!finds.query.is_empty()).then(|| {
        let own = &words.agent;
        let articles: Vec<_> = finds.articles.iter().map(|article| article_find(words, article)).collect();
        let articles = (!articles.is_empty())
            .then(|| view! { <h2>{own.found_articles.as_ref()}</h2><ul class="found">{articles}</ul> });
        let tickets: Vec<_> = finds.tickets.iter().map(|ticket| ticket_find(words, ticket)).collect();
        let tickets = (!tickets.is_empty())
            .then(|| view! { <h2>{own.found_tickets.as_ref()}</h2><ul class="found">{tickets}</ul> });
        let nothing = finds.articles.is_empty() && finds.tickets.is_empty();
        let nothing = nothing.then(|| view! { <p class="nothing">{words.nothing_found.as_ref()}</p> });
        let reading = finds.reading.then(|| view! { <p class="hint">{own.past_reading.as_ref()}</p> });
        view! { {articles}{tickets}{nothing}{reading} }
    })
}

fn article_find<'a>(words: &'a Words, article: &'a ArticleFind) -> impl IntoView + use<'a> {
    let button = |deed: &str, text: &'a str, label: &'a str| {
        let value = format!("{deed}:{}", article.id);
        view! {
            <button class="quiet" name="deed" value=value data-insert=text
                aria-label=format!("{label}: {}", article.title.plain())>{label}</button>
        }
    };
    view! {
        <li>
            <a href=article.url.as_str() target="_blank">{marked(&article.title)}</a>
            <p>{marked(&article.snippet)}</p>
            <div class="inserts">
                {button("link", &article.as_link, &words.agent.insert_link)}
                {button("text", &article.as_text, &words.agent.insert_text)}
            </div>
        </li>
    }
}

fn ticket_find<'a>(words: &'a Words, found: &'a TicketFind) -> impl IntoView + use<'a> {
    let answer = found.answer.as_deref().map(|answer| view! { <p>{answer}</p> });
    view! { <li>{ticket_link(words, &found.link)}{answer}</li> }
}

fn marked(text: &Marked) -> impl IntoView + use<> {
    view! { <span inner_html=text.html()></span> }
}
