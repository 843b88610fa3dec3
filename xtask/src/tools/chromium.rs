//! The browser the journeys run in.

use super::debian;
use crate::process;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// The Chromium named by `CHROMIUM`, else the first one found; installed where that is possible.
pub fn require() -> Result<PathBuf> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    debian::install(&["chromium"], "the browser tests need Chromium, and none was found")?;
    find().context("Chromium was installed, but is not found: set CHROMIUM to its path")
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let mut known = named.into_iter().chain(usual.map(PathBuf::from));
    known.find(|browser| process::exists(browser))
}
