//! What every section means, as a vector, and which of them mean what is asked.
//!
//! A text's vector is the sum of its word pieces' rows in the [`Table`], each weighted by how rare the piece is on
//! this site, and normalised. A section is compared by its title, and by title and text: as the weighted mean of two
//! cosines is the cosine with the weighted mean, one vector holds both. They are kept by the version of the page, on disk
//! too, so that only pages that changed are worked out again.

mod book;

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::meaning::{DIMENSIONS, Table};
use super::schema::page_version;
use crate::content::{Page, Section};

/// With fewer sections everything is worked out anew: it takes no longer than to look what is known.
const FEW: u32 = 2_000;
/// The weights of a larger site stay until it has grown or shrunk by this share, or one edit would touch every vector.
const DRIFT: f32 = 0.25;

/// So many numbers of a row, the first ones say the most, tell which section of an article is nearest.
const LEADING: usize = 64;
const REST: usize = DIMENSIONS - LEADING;
/// Articles near by their leading numbers that are looked at more closely.
const LOOKED_AT: usize = 400;

/// How much of a section's vector is its title alone.
const TITLE_SHARE: f32 = 0.4;

/// What a word piece counts that no section has.
const UNSEEN: f32 = 0.5;

/// Vectors of every section of one locale's pages.
pub struct Vectors {
    table: &'static Table,
    weights: Arc<Weights>,
    /// By page version: its first row, and how many it has.
    pages: HashMap<u64, (u32, u32)>,
    /// By article: its first row; one more at the end.
    starts: Vec<u32>,
    rows: Rows,
}

/// How much each word piece says on this site: its inverse document frequency.
#[derive(Serialize, Deserialize)]
struct Weights {
    by_piece: Vec<f32>,
    /// Sections they were worked out from.
    sections: u32,
}

/// Vectors of whole numbers, each with what one is worth. Their leading numbers lie together, so that all of them can
/// be gone through at the speed of memory.
#[derive(Default, Serialize, Deserialize)]
struct Rows {
    leading: Vec<i8>,
    rest: Vec<i8>,
    scales: Vec<f32>,
}

/// What is asked, to be compared with what every article means.
pub struct Question<'a> {
    vectors: &'a Vectors,
    /// As wide as they are multiplied.
    numbers: [i16; DIMENSIONS],
    scale: f32,
}

/// An article that means something like what was asked.
#[derive(Debug, Clone, Copy)]
pub struct Similar {
    pub article: u32,
    /// Which of its sections is nearest.
    pub ordinal: u32,
    /// Cosine, -1 to 1.
    pub cosine: f32,
}

type Vector = [f32; DIMENSIONS];

impl Vectors {
    /// Of `pages`, the articles of one locale in their order; what `previous` or the file at `kept` knows of them is
    /// taken over.
    pub fn open(table: &'static Table, pages: &[&Page], previous: Option<&Self>, kept: Option<&Path>) -> Self {
        let sections = pages.iter().map(|page| rows_of(page)).sum();
        if sections < FEW {
            return Self::make(table, pages, None, sections);
        }
        let on_disk = previous.is_none().then(|| kept.and_then(|path| book::read(path, table))).flatten();
        let known = previous.or(on_disk.as_ref()).filter(|known| !known.weights.have_drifted(sections));
        let vectors = Self::make(table, pages, known, sections);
        let is_new = |page: &&Page| known.is_none_or(|known| !known.pages.contains_key(&page_version(page)));
        if let (None, Some(path)) = (previous, kept)
            && pages.iter().any(is_new)
        {
            book::write(path, &vectors);
        }
        vectors
    }

