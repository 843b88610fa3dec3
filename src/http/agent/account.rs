//! `/agent/account`: what agents say of themselves, their password, where they are signed in.

use std::sync::Arc;

use app::model::{AccountField, AccountPage, AccountRefusal, LanguageChoice, SessionRow};
use app::words::{Word, Words};
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Agent, NO_STORE, see_other};
use crate::http::error::Error;
use crate::http::locale;
use crate::staff::account::{self, Email};
use crate::staff::password::{self, Unfit};
use crate::staff::session;
use crate::{Help, staff};

const PATH: &str = "/agent/account";

#[derive(Debug, Deserialize)]
pub struct Asked {
    done: Option<Done>,
}

/// What was done just now.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Done {
    Saved,
    Password,
    Ended,
}

impl Done {
    fn word(self, words: &Words) -> &Word {
        match self {
            Self::Saved => &words.account_saved,
            Self::Password => &words.password_changed,
            Self::Ended => &words.sessions_ended,
        }
    }

    fn page(self, help: &Help) -> Response {
        let done = match self {
            Self::Saved => "saved",
            Self::Password => "password",
            Self::Ended => "ended",
        };
        see_other(help, &format!("{PATH}?done={done}"), [])
    }
}

pub async fn page(
    State(help): State<Arc<Help>>,
    agent: Agent,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Error> {
    let done = asked?.0.done;
    shown(&help, &agent, done, None).await
}

#[derive(Debug, Deserialize)]
pub struct Profile {
    name: String,
    /// Empty: the site's.
    locale: String,
}

pub async fn save(
    State(help): State<Arc<Help>>,
    agent: Agent,
    profile: Result<Form<Profile>, FormRejection>,
) -> Result<Response, Error> {
    let Form(profile) = profile?;
    let locale = Some(profile.locale.as_str()).filter(|locale| !locale.is_empty());
    if let Some(unknown) = locale.filter(|locale| !locales(&help).iter().any(|known| known == locale)) {
        return Err(Error::BadRequest(format!("there is no interface in the language {unknown:?}")));
    }
    if account::checked_name(&profile.name).is_err() {
        return refused(&help, &agent, AccountField::Name, |words| &words.name_unfit).await;
    }
    account::set_profile(&help.store, &agent.id, &profile.name, locale).await?;
    Ok(Done::Saved.page(&help))
}

#[derive(Debug, Deserialize)]
pub struct Presence {
    away: Away,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Away {
    Yes,
    No,
}

pub async fn set_away(
    State(help): State<Arc<Help>>,
    agent: Agent,
    presence: Result<Form<Presence>, FormRejection>,
) -> Result<Response, Error> {
    let since = (presence?.0.away == Away::Yes).then(Timestamp::now);
    account::set_away(&help.store, &agent.id, since).await?;
    Ok(Done::Saved.page(&help))
}

#[derive(Debug, Deserialize)]
pub struct Passwords {
    present: SecretString,
    new: SecretString,
}

pub async fn change_password(
    State(help): State<Arc<Help>>,
    agent: Agent,
    passwords: Result<Form<Passwords>, FormRejection>,
) -> Result<Response, Error> {
    let Form(Passwords { present, new }) = passwords?;
    match password::check(&new) {
        Err(Unfit::TooShort) => {
            return refused(&help, &agent, AccountField::NewPassword, |words| &words.password_too_short).await;
        }
        Err(Unfit::TooLong) => {
            return refused(&help, &agent, AccountField::NewPassword, |words| &words.password_too_long).await;
        }
        Ok(()) => {}
    }
    if !help.throttle.allow_change(&agent.id) {
        return refused(&help, &agent, AccountField::PresentPassword, |words| &words.too_many_sign_ins).await;
    }
    if !staff::change_password(&help.store, &agent.id, &agent.session, &present, &new).await? {
        return refused(&help, &agent, AccountField::PresentPassword, |words| &words.wrong_password).await;
    }
    tracing::info!(agent = agent.id, "changed the password");
    Ok(Done::Password.page(&help))
}

#[derive(Debug, Deserialize)]
pub struct Ending {
    /// Id of a session; absent: all but this one.
    session: Option<String>,
}

pub async fn end_sessions(
    State(help): State<Arc<Help>>,
    agent: Agent,
    ending: Result<Form<Ending>, FormRejection>,
) -> Result<Response, Error> {
    match ending?.0.session {
        // One that has ended meanwhile is what was wanted.
        Some(id) => drop(session::end(&help.store, &agent.id, &id).await?),
        None => drop(session::end_all(help.store.writer(), &agent.id, Some(&agent.session)).await?),
    }
    Ok(Done::Ended.page(&help))
}

async fn refused(help: &Help, agent: &Agent, field: AccountField, why: fn(&Words) -> &Word) -> Result<Response, Error> {
    let why = why(&agent.site(help).words).to_string();
    let page = shown(help, agent, None, Some(AccountRefusal { field, why })).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn shown(
    help: &Help,
    agent: &Agent,
    done: Option<Done>,
    refusal: Option<AccountRefusal>,
) -> Result<Response, Error> {
    let frame = agent.frame(help, |words| &words.account);
    let email: Email = agent.email.parse()?;
    let chosen = account::find(&help.store, &email).await?.and_then(|account| account.locale);
    let sessions = session::list(&help.store, &agent.id, Timestamp::now()).await?;
    let page = AccountPage {
        name: agent.name.clone(),
        email: agent.email.clone(),
        languages: languages(help, chosen.as_deref()),
        fewest: password::FEWEST,
        away: help.tickets.routes().then_some(agent.away),
        sessions: sessions.into_iter().map(|row| session_row(row, &agent.session)).collect(),
        notice: done.map(|done| done.word(&frame.site.words).to_string()),
        refusal,
    };
    Ok((NO_STORE, Html(app::pages::account(&frame, &page))).into_response())
}

/// Languages the interface speaks: its own, and those of the site.
fn locales(help: &Help) -> Vec<String> {
    let own = ["ar", "de", "en", "es", "fr"].map(str::to_owned);
    let snapshot = &help.edition.load().snapshot;
    let mut locales: Vec<_> = snapshot.locales().iter().cloned().chain(own).collect();
    locales.sort_unstable();
    locales.dedup();
    locales
}

fn languages(help: &Help, chosen: Option<&str>) -> Vec<LanguageChoice> {
    let choice = |tag: String| LanguageChoice { name: locale::name(&tag), chosen: chosen == Some(&tag), locale: tag };
    locales(help).into_iter().map(choice).collect()
}

fn session_row(row: session::Row, current: &str) -> SessionRow {
    SessionRow {
        current: row.id == current,
        id: row.id,
        browser: row.browser,
        network: row.network,
        since: when(row.created_at),
        seen: when(row.seen_at),
    }
}

/// To the minute, in UTC; of milliseconds since 1970.
fn when(at: i64) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
