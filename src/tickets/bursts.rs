//! Many tickets with something in common: looked for now and then, so that nobody who asks waits for it. Each burst is
//! told once, until there are fewer tickets again.

use std::collections::HashSet;

use anyhow::{Context, Result};
use jiff::Timestamp;
use sqlx::types::Json;
use tracing::info;

use super::Tickets;
use super::alerts::Told;
use super::facts;
use super::notices::Notice;
use crate::routing::{Alert, Burst, GENERAL, Shared};

/// Numbers that are kept of a burst.
const MOST: usize = 20;

/// What some tickets have in common.
#[derive(Debug, PartialEq)]
struct Sign {
    shared: Shared,
    about: String,
    /// Ids.
    tickets: Vec<String>,
}

/// A burst that was told and is not over, or that is muted.
#[derive(Debug, sqlx::FromRow)]
struct Known {
    /// None of what is muted.
    id: Option<String>,
    alert: String,
    kind: String,
    about: String,
}

impl Known {
    fn is(&self, alert: &Alert, sign: &Sign) -> bool {
        self.alert == alert.name.as_str() && self.kind == sign.shared.name() && self.about == sign.about
    }
}

impl Tickets {
    pub(super) async fn look_for_bursts(&self, now: Timestamp) -> Result<()> {
        let known = self.known_bursts(now).await?;
        let mut found = Vec::new();
        for (alert, burst) in self.rules().alerts.iter().filter_map(|alert| Some((alert, alert.burst()?))) {
            let mut signs = Vec::new();
            for shared in &burst.of {
                signs.extend(self.signs(*shared, now - burst.within, now, burst.tickets).await?);
            }
            found.push((alert, burst, signs));
        }
        let goes_on =
            |known: &Known| found.iter().any(|(alert, _, signs)| signs.iter().any(|sign| known.is(alert, sign)));
        let ended: Vec<_> =
            known.iter().filter(|known| !goes_on(known)).filter_map(|known| known.id.as_deref()).collect();
        // Before others are told: what ends now was told all the same.
        self.end_bursts(&ended, now).await?;
        for (alert, burst, signs) in &found {
            let is_known = |sign: &Sign| known.iter().any(|known| known.is(alert, sign));
            let before = self.told_before(alert, burst, now).await?;
            for sign in news(signs, is_known, &before, burst.tickets) {
                self.tell_of_burst(alert, burst, sign, now).await?;
            }
        }
        Ok(())
    }

    async fn known_bursts(&self, now: Timestamp) -> Result<Vec<Known>> {
        let known = sqlx::query_as(
            "select id, alert, kind, about from alerts where ended_at is null and kind <> 'ticket'
             union all select null, alert, kind, about from alert_mutes where until is null or until > $1",
        );
        let known = known.bind(now.as_millisecond()).fetch_all(self.store.readers()).await;
        known.context("cannot read which alerts were told")
    }

    /// Ids of the latest tickets of bursts that were told by this alert and ended meanwhile.
    async fn told_before(&self, alert: &Alert, burst: &Burst, now: Timestamp) -> Result<HashSet<String>> {
        let since = now - burst.within;
        let over: Vec<(String, String, i64)> = sqlx::query_as(
            "select kind, about, ended_at from alerts where ended_at > $1 and kind <> 'ticket' and alert = $2",
        )
        .bind(since.as_millisecond())
        .bind(alert.name.as_str())
        .fetch_all(self.store.readers())
        .await
        .context("cannot read which alerts were told")?;
        let mut told = HashSet::new();
        for (kind, about, ended_at) in over {
            let Some(shared) = Shared::ALL.iter().find(|shared| shared.name() == kind) else { continue };
            let signs = self.signs(*shared, since, facts::time(ended_at), 1).await?;
            told.extend(signs.into_iter().filter(|sign| sign.about == about).flat_map(|sign| sign.tickets));
        }
        Ok(told)
    }

    /// What at least so many tickets of a time have in common. Those that go on in another one, and spam, do not count.
    async fn signs(&self, shared: Shared, since: Timestamp, until: Timestamp, least: usize) -> Result<Vec<Sign>> {
        let rows: Vec<(String, Json<Vec<String>>)> = sqlx::query_as(sql(shared))
            .bind(since.as_millisecond())
            .bind(until.as_millisecond())
            .bind(i64::try_from(least)?)
            .fetch_all(self.store.readers())
            .await
            .context("cannot read what tickets have in common")?;
        // That nothing is known of them is nothing in common.
        let rows = rows.into_iter().filter(|(about, _)| shared != Shared::Class || about != GENERAL);
        Ok(rows.map(|(about, Json(tickets))| Sign { shared, about, tickets }).collect())
    }

