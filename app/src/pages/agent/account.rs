//! An agent's own account: name and language, password, where the agent is signed in.

use leptos::either::Either;
use leptos::prelude::*;

use crate::model::{AccountField, AccountPage, Frame, LanguageChoice, SessionRow, Site};
use crate::pages::document::{Kind, document};
use crate::pages::render;
use crate::words::fill;

pub fn account(frame: &Frame, page: &AccountPage) -> String {
    render(|| document(frame, Kind::Staff, content(&frame.site, page)))
}

fn content<'a>(site: &'a Site, page: &'a AccountPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <div class="page narrow">
            <h1>{words.account.as_ref()}</h1>
            <p class="lead">{page.email.as_str()}</p>
            {page.notice.as_deref().map(|notice| view! { <p class="notice" role="status">{notice}</p> })}
            <form method="post" action=format!("{}/agent/logout", site.base)>
                <button class="quiet">{words.sign_out.as_ref()}</button>
            </form>
            {page.away.map(|away| presence(site, away))}
            {profile(site, page)}
            {password(site, page)}
            {sessions(site, page)}
        </div>
    }
}

/// Are they there to be given tickets?
fn presence(site: &Site, away: bool) -> impl IntoView + use<'_> {
    let own = &site.words.agent;
    let (text, deed, value) = if away { (&own.away_now, &own.back, "no") } else { (&own.away_hint, &own.away, "yes") };
    view! {
        <section>
            <h2 id="presence">{own.presence.as_ref()}</h2>
            <form class="sheet" method="post" action=format!("{}/agent/account/away", site.base)>
                <p>{text.as_ref()}</p>
                <button class="quiet" name="away" value=value>{deed.as_ref()}</button>
            </form>
        </section>
    }
}

fn profile<'a>(site: &'a Site, page: &'a AccountPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let refused = refused_at(page, AccountField::Name);
    let languages: Vec<_> = page.languages.iter().map(language).collect();
    view! {
        <section>
            <h2 id="profile">{words.profile.as_ref()}</h2>
            <form class="sheet" method="post" action=format!("{}/agent/account", site.base)>
                <label for="name">{words.name.as_ref()}</label>
                <input id="name" name="name" value=page.name.as_str() required maxlength="254" autocomplete="name"
                    aria-invalid=refused.map(|_| "true") aria-describedby=refused/>
                {refusal(page, AccountField::Name)}
                <label for="locale">{words.language.as_ref()}</label>
                <select id="locale" name="locale">
                    <option value="">{words.language_of_site.as_ref()}</option>
                    {languages}
                </select>
                <button type="submit">{words.save.as_ref()}</button>
            </form>
        </section>
    }
}

fn language(choice: &LanguageChoice) -> impl IntoView + use<'_> {
    let LanguageChoice { locale, name, chosen } = choice;
    view! { <option value=locale.as_str() lang=locale.as_str() selected=*chosen>{name.as_str()}</option> }
}

fn password<'a>(site: &'a Site, page: &'a AccountPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let (present, new) = (AccountField::PresentPassword, AccountField::NewPassword);
    let rule = fill(&words.password_rule, &[("count", &words.number(page.fewest))]);
    let described = format!("password-rule {}", refused_at(page, new).unwrap_or_default());
    view! {
        <section>
            <h2 id="password">{words.change_password.as_ref()}</h2>
            <form class="sheet" method="post" action=format!("{}/agent/account/password", site.base)>
                // Tells password managers whose password this is.
                <input type="email" name="username" value=page.email.as_str() autocomplete="username" hidden/>
                <label for="present">{words.password_present.as_ref()}</label>
                <input id="present" name="present" type="password" required autocomplete="current-password"
                    aria-invalid=refused_at(page, present).map(|_| "true") aria-describedby=refused_at(page, present)/>
                {refusal(page, present)}
                <label for="new">{words.password_new.as_ref()}</label>
                <input id="new" name="new" type="password" required autocomplete="new-password"
                    minlength=page.fewest.to_string() aria-describedby=described.trim_end().to_owned()
                    aria-invalid=refused_at(page, new).map(|_| "true")/>
                {refusal(page, new)}
                <p class="hint" id="password-rule">{rule}</p>
                <button type="submit">{words.change_password.as_ref()}</button>
            </form>
        </section>
    }
}

fn refused_at(page: &AccountPage, field: AccountField) -> Option<&'static str> {
    page.refusal.as_ref().filter(|refusal| refusal.field == field).map(|_| "refusal")
}

fn refusal(page: &AccountPage, field: AccountField) -> impl IntoView + use<'_> {
    let refusal = page.refusal.as_ref().filter(|refusal| refusal.field == field);
    refusal.map(|refusal| view! { <p class="refusal" id="refusal" role="alert">{refusal.why.as_str()}</p> })
}

fn sessions<'a>(site: &'a Site, page: &'a AccountPage) -> impl IntoView + use<'a> {
    let words = &site.words;
    let rows: Vec<_> = page.sessions.iter().map(|row| session(site, row)).collect();
    let others = (page.sessions.len() > 1).then(|| {
        view! {
            <form method="post" action=format!("{}/agent/account/sessions", site.base)>
                <button class="quiet">{words.end_other_sessions.as_ref()}</button>
            </form>
        }
    });
    view! {
        <section>
            <h2 id="sessions">{words.sessions.as_ref()}</h2>
            <p>{words.sessions_text.as_ref()}</p>
            <ul class="sessions">{rows}</ul>
            {others}
        </section>
    }
}

fn session<'a>(site: &'a Site, row: &'a SessionRow) -> impl IntoView + use<'a> {
    let words = &site.words;
    let browser = row.browser.as_deref().unwrap_or(&words.unknown_browser);
    let network = row.network.as_deref().unwrap_or_default();
    let name = format!("session-{}", row.id);
    let end = match row.current {
        true => Either::Left(view! { <span class="badge good">{words.this_session.as_ref()}</span> }),
        false => Either::Right(view! {
            <form method="post" action=format!("{}/agent/account/sessions", site.base)>
                <button class="quiet" name="session" value=row.id.as_str() aria-describedby=name.clone()>
                    {words.end_session.as_ref()}
                </button>
            </form>
        }),
    };
    view! {
        <li>
            <div>
                <strong id=name><bdi>{browser}</bdi></strong>" "<bdi class="network">{network}</bdi>
                <p class="hint">{words.session_since.as_ref()}" "<bdi>{row.since.as_str()}</bdi></p>
                <p class="hint">{words.session_seen.as_ref()}" "<bdi>{row.seen.as_str()}</bdi></p>
            </div>
            {end}
        </li>
    }
}
