//! `signpost eval`: how well search finds, measured on queries people judged.
//!
//! A [`collection`] holds documents, queries and judgments. Its documents become articles through the same
//! pipeline as a help center's, every query is asked through the same search, and the [`measures`] say how
//! high the right ones came. Two systems asked the same queries are [`compared`](compare) in pairs.

mod collection;
mod compare;
mod measures;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, Result};
use app::model::SearchResults;
use jiff::Timestamp;
use serde::Serialize;

pub use collection::{Collection, QuerySet, find};
pub use compare::{Difference, difference};
pub use measures::Measures;

use crate::content::{self, Snapshot, Source};
use crate::identity::{Viewer, anonymous};
use crate::search::{self, Index, Ladder, Query};

/// Hits looked at: as many as Recall@100 asks for.
const DEPTH: usize = 100;

/// What a system scored on one set of queries.
#[derive(Debug, Clone, Serialize)]
pub struct Score {
    pub collection: String,
    pub queries: String,
    pub system: String,
    pub count: usize,
    pub mean: Measures,
    /// By query, in the order of the file.
    #[serde(skip)]
    pub each: Vec<Measures>,
}

/// A collection, indexed as a help center would be.
pub struct Indexed {
    snapshot: Snapshot,
    index: Index,
    viewer: Viewer,
    /// The collection's document id by article id.
    documents: HashMap<String, String>,
}

impl Indexed {
    /// Makes an article of every document.
    ///
    /// # Errors
    /// An index that cannot be made.
    pub fn new(collection: &Collection) -> Result<Self> {
        let pages = collection.documents.iter().zip(0..).map(|(document, number)| document.page(number)).collect();
        let settings = content::Settings::default();
        let how = content::Options::new(&settings, Timestamp::now());
        let snapshot = content::load(&Source::Memory(Arc::new(pages)), &how, None)?;
        let settings = search::Settings { max_limit: DEPTH, ..search::Settings::default() };
        let index = Index::open(None, &snapshot, &settings, "").context("cannot index the collection")?;
        let documents = collection.documents.iter().zip(0..);
        let documents =
            documents.map(|(document, number)| (collection::article_id(number), document.id.clone())).collect();
        Ok(Self { snapshot, index, viewer: anonymous(), documents })
    }

    /// Asks one query, as a reader who pressed Enter.
    pub fn ask(&self, query: Query) -> SearchResults {
        let query = Query { text: format!("{} ", query.text), ..query };
        search::search(&self.index, &self.snapshot, &self.viewer, &query)
    }

    /// Asks every query of a set.
    pub fn score(&self, collection: &Collection, set: &QuerySet, system: &str, ladder: Ladder) -> Score {
        let each: Vec<Measures> = set
            .queries
            .iter()
            .map(|query| {
                let judged = set.judgments.get(&query.id);
                let grade = |document: &String| judged.and_then(|judged| judged.get(document)).copied().unwrap_or(0);
                let query = Query { text: query.text.clone(), limit: DEPTH, ladder, ..Query::default() };
                let hits = self.ask(query).hits;
                let found: Vec<u32> = hits.iter().filter_map(|hit| self.documents.get(&hit.id)).map(grade).collect();
                let all: Vec<u32> = judged.iter().flat_map(|judged| judged.values().copied()).collect();
                Measures::of(&found, &all, collection.relevant_from)
            })
            .collect();
        Score {
            collection: collection.name.clone(),
            queries: set.name.clone(),
            system: system.to_owned(),
            count: each.len(),
            mean: Measures::mean(&each),
            each,
        }
    }
}

/// The systems by name: the whole ladder (`hybrid`), words alone (`lexical`), and each with one part left out.
pub fn systems() -> BTreeMap<String, Ladder> {
    let hybrid = Ladder::default();
    let lexical = Ladder { meaning: false, ..hybrid };
    let mut systems = BTreeMap::new();
    for (name, all) in [("hybrid", hybrid), ("lexical", lexical)] {
        systems.insert(name.to_owned(), all);
        systems.insert(format!("{name}-without-compounds"), Ladder { compounds: false, ..all });
        systems.insert(format!("{name}-without-typos"), Ladder { typos: false, ..all });
    }
    systems
}
