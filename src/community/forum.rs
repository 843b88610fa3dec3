//! The community's forum elsewhere: what it has on a search. Nobody waits long for it, and where it does not answer
//! there is still the link to it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;
use tracing::{debug, warn};

use super::Settings;
use crate::delivery;
use crate::delivery::breaker::{Breaker, State};
use crate::integrations::Failure;
use crate::integrations::discourse::{Discourse, Topic};
use crate::integrations::http::{Caller, client};
use crate::mask;

/// A forum takes fifty requests in ten seconds from one address.
const PER_SECOND: std::num::NonZeroU32 = std::num::NonZeroU32::new(4).expect("four is not zero");
/// How long an answer is good for.
const GOOD: SignedDuration = SignedDuration::from_mins(5);
/// Answers that are remembered.
const MOST: usize = 500;
/// Characters of a query that are asked for.
const LONGEST: usize = 200;

type Topics = Arc<[Topic]>;

pub struct Forum {
    discourse: Discourse,
    caller: Caller,
    timeout: Duration,
    /// When the breaker opens, and for how long.
    patience: delivery::Settings,
    breaker: Mutex<(Breaker, State)>,
    /// By query: until when it is good, and what was found.
    answers: Mutex<HashMap<String, (Timestamp, Topics)>>,
}

impl Forum {
    /// Nothing where the settings name none.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub fn of(settings: &Settings, patience: &delivery::Settings) -> Result<Option<Self>> {
        let forum = |discourse| Self {
            discourse,
            caller: Caller::new(client(), PER_SECOND),
            timeout: Duration::from_millis(settings.discourse_timeout_ms),
            patience: patience.clone(),
            breaker: Mutex::default(),
            answers: Mutex::default(),
        };
        Ok(settings.forum()?.map(forum))
    }

    /// For people.
    pub fn home(&self) -> &str {
        self.discourse.home()
    }

    /// For people; the query goes behind `?q=`.
    pub fn search_page(&self) -> String {
        self.discourse.search_page()
    }

    /// What it has on `query`, best first; nothing where it is not asked or does not answer in time. It is not asked for
    /// what looks personal.
    pub async fn search(&self, query: &str, now: Timestamp) -> Topics {
        let query: String = query.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if query.is_empty() || query.chars().count() > LONGEST || mask::masked(&query).is_some() {
            return Topics::default();
        }
        if let Some(known) = self.known(&query, now) {
            return known;
        }
        if self.breaker().1.until > now.as_millisecond() {
            return Topics::default();
        }
        match self.ask(&query, now).await {
            Ok(topics) => self.learn(query, topics.into(), now),
            Err(failure) => {
                self.failed(&failure, now);
                Topics::default()
            }
        }
    }

    async fn ask(&self, query: &str, now: Timestamp) -> Result<Vec<Topic>, Failure> {
        let request = self.discourse.search(query);
        // The wait for its turn counts as well: a reader waits for both.
        let answer = timeout(self.timeout, self.caller.call(&request, self.timeout)).await;
        let answer = answer.map_err(|_| Failure::in_doubt(format!("did not answer within {:?}", self.timeout)))??;
        self.discourse.topics(answer, &request, now)
    }

    fn known(&self, query: &str, now: Timestamp) -> Option<Topics> {
        let answers = self.answers.lock().expect("nothing panics while it is held");
        answers.get(query).filter(|(until, _)| *until > now).map(|(_, topics)| topics.clone())
    }

    fn learn(&self, query: String, topics: Topics, now: Timestamp) -> Topics {
        let mut breaker = self.breaker();
        breaker.1 = breaker.0.succeeded(now);
        drop(breaker);
        let mut answers = self.answers.lock().expect("nothing panics while it is held");
        if answers.len() >= MOST {
            answers.retain(|_, (until, _)| *until > now);
        }
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(query, (now + GOOD, topics.clone()));
        topics
    }

    fn failed(&self, failure: &Failure, now: Timestamp) {
        let mut breaker = self.breaker();
        let before = breaker.1;
        let mut after = breaker.0.failed(before, &self.patience, now);
        // It says itself how long it wants to be left alone.
        if let Failure::Retry { after: Some(wait), .. } = failure {
            let until =
                now.as_millisecond().saturating_add_unsigned(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
            after.until = after.until.max(until);
        }
        breaker.1 = after;
        match after.until > before.until {
            true => warn!("the community's forum is left alone for a while: {failure}"),
            false => debug!("the community's forum could not be searched: {failure}"),
        }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, (Breaker, State)> {
        self.breaker.lock().expect("nothing panics while it is held")
    }
}
