//! What happened to articles in a week.

use anyhow::Result;
use jiff::Timestamp;

use super::{Ground, MOST};
use crate::content::Page;
use crate::feedback::{self, Tally};
use crate::mail::Figure;
use crate::searches;
use crate::tickets::AskedAfter;

/// Of the whole site.
pub struct Week {
    votes: Vec<Tally>,
    /// Articles that were read before a request was sent all the same, as `/admin/articles` counts them.
    asked: Vec<AskedAfter>,
    pub unanswered: Vec<Figure>,
}

/// `first`: the day it begins with, since 1970-01-01 UTC.
pub async fn of_week(ground: &Ground<'_>, first: i64, since: Timestamp) -> Result<Week> {
    let unanswered = searches::unanswered(ground.store, first, u32::try_from(MOST)?).await?;
    let figure = |(text, count)| Figure { text, link: None, count, against: 0 };
    Ok(Week {
        votes: feedback::tallies(ground.store, first).await?,
        asked: ground.tickets.asked_after(since).await?,
        unanswered: unanswered.into_iter().map(figure).collect(),
    })
}

/// Those of these pages, those first that helped least.
pub fn of_votes(week: &Week, pages: &[&Page], link: impl Fn(&Page) -> String) -> Vec<Figure> {
    let figure = |page: &&Page| {
        let tally = week.votes.iter().find(|tally| tally.article == page.id)?;
        let (text, link) = (page.title.clone(), Some(link(page)));
        Some(Figure { text, link, count: tally.helpful, against: tally.unhelpful })
    };
    let mut figures: Vec<_> = pages.iter().filter_map(figure).collect();
    figures.sort_by_key(|figure| (-figure.against, -figure.count));
    figures.truncate(MOST);
    figures
}

/// Those of these pages, most often first.
pub fn of_asked(week: &Week, pages: &[&Page], link: impl Fn(&Page) -> String) -> Vec<Figure> {
    let figure = |AskedAfter { article, tickets, .. }: &AskedAfter| {
        let page = pages.iter().find(|page| page.id == *article)?;
        Some(Figure { text: page.title.clone(), link: Some(link(page)), count: *tickets, against: 0 })
    };
    week.asked.iter().filter_map(figure).take(MOST).collect()
}
