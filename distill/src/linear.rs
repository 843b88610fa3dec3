//! Products of matrices whose sums are always added in the same order, whatever the processor.

/// Small enough for all sums of a block to stay in registers, even of the oldest 64-bit processor.
const ROWS: usize = 6;
const COLUMNS: usize = 8;

/// A layer `x · weightsᵀ + bias`.
pub struct Linear {
    /// For every eight outputs, what each input adds to them.
    panels: Vec<[f32; COLUMNS]>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Linear {
    /// `weights` has one row of `inputs` numbers for each output. The number of outputs divides by eight.
    pub fn new(weights: &[f32], bias: Vec<f32>, inputs: usize) -> Self {
        assert!(bias.len().is_multiple_of(COLUMNS) && weights.len() == inputs * bias.len(), "shapes fit");
        let columns = weights.chunks_exact(inputs * COLUMNS);
        let panel = |rows: &[f32], input| std::array::from_fn(|column| rows[column * inputs + input]);
        let panels = columns.flat_map(|rows| (0..inputs).map(move |input| panel(rows, input))).collect();
        Self { panels, bias, inputs }
    }

    /// Of every row of `rows`, one after another.
    pub fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let outputs = self.bias.len();
        let mut result = vec![0.0; rows.len() / self.inputs * outputs];
        let blocks = rows.chunks(ROWS * self.inputs).zip(result.chunks_mut(ROWS * outputs));
        for (rows, result) in blocks {
            let packed = self.pack(rows);
            for (at, panel) in self.panels.chunks_exact(self.inputs).enumerate() {
                let sums = product(&packed, panel);
                let columns = at * COLUMNS..(at + 1) * COLUMNS;
                for (sums, result) in sums.iter().zip(result.chunks_exact_mut(outputs)) {
                    let biased = sums.iter().zip(&self.bias[columns.clone()]).map(|(sum, bias)| sum + bias);
                    result[columns.clone()].iter_mut().zip(biased).for_each(|(to, from)| *to = from);
                }
            }
        }
        result
    }

    /// The same input of all rows side by side; rows that are missing at the end are zero.
    fn pack(&self, rows: &[f32]) -> Vec<[f32; ROWS]> {
        let number = |row: usize, input| rows.get(row * self.inputs + input).copied().unwrap_or(0.0);
        (0..self.inputs).map(|input| std::array::from_fn(|row| number(row, input))).collect()
    }
}

fn product(rows: &[[f32; ROWS]], panel: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
    let mut sums = [[0.0; COLUMNS]; ROWS];
    for (inputs, weights) in rows.iter().zip(panel) {
        for (sums, input) in sums.iter_mut().zip(inputs) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += input * weight;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_meets_each_output() {
        let (inputs, outputs) = (5, 16);
        let weights: Vec<f32> = (0..inputs * outputs).map(|at| (at % 7) as f32 - 3.0).collect();
        let bias: Vec<f32> = (0..outputs).map(|at| at as f32).collect();
        let rows: Vec<f32> = (0..inputs * 8).map(|at| (at % 11) as f32).collect();
        let found = Linear::new(&weights, bias.clone(), inputs).apply(&rows);
        assert_eq!(found.len(), 8 * outputs);
        for (at, found) in found.iter().enumerate() {
            let (row, output) = (at / outputs, at % outputs);
            let terms = (0..inputs).map(|input| rows[row * inputs + input] * weights[output * inputs + input]);
            assert_eq!(*found, terms.sum::<f32>() + bias[output], "row {row}, output {output}");
        }
    }
}
