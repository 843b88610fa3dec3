//! Readers that tell and vote over several connections, and remember what was answered.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use reqwest::{Client, StatusCode};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::judge::{Unanswered, VOTE};
use crate::program::ARTICLE;

/// Connections.
const READERS: usize = 6;
/// Events of a batch.
const EVENTS: usize = 10;
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

struct Shared {
    client: Client,
    named: AtomicU64,
    is_dying: AtomicBool,
    acknowledged: watch::Sender<HashSet<String>>,
    unanswered: Mutex<Vec<Unanswered>>,
}

pub struct Reader {
    shared: Arc<Shared>,
    session: Uuid,
    told: u32,
    /// What was not answered, to be sent again as it was.
    left: Option<Deed>,
}

/// What is sent, and again when it was not answered.
enum Deed {
    Batch {
        id: Uuid,
        items: Vec<String>,
    },
    /// Each by a session of its own: one session has one vote.
    Vote {
        session: Uuid,
        item: String,
    },
}

impl Readers {
    pub fn new() -> Result<Self> {
        signpost::integrations::http::choose_cryptography();
        let client = Client::builder()
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let (acknowledged, unanswered) = (watch::Sender::default(), Mutex::default());
        let (named, is_dying) = (AtomicU64::new(0), AtomicBool::new(false));
        let shared = Arc::new(Shared { client, named, is_dying, acknowledged, unanswered });
        // One visit for all: GA4 takes one reader's events in one request, and no more than fifty of these a second.
        let session = Uuid::now_v7();
        let reader = |_| Reader { shared: shared.clone(), session, told: 0, left: None };
        Ok(Self { resting: (0..READERS).map(reader).collect(), shared })
    }

    /// They tell until the program dies.
    pub fn begin(&mut self, address: &str) -> JoinSet<Result<Reader>> {
        self.shared.is_dying.store(false, Ordering::SeqCst);
        self.resting.drain(..).map(|reader| reader.tell(address.to_owned())).collect()
    }

    /// Waits until `more` items were acknowledged.
    pub async fn have_told(&self, more: usize, telling: &mut JoinSet<Result<Reader>>) -> Result<()> {
        let mut acknowledged = self.shared.acknowledged.subscribe();
        let enough = acknowledged.borrow().len() + more;
        let told = timeout(PATIENCE, acknowledged.wait_for(|items| items.len() >= enough));
        tokio::select! {
            told = told => {
                told.with_context(|| format!("less than {more} items were acknowledged within {PATIENCE:?}"))??;
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
            if let Some(deed) = reader.left.take() {
                ensure!(reader.is_answered(address, &deed).await?, "a program that runs gave no answer");
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
}

impl Reader {
    async fn tell(mut self, address: String) -> Result<Self> {
        loop {
            let deed = self.left.take().unwrap_or_else(|| self.next());
            if !self.is_answered(&address, &deed).await? {
                self.left = Some(deed);
                return Ok(self);
            }
        }
    }

    fn next(&mut self) -> Deed {
        self.told += 1;
        if self.told.is_multiple_of(BATCHES + 1) {
            Deed::Vote { session: Uuid::now_v7(), item: self.name(VOTE) }
        } else {
            Deed::Batch { id: Uuid::now_v7(), items: (0..EVENTS).map(|_| self.name("event-")).collect() }
        }
    }

    /// Letters alone: digits in a row might be masked as a number of somebody.
    fn name(&self, kind: &str) -> String {
        let number = self.shared.named.fetch_add(1, Ordering::Relaxed).to_string();
        let letters = number.bytes().map(|digit| char::from(digit - b'0' + b'a'));
        kind.chars().chain(letters).collect()
    }

    /// False when the program died before it answered.
    async fn is_answered(&self, address: &str, deed: &Deed) -> Result<bool> {
        let answer = self.request(address, deed).send().await;
        let is_dying = self.shared.is_dying.load(Ordering::SeqCst);
        let answer = match answer {
            Ok(answer) => answer,
            Err(_) if is_dying => {
                self.note(deed);
                return Ok(false);
            }
            Err(cause) => return Err(cause).context("a program that runs gave no answer"),
        };
        let expect = if let Deed::Vote { .. } = deed { StatusCode::SEE_OTHER } else { StatusCode::NO_CONTENT };
        if answer.status() != expect {
            bail!("{} instead of {expect}: {}", answer.status(), answer.text().await?);
        }
        self.shared.acknowledged.send_modify(|items| items.extend(deed.items().iter().cloned()));
        Ok(true)
    }

    fn note(&self, deed: &Deed) {
        let unanswered = Unanswered { items: deed.items().to_vec(), at: Timestamp::now().as_millisecond() };
        self.shared.unanswered.lock().unwrap_or_else(PoisonError::into_inner).push(unanswered);
    }

    fn request(&self, address: &str, deed: &Deed) -> reqwest::RequestBuilder {
        let (session, path, content_type, body) = match deed {
            Deed::Batch { id, items } => (&self.session, "api/v1/events".to_owned(), "text/plain", batch(id, items)),
            Deed::Vote { session, item } => {
                let form = format!("helpful=no&reason=unclear&comment={item}");
                (session, format!("feedback/{ARTICLE}"), "application/x-www-form-urlencoded", form)
            }
        };
        let consent = "0".repeat(32);
        self.shared
            .client
            .post(format!("http://{address}/{path}"))
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, format!("__Host-signpost-consent={consent}.a.1; __Host-signpost-visit={session}"))
            .header(CONTENT_TYPE, content_type)
            .body(body)
    }
}

impl Deed {
    fn items(&self) -> &[String] {
        match self {
            Self::Batch { items, .. } => items,
            Self::Vote { item, .. } => std::slice::from_ref(item),
        }
    }
}

fn batch(id: &Uuid, items: &[String]) -> String {
    let event = |item: &String| serde_json::json!({ "kind": "article_viewed", "page": "/install", "article": item });
    let events: Vec<_> = items.iter().map(event).collect();
    serde_json::json!({ "id": id, "locale": "en", "events": events }).to_string()
}
