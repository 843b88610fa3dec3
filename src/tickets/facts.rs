//! What routing is told of a ticket, and who is there to take it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use app::model::{Author, Status};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::SqliteConnection;

use super::{Form, Opening, Settings, Ticket};
use crate::routing::{Event, Facts, Load, Past, Staffing, What};
use crate::store::Store;

/// How far back rules may look at what a requester asked before.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Earlier tickets that are looked at, of the host's reader and of the address.
const MOST: i64 = 200;

/// Those of a ticket that is not written yet; its requester's earlier tickets are left out.
pub(super) fn of_opening(opening: &Opening, form: &Form, now: Timestamp) -> Facts {
    let answers = super::open::fields(&opening.draft);
    Facts {
        form: opening.draft.form.clone(),
        subject: opening.draft.subject.trim().to_owned(),
        text: opening.draft.text.trim().to_owned(),
        answers: plain(&answers),
        locale: opening.locale.clone(),
        plan: opening.reader.as_ref().and_then(|reader| reader.plan.clone()),
        email: super::open::email(opening),
        topics: opening.before.topics.clone(),
        tags: form.tags.clone(),
        priority: form.priority,
        history: Vec::new(),
        opened_at: now,
        events: Vec::new(),
    }
}

/// Those of a ticket as it stands. `form` is its own, while the settings have it.
pub(super) async fn of_ticket(
    connection: &mut SqliteConnection,
    ticket: &Ticket,
    form: Option<&Form>,
) -> Result<Facts> {
    let text = "select text from messages where ticket = $1 and author = $2 order by id limit 1";
    let text = sqlx::query_scalar(text).bind(&ticket.id).bind(Author::Requester.name());
    let text: Option<String> = text.fetch_optional(&mut *connection).await.context("cannot read what was asked")?;
    Ok(Facts {
        form: ticket.form.clone(),
        subject: ticket.subject.clone(),
        text: text.unwrap_or_default(),
        answers: plain(&ticket.fields),
        locale: ticket.locale.clone(),
        plan: ticket.plan.clone(),
        email: ticket.email.clone(),
        topics: ticket.topics.clone(),
        tags: ticket.tags.clone(),
        priority: form.map_or(ticket.priority, |form| form.priority),
        history: history(connection, &Asker::of(ticket)).await?,
        opened_at: time(ticket.opened_at),
        events: events(connection, ticket).await?,
    })
}

fn plain(fields: &serde_json::Map<String, Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fields.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// Who asked, and with which ticket: its id tells its time (UUIDv7).
pub(super) struct Asker<'a> {
    pub reader: Option<&'a str>,
    pub email: Option<&'a str>,
    pub ticket: &'a str,
    pub opened_at: Timestamp,
}

impl<'a> Asker<'a> {
    fn of(ticket: &'a Ticket) -> Self {
        let Ticket { reader, email, id, opened_at, .. } = ticket;
        Self { reader: reader.as_deref(), email: email.as_deref(), ticket: id, opened_at: time(*opened_at) }
    }
}

/// What the same requester asked before; what was merged into other tickets is none.
pub(super) async fn history(connection: &mut SqliteConnection, asker: &Asker<'_>) -> Result<Vec<Past>> {
    let rows: Vec<(i64, bool, bool)> = sqlx::query_as(
        "select opened_at, coalesce(rating = 'bad', 0), exists (
             select 1 from ticket_statuses as later
             where later.ticket = earlier.id and later.status in ('new', 'open') and later.at >= (
                 select min(at) from ticket_statuses where ticket = earlier.id and status = 'solved'))
         from (
             select * from (select id, opened_at, rating, merged_into from tickets
                 where reader = $1 order by updated_at desc limit $4)
             union select * from (select id, opened_at, rating, merged_into from tickets
                 where lower(email) = lower($2) and email is not null order by updated_at desc limit $4)
         ) as earlier
         where id < $3 and merged_into is null and opened_at > $5",
    )
    .bind(asker.reader)
    .bind(asker.email)
    .bind(asker.ticket)
    .bind(MOST)
    .bind((asker.opened_at - REMEMBERED).as_millisecond())
    .fetch_all(connection)
    .await
    .context("cannot read what a requester asked before")?;
    Ok(rows.into_iter().map(past).collect())
}

