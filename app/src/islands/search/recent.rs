//! What this reader searched for lately; it is kept in this browser and sent nowhere.

use leptos::prelude::window;
use web_sys::Storage;

const KEY: &str = "signpost-searches";
const MOST: usize = 5;

/// Newest first.
pub fn all() -> Vec<String> {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default();
    kept.lines().map(str::to_owned).collect()
}

pub fn remember(query: &str) {
    if let Some(storage) = storage() {
        // A browser that keeps nothing is the reader's choice.
        storage.set_item(KEY, &with(&all(), query).join("\n")).ok();
    }
}

pub fn forget() {
    if let Some(storage) = storage() {
        storage.remove_item(KEY).ok();
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// A query that begins what comes next was typed on the way there.
fn with(old: &[String], query: &str) -> Vec<String> {
    let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
    if query.chars().nth(1).is_none() {
        return old.to_vec();
    }
    let others = old.iter().filter(|old| !query.starts_with(old.as_str())).cloned();
    [query.clone()].into_iter().chain(others).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_search_comes_first_and_once() {
        let check = |old: &[&str], query, expect: &[&str]| {
            let old: Vec<String> = old.iter().map(|query| (*query).to_owned()).collect();
            assert_eq!(with(&old, query), expect, "{query:?}");
        };
        check(&[], " reset   password ", &["reset password"]);
        check(&["b", "reset"], "reset password", &["reset password", "b"]);
        check(&["one", "two"], "two", &["two", "one"]);
        check(&["one"], " x ", &["one"]);
        check(&["one", "two", "three", "four", "five"], "six", &["six", "one", "two", "three", "four"]);
    }
}
