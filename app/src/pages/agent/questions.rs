//! What readers ask in public, for an agent's look.

use leptos::either::Either;
use leptos::prelude::*;

use super::{QUESTIONS, portal};
use crate::components::in_textarea;
use crate::model::{Frame, Moderated, ModerationPage, QuestionLine, QuestionQueue, QuestionState, Said, Site};
use crate::pages::render;
use crate::words::Words;

/// `/agent/questions`
pub fn question_queue(frame: &Frame, page: &QuestionQueue) -> String {
    render(|| portal(frame, QUESTIONS, list(&frame.site, page)))
}

fn list<'a>(site: &'a Site, page: &'a QuestionQueue) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <h1 class="unseen">{words.agent.questions.as_ref()}</h1>
        <div class="queue-tabs">{super::queue::tabs(words, &words.agent.status, &page.tabs)}</div>
        {table(words, page)}
        {super::queue::paging(words, page.page, page.previous_url.as_deref(), page.next_url.as_deref())}
    }
}

fn table<'a>(words: &'a Words, page: &'a QuestionQueue) -> impl IntoView + use<'a> {
    let own = &words.agent;
    if page.rows.is_empty() {
        return Either::Left(view! { <p class="nothing">{own.no_questions.as_ref()}</p> });
    }
    let heads = [&own.question, &own.article, &own.requester, &own.status, &words.when];
    let heads: Vec<_> = heads.into_iter().map(|name| view! { <th scope="col">{name.as_ref()}</th> }).collect();
    let rows: Vec<_> = page.rows.iter().map(|row| line(words, row)).collect();
    Either::Right(view! {
        <table class="queue">
            <caption class="unseen">{own.questions.as_ref()}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    })
}

fn line<'a>(words: &'a Words, row: &'a QuestionLine) -> impl IntoView + use<'a> {
    let waiting = (row.waiting > 0).then(|| {
        let count = words.count(&words.agent.replies_waiting, row.waiting);
        view! { <span class="badge important">{count}</span> }
    });
    view! {
        <tr>
            <th scope="row" class="subject">
                <a href=row.url.as_str()><bdi>{row.title.as_str()}</bdi></a>
                <span class="labels">{waiting}</span>
            </th>
            <td class="who"><bdi>{row.article.as_str()}</bdi></td>
            <td class="who"><bdi>{row.by.as_str()}</bdi></td>
            <td>{badge(words, row.state)}</td>
            <td><time datetime=row.at.as_str()>{row.when.as_str()}</time></td>
        </tr>
    }
}

fn badge(words: &Words, state: QuestionState) -> impl IntoView + use<'_> {
    let (class, word) = match state {
        QuestionState::Waiting => ("badge important", &words.agent.question_waiting),
        QuestionState::Shown => ("badge good", &words.agent.question_shown),
        QuestionState::Refused => ("badge faint", &words.agent.question_refused),
    };
    view! { <span class=class>{word.as_ref()}</span> }
}

