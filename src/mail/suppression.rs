//! Addresses that mail did not reach: those that nothing goes to any more, and why; and how often others were slow.

use std::fmt;

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::store::Store;

/// What somebody told of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub address: String,
    pub kind: Kind,
    /// Who told: a transport, or NAME of `[hooks.NAME]`.
    pub source: String,
    /// In their words.
    pub detail: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is no such mailbox, or it takes nothing from us.
    Bounce,
    /// It came back for a reason that may pass.
    Delay,
    /// Whoever reads it called it unwanted.
    Complaint,
    Unsubscribe,
    /// Takes an unsubscription back.
    Resubscribe,
}

/// Why nothing goes to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Bounce,
    Complaint,
    Unsubscribe,
}

impl Reason {
    /// As in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::Complaint => "complaint",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

impl TryFrom<String> for Reason {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let known = [Self::Bounce, Self::Complaint, Self::Unsubscribe].into_iter().find(|reason| reason.name() == name);
        known.ok_or(name)
    }
}

/// What is known of an address.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Known {
    pub address: String,
    reason: Option<String>,
    /// Milliseconds since 1970-01-01 UTC, as all times here.
    pub since: Option<i64>,
    pub source: Option<String>,
    pub detail: Option<String>,
    /// How often mail came back for a reason that may pass,
    pub delays: i64,
    /// and when last.
    pub delayed_at: Option<i64>,
}

impl Known {
    /// None: mail still goes there.
    pub fn reason(&self) -> Option<Reason> {
        self.reason.clone().and_then(|name| Reason::try_from(name).ok())
    }
}

impl fmt::Display for Known {
    /// Without the address: it stands in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.reason() {
            Some(Reason::Bounce) => "mail to this address bounced",
            Some(Reason::Complaint) => "who reads mail of this address complained",
            Some(Reason::Unsubscribe) => "who reads mail of this address unsubscribed",
            None => "mail to this address was slow",
        };
        let since = self.since.or(self.delayed_at).and_then(|at| Timestamp::from_millisecond(at).ok());
        write!(f, "{what}")?;
        since.map_or(Ok(()), |since| write!(f, " on {}", since.strftime("%Y-%m-%d")))?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ", says {source}"))?;
        self.detail.as_ref().filter(|detail| !detail.is_empty()).map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

/// Takes note of a report. The first reason stays, but that a wish of a person counts more than a bounce.
///
/// # Errors
/// A database that cannot be written.
pub async fn note(connection: &mut SqliteConnection, report: &Report) -> Result<()> {
    let sql = match report.kind {
        Kind::Delay => {
            "insert into suppressions (address, source, detail, delays, delayed_at) values ($1, $2, $3, 1, $4)
             on conflict (address) do update set
                 source = iif(reason is null, $2, source), detail = iif(reason is null, $3, detail),
                 delays = delays + 1, delayed_at = max(coalesce(delayed_at, 0), $4)"
        }
        Kind::Resubscribe => "delete from suppressions where address = $1 and reason = 'unsubscribe'",
        Kind::Bounce | Kind::Complaint | Kind::Unsubscribe => {
            "insert into suppressions (address, source, detail, since, reason) values ($1, $2, $3, $4, $5)
             on conflict (address) do update set source = $2, detail = $3, since = $4, reason = $5
             where reason is null or (reason = 'bounce' and $5 <> 'bounce')"
        }
    };
    let reason = match report.kind {
        Kind::Bounce => Some(Reason::Bounce),
        Kind::Complaint => Some(Reason::Complaint),
        Kind::Unsubscribe => Some(Reason::Unsubscribe),
        Kind::Delay | Kind::Resubscribe => None,
    };
    let query = sqlx::query(sql)
        .bind(lower(&report.address))
        .bind(&report.source)
        .bind(&report.detail)
        .bind(report.at.as_millisecond())
        .bind(reason.map(Reason::name));
    query.execute(connection).await.context("cannot write what was told of an address")?;
    Ok(())
}

