//! A database of many tickets, as unevenly spread as those of a real help center of some years.

use std::path::Path;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::json;
use signpost::staff::account::{self, New, Role};
use signpost::staff::session;
use signpost::store;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use crate::corpus::words::{Numbers, Vocabulary};

pub const TICKETS: usize = 100_000;
/// Tickets of one transaction, and rows of one statement.
const GROUP: usize = 5_000;
const ROWS: usize = 50;
const AGENTS: usize = 12;
/// Different requesters; some ask often.
const REQUESTERS: u64 = 20_000;
const TAGS: u64 = 200;
const DAY: i64 = 86_400_000;
/// How far back the oldest ticket lies.
const YEARS: i64 = 2 * 365 * DAY;
/// The first ticket has the number after it.
const FIRST: i64 = 1_000;
/// As the program says that nothing is due.
const NEVER: i64 = (1 << 53) - 1;

pub struct Filled {
    /// Of an agent who is signed in.
    pub cookies: String,
    pub common_tag: String,
    pub rare_tag: String,
    pub messages: u64,
    queries: Vec<[String; 4]>,
}

impl Filled {
    /// A ticket's number, far from the one before it.
    pub fn number(&self, nth: usize) -> i64 {
        FIRST + 1 + (nth * 7_919 % TICKETS) as i64
    }

    /// What is searched for, as it stands in an address.
    pub fn query(&self, kind: usize, nth: usize) -> String {
        self.queries[nth % self.queries.len()][kind].replace(' ', "+").replace('@', "%40")
    }
}

struct Writer {
    words: Vocabulary,
    numbers: Numbers,
    agents: Vec<String>,
    now: i64,
    messages: u64,
}

/// A ticket, as far as its messages need to know it.
struct Row {
    id: String,
    opened: i64,
    updated: i64,
    agent: Option<String>,
}

pub async fn fill(data: &Path) -> Result<Filled> {
    let (store, now) = (store::open(data).await?, Timestamp::now());
    let mut agents = Vec::new();
    for nth in 0..AGENTS {
        let email = format!("agent{nth}@help.example").parse()?;
        let name = format!("Agent {nth}");
        let new = New { email: &email, name: &name, role: Role::Agent, password: &"correct horse battery".into() };
        agents.push(account::add(&store, new, now).await?);
    }
    let first = agents.first().context("there are agents")?;
    let secret = session::open(&store, Some(first), &session::Place::default(), now).await?;
    let mut writer =
        Writer { words: Vocabulary::of(1_758), numbers: Numbers(7), agents, now: now.as_millisecond(), messages: 0 };
    for group in 0..TICKETS / GROUP {
        let mut transaction = store.writer().begin().await?;
        for rows in 0..GROUP / ROWS {
            writer.insert(&mut transaction, group * GROUP + rows * ROWS).await?;
        }
        transaction.commit().await?;
    }
    store.close().await;
    let queries = (0..50).map(|_| writer.queries()).collect();
    let tag = |number| writer.words.label(number).to_owned();
    Ok(Filled {
        cookies: format!("__Host-signpost-staff={secret}"),
        common_tag: tag(0),
        rare_tag: tag(TAGS - 1),
        messages: writer.messages,
        queries,
    })
}

