//! What English words mean, as directions: words of the same meaning point the same way.
//!
//! The table comes from a sentence encoder whose vocabulary was run through it once, token by token (the crate
//! `distill`). A text is the sum of its [`tokens`](Table::tokens)' rows, each weighed by how rare the token is in the
//! texts at hand; two texts are as near as the cosine of their sums.
//!
//! The file: a line with its format, a line of JSON with where it came from, the vocabulary (one token a line, no line
//! end after the last), a scale per token (32-bit float, little endian), [`DIMENSIONS`] signed bytes per token.

mod pieces;

use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use zerocopy::{FromBytes, little_endian::F32};

use pieces::Vocabulary;

/// Numbers in every row.
pub const DIMENSIONS: usize = 256;

/// Of `english.vectors`, so that nothing but `cargo xtask distill` changes it.
pub const SHA256: &str = "e7057b1368962b64539b374a02ea66b6a2cdd43af7e977d670be7cfe62d86dc7";

static ENGLISH: &[u8] = include_bytes!("meaning/english.vectors");
const MAGIC: &str = "signpost vectors 1";

/// Rows of numbers for the tokens of one language, read where they lie.
pub struct Table {
    vocabulary: Vocabulary,
    scales: &'static [F32],
    rows: &'static [[i8; DIMENSIONS]],
}

#[derive(Deserialize)]
struct Header {
    dimensions: usize,
    rows: usize,
    vocabulary_bytes: usize,
}

impl Table {
    /// The table in the program. The first call takes a few milliseconds.
    pub fn english() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(ENGLISH).expect("a test reads this very file"));
        &TABLE
    }

    /// How many tokens there are; they are numbered from 0.
    pub fn size(&self) -> usize {
        self.rows.len()
    }

    /// Common words of the language, each with its number; the commoner, the smaller.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, u32)> {
        self.vocabulary.words()
    }

    /// Appends the tokens of `text` as BERT's uncased vocabulary cuts it, in order. Words which that vocabulary cannot
    /// spell are left out, and so are words of more than 100 characters.
    pub fn tokens(&self, text: &str, into: &mut Vec<u32>) {
        self.vocabulary.tokens(text, into);
    }

    /// The direction of `token`: its numbers, and the scale they are to be multiplied with.
    ///
    /// # Panics
    /// If `token` did not come from [`tokens`](Self::tokens) of this table.
    pub fn row(&self, token: u32) -> (&'static [i8; DIMENSIONS], f32) {
        (&self.rows[token as usize], self.scales[token as usize].get())
    }

    /// Adds `weight` times the direction of `token` to `sum`.
    ///
    /// # Panics
    /// As [`row`](Self::row).
    pub fn add(&self, token: u32, weight: f32, sum: &mut [f32; DIMENSIONS]) {
        let (row, scale) = self.row(token);
        let factor = weight * scale;
        sum.iter_mut().zip(row).for_each(|(sum, number)| *sum += factor * f32::from(*number));
    }

    fn parse(file: &'static [u8]) -> Result<Self> {
        let (magic, rest) = line(file).context("no first line")?;
        ensure!(magic == MAGIC.as_bytes(), "the first line is not `{MAGIC}`: run `cargo xtask distill`");
        let (header, rest) = line(rest).context("no header")?;
        let header: Header = serde_json::from_slice(header).context("the header cannot be read")?;
        ensure!(header.dimensions == DIMENSIONS, "{} dimensions, not {DIMENSIONS}", header.dimensions);
        let (tokens, rest) = rest.split_at_checked(header.vocabulary_bytes).context("the vocabulary is cut off")?;
        let tokens = str::from_utf8(tokens).context("the vocabulary is not UTF-8")?;
        let (scales, rest) =
            <[F32]>::ref_from_prefix_with_elems(rest, header.rows).ok().context("scales are cut off")?;
        let rows = <[[i8; DIMENSIONS]]>::ref_from_bytes(rest).ok().context("the last row is cut off")?;
        let lines = tokens.split('\n').count();
        ensure!(rows.len() == header.rows && lines == header.rows, "{lines} tokens, but {} rows", rows.len());
        Ok(Self { vocabulary: Vocabulary::new(tokens.split('\n')), scales, rows })
    }
}

/// The first line and what follows it.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn direction(text: &str) -> [f32; DIMENSIONS] {
        let (table, mut tokens, mut sum) = (Table::english(), Vec::new(), [0.0; DIMENSIONS]);
        table.tokens(text, &mut tokens);
        tokens.iter().for_each(|token| table.add(*token, 1.0, &mut sum));
        sum
    }

    fn cosine(left: &str, right: &str) -> f32 {
        let (left, right) = (direction(left), direction(right));
        let dot = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f32>();
        dot(&left, &right) / (dot(&left, &left) * dot(&right, &right)).sqrt()
    }

    fn nearer(text: &str, near: &str, far: &str) {
        let (near_by, far_off) = (cosine(text, near), cosine(text, far));
        assert!(near_by > far_off, "{text}: {near} {near_by}, {far} {far_off}");
    }

    #[test]
    fn words_of_one_meaning_are_nearer_than_others() {
        nearer("car", "automobile", "password");
        nearer("delete", "remove", "invoice");
        nearer("cancel my subscription", "stop paying", "install the program");
        nearer("sign in", "login", "weather");
    }

    #[test]
    fn a_sum_is_made_of_rows_and_weights() {
        let (table, mut sum) = (Table::english(), [1.0; DIMENSIONS]);
        let (row, scale) = table.row(2000);
        table.add(2000, 0.5, &mut sum);
        assert_eq!(sum[7], 1.0 + 0.5 * scale * f32::from(row[7]));
        assert_eq!(row.iter().map(|number| number.unsigned_abs()).max(), Some(127));
        assert_eq!(table.size(), 30_522);
    }

    fn refused(file: &'static str, expect: &str) {
        let cause = Table::parse(file.as_bytes()).err().map(|cause| cause.to_string()).unwrap_or_default();
        assert!(cause.contains(expect), "{file:?}: {cause:?} does not say {expect:?}");
    }

    #[test]
    fn a_damaged_file_is_refused_with_the_reason() {
        refused("", "no first line");
        refused("signpost vectors 2\n", "the first line is not");
        refused("signpost vectors 1\n{}\n", "the header cannot be read");
        let head = r#"{"dimensions":8,"rows":1,"vocabulary_bytes":1}"#;
        refused(format!("{MAGIC}\n{head}\na").leak(), "8 dimensions, not 256");
        let head = r#"{"dimensions":256,"rows":1,"vocabulary_bytes":3}"#;
        refused(format!("{MAGIC}\n{head}\na").leak(), "the vocabulary is cut off");
        refused(format!("{MAGIC}\n{head}\na\nb1234").leak(), "2 tokens, but 0 rows");
        refused(format!("{MAGIC}\n{head}\nabc123").leak(), "scales are cut off");
        refused(format!("{MAGIC}\n{head}\nabc1234x").leak(), "the last row is cut off");
    }
}