/// Why nothing goes to `address`, if so.
///
/// # Errors
/// A database that cannot be read.
pub async fn of(store: &Store, address: &str) -> Result<Option<Known>> {
    Ok(find(store, address).await?.filter(|known| known.reason.is_some()))
}

/// All that is known of `address`.
///
/// # Errors
/// A database that cannot be read.
pub async fn find(store: &Store, address: &str) -> Result<Option<Known>> {
    let known = sqlx::query_as("select * from suppressions where address = $1").bind(lower(address));
    known.fetch_optional(store.readers()).await.context("cannot read what was told of an address")
}

/// The newest `limit` addresses that nothing goes to.
///
/// # Errors
/// A database that cannot be read.
pub async fn list(store: &Store, limit: u32) -> Result<Vec<Known>> {
    let list = sqlx::query_as("select * from suppressions where reason is not null order by since desc limit $1");
    list.bind(limit).fetch_all(store.readers()).await.context("cannot read the addresses that nothing goes to")
}

/// Mail goes there again, and what was told is forgotten. False when nothing was.
///
/// # Errors
/// A database that cannot be written.
pub async fn forget(store: &Store, address: &str) -> Result<bool> {
    let gone = sqlx::query("delete from suppressions where address = $1").bind(lower(address)).execute(store.writer());
    Ok(gone.await.context("cannot forget what was told of an address")?.rows_affected() > 0)
}

/// Forgets what was told of a reader's addresses: `user` is one, or the host's id of whoever asked from them. Gives how
/// many there were.
///
/// # Errors
/// A database that cannot be written.
pub async fn erase(connection: &mut SqliteConnection, user: &str) -> Result<u64> {
    let gone = sqlx::query(
        "delete from suppressions
         where address = $1 or address in (select lower(email) from tickets where reader = $2 and email is not null)",
    );
    Ok(gone.bind(lower(user)).bind(user).execute(connection).await?.rows_affected())
}

/// Does an enhanced status code say that nobody has the address, or that its mailbox takes nothing from anybody? RFC 3463
/// sections 3.2 and 3.3. Any other refusal may be of one mail, of its sender or of a day.
pub fn is_about_address(status: &str) -> bool {
    ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"].contains(&status)
}

/// Providers compare addresses without regard to case.
fn lower(address: &str) -> String {
    address.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Notes these, one a second; the reason and how often mail was slow.
    async fn check(kinds: &[Kind], expect: (Option<Reason>, i64)) {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let mut connection = store.writer().acquire().await.unwrap();
        for (kind, second) in kinds.iter().zip(1..) {
            let (address, source, detail) = ("Ada@Customer.example".to_owned(), "ses".to_owned(), String::new());
            let at = Timestamp::from_second(second).unwrap();
            note(&mut connection, &Report { address, kind: *kind, source, detail, at }).await.unwrap();
        }
        let known = find(&store, " ada@customer.EXAMPLE").await.unwrap();
        let found = known.as_ref().map_or((None, 0), |known| (known.reason(), known.delays));
        assert_eq!(found, expect, "{kinds:?}");
        let is_suppressed = of(&store, "ada@customer.example").await.unwrap().is_some();
        assert_eq!(
            (is_suppressed, list(&store, 10).await.unwrap().len()),
            (expect.0.is_some(), usize::from(expect.0.is_some()))
        );
        drop(connection);
        assert_eq!(forget(&store, "ADA@customer.example").await.unwrap(), known.is_some());
        assert!(find(&store, "ada@customer.example").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_was_told_of_an_address_decides_whether_mail_goes_there() {
        use Kind::{Bounce, Complaint, Delay, Resubscribe, Unsubscribe};
        check(&[], (None, 0)).await;
        check(&[Delay, Delay], (None, 2)).await;
        check(&[Delay, Bounce, Delay], (Some(Reason::Bounce), 2)).await;
        check(&[Bounce, Complaint, Bounce], (Some(Reason::Complaint), 0)).await;
        check(&[Complaint, Unsubscribe], (Some(Reason::Complaint), 0)).await;
        check(&[Unsubscribe, Resubscribe], (None, 0)).await;
        check(&[Bounce, Resubscribe], (Some(Reason::Bounce), 0)).await;
    }
}