    fn make(table: &'static Table, pages: &[&Page], known: Option<&Self>, sections: u32) -> Self {
        let weights =
            known.map_or_else(|| Arc::new(Weights::of(table, pages, sections)), |known| known.weights.clone());
        let fresh = |page: &&Page| match known.and_then(|known| known.rows_of_version(page_version(page))) {
            Some(rows) => rows,
            None => Rows::of(page, table, &weights),
        };
        let made: Vec<Rows> = pages.par_iter().map(fresh).collect();
        let (mut rows, mut starts, mut by_version) = (Rows::default(), vec![0], HashMap::new());
        for (page, made) in pages.iter().zip(made) {
            by_version.insert(page_version(page), (rows.scales.len() as u32, made.scales.len() as u32));
            rows.append(made);
            starts.push(rows.scales.len() as u32);
        }
        Self { table, weights, pages: by_version, starts, rows }
    }

    fn rows_of_version(&self, version: u64) -> Option<Rows> {
        let (first, count) = *self.pages.get(&version)?;
        Some(self.rows.slice(first as usize..(first + count) as usize))
    }

    /// Is `word` one of the language's common words, whether this site uses it or not?
    pub fn knows(&self, word: &str) -> bool {
        pieces(self.table, &[word]).len() == 1
    }

    /// What `text` means; `None` when the table knows no word of it.
    pub fn question(&self, text: &str) -> Option<Question<'_>> {
        let mut row = Rows::default();
        row.push(&self.weights.vector(self.table, &pieces(self.table, &[text])));
        let mut question = Question { vectors: self, numbers: [0; DIMENSIONS], scale: row.scales[0] };
        let numbers = row.leading.iter().chain(&row.rest);
        question.numbers.iter_mut().zip(numbers).for_each(|(to, number)| *to = i16::from(*number));
        (question.scale != 0.0).then_some(question)
    }
}

impl Question<'_> {
    /// `article` at its nearest section.
    pub fn nearest(&self, article: u32) -> Similar {
        let rows = self.rows_of(article);
        let first = rows.start;
        let roughly = rows.map(|row| (row, self.roughly(row)));
        let row = roughly.max_by(|(_, one), (_, other)| one.total_cmp(other)).map_or(first, |(row, _)| row);
        Similar { article, ordinal: row - first, cosine: self.cosine(row) }
    }

    /// The articles that mean most nearly what was asked, nearest first, and at most `count` of those that `may` be.
    pub fn best(&self, count: usize, may: impl Fn(u32) -> bool) -> Vec<Similar> {
        let roughly =
            |article: u32| (article, self.rows_of(article).map(|row| self.roughly(row)).fold(f32::MIN, f32::max));
        let mut near: Vec<(u32, f32)> = (0..self.vectors.starts.len() as u32 - 1).map(roughly).collect();
        if near.len() > LOOKED_AT {
            near.select_nth_unstable_by(LOOKED_AT, |one, other| other.1.total_cmp(&one.1));
            near.truncate(LOOKED_AT);
        }
        let near = near.into_iter().filter(|(article, _)| may(*article));
        let mut best: Vec<Similar> = near.map(|(article, _)| self.nearest(article)).collect();
        best.sort_unstable_by(|one, other| other.cosine.total_cmp(&one.cosine).then(one.article.cmp(&other.article)));
        best.truncate(count);
        best
    }

    fn rows_of(&self, article: u32) -> Range<u32> {
        self.vectors.starts[article as usize]..self.vectors.starts[article as usize + 1]
    }

    /// Cosine by the leading numbers alone.
    fn roughly(&self, row: u32) -> f32 {
        let Rows { leading, scales, .. } = &self.vectors.rows;
        let (rows, _) = leading.as_chunks::<LEADING>();
        dot(&rows[row as usize], &self.numbers[..LEADING]) as f32 * scales[row as usize] * self.scale
    }

    fn cosine(&self, row: u32) -> f32 {
        let Rows { rest, scales, .. } = &self.vectors.rows;
        let (rows, _) = rest.as_chunks::<REST>();
        let rest = dot(&rows[row as usize], &self.numbers[LEADING..]);
        self.roughly(row) + rest as f32 * scales[row as usize] * self.scale
    }
}

fn rows_of(page: &Page) -> u32 {
    page.prose.sections.len().max(1) as u32
}

