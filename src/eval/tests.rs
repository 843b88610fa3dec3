#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::*;

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn collection(folder: &Path) {
    write(
        folder,
        "corpus.jsonl",
        concat!(
            r#"{"id": "a.1", "title": "Restore a \"snapshot\"", "body": "Choose one: --- and wait."}"#,
            "\n",
            r#"{"id": "b/2", "title": "Invite people", "body": "Write to them."}"#,
            "\n",
        ),
    );
    write(folder, "meta.json", r#"{"name": "tiny", "rel_threshold": 2}"#);
    write(
        folder,
        "dev/queries.jsonl",
        concat!(
            r#"{"id": "q1", "text": "how do I restore a snapshot?"}"#,
            "\n",
            r#"{"id": "q2", "text": "invite"}"#,
            "\n",
            r#"{"id": "q3", "text": "unheard"}"#,
            "\n",
        ),
    );
    write(folder, "dev/qrels.tsv", "q1\ta.1\t3\nq2\tb/2\t1\nq2\ta.1\t2\nq3\ta.1\t2\n");
}

#[test]
fn documents_are_found_through_the_real_search() {
    let folder = tempfile::tempdir().unwrap();
    collection(&folder.path().join("tiny"));
    let found = find(folder.path()).unwrap();
    assert_eq!((found.len(), found[0].name.as_str(), found[0].relevant_from), (1, "tiny", 2));
    let indexed = Indexed::new(&found[0]).unwrap();
    let score =
        indexed.score(&found[0], &found[0].query_sets[0], "lexical", Ladder { meaning: false, ..Ladder::default() });
    assert_eq!((score.queries.as_str(), score.count), ("dev/queries", 3));
    // The first query finds its document; the second finds one that is not relevant enough; the third nothing.
    let firsts: Vec<f64> = score.each.iter().map(|measures| measures.success_1).collect();
    assert_eq!(firsts, [1.0, 0.0, 0.0]);
    let zeros: Vec<f64> = score.each.iter().map(|measures| measures.zero_results).collect();
    assert_eq!(zeros, [0.0, 0.0, 1.0]);
}

#[test]
fn a_bad_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    collection(folder.path());
    write(folder.path(), "dev/qrels.tsv", "q1\ta.1\t3\nq2 b/2 1\n");
    let error = format!("{:#}", find(folder.path()).unwrap_err());
    assert!(error.contains("qrels.tsv:2: write query, document and grade between tabs"), "{error}");
    let empty = tempfile::tempdir().unwrap();
    assert!(find(empty.path()).is_err());
}
