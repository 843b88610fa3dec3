//! The tickets that agents see, narrowed and in order.

use anyhow::{Context, Result};
use app::model::{Priority, Status};
use sqlx::{QueryBuilder, Sqlite};

use super::Tickets;

/// Tickets of one page of the queue.
pub const PAGE: i64 = 50;

/// What narrows the queue; nothing of it, nothing narrowed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub statuses: Vec<Status>,
    /// Id of an agent; empty for tickets of nobody.
    pub assignee: Option<String>,
    pub form: Option<String>,
    pub priority: Option<Priority>,
    pub tag: Option<String>,
    pub email: Option<String>,
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
    /// Times are milliseconds since 1970-01-01 UTC.
    pub opened_at: i64,
    pub updated_at: i64,
    pub reply_due_at: Option<i64>,
    pub replied_at: Option<i64>,
    pub solve_due_at: Option<i64>,
}

impl Tickets {
    /// One page of the queue, the first is 0.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn queue(&self, filter: &Filter, sort: Sort, page: u32) -> Result<Vec<Row>> {
        let mut query = QueryBuilder::new(
            "select id, number, form, status, priority, subject, name, email, plan, assignee, tags, opened_at,
                 updated_at, reply_due_at, replied_at, solve_due_at from tickets",
        );
        narrow(&mut query, filter);
        query.push(match sort {
            Sort::Oldest => " order by updated_at, id",
            Sort::Newest => " order by updated_at desc, id desc",
            Sort::Due => {
                " order by coalesce(case when replied_at is null then reply_due_at end, solve_due_at, 9e18), updated_at"
            }
        });
        query.push(" limit ").push_bind(PAGE).push(" offset ").push_bind(i64::from(page) * PAGE);
        query.build_query_as().fetch_all(self.store.readers()).await.context("cannot read the queue")
    }

    /// How many tickets stand how.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn counts(&self) -> Result<Vec<(Status, i64)>> {
        let rows: Vec<(String, i64)> = sqlx::query_as("select status, count(*) from tickets group by status")
            .fetch_all(self.store.readers())
            .await
            .context("cannot count tickets")?;
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
    equal("email", filter.email.clone());
    if let Some(tag) = &filter.tag {
        query.push(" and exists (select 1 from json_each(tags) where value = ").push_bind(tag.clone()).push(")");
    }
}
