//! What alerts told lately, and which of them nobody wants to hear of.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};

use super::Tickets;
use super::alerts::TICKET;

/// How long agents can read what alerts told.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Alerts that are listed.
const MOST: i64 = 200;

/// What an alert told.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Alerted {
    pub id: String,
    pub alert: String,
    /// `ticket`; `article`, `query`, `topic` or `class` where many tickets have that in common.
    pub kind: String,
    /// Of a ticket its id.
    pub about: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// E-mail addresses and channels.
    #[sqlx(json)]
    pub told: Vec<String>,
    /// Numbers of those of a burst, the latest first.
    #[sqlx(json)]
    pub tickets: Vec<i64>,
    /// Of the ticket, where it is about one.
    pub number: Option<i64>,
    pub subject: Option<String>,
    /// Nobody hears of it any more, of a burst until it ends.
    pub muted: bool,
}

/// A burst that nobody wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Mute {
    pub alert: String,
    pub kind: String,
    pub about: String,
    /// Milliseconds since 1970-01-01 UTC; nothing where it is for good.
    pub until: Option<i64>,
    /// Name of who did it.
    pub agent: String,
}

impl Tickets {
    /// What alerts told in the last 30 days, the latest first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn alerted(&self, now: Timestamp) -> Result<Vec<Alerted>> {
        let alerts = sqlx::query_as(
            "select alerts.id, alerts.alert, alerts.kind, alerts.about, alerts.at, alerts.told, alerts.tickets,
                 tickets.number, tickets.subject, tickets.muted_at is not null or alert_mutes.alert is not null as muted
             from alerts
                 left join tickets on alerts.kind = $1 and tickets.id = alerts.about
                 left join alert_mutes on alert_mutes.alert = alerts.alert and alert_mutes.kind = alerts.kind
                     and alert_mutes.about = alerts.about and (until is null or until > $2)
             where alerts.at > $3 order by alerts.at desc, alerts.id desc limit $4",
        );
        let alerts = alerts.bind(TICKET).bind(now.as_millisecond()).bind((now - KEPT).as_millisecond()).bind(MOST);
        alerts.fetch_all(self.store.readers()).await.context("cannot read what alerts told")
    }

    /// What is muted now, but for tickets.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn mutes(&self, now: Timestamp) -> Result<Vec<Mute>> {
        let mutes = sqlx::query_as(
            "select alert, kind, about, until, agent from alert_mutes where until is null or until > $1
             order by alert, kind, about",
        );
        let mutes = mutes.bind(now.as_millisecond()).fetch_all(self.store.readers()).await;
        mutes.context("cannot read which alerts are muted")
    }

    /// Nobody is told of such a burst until then.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn mute_burst(&self, mute: &Mute, now: Timestamp) -> Result<()> {
        sqlx::query(
            "insert into alert_mutes (alert, kind, about, at, until, agent) values ($1, $2, $3, $4, $5, $6)
             on conflict (alert, kind, about) do update set at = excluded.at, until = excluded.until,
                 agent = excluded.agent",
        )
        .bind(&mute.alert)
        .bind(&mute.kind)
        .bind(&mute.about)
        .bind(now.as_millisecond())
        .bind(mute.until)
        .bind(&mute.agent)
        .execute(self.store.writer())
        .await
        .context("cannot mute an alert")?;
        Ok(())
    }

    /// The next one is told again.
    ///
    /// # Errors
    /// A database that cannot be written.
    pub async fn unmute_burst(&self, alert: &str, kind: &str, about: &str) -> Result<()> {
        let mutes = sqlx::query("delete from alert_mutes where alert = $1 and kind = $2 and about = $3");
        let mutes = mutes.bind(alert).bind(kind).bind(about).execute(self.store.writer()).await;
        mutes.context("cannot let an alert be told again").map(drop)
    }

    pub(super) async fn forget_alerts(&self, now: Timestamp) -> Result<()> {
        let before = (now - KEPT).as_millisecond();
        sqlx::query("delete from alerts where kind <> 'ticket' and ended_at < $1")
            .bind(before)
            .execute(self.store.writer())
            .await
            .context("cannot forget what alerts told")?;
        sqlx::query("delete from alert_mutes where until < $1")
            .bind(now.as_millisecond())
            .execute(self.store.writer())
            .await
            .context("cannot forget which alerts were muted")?;
        Ok(())
    }
}
