//! What was said in a ticket.

use leptos::either::Either;
use leptos::prelude::*;

use crate::model::agent::{ByMail, FileRow, Said, Talk, Voice};
use crate::words::Words;

pub fn list<'a>(words: &'a Words, talk: &'a [Talk]) -> impl IntoView + use<'a> {
    let items: Vec<_> = talk.iter().map(|item| one(words, item)).collect();
    view! { <ol class="talk">{items}</ol> }
}

fn one<'a>(words: &'a Words, talk: &'a Talk) -> impl IntoView + use<'a> {
    let (class, label) = match talk.voice {
        Voice::Requester => ("from-requester", Some(&words.agent.requester)),
        Voice::Agent => ("from-agent", Some(&words.agent.reply)),
        Voice::Note => ("from-agent note", Some(&words.agent.note)),
        Voice::Line => ("line", None),
    };
    let label = label.map(|label| view! { " "<span class="voice">{label.as_ref()}</span> });
    let text = match &talk.said {
        Said::Html(html) => Either::Left(view! { <div class="prose" dir="auto" inner_html=html.as_str()></div> }),
        Said::Text(text) => Either::Right(view! { <p class="as-written" dir="auto">{text.as_str()}</p> }),
    };
    let files: Vec<_> = talk.files.iter().map(file).collect();
    let files =
        (!files.is_empty()).then(|| view! { <ul class="files" aria-label=words.agent.files.as_ref()>{files}</ul> });
    view! {
        <li class=class id=format!("m-{}", talk.id)>
            <p class="by"><strong><bdi>{talk.name.as_str()}</bdi></strong>{label}" "
                <time class="when" datetime=talk.at.as_str() title=talk.at.as_str()>{talk.when.as_str()}</time></p>
            {text}
            {answers(words, talk)}
            {files}
            {talk.mail.as_ref().map(|mail| by_mail(words, mail))}
        </li>
    }
}

/// The whole mail, folded: what was taken from it stands above.
fn by_mail<'a>(words: &'a Words, mail: &'a ByMail) -> impl IntoView + use<'a> {
    let line = |text: &'a Option<String>| text.as_deref().map(|text| view! { <p class="by-mail">{text}</p> });
    let whole = mail.whole.as_deref().map(|text| {
        view! {
            <details class="whole-mail"><summary>{words.agent.mail_whole.as_ref()}</summary>
                <p class="as-written" dir="auto">{text}</p></details>
        }
    });
    view! { {line(&mail.mark)} {line(&mail.left_out)} {whole} }
}

fn answers<'a>(words: &'a Words, talk: &'a Talk) -> impl IntoView + use<'a> {
    let links: Vec<_> =
        talk.answers.iter().map(|(title, url)| view! { <li><a href=url.as_str()>{title.as_str()}</a></li> }).collect();
    (!links.is_empty())
        .then(|| view! { <div class="answers"><p>{words.agent.answers_given.as_ref()}</p><ul>{links}</ul></div> })
}

fn file(file: &FileRow) -> impl IntoView + use<'_> {
    let picture = file
        .picture_url
        .as_deref()
        .map(|url| view! { <img src=url alt="" loading="lazy" decoding="async" width="96" height="72"/> });
    view! {
        <li><a href=file.url.as_str() download>{picture}<span><bdi>{file.name.as_str()}</bdi></span></a>
            " "<span class="when">{file.size.as_str()}</span></li>
    }
}
