//! What is measured.

use std::path::PathBuf;

use anyhow::Result;

use crate::corpus;
use crate::table::count;

/// A site that is measured.
pub struct Subject {
    pub content: PathBuf,
    /// Everything made lies in it, gone at the end.
    scratch: PathBuf,
    pub pages: usize,
    pub bytes: u64,
}

impl Subject {
    pub fn of(content: PathBuf, scratch: PathBuf) -> Result<Self> {
        let (pages, bytes) = corpus::weigh(&content)?;
        Ok(Self { content, scratch, pages, bytes })
    }

    pub fn made_up(pages: u64, scratch: PathBuf) -> Result<Self> {
        Self::of(corpus::write(&scratch.join("corpus"), pages)?, scratch)
    }

    /// A place for what is made of it.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    pub fn name(&self) -> String {
        format!("{} pages", count(self.pages as u64))
    }
}
