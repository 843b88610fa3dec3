//! The community's forum elsewhere: what it has on a search. Nobody waits long for it, and where it does not answer
//! there is still the link to it.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use tracing::{debug, warn};

use super::Settings;
use crate::delivery::breaker::{Breaker, State};
use crate::delivery::{self, LONGEST_WISH};
use crate::integrations::Failure;
use crate::integrations::discourse::{Discourse, Topic};
use crate::integrations::http::{Caller, client};
use crate::mask;

/// So many searches within so long. A forum takes two in a second and 15 in a minute from one address, which is ours for
/// all readers; they may arrive closer together than they were sent.
const QUOTA: [(usize, SignedDuration); 2] = [(2, SignedDuration::from_secs(2)), (15, SignedDuration::from_secs(62))];
/// What the quota lets through never waits for this.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(2).expect("two is not zero");
/// How long a forum that was asked too often is left alone where it does not say: its quota is of a minute.
const PATIENCE: Duration = Duration::from_secs(60);
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
    /// When it was asked last, as far back as the quota looks.
    asked: Mutex<VecDeque<Timestamp>>,
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
            asked: Mutex::default(),
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
        if self.breaker().1.until > now.as_millisecond() || !self.has_turn(now) {
            return Topics::default();
        }
        let started = Instant::now();
        let found = self.ask(&query, now).await;
        let ended = now + started.elapsed();
        self.judge(&found, now, ended);
        match found {
            Ok(topics) => self.learn(query, topics.into(), ended),
            // As one too short for the forum: it will be refused again.
            Err(Failure::Reject { lasting: false, .. }) => self.learn(query, Topics::default(), ended),
            Err(_) => Topics::default(),
        }
    }

    /// May it be asked once more? A reader waits for no turn: the next search may have one.
    fn has_turn(&self, now: Timestamp) -> bool {
        let mut asked = self.asked.lock().expect("nothing panics while it is held");
        let [.., (_, longest)] = QUOTA;
        asked.retain(|at| *at > now - longest);
        let count = |within: SignedDuration| asked.iter().rev().take_while(|at| **at > now - within).count();
        let is_free = QUOTA.iter().all(|(most, within)| count(*within) < *most);
        if is_free {
            asked.push_back(now);
        }
        is_free
    }

    async fn ask(&self, query: &str, now: Timestamp) -> Result<Vec<Topic>, Failure> {
        let request = self.discourse.search(query);
        let answer = self.caller.call(&request, self.timeout).await?;
        self.discourse.topics(answer, &request, now)
    }

    fn known(&self, query: &str, now: Timestamp) -> Option<Topics> {
        let answers = self.answers.lock().expect("nothing panics while it is held");
        answers.get(query).filter(|(until, _)| *until > now).map(|(_, topics)| topics.clone())
    }

    fn learn(&self, query: String, topics: Topics, now: Timestamp) -> Topics {
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

    /// What the attempt that began at `begun` means for the forum, as for any vendor that is asked.
    fn judge(&self, found: &Result<Vec<Topic>, Failure>, begun: Timestamp, now: Timestamp) {
        let mut breaker = self.breaker();
        let before = breaker.1;
        // It is left alone since: what was on its way says nothing new.
        if before.until > begun.as_millisecond() {
            return;
        }
        let later = |wait: Duration| {
            let wait = u64::try_from(wait.min(LONGEST_WISH).as_millis()).unwrap_or(u64::MAX);
            now.as_millisecond().saturating_add_unsigned(wait)
        };
        let state = match found {
            // Whoever refuses is well.
            Ok(_) | Err(Failure::Reject { lasting: false, .. }) => breaker.0.succeeded(now),
            Err(Failure::Retry { throttled: true, after, .. }) => {
                State { until: later(after.unwrap_or(PATIENCE)), ..before }
            }
            Err(Failure::Retry { after: Some(wait), .. }) => {
                let state = breaker.0.failed(before, &self.patience, now);
                State { until: state.until.max(later(*wait)), ..state }
            }
            Err(Failure::Retry { .. } | Failure::Reject { .. }) => breaker.0.failed(before, &self.patience, now),
        };
        breaker.1 = state;
        match found {
            Err(failure) if state.until > before.until => {
                warn!("the community's forum is left alone for a while: {failure}");
            }
            Err(failure) => debug!("the community's forum could not be searched: {failure}"),
            Ok(_) => {}
        }
    }

    fn breaker(&self) -> MutexGuard<'_, (Breaker, State)> {
        self.breaker.lock().expect("nothing panics while it is held")
    }
}
