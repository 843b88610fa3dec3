//! Readers that tell, vote and ask over several connections, and remember what was answered.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use fastrand::Rng;
use jiff::Timestamp;
use reqwest::header::LOCATION;
use reqwest::{Client, RequestBuilder, StatusCode};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::asking::{Ask, TICKET};
use crate::judge::{Unanswered, VOTE};
use crate::telling::Told;
use crate::tickets::Asked;

/// Connections over which is told and voted,
const READERS: usize = 6;
/// and such over which is asked.
const ASKERS: usize = 3;
/// Events of a batch.
const EVENTS: usize = 15;
/// Batches to one vote.
const BATCHES: u32 = 3;

/// How long an answer, and those a round needs, may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// All of them, while the program runs and while it does not.
pub struct Readers {
    shared: Arc<Shared>,
    /// Each between two lives of the program.
    resting: Vec<Reader>,
}

pub struct Shared {
    pub client: Client,
    named: AtomicU64,
    is_dying: AtomicBool,
    acknowledged: watch::Sender<HashSet<String>>,
    unanswered: Mutex<Vec<Unanswered>>,
    asked: Mutex<Vec<Asked>>,
}

pub struct Reader {
    shared: Arc<Shared>,
    session: Uuid,
    told: u32,
    /// Of one who asks.
    email: Option<String>,
    rng: Rng,
    /// What was not answered, to be sent again as it was.
    left: Option<Deed>,
}

/// What is sent, and again when it was not answered.
enum Deed {
    Tell(Told),
    Ask(Box<Ask>),
}

/// An answer, whole.
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub text: String,
}

impl Readers {
    pub fn new(rng: &mut Rng) -> Result<Self> {
        signpost::integrations::http::choose_cryptography();
        let client = Client::builder()
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let (acknowledged, unanswered, asked) = (watch::Sender::default(), Mutex::default(), Mutex::default());
        let (named, is_dying) = (AtomicU64::new(0), AtomicBool::new(false));
        let shared = Arc::new(Shared { client, named, is_dying, acknowledged, unanswered, asked });
        // One visit for all: GA4 takes one reader's events in one request, and no more than fifty of these a second.
        let session = Uuid::now_v7();
        let reader = |number: usize| {
            let email = number.checked_sub(READERS).map(|asker| format!("asker{asker}@customer.example"));
            Reader { shared: shared.clone(), session, told: 0, email, rng: rng.fork(), left: None }
        };
        Ok(Self { resting: (0..READERS + ASKERS).map(reader).collect(), shared })
    }

    /// They tell and ask until the program dies.
    pub fn begin(&mut self, address: &str) -> JoinSet<Result<Reader>> {
        self.shared.is_dying.store(false, Ordering::SeqCst);
        self.resting.drain(..).map(|reader| reader.tell(address.to_owned())).collect()
    }

    /// Waits until `more` items were acknowledged, `tickets` among them.
    pub async fn have_told(&self, more: usize, tickets: usize, telling: &mut JoinSet<Result<Reader>>) -> Result<()> {
        let of_tickets = |items: &HashSet<String>| items.iter().filter(|item| item.starts_with(TICKET)).count();
        let mut acknowledged = self.shared.acknowledged.subscribe();
        let enough = (acknowledged.borrow().len() + more, of_tickets(&acknowledged.borrow()) + tickets);
        let is_enough = |items: &HashSet<String>| items.len() >= enough.0 && of_tickets(items) >= enough.1;
        let told = timeout(PATIENCE, acknowledged.wait_for(is_enough));
        tokio::select! {
            told = told => {
                told.with_context(|| format!("less than {more} items, {tickets} tickets among them, were acknowledged within {PATIENCE:?}"))??;
                Ok(())
            }
            // Only a fault ends a reader this early.
            Some(ended) = telling.join_next() => ended?.and_then(|_| bail!("a reader ended before the program")),
        }
    }

    /// From now on no answer is no fault.
    pub fn expect_death(&self) {
        self.shared.is_dying.store(true, Ordering::SeqCst);
    }

