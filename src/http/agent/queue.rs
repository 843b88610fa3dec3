//! `/agent`: the queue, narrowed by links and by a form.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use app::model::agent::{Choice, Clock, ClockState, QueueFilter, QueueFind, QueuePage, QueueRow, QueueTab};
use app::model::{Priority, Status};
use app::words::{Word, Words};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::{Agent, NO_STORE, clock, portal, routing, see_other};
use crate::Help;
use crate::delivery::dead;
use crate::http::error::Error;
use crate::routing::GENERAL;
use crate::staff::account;
use crate::tickets::{Filter, PAGE, Past, Row, Sort, Ticket};

/// What the address says; what it does not know it takes for not said.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A status, `todo` (new and open) or `any`.
    status: String,
    /// `all`, `mine` or `nobody`.
    owner: String,
    form: String,
    priority: String,
    tag: String,
    class: String,
    group: String,
    sort: String,
    page: String,
    /// Tickets with these words, whatever else the address says.
    q: String,
}

const SORTS: [(&str, Sort); 3] = [("oldest", Sort::Oldest), ("newest", Sort::Newest), ("due", Sort::Due)];

pub async fn page(
    State(help): State<Arc<Help>>,
    agent: Agent,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Error> {
    let asked = asked?.0;
    let now = Timestamp::now();
    let site = agent.site(&help);
    let query = asked.q.trim();
    if let Some(ticket) = numbered(&help, query).await? {
        return Ok(see_other(&help, &format!("/agent/tickets/{}", ticket.number), []));
    }
    let filter = asked.filter(&agent);
    // Begun as soon as an agent looks at the queue, so that it is whole when something is searched for.
    let past = help.tickets.past(&help.behind, &help.config.content.default_locale)?;
    let (mut rows, counts) =
        tokio::try_join!(rows(&help, &asked, &filter, &past), help.tickets.counts(filter.assignee.as_deref()))?;
    let more = rows.len() > PAGE && query.is_empty();
    rows.truncate(PAGE);
    let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
    let undelivered = dead::among(&help.store, &ids).await?;
    let names: HashMap<_, _> =
        account::list(&help.store).await?.into_iter().map(|account| (account.id, account.name)).collect();
    let page = QueuePage {
        statuses: asked.statuses(&help, &site.words, &counts),
        owners: asked.owners(&help, &site.words),
        filter: asked.form(&help, &site.words),
        find: QueueFind {
            query: query.to_owned(),
            reading: !past.is_whole(),
            queue_url: Asked { q: String::new(), ..asked.clone() }.url(&help),
        },
        away: agent.away && help.tickets.routes(),
        rows: rows.into_iter().map(|row| line(&help, &site.words, row, &names, &undelivered, now)).collect(),
        page: asked.page() + 1,
        previous_url: asked.page().checked_sub(1).map(|page| asked.turned(page).url(&help)),
        next_url: more.then(|| asked.turned(asked.page() + 1).url(&help)),
    };
    let frame = portal(&help, &agent, site.words.agent.queue.to_string());
    Ok((NO_STORE, Html(app::pages::queue(&frame, &page))).into_response())
}

/// The ticket that a query is the number of.
async fn numbered(help: &Help, query: &str) -> anyhow::Result<Option<Ticket>> {
    match query.trim_start_matches('#').parse() {
        Ok(number) => help.tickets.by_number(number).await,
        Err(_) => Ok(None),
    }
}

/// A page of the queue, or what has the words that are searched for, best first.
async fn rows(help: &Help, asked: &Asked, filter: &Filter, past: &Past) -> anyhow::Result<Vec<Row>> {
    if asked.q.trim().is_empty() {
        return help.tickets.queue(filter, asked.sort(), asked.page()).await;
    }
    let (past, query) = (past.clone(), asked.q.trim().to_owned());
    let found = tokio::task::spawn_blocking(move || past.find(&query, PAGE)).await??;
    help.tickets.rows(&found).await
}

impl Asked {
    fn filter(&self, agent: &Agent) -> Filter {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            statuses: self.wanted(),
            assignee: match self.owner.as_str() {
                "mine" => Some(agent.id.clone()),
                "nobody" => Some(String::new()),
                _ => None,
            },
            form: some(&self.form),
            priority: Priority::try_from(self.priority.clone()).ok(),
            tag: some(&self.tag),
            class: some(&self.class),
            group: some(&self.group),
        }
    }

    fn wanted(&self) -> Vec<Status> {
        match (Status::try_from(self.status.clone()), self.status.as_str()) {
            (Ok(status), _) => vec![status],
            (Err(_), "any") => Vec::new(),
            (Err(_), _) => vec![Status::New, Status::Open],
        }
    }

    fn sort(&self) -> Sort {
        SORTS.iter().find(|(name, _)| *name == self.sort).map(|(_, sort)| *sort).unwrap_or_default()
    }

    /// Counts from 0 where the address counts from 1.
    fn page(&self) -> u32 {
        self.page.parse::<u32>().unwrap_or(1).clamp(1, 1_000_000) - 1
    }

    fn turned(&self, page: u32) -> Self {
        Self { page: (page + 1).to_string(), ..self.clone() }
    }

    fn url(&self, help: &Help) -> String {
        let mut query = Serializer::new(String::new());
        let page = if self.page() > 0 { self.page.as_str() } else { "" };
        let parts = [
            ("status", self.status.as_str()),
            ("owner", &self.owner),
            ("form", &self.form),
            ("priority", &self.priority),
            ("tag", &self.tag),
            ("class", &self.class),
            ("group", &self.group),
            ("sort", &self.sort),
            ("page", page),
        ];
        query.extend_pairs(parts.into_iter().filter(|(_, value)| !value.is_empty()));
        let query = query.finish();
        let path = help.address.href("/agent");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn statuses(&self, help: &Help, words: &Words, counts: &[(Status, i64)]) -> Vec<QueueTab> {
        let count = |of: &[Status]| {
            let sum: i64 = counts.iter().filter(|(status, _)| of.contains(status)).map(|(_, count)| count).sum();
            usize::try_from(sum).ok()
        };
        let tab = |value: &str, label: &Word, of: &[Status]| {
            let to = Self { status: value.to_owned(), page: String::new(), ..self.clone() };
            let current = to.wanted() == self.wanted();
            QueueTab { label: label.to_string(), url: to.url(help), count: count(of), current }
        };
        let own = &words.agent;
        let each = Status::ALL.iter().map(|status| tab(status.name(), words.agent.status_of(*status), &[*status]));
        let all = tab("any", &own.status_any, Status::ALL);
        [tab("", &own.status_todo, &[Status::New, Status::Open])].into_iter().chain(each).chain([all]).collect()
    }

    fn owners(&self, help: &Help, words: &Words) -> Vec<QueueTab> {
        let own = &words.agent;
        let is_one = ["mine", "nobody"].contains(&self.owner.as_str());
        let tab = |(value, label): (&str, &Word)| {
            let to = Self { owner: value.to_owned(), page: String::new(), ..self.clone() };
            let current = self.owner == value || (value.is_empty() && !is_one);
            QueueTab { label: label.to_string(), url: to.url(help), count: None, current }
        };
        [("", &own.owner_all), ("mine", &own.owner_mine), ("nobody", &own.owner_nobody)].map(tab).into()
    }

    fn form(&self, help: &Help, words: &Words) -> QueueFilter {
        let own = &words.agent;
        let choice = |value: &str, label: &str, chosen: bool| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            chosen,
        };
        let any = |rest: Vec<Choice>| [choice("", &own.any, false)].into_iter().chain(rest).collect();
        let forms = help.tickets.settings().forms();
        let forms =
            forms.iter().map(|(name, _)| choice(name, &super::form_title(help, words, name), self.form == *name));
        let priorities = Priority::ALL.iter().map(|priority| {
            choice(priority.name(), words.agent.priority_of(*priority), self.priority == priority.name())
        });
        let orders = [&own.sort_oldest, &own.sort_newest, &own.sort_due];
        let orders = SORTS.iter().zip(orders).map(|((name, sort), label)| choice(name, label, self.sort() == *sort));
        let narrowing = [&self.form, &self.priority, &self.tag, &self.class, &self.group, &self.sort];
        let is_narrowed = narrowing.into_iter().any(|it| !it.is_empty());
        let groups = routing::groups(help, Some(&self.group));
        let clear = Self { status: self.status.clone(), owner: self.owner.clone(), ..Self::default() };
        let kept = [("status", &self.status), ("owner", &self.owner)];
        QueueFilter {
            forms: any(forms.collect()),
            priorities: any(priorities.collect()),
            classes: any(routing::classes(help, words, Some(&self.class))),
            groups: if groups.is_empty() { groups } else { any(groups) },
            orders: orders.collect(),
            tag: self.tag.clone(),
            kept: kept.into_iter().filter(|(_, it)| !it.is_empty()).map(|(name, it)| (name, it.clone())).collect(),
            clear_url: is_narrowed.then(|| clear.url(help)),
        }
    }
}

fn line(
    help: &Help,
    words: &Words,
    row: Row,
    names: &HashMap<String, String>,
    undelivered: &HashSet<String>,
    now: Timestamp,
) -> QueueRow {
    let paused = row.is_paused().then(|| Clock { text: words.agent.paused.to_string(), state: ClockState::Fine });
    let clock = clock::due(words, row.due_at(), now).or(paused);
    QueueRow {
        url: help.address.href(&format!("/agent/tickets/{}", row.number)),
        number: row.number,
        subject: row.subject,
        requester: row.name.or(row.email).unwrap_or_default(),
        plan: row.plan,
        status: row.status,
        priority: row.priority,
        class: row.class.filter(|class| class != GENERAL).map(|class| routing::class(words, &class)),
        group: row.group,
        assignee: row.assignee.and_then(|agent| names.get(&agent).cloned()),
        tags: row.tags,
        waits: clock::span(words, (now.as_millisecond() - row.since).max(0)),
        since: clock::exact(row.since),
        clock,
        is_undelivered: undelivered.contains(&row.id),
    }
}
