//! What happens while the program is dead: time passes, for desks and for what waits, and an operator sends again what
//! desks refused.

use anyhow::Result;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use signpost::delivery::{dead, operate};
use signpost::store::{self, Store};

use crate::desks::{Desks, NAMES};
use crate::program::Place;

/// Minutes that pass. Zendesk remembers a key for two hours, and the program relies upon it for one.
const MINUTES: [i64; 4] = [1, 59, 61, 180];
/// More dead letters than there are.
const MANY: u32 = 10_000;

/// What was found of each desk, in the order of [`NAMES`].
#[derive(Debug, Default)]
pub struct Found {
    /// Deeds that may have been done: a request was under way, or its answer said nothing.
    pub in_doubt: [usize; 2],
    /// Dead letters that were sent again.
    pub sent_again: [usize; 2],
}

impl Found {
    /// `start`: of the life that ended.
    pub async fn pass_time(&mut self, place: &Place, desks: &Desks, start: Timestamp, rng: &mut Rng) -> Result<()> {
        let time = SignedDuration::from_mins(MINUTES[rng.usize(..MINUTES.len())]);
        let store = store::open(&place.data()).await?;
        for (number, desk) in NAMES.into_iter().enumerate() {
            self.in_doubt[number] += in_doubt(&store, desk, start).await?;
            age(&store, desk, time).await?;
            self.sent_again[number] += send_again(&store, desk).await?;
        }
        store.close().await;
        desks.pass(time);
        Ok(())
    }
}

/// Those that were in doubt before `since` are known already.
async fn in_doubt(store: &Store, desk: &str, since: Timestamp) -> Result<usize> {
    let count: i64 =
        sqlx::query_scalar("select count(*) from outbox where channel = $1 and state <> 'done' and sent_at >= $2")
            .bind(desk)
            .bind(since.as_millisecond())
            .fetch_one(store.readers())
            .await?;
    Ok(count.try_into()?)
}

/// The clock of the program is the machine's: instead of it, all that it wrote down goes back.
async fn age(store: &Store, desk: &str, time: SignedDuration) -> Result<()> {
    for sql in [
        "update outbox set created_at = created_at - $2, due_at = due_at - $2, leased_until = leased_until - $2,
             sent_at = sent_at - $2, last_sent_at = last_sent_at - $2,
             done_at = done_at - $2 where channel = $1",
        "update sinks set held_until = held_until - $2, opened_until = opened_until - $2 where name = $1",
    ] {
        sqlx::query(sql).bind(desk).bind(i64::try_from(time.as_millis())?).execute(store.writer()).await?;
    }
    Ok(())
}

/// Also frees a desk that is stopped for a wrong secret.
async fn send_again(store: &Store, desk: &str) -> Result<usize> {
    let letters = dead::list(store, Some(desk), MANY).await?;
    for letter in &letters {
        operate::retry(store, &letter.id, Timestamp::now()).await?;
    }
    operate::retry(store, desk, Timestamp::now()).await?;
    Ok(letters.len())
}