/// `/agent/questions/{id}`
pub fn moderation(frame: &Frame, page: &ModerationPage) -> String {
    render(|| portal(frame, &page.url, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a ModerationPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let replies: Vec<_> = page.replies.iter().map(|row| said(words, page, row, true)).collect();
    view! {
        <div class="moderation">
            <header class="ticket-head">
                <p class="number">{badge(words, page.asked.state)}" "{article(page)}</p>
                <h1><bdi>{page.title.as_str()}</bdi></h1>
                {links(site, page)}
            </header>
            <div class="talk-and-reply">
                {page.notice.as_deref().map(|notice| view! { <p class="notice good" role="status">{notice}</p> })}
                {page.refusal.as_deref().map(|why| view! { <p class="notice caution" role="alert">{why}</p> })}
                <ol class="talk">{said(words, page, &page.asked, false)}{replies}</ol>
                {(page.asked.state != QuestionState::Refused).then(|| answer(words, page))}
            </div>
        </div>
    }
}

fn article(page: &ModerationPage) -> impl IntoView + use<'_> {
    let (title, url) = (page.article.0.as_str(), page.article.1.as_deref());
    match url {
        Some(url) => Either::Left(view! { <a href=url><bdi>{title}</bdi></a> }),
        None => Either::Right(view! { <bdi>{title}</bdi> }),
    }
}

fn links<'a>(site: &'a Site, page: &'a ModerationPage) -> impl IntoView + use<'a> {
    let own = &site.words.agent;
    view! {
        <ul class="ticket-links">
            <li><a href=format!("{}{QUESTIONS}", site.base)>{own.back_to_questions.as_ref()}</a></li>
            {page.public_url.as_deref().map(|url| view! { <li><a href=url>{own.on_site.as_ref()}</a></li> })}
            {page.stub_url.as_deref().map(|url| view! { <li><a href=url download>{own.stub.as_ref()}</a></li> })}
            {page.wants_mail.then(|| view! { <li class="hint">{own.wants_mail.as_ref()}</li> })}
        </ul>
    }
}

/// What a reader or the team said, with what can be done about it.
fn said<'a>(words: &'a Words, page: &'a ModerationPage, row: &'a Moderated, is_reply: bool) -> impl IntoView + use<'a> {
    let class = if row.by_team { "from-agent" } else { "from-requester" };
    let text = match &row.text {
        Said::Html(html) => Either::Left(view! { <div class="prose" dir="auto" inner_html=html.as_str()></div> }),
        Said::Plain(text) => Either::Right(view! { <p class="as-written" dir="auto">{text.as_str()}</p> }),
    };
    let accepted = row.accepted.then(|| view! { " "<span class="badge good">{words.accepted_answer.as_ref()}</span> });
    view! {
        <li class=class id=format!("r-{}", row.id)>
            <p class="by"><strong><bdi>{row.by.as_str()}</bdi></strong>" "
                {is_reply.then(|| badge(words, row.state))}{accepted}" "
                <time class="when" datetime=row.at.as_str() title=row.at.as_str()>{row.when.as_str()}</time></p>
            {text}
            {row.refused.as_deref().map(|why| view! { <p class="hint">{why}</p> })}
            {deeds(words, page, row, is_reply)}
        </li>
    }
}

fn deeds<'a>(
    words: &'a Words,
    page: &'a ModerationPage,
    row: &'a Moderated,
    is_reply: bool,
) -> impl IntoView + use<'a> {
    let own = &words.agent;
    let show = (row.state != QuestionState::Shown)
        .then(|| view! { <button name="deed" value="show">{own.let_through.as_ref()}</button> });
    let can_accept = is_reply && row.state == QuestionState::Shown && page.asked.state == QuestionState::Shown;
    let accept = can_accept.then(|| {
        let (deed, word) = if row.accepted { ("unaccept", &own.unaccept) } else { ("accept", &own.accept) };
        view! { <button class="quiet" name="deed" value=deed>{word.as_ref()}</button> }
    });
    let reason = format!("reason-{}", row.id);
    let refuse = (row.state != QuestionState::Refused).then(|| {
        let word = if row.state == QuestionState::Shown { &own.take_back } else { &own.refuse };
        view! {
            <label class="unseen" for=reason.clone()>{own.refuse_reason.as_ref()}</label>
            <input id=reason name="reason" maxlength="300" placeholder=own.refuse_reason.as_ref()/>
            <button class="quiet" name="deed" value="refuse">{word.as_ref()}</button>
        }
    });
    // Two forms: Enter in the reason must press the button beside it.
    view! {
        <div class="decide">
            {(show.is_some() || accept.is_some()).then(|| decide(page, row, is_reply, view! { {show}{accept} }))}
            {refuse.map(|refuse| decide(page, row, is_reply, refuse))}
        </div>
    }
}

fn decide<'a, V: IntoView>(
    page: &'a ModerationPage,
    row: &'a Moderated,
    is_reply: bool,
    inside: V,
) -> impl IntoView + use<'a, V> {
    let about = is_reply.then(|| view! { <input type="hidden" name="reply" value=row.id.as_str()/> });
    view! {
        <form method="post" action=page.url.as_str()>
            <input type="hidden" name="seen" value=page.seen.to_string()/>
            {about}{inside}
        </form>
    }
}

fn answer<'a>(words: &'a Words, page: &'a ModerationPage) -> impl IntoView + use<'a> {
    let own = &words.agent;
    view! {
        <form class="reply" method="post" action=page.url.as_str()>
            <input type="hidden" name="seen" value=page.seen.to_string()/>
            <label for="text">{own.reply_as_team.as_ref()}</label>
            <textarea id="text" name="text" rows="5" dir="auto" maxlength=page.longest.to_string()
                aria-describedby="text-hint">{in_textarea(&page.written)}</textarea>
            <p class="hint" id="text-hint">{own.reply_as_team_hint.as_ref()}" "{own.markdown_hint.as_ref()}</p>
            <div class="send"><button type="submit" name="deed" value="reply">{own.send.as_ref()}</button></div>
        </form>
    }
}
