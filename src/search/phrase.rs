//! Words that stand one after another.

use std::io;

use tantivy::query::{EnableScoring, PhraseQuery, Query};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term};

use super::index::{LocaleIndex, Segment};
use super::schema::Zone;

/// The documents of `segment` in whose `zone` the words, in their exact form, stand one after another.
///
/// # Errors
/// An index that cannot be read.
pub fn documents(segment: &Segment, zone: Zone, words: &[&str]) -> io::Result<Vec<u32>> {
    match words {
        [] => Ok(Vec::new()),
        [word] => holding(segment, zone, word),
        words => in_order(segment, zone, words).map_err(io::Error::other),
    }
}

fn holding(segment: &Segment, zone: Zone, word: &str) -> io::Result<Vec<u32>> {
    let (inverted, _) = &segment.zones[zone as usize];
    let Some(postings) = inverted.terms().get(word)? else { return Ok(Vec::new()) };
    let mut block = inverted.read_block_postings_from_terminfo(&postings, IndexRecordOption::Basic)?;
    let mut documents = Vec::new();
    while block.block_len() > 0 {
        documents.extend_from_slice(block.docs());
        block.advance();
    }
    Ok(documents)
}

fn in_order(segment: &Segment, zone: Zone, words: &[&str]) -> tantivy::Result<Vec<u32>> {
    let schema = segment.reader.schema();
    let field = schema.get_field(zone.name())?;
    let query = PhraseQuery::new(words.iter().map(|word| Term::from_field_text(field, word)).collect());
    let weight = query.weight(EnableScoring::disabled_from_schema(schema))?;
    let mut found = weight.scorer(&segment.reader, 1.0)?;
    let mut documents = Vec::new();
    while found.doc() != TERMINATED {
        documents.push(found.doc());
        found.advance();
    }
    Ok(documents)
}

/// By article: does it hold the words one after another, in any zone of any section?
///
/// # Errors
/// As [`documents`].
pub fn articles(index: &LocaleIndex, words: &[&str]) -> io::Result<Vec<bool>> {
    let mut holds = vec![false; index.articles.len()];
    for segment in &index.segments {
        for zone in Zone::ALL {
            for document in documents(segment, zone, words)? {
                if let Some(article) = index.places.article(segment.first + document) {
                    holds[article as usize] = true;
                }
            }
        }
    }
    Ok(holds)
}
