//! Tickets by what somebody knows of them.

use anyhow::{Context, Result};
use sqlx::SqliteConnection;

use super::{Ticket, Tickets, draft};

/// One as it is within a transaction, which may have changed it.
///
/// # Errors
/// One that is not there; a database that cannot be read.
pub(super) async fn within(transaction: &mut SqliteConnection, id: &str) -> Result<Ticket> {
    let ticket = sqlx::query_as("select * from tickets where id = $1").bind(id).fetch_one(transaction).await;
    ticket.context("cannot read a ticket")
}

impl Tickets {
    /// # Errors
    /// A database that cannot be read.
    pub async fn by_id(&self, id: &str) -> Result<Option<Ticket>> {
        self.find("select * from tickets where id = $1", id).await
    }

    /// The ticket whose requester holds this secret.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn by_secret(&self, secret: &str) -> Result<Option<Ticket>> {
        self.find("select * from tickets where secret = $1", secret).await
    }

    /// # Errors
    /// A database that cannot be read.
    pub async fn by_number(&self, number: i64) -> Result<Option<Ticket>> {
        let ticket = sqlx::query_as("select * from tickets where number = $1").bind(number);
        Ok(ticket.fetch_optional(self.store.readers()).await?)
    }

    /// The ticket that the draft became.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn of_draft(&self, secret: &str) -> Result<Option<Ticket>> {
        self.find("select * from tickets where draft = $1", &draft::hash(secret)).await
    }

    /// Those of a reader whom the host signed in, newest first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn of_reader(&self, reader: &str) -> Result<Vec<Ticket>> {
        let tickets = sqlx::query_as("select * from tickets where reader = $1 order by updated_at desc limit 100");
        Ok(tickets.bind(reader).fetch_all(self.store.readers()).await?)
    }

    /// Those that came from an address in small letters, newest first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn of_address(&self, address: &str) -> Result<Vec<Ticket>> {
        let tickets = sqlx::query_as(
            "select * from tickets where lower(email) = $1 and email is not null order by updated_at desc limit 100",
        );
        Ok(tickets.bind(address).fetch_all(self.store.readers()).await?)
    }

    async fn find(&self, sql: &'static str, key: &str) -> Result<Option<Ticket>> {
        let ticket = sqlx::query_as(sql).bind(key).fetch_optional(self.store.readers()).await;
        ticket.context("cannot read a ticket")
    }
}
