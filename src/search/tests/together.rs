//! Weighing only what may have all the words gives what weighing everything gives.

use super::query::{StopWords, read};
use super::score::Tally;
use super::*;

const WORDS: [&str; 12] = [
    "alpha", "beta", "gamma", "delta", "restore", "restored", "snapshot", "wi-fi", "index", "indexes", "node", "nodes",
];

#[test]
fn articles_with_all_the_words_score_the_same() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut text = |count| (0..count).map(|_| WORDS[random.usize(..WORDS.len())]).collect::<Vec<_>>().join(" ");
    let page = |number: usize, text: &mut dyn FnMut(usize) -> String| {
        Page::for_test(&format!("/{number}"), &text(2), &text(3)).with_section("more", &text(1), &text(4))
    };
    let snapshot = Snapshot::for_test((0..80).map(|number| page(number, &mut text)).collect());
    let index = Index::open(None, &snapshot, &Settings::default(), "").unwrap();
    let locale = &index.locales()[0];
    let (mut all, mut together, mut compared) = (Tally::default(), Tally::default(), 0);
    for number in 0..300 {
        let asked = text(2 + number % 2) + ["", " "][number % 2];
        let words = read(&asked, &locale.language, StopWords::LeftOut, &mut Vec::new()).words;
        let required = rank::Required::of(&words);
        all.weigh(locale, &words).unwrap();
        together.weigh_together(locale, &words).unwrap();
        let viewer = identity::anonymous();
        let found = |tally: &Tally| {
            let matches = rank::matches(locale, tally, &snapshot.view(&viewer), &Default::default(), required);
            let whole = matches.into_iter().filter(|found| required.are_met(found));
            let mut whole: Vec<(u32, f32)> = whole.map(|found| (found.article, found.score)).collect();
            whole.sort_unstable_by_key(|(article, _)| *article);
            whole
        };
        let (expect, got) = (found(&all), found(&together));
        assert_eq!(expect.len(), got.len(), "{asked:?}");
        for (expect, got) in expect.iter().zip(&got) {
            assert!(expect.0 == got.0 && (expect.1 - got.1).abs() < 1e-4, "{asked:?}: {expect:?} and {got:?}");
        }
        compared += expect.len();
        all.clear();
        together.clear();
    }
    assert!(compared > 1_000, "too little to compare: {compared}");
}
