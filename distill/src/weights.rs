//! The model's numbers, by name.

use anyhow::{Context, Result, ensure};
use safetensors::{Dtype, SafeTensors};

use crate::linear::Linear;

pub struct Weights<'d>(SafeTensors<'d>);

impl<'d> Weights<'d> {
    pub fn read(file: &'d [u8]) -> Result<Self> {
        Ok(Self(SafeTensors::deserialize(file).context("the weights are not in the safetensors format")?))
    }

    /// The tensor `name`, row after row; an error unless each row has `width` numbers.
    pub fn tensor(&self, name: &str, width: usize) -> Result<Vec<f32>> {
        let tensor = self.0.tensor(name).with_context(|| format!("the model has no {name}"))?;
        let (shape, kind) = (tensor.shape(), tensor.dtype());
        ensure!(
            kind == Dtype::F32 && shape.last() == Some(&width),
            "{name} is {kind:?} of shape {shape:?}, not F32 with {width} columns: this is another model"
        );
        let (numbers, _) = tensor.data().as_chunks();
        Ok(numbers.iter().copied().map(f32::from_le_bytes).collect())
    }

    /// The layer `name` with its weights and bias.
    pub fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Linear> {
        let bias = self.tensor(&format!("{name}.bias"), outputs)?;
        let weights = self.tensor(&format!("{name}.weight"), inputs)?;
        ensure!(weights.len() == inputs * outputs, "{name} does not have {outputs} rows: this is another model");
        Ok(Linear::new(&weights, bias, inputs))
    }
}
