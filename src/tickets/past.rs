//! Past tickets, found by what was asked and said in them. An index in memory, made of the database when agents first
//! need it, aside, and kept up with every change.

mod follow;
mod form;
mod rows;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{Index, IndexReader, TantivyDocument, Term};
use tokio::runtime::Handle;
use tracing::error;

use super::Tickets;
use crate::search::{Form, Language, STEM_MARK, forms};
use form::Fields;

/// Words of a query that are looked for.
const MOST_WORDS: usize = 12;
/// A word in the subject says more than one in the text, the requester's name more than either.
const WEIGHTS: [f32; 3] = [3.0, 2.0, 1.0];

/// The index of past tickets.
#[derive(Clone)]
pub struct Past {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    language: Language,
    whole: Arc<AtomicBool>,
}

/// A past ticket that answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub ticket: String,
    pub score: f32,
}

impl Tickets {
    /// The index of past tickets; the first call begins to make it, on `behind`. `locale`: what most tickets are
    /// written in.
    ///
    /// # Errors
    /// An index that cannot be made in memory.
    pub fn past(&self, behind: &Handle, locale: &str) -> Result<Past> {
        let mut kept = self.past.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(past) = &*kept {
            return Ok(past.clone());
        }
        let past = Past::empty(Language::of(locale))?;
        *kept = Some(past.clone());
        let tickets = self.clone();
        let following = past.clone();
        behind.spawn(async move {
            if let Err(cause) = follow::follow(&tickets, &following).await {
                error!("past tickets cannot be searched until the next start: {cause:#}");
            }
        });
        Ok(past)
    }
}

impl Past {
    fn empty(language: Language) -> Result<Self> {
        let (schema, fields) = form::schema();
        let index = Index::create_in_ram(schema);
        form::register(&index, language);
        let reader = index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into();
        let reader = reader.context("cannot open the index of past tickets")?;
        Ok(Self { index, reader, fields, language, whole: Arc::default() })
    }

    /// Are all tickets in it that there were when it was begun?
    pub fn is_whole(&self) -> bool {
        self.whole.load(Ordering::Acquire)
    }

    /// Tickets with every word of `text`, else with some of them, best first. The last word may be a beginning.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<Found>> {
        let words: Vec<_> = forms(text, &self.language).into_iter().take(MOST_WORDS).collect();
        let grows = text.ends_with(char::is_alphanumeric);
        let last = words.len().saturating_sub(1);
        let word = |(at, form): (usize, &Form)| self.word(form, grows && at == last);
        let queries: Vec<_> = words.iter().enumerate().map(word).collect();
        let all = self.run(Occur::Must, &queries, limit)?;
        if all.is_empty() && queries.len() > 1 { self.run(Occur::Should, &queries, limit) } else { Ok(all) }
    }

    fn run(&self, occur: Occur, words: &[BooleanQuery], limit: usize) -> Result<Vec<Found>> {
        let parts = words.iter().map(|word| (occur, Box::new(word.clone()) as Box<dyn Query>)).collect();
        let searcher = self.reader.searcher();
        let top = searcher.search(&BooleanQuery::new(parts), &TopDocs::with_limit(limit).order_by_score())?;
        let found = |(score, address)| {
            let document: TantivyDocument = searcher.doc(address)?;
            let ticket = document.get_first(self.fields.id).and_then(|id| id.as_str()).unwrap_or_default().to_owned();
            Ok(Found { ticket, score })
        };
        top.into_iter().map(found).collect()
    }

    /// A word in any of its forms, in any field.
    fn word(&self, form: &Form, grows: bool) -> BooleanQuery {
        let texts = [form.exact.clone(), form.stem().to_owned(), format!("{STEM_MARK}{}", form.stem())];
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (field, weight) in self.fields.searched().into_iter().zip(WEIGHTS) {
            let mut add = |query: Box<dyn Query>| {
                parts.push((Occur::Should, Box::new(BoostQuery::new(query, weight))));
            };
            for text in &texts {
                let term = Term::from_field_text(field, text);
                add(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
            }
            if grows && form.exact.chars().count() > 1 {
                add(Box::new(FuzzyTermQuery::new_prefix(Term::from_field_text(field, &form.exact), 0, false)));
            }
        }
        BooleanQuery::new(parts)
    }
}
