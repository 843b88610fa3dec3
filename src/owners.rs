//! Those who answer for articles: each Monday they hear what readers did with theirs, and when one is to be read again.
//! They are whom `owner` of the front matter names, as far as `[mail.owners]` knows an address.

mod figures;
mod letters;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use crate::config::Config;
use crate::content::{Page, View};
use crate::edition::Edition;
use crate::identity;
use crate::mail::owners::Settings;
use crate::mail::{self, Digest, Due, Letter, Reader};
use crate::site::Address;
use crate::store::{Store, day};
use crate::tickets::Tickets;

pub use letters::{leave, of_secret};

/// Days that a digest tells of.
const DAYS: i64 = 7;
/// Articles and searches of one list of a digest.
const MOST: usize = 10;

/// What letters are made of and go by.
pub struct Ground<'a> {
    pub config: &'a Config,
    pub store: &'a Store,
    pub tickets: &'a Tickets,
    pub edition: &'a Edition,
    pub address: &'a Address,
    /// Name of the site.
    pub site: &'a str,
}

/// Writes what is due, each letter once.
///
/// # Errors
/// A database that cannot be used.
pub async fn write(ground: &Ground<'_>, now: Timestamp) -> Result<()> {
    let settings = &ground.config.mail.owners;
    let today = now.to_zoned(TimeZone::UTC).date();
    let viewer = identity::anonymous();
    let owned = owned(settings, ground.edition.snapshot.view(&viewer));
    if settings.digest && !owned.is_empty() {
        digests(ground, &owned, today, now).await?;
    }
    if settings.review {
        for (owner, pages) in &owned {
            review(ground, owner, pages, today, now).await?;
        }
    }
    Ok(())
}

/// Public articles by the addresses of their owners.
fn owned<'p>(settings: &Settings, view: View<'p>) -> BTreeMap<String, Vec<&'p Page>> {
    let mut owned = BTreeMap::<_, Vec<_>>::new();
    for page in view.pages() {
        if let Some(address) = page.owner.as_deref().and_then(|owner| settings.address(owner)) {
            owned.entry(address).or_default().push(page);
        }
    }
    owned
}

async fn digests(ground: &Ground<'_>, owned: &BTreeMap<String, Vec<&Page>>, today: Date, now: Timestamp) -> Result<()> {
    let week = today.iso_week_date();
    let about = format!("{}-W{:02}", week.year(), week.week());
    let since = now - SignedDuration::from_hours(24 * DAYS);
    let link_of = |page: &Page| ground.address.absolute(&page.path);
    let week = figures::of_week(ground, day(since), since).await?;
    for (owner, pages) in owned {
        let (votes, asked) = (figures::of_votes(&week, pages, link_of), figures::of_asked(&week, pages, link_of));
        // What nobody found is nobody's own: alone it is no news for an owner.
        if votes.is_empty() && asked.is_empty() {
            continue;
        }
        let mut transaction = ground.store.writer().begin().await.context("cannot begin to write a digest")?;
        let owner = letters::owner(&mut transaction, owner).await?;
        if owner.left || !letters::is_first(&mut transaction, &owner.address, "digest", &about, now).await? {
            continue;
        }
        let link = ground.address.absolute("/admin");
        let leave = ground.address.absolute(&format!("/privacy/letters/{}", owner.secret));
        let unanswered = &week.unanswered;
        let digest = Digest { votes: &votes, asked: &asked, unanswered, link: &link, leave: &leave };
        send(ground, &mut transaction, &owner.address, &Letter::Digest(digest), now).await?;
        transaction.commit().await.context("cannot write a digest")?;
    }
    ground.tickets.delivery().wake();
    Ok(())
}

async fn review(ground: &Ground<'_>, owner: &str, pages: &[&Page], today: Date, now: Timestamp) -> Result<()> {
    let due = pages.iter().filter_map(|page| Some((page, page.review_by.filter(|by| *by <= today)?)));
    let due: Vec<_> = due.collect();
    if due.is_empty() {
        return Ok(());
    }
    let mut transaction = ground.store.writer().begin().await.context("cannot begin to write of a review")?;
    letters::owner(&mut transaction, owner).await?;
    let mut articles = Vec::new();
    for (page, by) in due {
        if letters::is_first(&mut transaction, owner, "review", &format!("{} {by}", page.id), now).await? {
            articles.push(Due { title: page.title.clone(), link: ground.address.absolute(&page.path), by });
        }
    }
    if !articles.is_empty() {
        send(ground, &mut transaction, owner, &Letter::ReviewDue { articles: &articles }, now).await?;
    }
    transaction.commit().await.context("cannot write of a review")?;
    ground.tickets.delivery().wake();
    Ok(())
}

async fn send(
    ground: &Ground<'_>,
    transaction: &mut SqliteConnection,
    address: &str,
    letter: &Letter<'_>,
    now: Timestamp,
) -> Result<()> {
    let mail = mail::written(letter, ground.site, Reader { address, locale: &ground.config.content.default_locale });
    let promised = ground.tickets.delivery().promise_all(transaction, mail::CHANNEL, mail.deed(), now).await;
    promised.context("cannot promise a mail").map(drop)
}
