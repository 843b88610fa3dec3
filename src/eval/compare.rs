//! Is one system really better than another, or was it luck?

use serde::Serialize;

use super::Measures;

const RESAMPLES: usize = 10_000;
/// Any number; the same one, so that the same figures come out.
const SEED: u64 = 20_261_121;

/// How much more one system scored than another on the same queries, in MRR@10.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    pub mean: f64,
    /// 95 % of the resampled means lie between these (paired percentile bootstrap, Efron 1979).
    pub low: f64,
    pub high: f64,
}

/// `ours` minus `theirs`, query by query.
pub fn difference(ours: &[Measures], theirs: &[Measures]) -> Difference {
    let pairs: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| ours.mrr_10 - theirs.mrr_10).collect();
    if pairs.is_empty() {
        return Difference { mean: 0.0, low: 0.0, high: 0.0 };
    }
    let mean = |sum: f64| sum / pairs.len() as f64;
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut resample = || mean((0..pairs.len()).map(|_| pairs[random.usize(..pairs.len())]).sum());
    let mut means: Vec<f64> = (0..RESAMPLES).map(|_| resample()).collect();
    means.sort_by(f64::total_cmp);
    let share = |share: f64| means[(share * (RESAMPLES - 1) as f64) as usize];
    Difference { mean: mean(pairs.iter().sum()), low: share(0.025), high: share(0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(places: &[f64]) -> Vec<Measures> {
        places.iter().map(|mrr_10| Measures { mrr_10: *mrr_10, ..Measures::default() }).collect()
    }

    #[test]
    fn a_steady_gain_is_told_from_luck() {
        let worse: Vec<f64> = (0..100).map(|number| f64::from(number % 5) / 10.0).collect();
        let better: Vec<f64> = worse.iter().map(|place| place + 0.1).collect();
        let steady = difference(&with(&better), &with(&worse));
        assert!((steady.mean - 0.1).abs() < 1e-9 && steady.low > 0.09 && steady.high < 0.11, "{steady:?}");
        let luck = difference(&with(&[1.0, 0.0, 0.5, 0.0]), &with(&[0.0, 1.0, 0.0, 0.5]));
        assert!(luck.low < 0.0 && luck.high > 0.0, "{luck:?}");
    }
}
