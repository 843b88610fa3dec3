//! Queries of tantivy as its own examples make them.

use anyhow::{Context, Result};
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::tokenizer::{TokenStream, TokenizerManager};

pub const ANALYSER: &str = "en_stem";

/// The words of a query, in the form the index holds.
pub fn words(text: &str) -> Result<Vec<String>> {
    let mut analyser = TokenizerManager::default().get(ANALYSER).context("tantivy has an English analyser")?;
    let (mut tokens, mut words) = (analyser.token_stream(text), Vec::new());
    tokens.process(&mut |token| words.push(token.text.clone()));
    Ok(words)
}

/// Any of the words in any of the fields; the last one also as a beginning while it is typed.
pub fn any(fields: &[Field], words: &[String], typing: bool) -> BooleanQuery {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (number, word) in words.iter().enumerate() {
        for field in fields {
            let term = Term::from_field_text(*field, word);
            if typing && number + 1 == words.len() {
                clauses.push((Occur::Should, Box::new(PhrasePrefixQuery::new(vec![term.clone()]))));
            }
            clauses.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
        }
    }
    BooleanQuery::new(clauses)
}

/// The same as one would first write it for typos, an automaton for every word in every field: with one letter more, less, other or swapped where a word has at least so
/// many letters; the last one also as a beginning while it is typed.
pub fn with_typos(fields: &[Field], words: &[String], typing: bool, letters: usize) -> BooleanQuery {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (number, word) in words.iter().enumerate() {
        let distance = u8::from(word.chars().count() >= letters);
        let grows = typing && number + 1 == words.len();
        let of = if grows { FuzzyTermQuery::new_prefix } else { FuzzyTermQuery::new };
        let clause = |field: &Field| of(Term::from_field_text(*field, word), distance, true);
        clauses.extend(fields.iter().map(|field| (Occur::Should, Box::new(clause(field)) as Box<dyn Query>)));
    }
    BooleanQuery::new(clauses)
}
