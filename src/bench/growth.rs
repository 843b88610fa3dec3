//! The store while events are told: linear growth shows as the same bytes for each event at every point.

use std::path::Path;

use anyhow::{Result, ensure};
use signpost::store::{self, Store};

use crate::table::{Table, count, megabytes};

pub struct Growth {
    store: Store,
    /// Events acknowledged and bytes, from the empty store on.
    points: Vec<(u64, u64)>,
}

impl Growth {
    /// Beside the program that writes to `data`.
    pub async fn begin(data: &Path) -> Result<Self> {
        let mut growth = Self { store: store::open(data).await?, points: Vec::new() };
        growth.note(0).await?;
        Ok(growth)
    }

    /// After so many events were acknowledged.
    pub async fn note(&mut self, told: u64) -> Result<()> {
        // What a reader of the database sees, whether it lies in the file yet or in the log before it.
        let bytes: i64 = sqlx::query_scalar("select page_count * page_size from pragma_page_count, pragma_page_size")
            .fetch_one(self.store.readers())
            .await?;
        self.points.push((told, bytes.unsigned_abs()));
        Ok(())
    }

    pub async fn show(self, table: &mut Table) -> Result<()> {
        table.section(["The store as it grows, indexes included", "store", "bytes an event", "since the line before"]);
        let Some(&(_, empty)) = self.points.first() else { return Ok(()) };
        for pair in self.points.windows(2) {
            let ((before, bytes_before), (told, bytes)) = (pair[0], pair[1]);
            let each = |bytes: u64, events: u64| count(bytes / events.max(1));
            table.row([
                format!("{} events", count(told)),
                megabytes(bytes),
                each(bytes - empty, told),
                each(bytes - bytes_before, told - before),
            ]);
        }
        let told = self.points.last().map_or(0, |(told, _)| *told);
        let rows: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(self.store.readers()).await?;
        ensure!(rows.unsigned_abs() >= told, "{told} events were acknowledged, {rows} are there");
        self.store.close().await;
        Ok(())
    }
}
