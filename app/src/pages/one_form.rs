//! A page with one form and nothing else: what a link in a letter leads to, and what asks for such a letter.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::model::{Frame, OneField, OneForm, Site};

pub fn one_form(frame: &Frame, page: &OneForm) -> String {
    let kind = if page.is_staffs { Kind::Staff } else { Kind::Request };
    render(|| document(frame, kind, content(&frame.site, frame, page)))
}

fn content<'a>(site: &'a Site, frame: &'a Frame, page: &'a OneForm) -> impl IntoView + use<'a> {
    let form = page.action_url.as_deref().map(|url| {
        view! {
            <form class="sheet" method="post" action=url>
                {page.refusal.as_deref().map(|why| view! { <p class="refusal" id="refusal" role="alert">{why}</p> })}
                {page.field.as_ref().map(|field| input(site, field, page.refusal.is_some()))}
                <button type="submit">{page.button.as_str()}</button>
            </form>
        }
    });
    view! {
        <div class="page narrow">
            <h1>{frame.meta.title.as_str()}</h1>
            {page.notice.as_deref().map(|notice| view! { <p class="notice" role="status">{notice}</p> })}
            <p class="lead">{page.text.as_str()}</p>
            {form}
            {page.other.as_ref().map(|(text, url)| view! { <p class="way-out"><a href=url.as_str()>{text.as_str()}</a></p> })}
        </div>
    }
}

fn input<'a>(site: &'a Site, field: &'a OneField, is_refused: bool) -> impl IntoView + use<'a> {
    let words = &site.words;
    let (name, label, autocomplete, hint) = match field {
        OneField::Email(_) => ("email", &words.email, "email", None),
        OneField::NewPassword(hint) => ("password", &words.password_new, "new-password", Some(hint.as_str())),
    };
    let value = if let OneField::Email(given) = field { given.as_str() } else { "" };
    let kind = if name == "email" { "email" } else { "password" };
    view! {
        <label for=name>{label.as_ref()}</label>
        <input id=name name=name type=kind value=value required autocomplete=autocomplete autocapitalize="none"
            spellcheck="false" aria-invalid=is_refused.then_some("true") aria-describedby=is_refused.then_some("refusal")/>
        {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
    }
}