impl Weights {
    fn of(table: &Table, pages: &[&Page], sections: u32) -> Self {
        let count = |page: &&Page| {
            let mut seen = Vec::new();
            for section in page.prose.sections.iter() {
                let mut pieces = pieces(table, &[&page.title, &section.title, &section.text]);
                pieces.sort_unstable();
                pieces.dedup();
                seen.append(&mut pieces);
            }
            seen
        };
        let mut counts = vec![0u32; table.size()];
        for piece in pages.par_iter().map(count).flatten().collect::<Vec<u32>>() {
            counts[piece as usize] += 1;
        }
        let all = sections as f32;
        let rarity = |with: u32| (1.0 + (all - with as f32 + 0.5) / (with as f32 + 0.5)).ln();
        // A piece that the site never uses is rare, but says little of what is on it.
        let weight = |with: u32| if with == 0 { UNSEEN * rarity(0) } else { rarity(with) };
        Self { by_piece: counts.into_iter().map(weight).collect(), sections }
    }

    fn have_drifted(&self, sections: u32) -> bool {
        (sections as f32 - self.sections as f32).abs() > DRIFT * self.sections as f32
    }

    /// The weighted sum, of length one; of length zero when there is nothing to sum.
    fn vector(&self, table: &Table, pieces: &[u32]) -> Vector {
        let mut sum = [0.0; DIMENSIONS];
        let mut sorted = pieces.to_vec();
        sorted.sort_unstable();
        for same in sorted.chunk_by(|one, other| one == other) {
            table.add(same[0], same.len() as f32 * self.by_piece[same[0] as usize], &mut sum);
        }
        normalised(sum)
    }
}

fn pieces(table: &Table, texts: &[&str]) -> Vec<u32> {
    let mut pieces = Vec::new();
    texts.iter().for_each(|text| table.tokens(text, &mut pieces));
    pieces
}

fn normalised(mut vector: Vector) -> Vector {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|number| *number /= length);
    }
    vector
}

impl Rows {
    fn of(page: &Page, table: &Table, weights: &Weights) -> Self {
        let (mut rows, nothing) = (Self::default(), Section::default());
        for ordinal in 0..rows_of(page) as usize {
            let section = page.prose.sections.get(ordinal).unwrap_or(&nothing);
            let mut texts = vec![page.title.as_str()];
            texts.extend(section.above.iter().map(String::as_str));
            texts.push(&section.title);
            let title = pieces(table, &texts);
            let whole = [title.clone(), pieces(table, &[&section.text])].concat();
            let (title, whole) = (weights.vector(table, &title), weights.vector(table, &whole));
            rows.push(&std::array::from_fn(|at| TITLE_SHARE * title[at] + (1.0 - TITLE_SHARE) * whole[at]));
        }
        rows
    }

    fn push(&mut self, vector: &Vector) {
        let largest = vector.iter().fold(0.0f32, |largest, number| largest.max(number.abs()));
        let scale = largest / f32::from(i8::MAX);
        let whole = |number: &f32| if scale == 0.0 { 0 } else { (number / scale).round() as i8 };
        let (leading, rest) = vector.split_at(LEADING);
        self.leading.extend(leading.iter().map(whole));
        self.rest.extend(rest.iter().map(whole));
        self.scales.push(scale);
    }

    fn append(&mut self, mut more: Self) {
        self.leading.append(&mut more.leading);
        self.rest.append(&mut more.rest);
        self.scales.append(&mut more.scales);
    }

    fn slice(&self, rows: Range<usize>) -> Self {
        Self {
            leading: self.leading[rows.start * LEADING..rows.end * LEADING].to_vec(),
            rest: self.rest[rows.start * REST..rows.end * REST].to_vec(),
            scales: self.scales[rows].to_vec(),
        }
    }
}

/// Factors of 16 bits: processors multiply and add eight pairs of them at once.
fn dot<const N: usize>(row: &[i8; N], asked: &[i16]) -> i32 {
    row.iter().zip(asked).map(|(one, other)| i32::from(i16::from(*one)) * i32::from(*other)).sum()
}
