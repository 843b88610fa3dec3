//! Tickets counted by who had them, how they came, what they were: how soon they were answered and solved, and how good
//! the help was. Read from views that hold a row a ticket, so that other programs may count over any time.

use anyhow::{Context, Result};
use jiff::Timestamp;

use crate::tickets::Tickets;

/// What tickets are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Empty for tickets that are in the portal alone. One that is at two desks counts at both.
    Desk,
    /// Id of the agent who has it; empty for nobody.
    Agent,
    Channel,
    Form,
}

/// Tickets that have the same name by what they are counted by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub name: String,
    pub tickets: i64,
    pub answered: i64,
    pub solved: i64,
    /// Opened again after they were solved, once at least.
    pub reopened: i64,
    pub rated: i64,
    /// Of those that were rated.
    pub good: i64,
    /// From their opening to the first answer, and until they were solved.
    pub answer: Times,
    pub solve: Times,
}

/// Milliseconds within which half of them were done, and nine in ten; nothing where none was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    pub half: Option<i64>,
    pub most: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    tickets: i64,
    solved: i64,
    reopened: i64,
    rated: i64,
    good: i64,
    #[sqlx(json)]
    answers: Vec<i64>,
    #[sqlx(json)]
    solvings: Vec<i64>,
}

impl By {
    /// View and column.
    fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Desk => ("desk_outcomes", "desk"),
            Self::Agent => ("ticket_outcomes", "agent"),
            Self::Channel => ("ticket_outcomes", "channel"),
            Self::Form => ("ticket_outcomes", "form"),
        }
    }
}

impl Times {
    fn of(mut times: Vec<i64>) -> Self {
        times.sort_unstable();
        let (count, at) = (times.len(), |place: usize| times.get(place).copied());
        let middle = at(count.saturating_sub(1) / 2).zip(at(count / 2));
        Self {
            half: middle.map(|(one, other)| (one + other) / 2),
            most: at((count * 9).div_ceil(10).saturating_sub(1)),
        }
    }
}

impl From<Row> for Figures {
    fn from(row: Row) -> Self {
        let Row { name, tickets, solved, reopened, rated, good, answers, solvings } = row;
        let answered = i64::try_from(answers.len()).unwrap_or(i64::MAX);
        let (answer, solve) = (Times::of(answers), Times::of(solvings));
        Self { name, tickets, answered, solved, reopened, rated, good, answer, solve }
    }
}

impl Tickets {
    /// Tickets opened since then, those names first that have most of them.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub async fn figures(&self, by: By, since: Timestamp) -> Result<Vec<Figures>> {
        let (view, column) = by.source();
        // Times as lists: to put them in order here is several times as fast as to rank them there.
        let sql = format!(
            "select {column} as name, count(*) as tickets, sum(solved) as solved, sum(reopened) as reopened,
                 count(rating) as rated, coalesce(sum(rating = 'good'), 0) as good,
                 json_group_array(answered_after) filter (where answered_after is not null) as answers,
                 json_group_array(solved_after) filter (where solved_after is not null) as solvings
             from {view} where opened_at >= $1 group by {column} order by tickets desc, name limit $2",
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(since.as_millisecond())
            .bind(super::MOST)
            .fetch_all(self.store.readers())
            .await
            .with_context(|| format!("cannot count tickets by {column}"))?;
        Ok(rows.into_iter().map(Figures::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_nine_in_ten_of_them() {
        let check = |times: &[i64], half: Option<i64>, most: Option<i64>| {
            assert_eq!(Times::of(times.to_vec()), Times { half, most }, "{times:?}");
        };
        check(&[], None, None);
        check(&[7], Some(7), Some(7));
        check(&[30, 10], Some(20), Some(30));
        check(&[3, 1, 2], Some(2), Some(3));
        check(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], Some(5), Some(9));
        check(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], Some(6), Some(10));
    }
}
