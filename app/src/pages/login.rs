//! Where staff prove that they are: a token, posted once for a cookie.

use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::model::{Frame, LoginPage, Site};

pub fn login(frame: &Frame, page: &LoginPage) -> String {
    render(|| document(frame, Kind::Staff, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a LoginPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let refusal = page.refusal.as_deref();
    let refused = refusal.map(|_| "refusal");
    view! {
        <div class="page narrow">
            <h1>{words.sign_in.as_ref()}</h1>
            <p class="lead">{words.sign_in_text.as_ref()}</p>
            <form class="sheet" method="post" action=format!("{}/admin/login", site.base)>
                <label for="token">{words.token.as_ref()}</label>
                <input id="token" name="token" type="password" required autocomplete="current-password"
                    aria-invalid=refused.map(|_| "true") aria-describedby=refused/>
                {refusal.map(|why| view! { <p class="refusal" id="refusal" role="alert">{why}</p> })}
                <button type="submit">{words.sign_in.as_ref()}</button>
            </form>
        </div>
    }
}
