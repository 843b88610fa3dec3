//! What operators want to know of tickets: what becomes of them, what proposals spare, which articles answer. Each is a
//! view of the database, so that other programs read the same.

mod asked;
mod by;

use anyhow::{Context, Result};

use super::Tickets;

pub use asked::{About, AskedAfter, Instead, Unanswered};
pub use by::{By, Figures, Times};

/// Drafts that each group needs before a difference is worth a look.
pub const FEWEST: i64 = 30;
/// Rows of a list.
const MOST: i64 = 50;
/// Of the standard normal distribution, for an interval of 95 %.
const Z: f64 = 1.959_964;

/// How readers fared, with and without proposals: drafts, and those that became no ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effect {
    pub shown: i64,
    pub shown_without_ticket: i64,
    pub held_out: i64,
    pub held_out_without_ticket: i64,
}

/// A share, or how much larger one is than another, and between which values it lies with a confidence of 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// From 0 to 1; of a difference from -1.
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// An article that was proposed and opened.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Closing {
    /// Id of the article.
    pub article: String,
    /// Drafts whose reader opened it.
    pub opened: i64,
    /// Readers who said that it answered.
    pub answered: i64,
    /// After a day, no ticket.
    pub deflected: i64,
}

/// An article that agents gave.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Given {
    /// Id of the article.
    pub article: String,
    pub tickets: i64,
    /// Milliseconds since 1970-01-01 UTC.
    pub last_at: i64,
}

/// Tickets about one thing, of one group.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RoutingFigures {
    /// Both are empty where nothing was decided.
    pub class: String,
    pub group: String,
    pub tickets: i64,
    /// New, open or pending.
    pub open: i64,
    pub answered: i64,
    /// First answers that came later than promised.
    pub late: i64,
    /// Milliseconds within which half of them had their first answer.
    pub half_within: Option<i64>,
}

impl Effect {
    /// How much larger the share without a ticket is among those who were shown answers. By Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10), which holds for small counts
    /// too. None where a group is empty.
    pub fn difference(&self) -> Option<Estimate> {
        let shown = wilson(self.shown_without_ticket, self.shown)?;
        let held = wilson(self.held_out_without_ticket, self.held_out)?;
        let share = shown.share - held.share;
        let low = share - (shown.share - shown.low).hypot(held.high - held.share);
        let high = share + (shown.high - shown.share).hypot(held.share - held.low);
        Some(Estimate { share, low, high })
    }

    /// Is there too little to judge by?
    pub fn is_too_small(&self) -> bool {
        self.shown.min(self.held_out) < FEWEST
    }
}

/// The share of `part`, by Wilson's score interval (Journal of the American Statistical Association 22, 1927). None of
/// none.
pub fn wilson(part: i64, of: i64) -> Option<Estimate> {
    let (count, square) = (of as f64, Z * Z);
    let share = (of > 0).then(|| part as f64 / count)?;
    let middle = (share + square / (2.0 * count)) / (1.0 + square / count);
    let half = Z / (1.0 + square / count) * (share * (1.0 - share) / count + square / (4.0 * count * count)).sqrt();
    Some(Estimate { share, low: middle - half, high: middle + half })
}

impl Tickets {
    /// What proposals did, of all drafts that are settled.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn effect(&self) -> Result<Effect> {
        let rows: Vec<(bool, i64, i64)> =
            sqlx::query_as("select held_out, drafts, without_ticket from proposal_effect")
                .fetch_all(self.store.readers())
                .await
                .context("cannot read what proposals did")?;
        let of = |held_out| rows.iter().find(|row| row.0 == held_out).map_or((0, 0), |row| (row.1, row.2));
        let ((shown, shown_without_ticket), (held_out, held_out_without_ticket)) = (of(false), of(true));
        Ok(Effect { shown, shown_without_ticket, held_out, held_out_without_ticket })
    }

    /// Articles that were opened from a form, those first that closed it most often.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn closing(&self) -> Result<Vec<Closing>> {
        let rows = sqlx::query_as(
            "select article, opened, answered, deflected from proposal_articles
             order by answered desc, deflected desc, opened desc, article limit $1",
        );
        rows.bind(MOST).fetch_all(self.store.readers()).await.context("cannot read which articles closed the form")
    }

    /// Articles that agents gave, those given in most tickets first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn given(&self) -> Result<Vec<Given>> {
        let rows =
            sqlx::query_as("select * from article_answers order by tickets desc, last_at desc, article limit $1");
        rows.bind(MOST).fetch_all(self.store.readers()).await.context("cannot read which articles were given")
    }

    /// By class and group, those with most tickets first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn by_class_and_group(&self) -> Result<Vec<RoutingFigures>> {
        let rows = sqlx::query_as("select * from routing_figures order by tickets desc, class, \"group\" limit $1");
        rows.bind(MOST).fetch_all(self.store.readers()).await.context("cannot read how tickets are routed")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The published examples of Newcombe's paper, table II, method 10.
    #[test]
    fn the_interval_is_newcombes() {
        let check = |(a, m): (i64, i64), (b, n): (i64, i64), low: f64, high: f64| {
            let effect = Effect { shown: m, shown_without_ticket: a, held_out: n, held_out_without_ticket: b };
            let found = effect.difference().unwrap();
            assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{found:?}");
        };
        check((56, 70), (48, 80), 0.0524, 0.3339);
        check((9, 10), (3, 10), 0.1705, 0.8090);
        check((6, 7), (2, 7), 0.0582, 0.8062);
        check((5, 56), (0, 29), -0.0381, 0.1926);
        check((0, 10), (0, 10), -0.2775, 0.2775);
    }

    #[test]
    fn what_is_empty_has_no_difference_and_what_is_small_says_so() {
        let check = |shown: i64, held_out: i64, has: bool, is_small: bool| {
            let effect = Effect { shown, held_out, ..Effect::default() };
            assert_eq!((effect.difference().is_some(), effect.is_too_small()), (has, is_small), "{effect:?}");
        };
        check(0, 0, false, true);
        check(500, 0, false, true);
        check(500, 29, true, true);
        check(30, 30, true, false);
    }
}
