//! `search-tests.yml`: what editors say must be found, beside the articles that must be found.

use serde::Deserialize;

use super::list::{self, Places};
use super::{Position, Problem, Source};

/// At the top of the content folder.
pub const SEARCH_TESTS: &str = "search-tests.yml";
const TOP: usize = 3;

/// One search that must find its article.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchTest {
    /// What a reader types, word for word.
    pub query: String,
    /// Path of the article without the leading slash: `start/install`, `de/start/install`.
    pub expect: String,
    /// Among how many results it must be.
    #[serde(default = "top")]
    pub top: usize,
    /// Searched in; the default one when absent.
    pub locale: Option<String>,
    /// Groups the reader belongs to.
    #[serde(default)]
    pub audience: Vec<String>,
    #[serde(skip)]
    pub position: Option<Position>,
}

fn top() -> usize {
    TOP
}

/// The tests of a content folder; none where there is no such file.
///
/// # Errors
/// A file that cannot be read as a list of tests, as a problem to show.
pub fn search_tests(source: &Source) -> Result<Vec<SearchTest>, Problem> {
    let cure = "Write one `- { query: what readers type, expect: path/of/the-article, top: 3 }` a line.";
    let (mut tests, text): (Vec<SearchTest>, String) = list::read(source, SEARCH_TESTS, cure)?;
    let mut places = Places::of(&text);
    tests.iter_mut().for_each(|test| test.position = places.next(&test.query));
    Ok(tests)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use super::*;

    fn read(text: &str) -> Result<Vec<SearchTest>, Problem> {
        let files = [(SEARCH_TESTS.to_owned(), text.as_bytes().to_vec())].into();
        search_tests(&Source::Memory(Arc::new(files)))
    }

    #[test]
    fn every_test_knows_its_place() {
        let tests = read("# mine\n- { query: log in, expect: a/b }\n- query: log in\n  expect: c\n  top: 5\n").unwrap();
        let lines: Vec<u32> = tests.iter().map(|test| test.position.unwrap().line).collect();
        assert_eq!(lines, [2, 3]);
        assert_eq!((tests[0].top, tests[1].top), (3, 5));
        assert!(read("# none yet\n").unwrap().is_empty());
    }

    #[test]
    fn a_list_that_is_none_is_told() {
        let problem = read("- { query: x, expects: y }\n").unwrap_err();
        assert_eq!(problem.kind, "bad-search-tests");
        assert!(problem.message.contains("expects"), "{problem}");
    }
}
