//! What a reader may be made to load, in brotli bytes. A kilobyte is 1,000 bytes.

use crate::site::Entry;
use anyhow::{Result, ensure};

struct Budget {
    name: &'static str,
    files: &'static [&'static str],
    bytes: usize,
}

const BUDGETS: [Budget; 7] = [
    Budget { name: "WebAssembly", files: &["islands.wasm"], bytes: 60_000 },
    Budget { name: "script glue and loader", files: &["islands.js", "site.js"], bytes: 7_000 },
    Budget { name: "event collection", files: &["events.js"], bytes: 2_000 },
    Budget { name: "drafts and work of asking", files: &["contact.js", "work.js"], bytes: 1_300 },
    Budget { name: "chat", files: &["chat.js", "chat-bar.js", "chat.css"], bytes: 3_000 },
    Budget { name: "a vendor's chat", files: &["messenger.js"], bytes: 900 },
    Budget { name: "style", files: &["site.css"], bytes: 12_000 },
];

/// Prints what each part weighs; an error names every part that weighs too much.
pub fn check(files: &[Entry]) -> Result<()> {
    let mut over = Vec::new();
    for budget in &BUDGETS {
        let bytes = weigh(budget, files)?;
        eprintln!("    {:<25} {bytes:>7} of {:>7} bytes (brotli)", budget.name, budget.bytes);
        if bytes > budget.bytes {
            over.push(format!("{} is {} bytes over its budget", budget.name, bytes - budget.bytes));
        }
    }
    ensure!(over.is_empty(), "{}", over.join("; "));
    Ok(())
}

fn weigh(budget: &Budget, files: &[Entry]) -> Result<usize> {
    let mut bytes = 0;
    for name in budget.files {
        let file = files.iter().find(|file| file.logical == *name);
        ensure!(file.is_some(), "{name} has a byte budget, but is not in the site: was it renamed?");
        bytes += file.map_or(0, |file| file.brotli);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check_sizes(sizes: &[(&str, usize)], expect: Result<(), &str>) {
        let entry = |(name, brotli): &(&str, usize)| Entry { logical: (*name).to_owned(), brotli: *brotli };
        let files: Vec<_> = sizes.iter().map(entry).collect();
        match expect {
            Ok(()) => check(&files).unwrap(),
            Err(part) => assert!(check(&files).unwrap_err().to_string().contains(part)),
        }
    }

    #[test]
    fn budgets_hold_to_the_byte() {
        let good = [
            ("islands.wasm", 60_000),
            ("islands.js", 4_000),
            ("site.js", 3_000),
            ("events.js", 2_000),
            ("contact.js", 1_000),
            ("work.js", 300),
            ("chat.js", 2_000),
            ("chat-bar.js", 300),
            ("chat.css", 700),
            ("messenger.js", 900),
            ("site.css", 12_000),
        ];
        check_sizes(&good, Ok(()));
        let mut heavy = good;
        heavy[2].1 += 1;
        check_sizes(&heavy, Err("script glue and loader is 1 bytes over"));
        check_sizes(&good[..10], Err("site.css has a byte budget"));
    }
}
