//! `/agent/welcome/{secret}`: who was invited chooses a password.

use std::sync::Arc;

use app::model::{OneField, OneForm};
use app::words::{Word, Words, fill};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use super::{NO_STORE, see_other};
use crate::Help;
use crate::http::error::Error;
use crate::http::frame;
use crate::staff::account::Account;
use crate::staff::invitation;
use crate::staff::password::{self, Unfit};

pub async fn form(State(help): State<Arc<Help>>, Path(secret): Path<String>) -> Result<Response, Error> {
    let account = invitation::account(&help.store, &secret, Timestamp::now()).await?;
    Ok(account.map_or_else(|| gone(&help), |account| page(&help, &secret, &account, None)))
}

#[derive(Debug, Deserialize)]
pub struct Chosen {
    password: SecretString,
}

pub async fn choose(
    State(help): State<Arc<Help>>,
    Path(secret): Path<String>,
    chosen: Result<Form<Chosen>, FormRejection>,
) -> Result<Response, Error> {
    let password = chosen?.0.password;
    let now = Timestamp::now();
    let refusal: Option<fn(&Words) -> &Word> = match password::check(&password) {
        Err(Unfit::TooShort) => Some(|words| &words.password_too_short),
        Err(Unfit::TooLong) => Some(|words| &words.password_too_long),
        Ok(()) => None,
    };
    if refusal.is_some() {
        let account = invitation::account(&help.store, &secret, now).await?;
        let refused =
            |account| (StatusCode::UNPROCESSABLE_ENTITY, page(&help, &secret, &account, refusal)).into_response();
        return Ok(account.map_or_else(|| gone(&help), refused));
    }
    let Some(account) = invitation::accept(&help.store, &secret, &password, now).await? else {
        return Ok(gone(&help));
    };
    tracing::info!(agent = account.id, "chose a password");
    Ok(see_other(&help, "/agent/login", []))
}

fn page(help: &Help, secret: &str, account: &Account, refusal: Option<fn(&Words) -> &Word>) -> Response {
    shown(help, |words| OneForm {
        text: fill(&words.welcome_text, &[("email", account.email.as_str())]),
        action_url: Some(help.address.href(&format!("/agent/welcome/{secret}"))),
        field: Some(OneField::NewPassword(fill(&words.password_rule, &[("count", &password::FEWEST.to_string())]))),
        button: words.save.to_string(),
        refusal: refusal.map(|refusal| refusal(words).to_string()),
        ..OneForm::default()
    })
}

fn gone(help: &Help) -> Response {
    let login = help.address.href("/agent/login");
    let page = shown(help, |words| OneForm {
        text: words.welcome_gone.to_string(),
        other: Some((words.sign_in.to_string(), login)),
        ..OneForm::default()
    });
    (StatusCode::GONE, page).into_response()
}

fn shown(help: &Help, page: impl FnOnce(&Words) -> OneForm) -> Response {
    let site = frame::site(help, &help.config.content.default_locale);
    let page = OneForm { is_staffs: true, ..page(&site.words) };
    let title = fill(&site.words.welcome, &[("site", help.name())]);
    // Its address is a secret, which no link to elsewhere shall tell.
    let secret = [(header::REFERRER_POLICY, "no-referrer")];
    (NO_STORE, secret, Html(app::pages::one_form(&frame::plain(site, title), &page))).into_response()
}