    pub async fn end(&mut self, mut telling: JoinSet<Result<Reader>>) -> Result<()> {
        while let Some(reader) = telling.join_next().await {
            self.resting.push(reader??);
        }
        Ok(())
    }

    /// They send again what was not answered, and nothing more.
    pub async fn repeat(&mut self, address: &str) -> Result<()> {
        self.shared.is_dying.store(false, Ordering::SeqCst);
        for reader in &mut self.resting {
            if let Some(mut deed) = reader.left.take() {
                ensure!(reader.is_answered(address, &mut deed).await?, "a program that runs gave no answer");
            }
        }
        Ok(())
    }

    /// Items that the program acknowledged.
    pub fn acknowledged(&self) -> HashSet<String> {
        self.shared.acknowledged.borrow().clone()
    }

    pub fn unanswered(&self) -> Vec<Unanswered> {
        self.shared.unanswered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was asked, and how it was answered.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Reader {
    async fn tell(mut self, address: String) -> Result<Self> {
        loop {
            let mut deed = self.left.take().unwrap_or_else(|| self.next());
            if !self.is_answered(&address, &mut deed).await? {
                self.left = Some(deed);
                return Ok(self);
            }
        }
    }

    fn next(&mut self) -> Deed {
        self.told += 1;
        if let Some(email) = &self.email {
            return Deed::Ask(Box::new(Ask::new(self.name(TICKET), email.clone(), self.rng.fork())));
        }
        if self.told.is_multiple_of(BATCHES + 1) {
            Deed::Tell(Told::Vote { session: Uuid::now_v7(), item: self.name(VOTE) })
        } else {
            let items = (0..EVENTS).map(|_| self.name("event-")).collect();
            Deed::Tell(Told::Batch { id: Uuid::now_v7(), session: self.session, items })
        }
    }

    /// Letters alone: digits in a row might be masked as a number of somebody.
    fn name(&self, kind: &str) -> String {
        let number = self.shared.named.fetch_add(1, Ordering::Relaxed).to_string();
        let letters = number.bytes().map(|digit| char::from(digit - b'0' + b'a'));
        kind.chars().chain(letters).collect()
    }

    /// False when the program died before it answered.
    async fn is_answered(&self, address: &str, deed: &mut Deed) -> Result<bool> {
        match deed {
            Deed::Tell(told) => self.is_taken(address, told).await,
            Deed::Ask(ask) => self.is_confirmed(address, ask).await,
        }
    }

    async fn is_taken(&self, address: &str, told: &Told) -> Result<bool> {
        let Some(answer) = self.shared.answer(told.request(&self.shared.client, address)).await? else {
            let unanswered = Unanswered { items: told.items().to_vec(), at: Timestamp::now().as_millisecond() };
            self.shared.unanswered.lock().unwrap_or_else(PoisonError::into_inner).push(unanswered);
            return Ok(false);
        };
        let expect = told.taken();
        ensure!(answer.status == expect, "{} instead of {expect}: {}", answer.status, answer.text);
        self.shared.acknowledge(told.items());
        Ok(true)
    }

    async fn is_confirmed(&self, address: &str, ask: &mut Ask) -> Result<bool> {
        let was_confirmed = ask.go_on(&self.shared, address).await?;
        if was_confirmed {
            self.shared.acknowledge(std::slice::from_ref(&ask.asked.name));
            self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(ask.asked.clone());
        }
        Ok(was_confirmed)
    }
}

impl Shared {
    /// None when the program died before its answer was whole.
    pub async fn answer(&self, request: RequestBuilder) -> Result<Option<Answer>> {
        let answer = async {
            let answer = request.send().await?;
            let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
            Ok::<_, reqwest::Error>(Answer { status: answer.status(), location, text: answer.text().await? })
        };
        match answer.await {
            Ok(answer) => Ok(Some(answer)),
            Err(_) if self.is_dying.load(Ordering::SeqCst) => Ok(None),
            Err(cause) => Err(cause).context("a program that runs gave no answer"),
        }
    }

    fn acknowledge(&self, items: &[String]) {
        self.acknowledged.send_modify(|known| known.extend(items.iter().cloned()));
    }
}
