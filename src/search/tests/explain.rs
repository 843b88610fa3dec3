//! A score can be taken apart, and the parts add up to it.

use app::model::Explanation;

use super::*;

fn explained(site: &Site, text: &str) -> Vec<(f32, Explanation)> {
    let results = site.ask(&Query { explain: true, ..query(text) });
    results.hits.into_iter().map(|hit| (hit.score, hit.explanation.unwrap())).collect()
}

fn sum(explanation: &Explanation) -> f32 {
    explanation.words.iter().map(|part| part.score).sum::<f32>() + explanation.meaning
}

#[test]
fn the_parts_add_up_to_the_score() {
    let mut page = Page::for_test("/tuned", "Restore", "A snapshot of a bucket.");
    page.boost = 2.5;
    let site = Site::of(vec![
        Page::for_test("/backup", "Snapshots", "Take a snapshot.").with_section(
            "restore",
            "Restore a snapshot",
            "Wait.",
        ),
        Page::for_test("/s3", "Buckets", "A snapshot is stored in a bucket."),
        page,
    ]);
    for text in ["restore a snapshot ", "snapsot buck", "restoring", "how do I keep copies of my data safely"] {
        for (score, explanation) in explained(&site, text) {
            assert!((sum(&explanation) - score).abs() < 1e-4, "{text}: {score} is not {explanation:?}");
        }
    }
}

#[test]
fn every_word_says_how_it_was_met() {
    let site = backup_site();
    let (_, best) = explained(&site, "snapsot restores ").remove(0);
    let parts: Vec<(&str, Rung)> = best.words.iter().map(|part| (part.word.as_str(), part.rung)).collect();
    assert_eq!(parts, [("snapsot", Rung::Typo), ("restores", Rung::Stemmed)]);
    assert_eq!(best.words[0].instead, ["snapshot"]);
    assert!(site.text("snapshot").hits[0].explanation.is_none());
}
