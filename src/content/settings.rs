//! What an operator may choose about content, and what one load is told.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The `[content]` section of `signpost.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The folder of Markdown; `--content` goes before it, and without either the program serves its own manual.
    pub dir: Option<PathBuf>,
    /// Follow changes of the folder while serving.
    pub watch: bool,
    /// A page larger than this many bytes is refused.
    pub max_page: u64,
    /// The language of files outside any locale folder; its pages have no locale in their address.
    pub default_locale: String,
    /// Top folders that are languages. Empty: those of `en`, `de`, `fr`, `es` and `ar` that exist.
    pub locales: Vec<String>,
    /// Files and folders left out, relative to the content folder: `internal`, `notes/todo.md`.
    pub ignore: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dir: None,
            watch: true,
            max_page: 5_000_000,
            default_locale: "en".to_owned(),
            locales: Vec::new(),
            ignore: Vec::new(),
        }
    }
}

/// What one [`load`](super::load) is told.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    pub settings: &'a Settings,
    /// Path prefix of every `href` in prose: `/help`, or empty.
    pub base: &'a str,
    /// The site's own address with the base: links to it are links within. `https://example.com/help`.
    pub site_url: &'a str,
    /// Decides what `publish_at` and `expires_at` mean.
    pub now: Timestamp,
    /// A file in which rendered prose survives a restart.
    pub cache: Option<&'a PathBuf>,
    /// Told (done, total) pages while rendering, from several threads.
    pub progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
}

impl<'a> Options<'a> {
    /// A site at the root of its host, without cache or progress.
    pub fn new(settings: &'a Settings, now: Timestamp) -> Self {
        Self { settings, base: "", site_url: "", now, cache: None, progress: None }
    }
}
