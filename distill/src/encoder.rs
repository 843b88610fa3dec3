//! BERT as all-MiniLM-L6-v2 uses it (Devlin et al. 2019, Wang et al. 2020): six layers of attention, exact GELU, the
//! mean over all positions as the result. Here every text is `[CLS] token [SEP]`, so nothing is masked.

use anyhow::Result;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;

use crate::{linear::Linear, weights::Weights};

/// Numbers per token, inside the model and in its result.
pub const WIDTH: usize = 384;
const INNER: usize = 1536;
const LAYERS: usize = 6;
const HEADS: usize = 12;
const HEAD: usize = WIDTH / HEADS;
/// `[CLS] token [SEP]`.
const POSITIONS: usize = 3;
const CLS: usize = 101;
const SEP: usize = 102;
/// As many tokens at once as leave their rows in the cache.
const BATCH: usize = 64;

pub struct Encoder {
    words: Vec<f32>,
    /// What the place in the text adds, with the token type of a single text.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    joined: Linear,
    joined_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Encoder {
    pub fn read(file: &[u8]) -> Result<Self> {
        let weights = Weights::read(file)?;
        let embedding = |name| weights.tensor(&format!("embeddings.{name}_embeddings.weight"), WIDTH);
        let (places, kinds) = (embedding("position")?, embedding("token_type")?);
        let places = places.iter().take(POSITIONS * WIDTH).zip(kinds[..WIDTH].iter().cycle());
        Ok(Self {
            words: embedding("word")?,
            places: places.map(|(place, kind)| place + kind).collect(),
            norm: Norm::read(&weights, "embeddings.LayerNorm")?,
            layers: (0..LAYERS).map(|at| Layer::read(&weights, at)).collect::<Result<_>>()?,
        })
    }

    /// How many tokens the model knows.
    pub fn tokens(&self) -> usize {
        self.words.len() / WIDTH
    }

    /// A row of [`WIDTH`] numbers for each token in the order of the vocabulary, on all cores.
    pub fn vectors(&self) -> Vec<f32> {
        let tokens: Vec<usize> = (0..self.tokens()).collect();
        let batches: Vec<_> = tokens.par_chunks(BATCH).progress().map(|tokens| self.encode(tokens)).collect();
        batches.concat()
    }

    fn encode(&self, tokens: &[usize]) -> Vec<f32> {
        let mut states = self.embed(tokens);
        for layer in &self.layers {
            states = layer.apply(&states);
        }
        let mean = |text: &[f32], at| (0..POSITIONS).map(|place| text[place * WIDTH + at]).sum::<f32>() / 3.0;
        states.chunks_exact(POSITIONS * WIDTH).flat_map(|text| (0..WIDTH).map(move |at| mean(text, at))).collect()
    }

    fn embed(&self, tokens: &[usize]) -> Vec<f32> {
        let word = |token: usize| &self.words[token * WIDTH..(token + 1) * WIDTH];
        let texts = tokens.iter().flat_map(|token| [word(CLS), word(*token), word(SEP)]);
        let mut states: Vec<f32> = texts.flatten().copied().collect();
        states.iter_mut().zip(self.places.iter().cycle()).for_each(|(state, place)| *state += place);
        self.norm.apply(&mut states);
        states
    }
}

impl Layer {
    fn read(weights: &Weights<'_>, at: usize) -> Result<Self> {
        let name = |part: &str| format!("encoder.layer.{at}.{part}");
        let linear = |part: &str, inputs, outputs| weights.linear(&name(part), inputs, outputs);
        Ok(Self {
            query: linear("attention.self.query", WIDTH, WIDTH)?,
            key: linear("attention.self.key", WIDTH, WIDTH)?,
            value: linear("attention.self.value", WIDTH, WIDTH)?,
            joined: linear("attention.output.dense", WIDTH, WIDTH)?,
            joined_norm: Norm::read(weights, &name("attention.output.LayerNorm"))?,
            inner: linear("intermediate.dense", WIDTH, INNER)?,
            outer: linear("output.dense", INNER, WIDTH)?,
            outer_norm: Norm::read(weights, &name("output.LayerNorm"))?,
        })
    }

    fn apply(&self, states: &[f32]) -> Vec<f32> {
        let mut joined = self.joined.apply(&self.attend(states));
        add(&mut joined, states);
        self.joined_norm.apply(&mut joined);
        let mut inner = self.inner.apply(&joined);
        inner.iter_mut().for_each(|number| *number = gelu(*number));
        let mut outer = self.outer.apply(&inner);
        add(&mut outer, &joined);
        self.outer_norm.apply(&mut outer);
        outer
    }

    fn attend(&self, states: &[f32]) -> Vec<f32> {
        let (queries, keys, values) = (self.query.apply(states), self.key.apply(states), self.value.apply(states));
        let mut result = vec![0.0; states.len()];
        for (at, to) in result.chunks_exact_mut(HEAD).enumerate() {
            let (row, head) = (at / HEADS, at % HEADS);
            let place = |other: usize| ((row / POSITIONS * POSITIONS + other) * HEADS + head) * HEAD;
            let query = &queries[at * HEAD..][..HEAD];
            let shares = softmax(std::array::from_fn(|other| {
                let key = &keys[place(other)..][..HEAD];
                query.iter().zip(key).map(|(query, key)| query * key).sum::<f32>() / (HEAD as f32).sqrt()
            }));
            for (other, share) in shares.iter().enumerate() {
                let value = &values[place(other)..][..HEAD];
                to.iter_mut().zip(value).for_each(|(to, value)| *to += share * value);
            }
        }
        result
    }
}

impl Norm {
    fn read(weights: &Weights<'_>, name: &str) -> Result<Self> {
        let part = |part| weights.tensor(&format!("{name}.{part}"), WIDTH);
        Ok(Self { weight: part("weight")?, bias: part("bias")? })
    }

    fn apply(&self, states: &mut [f32]) {
        for row in states.chunks_exact_mut(WIDTH) {
            let mean = row.iter().sum::<f32>() / WIDTH as f32;
            let variance = row.iter().map(|number| (number - mean) * (number - mean)).sum::<f32>() / WIDTH as f32;
            let deviation = (variance + 1e-12).sqrt();
            for (number, (weight, bias)) in row.iter_mut().zip(self.weight.iter().zip(&self.bias)) {
                *number = (*number - mean) / deviation * weight + bias;
            }
        }
    }
}

fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

fn gelu(number: f32) -> f32 {
    0.5 * number * (1.0 + libm::erff(number * std::f32::consts::FRAC_1_SQRT_2))
}

fn softmax(scores: [f32; POSITIONS]) -> [f32; POSITIONS] {
    let highest = scores.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let powers = scores.map(|score| libm::expf(score - highest));
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}
