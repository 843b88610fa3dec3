//! Found tickets as the queue shows them.

use std::collections::HashMap;

use anyhow::{Context, Result};

use super::Found;
use crate::tickets::{Row, Tickets};

impl Tickets {
    /// The rows of what was found, in its order; closed and merged tickets among them.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn rows(&self, found: &[Found]) -> Result<Vec<Row>> {
        let ids: Vec<_> = found.iter().map(|found| found.ticket.as_str()).collect();
        let rows: Vec<Row> = sqlx::query_as(
            "select id, number, form, status, priority, subject, name, email, plan, assignee, tags, class,
                 \"group\", opened_at, updated_at, since, due_at from tickets where id in (select value from json_each($1))",
        )
        .bind(serde_json::to_string(&ids)?)
        .fetch_all(self.store.readers())
        .await
        .context("cannot read the tickets that were found")?;
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        Ok(ids.into_iter().filter_map(|id| rows.remove(id)).collect())
    }
}
