//! The tickets that agents see, narrowed and in order.

use anyhow::{Context, Result};
use app::model::{Priority, Status};
use sqlx::{QueryBuilder, Sqlite};

use super::Tickets;

/// Tickets of one page of the queue.
pub const PAGE: usize = 50;
/// What is due at this time is never due: the greatest whole number that every program reads alike.
pub(super) const NEVER: i64 = (1 << 53) - 1;
/// Something is promised, but its clock stands still.
pub(super) const PAUSED: i64 = NEVER - 1;

/// What narrows the queue; nothing of it, nothing narrowed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub statuses: Vec<Status>,
    /// Id of an agent; empty for tickets of nobody.
    pub assignee: Option<String>,
    pub form: Option<String>,
    pub priority: Option<Priority>,
    pub tag: Option<String>,
    pub class: Option<String>,
    pub group: Option<String>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// What waits longest.
    #[default]
    Oldest,
    Newest,
    /// What is due first.
    Due,
}

/// A ticket as the queue shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub id: String,
    pub number: i64,
    pub form: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    #[sqlx(try_from = "String")]
    pub priority: Priority,
    pub subject: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub plan: Option<String>,
    pub assignee: Option<String>,
    #[sqlx(json)]
    pub tags: Vec<String>,
    pub class: Option<String>,
    pub group: Option<String>,
    /// Times are milliseconds since 1970-01-01 UTC.
    pub opened_at: i64,
    pub updated_at: i64,
    /// Since when it waits for whom its status names.
    pub since: i64,
    due_at: i64,
}

impl Row {
    /// When something is due, where something is.
    pub fn due_at(&self) -> Option<i64> {
        due(self.due_at)
    }

    /// Something is promised, and its clock stands still.
    pub fn is_paused(&self) -> bool {
        self.due_at == PAUSED
    }
}

pub(super) fn due(due_at: i64) -> Option<i64> {
    (due_at < PAUSED).then_some(due_at)
}

impl Tickets {
    /// One page of the queue, the first is 0; one row more than [`PAGE`] where another page follows.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn queue(&self, filter: &Filter, sort: Sort, page: u32) -> Result<Vec<Row>> {
        let order = match sort {
            Sort::Oldest => " order by since, id",
            Sort::Newest => " order by since desc, id desc",
            Sort::Due => " order by due_at, since, id",
        };
        // Rows are looked up for this page alone; what stands before it is passed over in the index.
        let mut query = QueryBuilder::new(
            "select id, number, form, status, priority, subject, name, email, plan, assignee, tags, class,
                 \"group\", opened_at, updated_at, since, due_at from tickets where id in (select id from tickets",
        );
        narrow(&mut query, filter);
        query.push(order).push(" limit ").push_bind(PAGE as i64 + 1);
        query.push(" offset ").push_bind(i64::from(page) * PAGE as i64).push(")").push(order);
        query.build_query_as().fetch_all(self.store.readers()).await.context("cannot read the queue")
    }

    /// How many tickets stand how, of those of an agent, of nobody (empty) or of all.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn counts(&self, assignee: Option<&str>) -> Result<Vec<(Status, i64)>> {
        let filter = Filter { assignee: assignee.map(str::to_owned), ..Filter::default() };
        let mut query = QueryBuilder::new("select status, count(*) from tickets");
        narrow(&mut query, &filter);
        query.push(" group by status");
        let rows: Vec<(String, i64)> =
            query.build_query_as().fetch_all(self.store.readers()).await.context("cannot count tickets")?;
        Ok(rows.into_iter().filter_map(|(name, count)| Some((Status::try_from(name).ok()?, count))).collect())
    }
}

fn narrow(query: &mut QueryBuilder<Sqlite>, filter: &Filter) {
    query.push(" where merged_into is null");
    if !filter.statuses.is_empty() {
        query.push(" and status in (");
        let mut list = query.separated(", ");
        for status in &filter.statuses {
            list.push_bind(status.name());
        }
        query.push(")");
    }
    if filter.assignee.as_deref() == Some("") {
        query.push(" and assignee is null");
    }
    let mut equal = |column: &'static str, value: Option<String>| {
        if let Some(value) = value {
            query.push(" and ").push(column).push(" = ").push_bind(value);
        }
    };
    equal("assignee", filter.assignee.clone().filter(|agent| !agent.is_empty()));
    equal("form", filter.form.clone());
    equal("priority", filter.priority.map(|priority| priority.name().to_owned()));
    equal("class", filter.class.clone());
    equal("\"group\"", filter.group.clone());
    if let Some(tag) = &filter.tag {
        // A tag in its quotes stands nowhere else in the list: quotes within a tag are escaped.
        let quoted = serde_json::Value::from(tag.as_str()).to_string();
        query.push(" and instr(tags, ").push_bind(quoted).push(") > 0");
    }
}
