//! How high the right documents came, for one query and on average.

use serde::Serialize;

const TOP: usize = 10;

/// All between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Measures {
    /// Mean reciprocal rank: 1 over the place of the first relevant hit among ten.
    pub mrr_10: f64,
    /// Normalised discounted cumulative gain of ten hits; the gain of a document is its grade
    /// (Järvelin and Kekäläinen 2002).
    pub ndcg_10: f64,
    /// Is the first hit relevant?
    pub success_1: f64,
    /// Is one of the first five?
    pub success_5: f64,
    /// Share of the relevant documents among a hundred hits.
    pub recall_100: f64,
    /// Was nothing found at all?
    pub zero_results: f64,
}

impl Measures {
    /// `found` are the grades of the hits in order, `judged` those of all documents judged for the query.
    pub fn of(found: &[u32], judged: &[u32], relevant_from: u32) -> Self {
        let is_relevant = |grade: &&u32| **grade >= relevant_from;
        let first = found.iter().take(TOP).position(|grade| *grade >= relevant_from);
        let relevant = judged.iter().filter(is_relevant).count();
        let share = |count: usize, of: usize| if of == 0 { 0.0 } else { count as f64 / of as f64 };
        let mut best = judged.to_vec();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let (gain, most) = (discounted(found), discounted(&best));
        Self {
            mrr_10: first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
            ndcg_10: if most == 0.0 { 0.0 } else { gain / most },
            success_1: f64::from(first == Some(0)),
            success_5: f64::from(first.is_some_and(|place| place < 5)),
            recall_100: share(found.iter().filter(is_relevant).count(), relevant),
            zero_results: f64::from(found.is_empty()),
        }
    }

    pub fn mean(each: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> f64| each.iter().map(of).sum::<f64>() / each.len().max(1) as f64;
        Self {
            mrr_10: mean(|it| it.mrr_10),
            ndcg_10: mean(|it| it.ndcg_10),
            success_1: mean(|it| it.success_1),
            success_5: mean(|it| it.success_5),
            recall_100: mean(|it| it.recall_100),
            zero_results: mean(|it| it.zero_results),
        }
    }
}

fn discounted(grades: &[u32]) -> f64 {
    grades.iter().take(TOP).zip(2u32..).map(|(grade, place)| f64::from(*grade) / f64::from(place).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_as_their_definitions_say() {
        let one = Measures::of(&[0, 2, 1], &[2, 1, 1], 1);
        assert_eq!((one.mrr_10, one.success_1, one.success_5), (0.5, 0.0, 1.0));
        assert!((one.recall_100 - 2.0 / 3.0).abs() < 1e-9);
        // (2/log2(3) + 1/log2(4)) / (2/log2(2) + 1/log2(3) + 1/log2(4))
        assert!((one.ndcg_10 - 0.5627).abs() < 1e-4, "{}", one.ndcg_10);
        let none = Measures::of(&[], &[1], 1);
        assert_eq!(none, Measures { zero_results: 1.0, ..Measures::default() });
        let late = [vec![0; TOP], vec![1]].concat();
        assert_eq!(Measures::of(&late, &[1], 1).mrr_10, 0.0, "the eleventh place is none");
        assert_eq!(Measures::mean(&[one, none]).mrr_10, 0.25);
    }
}
