//! Old addresses and where they lead now.

use std::collections::{BTreeMap, HashSet};

use super::{Plan, address};
use crate::content::Problem;

impl Plan {
    /// `by_hand` is what `redirects.yml` says.
    pub(super) fn build_redirects(&mut self, by_hand: &BTreeMap<String, String>) {
        for number in 0..self.pages.len() {
            let Some(file) = self.files[number].clone() else {
                continue;
            };
            let to = self.pages[number].path.clone();
            for old in file.matter.old_addresses() {
                self.add_redirect(&address::normalise(old), &to, &file.source);
            }
        }
        for (from, to) in by_hand {
            self.add_redirect(&address::normalise(from), &target(to), super::super::REDIRECTS);
        }
        self.follow_chains();
    }

    fn add_redirect(&mut self, from: &str, to: &str, file: &str) {
        if from == to && self.by_path.contains_key(from) {
            return; // an old address that is the present one again
        }
        if let Some(ix) = self.by_path.get(from) {
            let message = format!("The old address {from} is that of a page: {}.", self.page(*ix).source);
            self.problems.push(Problem::warning("alias-taken", file, message, "Remove it from the aliases."));
        } else if let Some(other) = self.redirects.get(from).filter(|other| *other != to) {
            let message = format!("The old address {from} already leads to {other}.");
            self.problems.push(Problem::warning("alias-taken", file, message, "Keep it on one page."));
        } else {
            self.redirects.insert(from.to_owned(), to.to_owned());
        }
    }

    /// Every redirect leads to its end at once; one that never ends is dropped.
    fn follow_chains(&mut self) {
        let mut froms: Vec<String> = self.redirects.keys().cloned().collect();
        froms.sort();
        let ends: Vec<_> = froms.iter().map(|from| self.end_of(from)).collect();
        for (from, end) in froms.into_iter().zip(ends) {
            if let Some(end) = end {
                self.redirects.insert(from, end);
            } else {
                self.redirects.remove(&from);
                let message = format!("The redirects from {from} lead round in a circle.");
                let cure = "Let one of them lead to a page.";
                self.problems.push(Problem::error("redirect-loop", super::super::REDIRECTS, message, cure));
            }
        }
    }

    fn end_of(&self, from: &str) -> Option<String> {
        let mut seen = HashSet::from([from.to_owned()]);
        let mut to = self.redirects.get(from)?.clone();
        while let Some(next) = self.redirects.get(path_of(&to)) {
            if !seen.insert(path_of(&to).to_owned()) {
                return None;
            }
            to.clone_from(next);
        }
        Some(to)
    }
}

fn path_of(target: &str) -> &str {
    target.split('#').next().unwrap_or(target)
}

fn target(to: &str) -> String {
    match to.split_once('#') {
        Some((path, anchor)) => format!("{}#{anchor}", address::normalise(path)),
        None => address::normalise(to),
    }
}