    async fn tell_of_burst(&self, alert: &Alert, burst: &Burst, sign: &Sign, now: Timestamp) -> Result<()> {
        let (name, notify) = (alert.name.as_str(), alert.told(self.rules(), now));
        // It is told when there is somebody.
        if notify.is_empty() {
            return Ok(());
        }
        let mut transaction = self.store.writer().begin().await.context("cannot begin to tell of many tickets")?;
        let tickets: Vec<i64> = sqlx::query_scalar(
            "select number from tickets where id in (select value from json_each($1)) order by number desc",
        )
        .bind(Json(&sign.tickets))
        .fetch_all(&mut *transaction)
        .await
        .context("cannot read the numbers of tickets")?;
        let latest = &tickets[..tickets.len().min(MOST)];
        let told = Told { alert: name, kind: sign.shared.name(), about: &sign.about, notify: &notify, tickets: latest };
        let Some(id) = told.insert(&mut transaction, now).await? else { return Ok(()) };
        let (shared, about, within) = (sign.shared, sign.about.as_str(), burst.within);
        let notice = Notice::Burst { id: &id, alert: name, shared, about, within, tickets: &tickets };
        self.notify(&mut transaction, &notify, &notice, now).await?;
        transaction.commit().await.context("cannot write that many tickets were told of")?;
        info!(alert = name, of = shared.name(), tickets = tickets.len(), "many tickets have something in common");
        self.delivery.wake();
        Ok(())
    }

    /// From now on they are news again.
    async fn end_bursts(&self, ended: &[&str], now: Timestamp) -> Result<()> {
        if ended.is_empty() {
            return Ok(());
        }
        sqlx::query("update alerts set ended_at = $2 where id in (select value from json_each($1))")
            .bind(Json(ended))
            .bind(now.as_millisecond())
            .execute(self.store.writer())
            .await
            .context("cannot write that a burst is over")?;
        Ok(())
    }
}

/// Signs to tell of: so many of their tickets are in none that is known, in none before them, and were not told of
/// `before`. So one cause is told once, by what says most of it.
fn news<'s>(
    signs: &'s [Sign],
    is_known: impl Fn(&Sign) -> bool,
    before: &'s HashSet<String>,
    least: usize,
) -> Vec<&'s Sign> {
    let (known, unknown): (Vec<_>, Vec<_>) = signs.iter().partition(|sign| is_known(sign));
    let mut told: HashSet<&String> = known.iter().flat_map(|sign| &sign.tickets).chain(before).collect();
    let mut news = Vec::new();
    for sign in unknown {
        if sign.tickets.iter().filter(|ticket| !told.contains(ticket)).count() >= least {
            told.extend(&sign.tickets);
            news.push(sign);
        }
    }
    news
}

/// Joined in this order, so that the tickets of a time are found first.
macro_rules! signs {
    ($about:literal, $joined:literal) => {
        concat!(
            "select ",
            $about,
            " as sign, json_group_array(tickets.id) from tickets ",
            $joined,
            " where tickets.merged_into is null and tickets.held = 0 and tickets.opened_at > $1
                 and tickets.opened_at <= $2 and sign is not null
             group by sign having count(*) >= $3 order by count(*) desc, sign"
        )
    };
}

fn sql(shared: Shared) -> &'static str {
    match shared {
        Shared::Article => {
            signs!("ticket_articles.article", "cross join ticket_articles on ticket_articles.ticket = tickets.id")
        }
        Shared::Query => {
            signs!("ticket_searches.query", "cross join ticket_searches on ticket_searches.ticket = tickets.id")
        }
        Shared::Topic => signs!("topics.value", "cross join json_each(tickets.topics) as topics"),
        Shared::Class => signs!("tickets.class", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `article:refunds 1 2 3`
    fn sign(text: &str) -> Sign {
        let mut words = text.split(' ').map(str::to_owned);
        let (kind, about) = text.split([':', ' ']).next().zip(words.next()).unwrap_or_default();
        let shared = Shared::ALL.iter().find(|shared| shared.name() == kind);
        Sign { shared: *shared.expect("a test names what there is"), about, tickets: words.collect() }
    }

    #[test]
    fn one_cause_is_told_once() {
        let before = HashSet::from(["7".to_owned(), "8".to_owned()]);
        let check = |signs: &[&str], known: &[&str], expect: &[&str]| {
            let signs: Vec<_> = signs.iter().map(|text| sign(text)).collect();
            let told = news(&signs, |sign| known.contains(&sign.about.as_str()), &before, 3);
            assert_eq!(told.iter().map(|sign| sign.about.as_str()).collect::<Vec<_>>(), expect);
        };
        check(&[], &[], &[]);
        check(&["article:a 1 2 3"], &[], &["article:a"]);
        check(&["article:a 1 2 3"], &["article:a"], &[]);
        check(&["article:a 1 2 3", "query:q 1 2 3 4", "topic:t 1 2 3 4 5"], &[], &["article:a"]);
        check(&["article:a 1 2 3", "topic:t 1 2 3 4 5 6"], &[], &["article:a", "topic:t"]);
        check(&["article:a 1 2 3", "article:b 4 5 6"], &[], &["article:a", "article:b"]);
        check(&["article:a 1 2 3", "query:q 1 2 3"], &["query:q"], &[]);
        check(&["article:a 1 2 7 8"], &[], &[]);
        check(&["article:a 1 2 3 7"], &[], &["article:a"]);
    }
}
