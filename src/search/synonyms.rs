//! Words that editors say mean the same.

use std::collections::HashMap;

use app::model::Rung;

use super::language::Language;
use super::query::{self, Alternative, Form, Part, Reading};
use crate::content::Synonym;

/// The synonyms of one locale.
#[derive(Default)]
pub struct Synonyms {
    /// By the stem of the first word asked for.
    entries: HashMap<String, Vec<Entry>>,
}

struct Entry {
    asked: Vec<Form>,
    also: Vec<Form>,
}

impl Synonyms {
    pub fn of(synonyms: &[Synonym], language: &Language) -> Self {
        let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
        for (asked, also) in synonyms.iter().flat_map(Synonym::pairs) {
            let entry = Entry { asked: query::forms(asked, language), also: query::forms(also, language) };
            if let (Some(first), false) = (entry.asked.first(), entry.also.is_empty()) {
                entries.entry(first.stem().to_owned()).or_default().push(entry);
            }
        }
        Self { entries }
    }

    /// Adds to every word that begins, or is part of, something asked for what is searched as well.
    pub fn add(&self, reading: &mut Reading) {
        let Reading { words, sequence, .. } = reading;
        for at in 0..sequence.len() {
            let entries = self.entries.get(sequence[at].form.stem()).into_iter().flatten();
            for entry in entries.filter(|entry| entry.is_in(&sequence[at..])) {
                for word in sequence[at..][..entry.asked.len()].iter().filter_map(|part| part.word) {
                    words[word].instead.push(Alternative { rung: Rung::Synonym, forms: entry.also.clone() });
                }
            }
        }
    }
}

impl Entry {
    fn is_in(&self, sequence: &[Part]) -> bool {
        let same = |(asked, part): (&Form, &Part)| asked.stem() == part.form.stem();
        self.asked.len() <= sequence.len() && self.asked.iter().zip(sequence).all(same)
    }
}