impl Writer {
    /// The tickets from the one of this place on, and what was said in them.
    async fn insert(&mut self, transaction: &mut SqliteConnection, place: usize) -> Result<()> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into tickets (id, number, secret, form, status, priority, subject, name, email, reader, plan, locale,
                 fields, dossier, assignee, tags, opened_at, updated_at, since, reply_due_at, replied_at, solved_at,
                 due_at) ",
        );
        let mut rows = Vec::new();
        query.push_values(place..place + ROWS, |row, place| rows.push(self.ticket(row, place)));
        query.build().execute(&mut *transaction).await?;
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into messages (id, ticket, at, author, agent, name, internal, text, articles) ",
        );
        let said: Vec<_> = rows.iter().flat_map(|row| (0..1 + self.few(4)).map(move |nth| (row, nth))).collect();
        self.messages += said.len() as u64;
        query.push_values(said, |values, (row, nth)| self.message(values, row, nth));
        query.build().execute(&mut *transaction).await?;
        Ok(())
    }

    fn ticket(&mut self, mut row: sqlx::query_builder::Separated<'_, Sqlite, &'static str>, place: usize) -> Row {
        let status = self.one(&[("closed", 80), ("solved", 8), ("pending", 5), ("open", 5), ("new", 2)]);
        // Those that are not closed are of the last weeks, most of them of the last days.
        let age = match status {
            "closed" => YEARS - place as i64 * (YEARS - 30 * DAY) / TICKETS as i64,
            _ => self.below(14 * DAY).min(self.below(14 * DAY)).min(self.below(14 * DAY)),
        };
        let opened = self.now - age;
        let updated = opened + self.below(age.clamp(1, 12 * DAY));
        let is_over = matches!(status, "closed" | "solved");
        let agent = self.few(AGENTS as u64);
        let agent = (status != "new" && self.below(10) > 0).then(|| self.agents[agent].clone());
        let due = (self.below(2) == 0).then_some(opened + 4 * 3_600_000);
        let replied = (status != "new").then_some(updated);
        let requester = self.numbers.below(REQUESTERS).min(self.numbers.below(REQUESTERS));
        let id = id(opened);
        row.push_bind(id.clone()).push_bind(FIRST + 1 + place as i64).push_bind(Uuid::new_v4().simple().to_string());
        row.push_bind(self.one(&[("question", 60), ("bug", 30), ("idea", 10)])).push_bind(status);
        row.push_bind(self.one(&[("normal", 60), ("high", 18), ("low", 15), ("urgent", 7)]));
        row.push_bind(self.words.title(&mut self.numbers)).push_bind(self.name(requester)).push_bind(email(requester));
        row.push_bind(requester.is_multiple_of(2).then(|| format!("u{requester}")));
        row.push_bind(requester.is_multiple_of(2).then_some("pro")).push("'en'").push("'{}'");
        row.push_bind(self.dossier(opened)).push_bind(agent.clone()).push_bind(self.tags());
        row.push_bind(opened).push_bind(updated).push_bind(updated).push_bind(due).push_bind(replied);
        row.push_bind(is_over.then_some(updated));
        row.push_bind(due.filter(|_| !is_over && replied.is_none()).unwrap_or(NEVER));
        Row { id, opened, updated, agent }
    }

    /// The requester speaks first; then, by turns, an agent.
    fn message(&mut self, mut values: sqlx::query_builder::Separated<'_, Sqlite, &'static str>, row: &Row, nth: usize) {
        let agent = row.agent.as_ref().filter(|_| nth % 2 == 1);
        let at = row.opened + (row.updated - row.opened) * nth as i64 / 4;
        let length = 30 + self.numbers.below(60);
        values.push_bind(id(at)).push_bind(row.id.clone()).push_bind(at);
        values.push_bind(if agent.is_some() { "agent" } else { "requester" }).push_bind(agent.cloned());
        values.push("'Somebody'").push_bind(self.below(20) == 0);
        values.push_bind(self.words.words(&mut self.numbers, length)).push("'[]'");
    }

    fn dossier(&mut self, opened: i64) -> String {
        let mut clue = |nth: i64| {
            let text = format!("Read “{}” for {} seconds", self.words.title(&mut self.numbers), 10 + nth);
            json!({ "kind": "article_read", "at": opened - (10 - nth) * 60_000, "text": text })
        };
        (0..10).map(&mut clue).collect::<serde_json::Value>().to_string()
    }

    /// None to three, the first ones common and the last ones rare.
    fn tags(&mut self) -> String {
        let few = self.below(4);
        let numbers = (0..few).map(|_| (0..4).map(|_| self.numbers.below(TAGS)).min().unwrap_or_default());
        let numbers: std::collections::BTreeSet<_> = numbers.collect();
        json!(numbers.into_iter().map(|number| self.words.label(number)).collect::<Vec<_>>()).to_string()
    }

    fn name(&self, requester: u64) -> String {
        format!("{} {}", self.words.label(requester % 1_000), self.words.label(requester / 20))
    }

    /// Two words, the beginning of one, words of different tickets, an address.
    fn queries(&mut self) -> [String; 4] {
        let mut word = || self.words.telling(&mut self.numbers).to_owned();
        let (two, begun) = (format!("{} {}", word(), word()), word());
        let many = (0..8).map(|_| word()).collect::<Vec<_>>().join(" ");
        let begun = begun[..begun.len().min(4)].to_owned();
        [two, begun, many, email(self.numbers.below(REQUESTERS))]
    }

    fn below(&mut self, limit: i64) -> i64 {
        self.numbers.below(limit.unsigned_abs()) as i64
    }

    /// Less than `limit`, and rather small.
    fn few(&mut self, limit: u64) -> usize {
        self.numbers.below(limit).min(self.numbers.below(limit)) as usize
    }

    /// Each as often as it weighs.
    fn one(&mut self, of: &[(&'static str, u64)]) -> &'static str {
        let mut left = self.numbers.below(of.iter().map(|(_, weight)| weight).sum());
        let found = of.iter().find(|(_, weight)| {
            let is_it = left < *weight;
            left = left.saturating_sub(*weight);
            is_it
        });
        found.map_or("", |(name, _)| name)
    }
}

fn email(requester: u64) -> String {
    format!("requester{requester}@customer.example")
}

/// UUIDv7 of that time (RFC 9562).
fn id(at: i64) -> String {
    let random = Uuid::new_v4().into_bytes();
    let mut ten = [0; 10];
    ten.copy_from_slice(&random[..10]);
    uuid::Builder::from_unix_timestamp_millis(at.unsigned_abs(), &ten).into_uuid().to_string()
}