fn past((opened_at, rated_bad, reopened): (i64, bool, bool)) -> Past {
    Past { opened_at: time(opened_at), reopened, rated_bad }
}

/// What was said and how it stood, in order. What opened the ticket is no event, and neither is what only agents see.
async fn events(connection: &mut SqliteConnection, ticket: &Ticket) -> Result<Vec<Event>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "select max(at, $2), what from (
             select at, 0 as place, author as what from messages
             where ticket = $1 and internal = 0 and author in ('agent', 'requester')
             union all select at, 1, status from ticket_statuses where ticket = $1
         ) order by at, place",
    )
    .bind(&ticket.id)
    .bind(ticket.opened_at)
    .fetch_all(connection)
    .await
    .context("cannot read what happened to a ticket")?;
    let mut opened = false;
    let event = |(at, what): (i64, String)| {
        let what = match what.as_str() {
            "agent" => What::Replied,
            "requester" if !std::mem::replace(&mut opened, true) => return None,
            "requester" => What::Wrote,
            _ => What::Status(Status::try_from(what).ok()?),
        };
        Some(Event { at: time(at), what })
    };
    Ok(rows.into_iter().filter_map(event).collect())
}

/// Who has an account and how they stand, with id and name of each.
#[derive(Debug, Default)]
pub(super) struct Staff {
    pub staffing: Staffing,
    accounts: BTreeMap<String, (String, String)>,
}

impl Staff {
    /// # Errors
    /// A database that cannot be read.
    pub async fn read(connection: &mut SqliteConnection) -> Result<Self> {
        let rows: Vec<(String, String, String, bool, Option<i64>, u32)> = sqlx::query_as(
            "select id, name, email, away_at is not null, assigned_at, (
                 select count(*) from tickets
                 where assignee = agents.id and status in ('new', 'open', 'pending') and merged_into is null)
             from agents where disabled_at is null",
        )
        .fetch_all(connection)
        .await
        .context("cannot read which agents are there")?;
        let mut staff = Self::default();
        for (id, name, email, away, assigned_at, open) in rows {
            staff.staffing.insert(email.clone(), Load { open, assigned_at: assigned_at.map(time), away });
            staff.accounts.insert(email, (id, name));
        }
        Ok(staff)
    }

    /// The address of an account.
    pub fn email(&self, id: &str) -> Option<&str> {
        self.accounts.iter().find(|(_, (known, _))| known == id).map(|(email, _)| email.as_str())
    }

    /// Id and name of the account.
    pub fn account(&self, email: &str) -> Option<&(String, String)> {
        self.accounts.get(email)
    }
}

/// Who has an account, and how they stand.
///
/// # Errors
/// A database that cannot be read.
pub async fn staffing(store: &Store) -> Result<Staffing> {
    Ok(Staff::read(&mut *store.readers().acquire().await?).await?.staffing)
}

/// What is known of the ticket with this number.
///
/// # Errors
/// A database that cannot be read.
pub async fn facts_of(store: &Store, settings: &Settings, number: i64) -> Result<Option<Facts>> {
    let mut connection = store.readers().acquire().await?;
    let ticket = sqlx::query_as("select * from tickets where number = $1").bind(number);
    let ticket: Option<Ticket> = ticket.fetch_optional(&mut *connection).await.context("cannot read a ticket")?;
    match ticket {
        Some(ticket) => of_ticket(&mut connection, &ticket, settings.form(&ticket.form)).await.map(Some),
        None => Ok(None),
    }
}

/// Of milliseconds since 1970.
pub(super) fn time(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}
