//! A made-up help center, the same in every run: pages and bytes of a large real one, or many times as many, with
//! headings, code, tables and links.

pub mod words;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use words::{Numbers, Vocabulary};

/// Pages of a large real help center.
pub const USUAL: u64 = 1_758;
const FOLDERS: u64 = 42;
/// Pages in a folder, about; with more there are folders in folders.
const IN_FOLDER: u64 = 42;
/// Sections of a page, on average.
const SECTIONS: u64 = 10;
const TAGS: u64 = 30;

/// Writes a help center of so many pages into `folder`.
pub fn write(folder: &Path, pages: u64) -> Result<PathBuf> {
    let mut writer = Writer { pages, vocabulary: Vocabulary::of(pages), numbers: Numbers(1) };
    for page in 0..pages {
        let file = folder.join(writer.path(page));
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, writer.text(page))?;
    }
    Ok(folder.to_owned())
}

struct Writer {
    pages: u64,
    vocabulary: Vocabulary,
    numbers: Numbers,
}

impl Writer {
    fn parts(&self) -> u64 {
        self.pages / FOLDERS / IN_FOLDER
    }

    fn path(&self, page: u64) -> String {
        let (topic, parts) = (page % FOLDERS, self.parts());
        if parts < 2 {
            return format!("topic-{topic}/page-{page}.md");
        }
        format!("topic-{topic}/part-{}/page-{page}.md", page / FOLDERS % parts)
    }

    fn words(&mut self, count: u64) -> String {
        self.vocabulary.words(&mut self.numbers, count)
    }

    fn title(&mut self) -> String {
        self.vocabulary.title(&mut self.numbers)
    }

    fn name(&mut self) -> String {
        self.vocabulary.telling(&mut self.numbers).to_owned()
    }

    fn text(&mut self, page: u64) -> String {
        let (title, tag, opening) = (self.title(), self.vocabulary.label(page % TAGS).to_owned(), self.words(40));
        let mut text = format!("---\ntitle: {title}\ntags: [{tag}]\n---\n\n{opening}.\n");
        for _ in 0..SECTIONS / 2 + self.numbers.below(SECTIONS + 1) {
            self.section(&mut text);
        }
        text
    }

    fn section(&mut self, text: &mut String) {
        let (title, other) = (self.title(), self.numbers.below(self.pages));
        let up = if self.parts() < 2 { "../" } else { "../../" };
        let link = format!("[{}]({up}{})", self.words(2), self.path(other));
        let (long, short, name) = (self.words(50), self.words(30), self.name());
        write!(text, "\n## {title}\n\n{long}, see {link} and `{name}`.\n\n{short}.\n").expect("a string takes all");
        match self.numbers.below(4) {
            0 => self.code(text),
            1 => self.table(text),
            2 => (0..4).for_each(|_| text.extend(["- ", &self.words(6), "\n"])),
            _ => text.extend(["> [!NOTE]\n> ", &self.words(20), ".\n"]),
        }
    }

    fn code(&mut self, text: &mut String) {
        text.push_str("\n```json\n{\n");
        for _ in 0..6 {
            let (outer, inner, number) = (self.name(), self.name(), self.numbers.below(1000));
            writeln!(text, "  \"{outer}\": {{ \"{inner}\": {number} }},").expect("a string takes all");
        }
        text.push_str("  \"last\": true\n}\n```\n");
    }

    fn table(&mut self, text: &mut String) {
        text.push_str("\n| Name | Meaning | Default |\n| --- | --- | ---: |\n");
        for _ in 0..5 {
            let (name, meaning, number) = (self.name(), self.words(8), self.numbers.below(100));
            writeln!(text, "| `{name}` | {meaning} | {number} |").expect("a string takes all");
        }
    }
}

/// Markdown files in a folder, and their bytes.
pub fn weigh(folder: &Path) -> Result<(usize, u64)> {
    let (mut files, mut bytes) = (0, 0);
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let inside = weigh(&path)?;
            (files, bytes) = (files + inside.0, bytes + inside.1);
        } else if path.extension().is_some_and(|kind| kind == "md") {
            (files, bytes) = (files + 1, bytes + fs::metadata(&path)?.len());
        }
    }
    Ok((files, bytes))
}
