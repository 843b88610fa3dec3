//! Where staff prove that they are: e-mail address and password, or a token, posted once for a cookie.

use leptos::either::Either;
use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::model::{Frame, LoginPage, LoginWay, Site};

pub fn login(frame: &Frame, page: &LoginPage) -> String {
    render(|| document(frame, Kind::Staff, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a LoginPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let (action, other) = match page.way {
        LoginWay::Account { .. } => ("/agent/login", &words.sign_in_with_token),
        LoginWay::Token => ("/admin/login", &words.sign_in_with_account),
    };
    let refused = page.refusal.as_ref().map(|_| "refusal");
    view! {
        <div class="page narrow">
            <h1>{words.sign_in.as_ref()}</h1>
            <p class="lead">{words.sign_in_text.as_ref()}</p>
            <form class="sheet" method="post" action=format!("{}{action}", site.base)>
                {page.next.as_deref().map(|next| view! { <input type="hidden" name="next" value=next/> })}
                {page.refusal.as_deref().map(|why| view! { <p class="refusal" id="refusal" role="alert">{why}</p> })}
                {match &page.way {
                    LoginWay::Account { email } => Either::Left(account(site, email, refused)),
                    LoginWay::Token => Either::Right(token(site, refused)),
                }}
                <button type="submit">{words.sign_in.as_ref()}</button>
            </form>
            {page.other_url.as_deref().map(|url| {
                view! { <p class="other-way"><a href=url>{other.as_ref()}</a></p> }
            })}
        </div>
    }
}

/// After a refusal the password is what to write anew.
fn account<'a>(site: &'a Site, email: &'a str, refused: Option<&'static str>) -> impl IntoView + use<'a> {
    let words = &site.words;
    let invalid = refused.map(|_| "true");
    let again = !email.is_empty();
    view! {
        <label for="email">{words.email.as_ref()}</label>
        <input id="email" name="email" type="email" value=email required autocomplete="username" autocapitalize="none"
            spellcheck="false" autofocus=!again aria-invalid=invalid aria-describedby=refused/>
        <label for="password">{words.password.as_ref()}</label>
        <input id="password" name="password" type="password" required autocomplete="current-password"
            autofocus=again aria-invalid=invalid aria-describedby=refused/>
        <p class="hint">{words.password_forgotten.as_ref()}</p>
    }
}

fn token<'a>(site: &'a Site, refused: Option<&'static str>) -> impl IntoView + use<'a> {
    view! {
        <label for="token">{site.words.token.as_ref()}</label>
        <input id="token" name="token" type="password" required autocomplete="current-password" autofocus
            aria-invalid=refused.map(|_| "true") aria-describedby=refused/>
    }
}
