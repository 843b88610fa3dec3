//! Which language a file is in, and which pages are translations of each other.

use std::sync::Arc;

use crate::content::Settings;
use crate::content::file::File;

/// Folders with these names are languages unless the settings say otherwise; `cs/` may well be about C#.
const USUAL: [&str; 5] = ["en", "de", "fr", "es", "ar"];

#[derive(Debug)]
pub struct Locales {
    names: Vec<String>,
}

impl Locales {
    pub fn new(files: &[Arc<File>], settings: &Settings) -> Self {
        let wanted: Vec<&str> = if settings.locales.is_empty() {
            USUAL.to_vec()
        } else {
            settings.locales.iter().map(String::as_str).collect()
        };
        let exists = |name: &str| files.iter().any(|file| top(&file.source) == Some(name));
        let said = files.iter().filter_map(|file| file.matter.locale.as_deref()).filter(|name| is_tag(name));
        let mut names = vec![settings.default_locale.clone()];
        for name in wanted.iter().copied().filter(|name| exists(name)).chain(said) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        Self { names }
    }

    /// The default first.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn default(&self) -> &str {
        &self.names[0]
    }

    /// A source path → its locale, and the rest of the path.
    pub fn split<'a>(&'a self, source: &'a str) -> (&'a str, &'a str) {
        let (first, rest) = source.split_once('/').unwrap_or((source, ""));
        match self.names.iter().find(|name| *name == first) {
            Some(name) => (name, rest),
            None => (self.default(), source),
        }
    }

    /// What front matter says counts before what the folder says.
    pub fn of<'a>(&'a self, file: &'a File) -> (&'a str, &'a str) {
        let (folder, rest) = self.split(&file.source);
        let said = file.matter.locale.as_deref();
        (said.filter(|name| self.names.iter().any(|known| known == name)).unwrap_or(folder), rest)
    }

    /// Puts the locale before a path, unless it is the default.
    pub fn prefix(&self, locale: &str, path: &str) -> String {
        match (locale == self.default(), path) {
            (true, _) => path.to_owned(),
            (false, "/") => format!("/{locale}"),
            (false, _) => format!("/{locale}{path}"),
        }
    }
}

fn top(source: &str) -> Option<&str> {
    source.split_once('/').map(|(first, _)| first)
}

/// Looks like a language tag (BCP 47): `de`, `pt-BR`.
fn is_tag(name: &str) -> bool {
    let mut parts = name.split('-');
    parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_lowercase()))
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}
