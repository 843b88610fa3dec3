//! Principal components: the directions in which words differ most.

use rayon::prelude::*;

/// More sweeps than any matrix of this size has been seen to need.
const SWEEPS: usize = 30;

/// The rows of `vectors`, each `width` long, less their mean, along their first `kept` components.
///
/// Each component is divided by the fourth root of its variance: the first ones say how common a word is or what part
/// of speech, and would drown what it means. That is half way to equal variances; going all the way gained more on two
/// sets of queries and lost on a third.
pub fn reduce(vectors: &[f32], width: usize, kept: usize) -> Vec<f32> {
    let centred = centred(vectors, width);
    let mut components = eigen(covariance(&centred, width), width);
    components.truncate(kept);
    for (variance, direction) in &mut components {
        let root = variance.sqrt().sqrt();
        direction.iter_mut().for_each(|number| *number /= root);
    }
    let along = |row: &[f64]| components.iter().map(|(_, direction)| dot(row, direction) as f32).collect::<Vec<_>>();
    centred.par_chunks_exact(width).flat_map_iter(along).collect()
}

fn centred(vectors: &[f32], width: usize) -> Vec<f64> {
    let rows = (vectors.len() / width) as f64;
    let sum = |column| vectors.iter().skip(column).step_by(width).copied().map(f64::from).sum::<f64>();
    let means: Vec<f64> = (0..width).map(|column| sum(column) / rows).collect();
    vectors.iter().zip(means.iter().cycle()).map(|(number, mean)| f64::from(*number) - mean).collect()
}

fn covariance(centred: &[f64], width: usize) -> Vec<f64> {
    let rows = (centred.len() / width) as f64;
    let line = |at: usize| {
        let mut sums = vec![0.0; width];
        for row in centred.chunks_exact(width) {
            sums.iter_mut().zip(row).for_each(|(sum, number)| *sum += row[at] * number);
        }
        sums.into_iter().map(move |sum| sum / rows)
    };
    (0..width).into_par_iter().flat_map_iter(line).collect()
}

/// Eigenvalues and eigenvectors of a symmetric matrix, the largest first, by Jacobi's method (Golub and Van Loan,
/// Matrix Computations, 8.5). The largest number of every vector is positive, so that there is one answer only.
fn eigen(mut matrix: Vec<f64>, width: usize) -> Vec<(f64, Vec<f64>)> {
    let mut vectors = vec![0.0; width * width];
    (0..width).for_each(|at| vectors[at * width + at] = 1.0);
    for _ in 0..SWEEPS {
        let turns: usize = (0..width).map(|first| sweep(&mut matrix, &mut vectors, width, first)).sum();
        if turns == 0 {
            break;
        }
    }
    let values = (0..width).map(|at| matrix[at * width + at]);
    let mut found: Vec<_> = values.zip(vectors.chunks_exact(width).map(upright)).collect();
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    found
}

/// Turns `first` against every later direction they still depend on; says how many those were.
fn sweep(matrix: &mut [f64], vectors: &mut [f64], width: usize, first: usize) -> usize {
    let mut turns = 0;
    for second in first + 1..width {
        let shared = matrix[first * width + second];
        let (one, other) = (matrix[first * width + first], matrix[second * width + second]);
        if shared * shared <= f64::EPSILON * f64::EPSILON * (one * other).abs() {
            continue;
        }
        let slope = (other - one) / (2.0 * shared);
        let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
        let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
        let turn = (cosine, tangent * cosine);
        for at in 0..width {
            rotate(matrix, at * width + first, at * width + second, turn);
        }
        for at in 0..width {
            rotate(matrix, first * width + at, second * width + at, turn);
            rotate(vectors, first * width + at, second * width + at, turn);
        }
        turns += 1;
    }
    turns
}

fn rotate(numbers: &mut [f64], first: usize, second: usize, (cosine, sine): (f64, f64)) {
    let (one, other) = (numbers[first], numbers[second]);
    numbers[first] = cosine * one - sine * other;
    numbers[second] = sine * one + cosine * other;
}

fn upright(vector: &[f64]) -> Vec<f64> {
    let largest =
        vector.iter().copied().fold(0.0, |best: f64, number| if number.abs() > best.abs() { number } else { best });
    vector.iter().map(|number| number * largest.signum()).collect()
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], expect: &[f64]) {
        let close =
            found.len() == expect.len() && found.iter().zip(expect).all(|(left, right)| (left - right).abs() < 1e-12);
        assert!(close, "{found:?} is not {expect:?}");
    }

    #[test]
    fn directions_come_by_size_and_upright() {
        let found = eigen(vec![2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 5.0], 3);
        let half = 0.5_f64.sqrt();
        near(&[found[0].0, found[1].0, found[2].0], &[5.0, 3.0, 1.0]);
        near(&found[0].1, &[0.0, 0.0, 1.0]);
        near(&found[1].1, &[half, half, 0.0]);
        near(&[dot(&found[2].1, &found[1].1), dot(&found[2].1, &found[2].1)], &[0.0, 1.0]);
    }

    #[test]
    fn any_symmetric_matrix_is_put_together_again() {
        let width = 24;
        let entry = |at: usize| ((at / width + 1) * (at % width + 1) % 17) as f64 - 8.0;
        let matrix: Vec<f64> = (0..width * width).map(entry).collect();
        let found = eigen(matrix.clone(), width);
        for (at, expect) in matrix.iter().enumerate() {
            let sum: f64 = found.iter().map(|(value, vector)| value * vector[at / width] * vector[at % width]).sum();
            assert!((sum - expect).abs() < 1e-10, "entry {at}: {sum} is not {expect}");
        }
    }

    #[test]
    fn what_varies_more_counts_more_but_less_so() {
        let rows = [[10.0, 7.0], [-6.0, 7.0], [2.0, 8.0], [2.0, 6.0]];
        let found = reduce(rows.as_flattened(), 2, 2);
        let (first, second) = (8.0 / 32.0_f32.sqrt().sqrt(), 1.0 / 0.5_f32.sqrt().sqrt());
        assert_eq!(found, [first, 0.0, -first, 0.0, 0.0, second, 0.0, -second]);
    }
}
