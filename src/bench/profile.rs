//! Where the time of a search goes: the program's own clock against the reader's, and what leaving out a part saves.

pub mod show;

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::Value;
use signpost::identity::{Viewer, anonymous};
use signpost::search::{self, Ladder};

use crate::bare::index::Bare;
use crate::building::Built;
use crate::client::{self, Connection};
use crate::queries::Query;
use crate::searches::Servers;
use crate::table::median;

/// How often each query is asked in each way; its median counts.
const TIMES: usize = 7;

/// What one query costs one reader, and what came.
pub struct Cost {
    pub text: String,
    /// From sending to having the answer.
    pub http: Duration,
    /// As the answer says (`took_us`).
    pub search: Duration,
    /// Tantivy in process: titles of the ten best.
    pub titles: Duration,
    /// What each part takes: in process, the whole without the same without the part.
    pub hits: Duration,
    pub meaning: Duration,
    pub typos: Duration,
    pub matches: u64,
    /// How the best hit was found.
    pub rung: String,
}

impl Cost {
    /// Connection, routing, JSON, links of facets.
    pub fn around(&self) -> Duration {
        self.http.saturating_sub(self.search)
    }

    /// Words read and met, articles ranked, facets counted.
    pub fn words(&self) -> Duration {
        self.search.saturating_sub(self.hits + self.meaning + self.typos)
    }

    pub fn parts(&self) -> [(&'static str, Duration); 5] {
        [
            ("HTTP", self.around()),
            ("words", self.words()),
            ("hits", self.hits),
            ("meaning", self.meaning),
            ("typos", self.typos),
        ]
    }
}

pub async fn measure(servers: &Servers, built: &Built, bare: &Bare, queries: &[Query]) -> Result<Vec<Cost>> {
    let (mut connection, viewer) = (Connection::open(&servers.site.address).await?, anonymous());
    let mut costs = Vec::new();
    for query in queries {
        costs.push(cost(&mut connection, built, bare, &viewer, query).await?);
    }
    Ok(costs)
}

async fn cost(connection: &mut Connection, built: &Built, bare: &Bare, viewer: &Viewer, query: &Query) -> Result<Cost> {
    let mut answers = Vec::new();
    for _ in 0..TIMES {
        answers.push(answered(connection, query).await?);
    }
    let matches = answers[0].1["total"].as_u64().unwrap_or_default();
    let rung = answers[0].1["hits"][0]["rung"].as_str().unwrap_or("nothing").to_owned();
    let took = |answer: &Value| Duration::from_micros(answer["took_us"].as_u64().unwrap_or_default());
    let (http, search) = answers.into_iter().map(|(http, answer)| (http, took(&answer))).unzip();
    let variants = variants(query);
    let mut times: [Vec<Duration>; 5] = Default::default();
    for _ in 0..TIMES {
        let searched = |variant| timed(|| search::search(&built.index, &built.snapshot, viewer, variant));
        times.iter_mut().zip(&variants).for_each(|(times, variant)| times.push(searched(variant)));
        times[4].push(timed(|| bare.titles(&query.text, query.typing).map(|titles| titles.len())));
    }
    let [whole, one_hit, no_meaning, no_typos, titles] = times.map(median);
    Ok(Cost {
        text: query.text.clone(),
        http: median(http),
        search: median(search),
        titles,
        hits: whole.saturating_sub(one_hit),
        meaning: whole.saturating_sub(no_meaning),
        typos: whole.saturating_sub(no_typos),
        matches,
        rung,
    })
}

/// The answer of the API, and what it took.
async fn answered(connection: &mut Connection, query: &Query) -> Result<(Duration, Value)> {
    let request = client::get(&query.path("/api/v1/search"), "identity");
    let start = Instant::now();
    let answer = connection.ask(&request).await?;
    let took = start.elapsed();
    ensure!(answer.status == 200, "{:?} was answered with {}", query.text, answer.status);
    Ok((took, serde_json::from_slice(answer.body)?))
}

/// The whole; one hit in place of ten; without what means the same; without typos.
fn variants(query: &Query) -> [search::Query; 4] {
    let whole = search::Query { text: query.text.clone(), ..search::Query::default() };
    let without = |ladder: Ladder| search::Query { ladder, ..whole.clone() };
    let no_meaning = without(Ladder { meaning: false, ..Ladder::default() });
    let no_typos = without(Ladder { typos: false, ..Ladder::default() });
    [whole.clone(), search::Query { limit: 1, ..whole }, no_meaning, no_typos]
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}
