//! A made-up help center, the same in every run: as many pages and bytes as a large real one, with headings,
//! code, tables and links, and words as unevenly frequent as in a language.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

const FOLDERS: u64 = 42;
const PAGES: u64 = 1_758;
/// Sections of a page, on average.
const SECTIONS: u64 = 10;
const VOCABULARY: u64 = 6_000;

/// Numbers that look random and come in the same order each time (SplitMix64, Steele et al., 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A word, the nth of the vocabulary about 1/n as often as the first (Zipf).
    fn word(&mut self) -> String {
        let uniform = self.below(1 << 20) as f64 / f64::from(1 << 20);
        spell((VOCABULARY as f64).powf(uniform) as u64)
    }

    fn words(&mut self, count: u64) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// The nth word: a few syllables that tell it from all others.
fn spell(number: u64) -> String {
    const SYLLABLES: [&str; 20] = [
        "ra", "ten", "si", "mo", "lue", "kan", "dor", "vi", "pel", "sta", "nim", "cor", "ex", "tra", "bi", "gon",
        "fer", "lo", "qui", "zu",
    ];
    let syllable = |place: u32| SYLLABLES[(number / 20u64.pow(place) % 20) as usize];
    [syllable(0), syllable(1), syllable(2), if number.is_multiple_of(3) { "s" } else { "" }].concat()
}

/// Writes the help center into `folder`.
pub fn write(folder: &Path) -> Result<PathBuf> {
    let mut numbers = Numbers(1);
    for page in 0..PAGES {
        let inside = folder.join(format!("topic-{}", page % FOLDERS));
        fs::create_dir_all(&inside)?;
        fs::write(inside.join(format!("page-{page}.md")), text(&mut numbers, page))?;
    }
    Ok(folder.to_owned())
}

fn text(numbers: &mut Numbers, page: u64) -> String {
    let (title, tag) = (numbers.words(3), spell(page % 30));
    let mut text = format!("---\ntitle: {title}\ntags: [{tag}]\n---\n\n{}.\n", numbers.words(40));
    for _ in 0..SECTIONS / 2 + numbers.below(SECTIONS + 1) {
        section(&mut text, numbers);
    }
    text
}

fn section(text: &mut String, numbers: &mut Numbers) {
    let (title, other) = (numbers.words(3), numbers.below(PAGES));
    let link = format!("[{}](../topic-{}/page-{other}.md)", numbers.words(2), other % FOLDERS);
    let paragraphs = [numbers.words(50), numbers.words(30)];
    write!(text, "\n## {title}\n\n{}, see {link} and `{}`.\n\n{}.\n", paragraphs[0], numbers.word(), paragraphs[1])
        .expect("a string takes all");
    match numbers.below(4) {
        0 => code(text, numbers),
        1 => table(text, numbers),
        2 => (0..4).for_each(|_| text.extend(["- ", &numbers.words(6), "\n"])),
        _ => text.extend(["> [!NOTE]\n> ", &numbers.words(20), ".\n"]),
    }
}

fn code(text: &mut String, numbers: &mut Numbers) {
    text.push_str("\n```json\n{\n");
    for _ in 0..6 {
        writeln!(text, "  \"{}\": {{ \"{}\": {} }},", numbers.word(), numbers.word(), numbers.below(1000))
            .expect("a string takes all");
    }
    text.push_str("  \"last\": true\n}\n```\n");
}

fn table(text: &mut String, numbers: &mut Numbers) {
    text.push_str("\n| Name | Meaning | Default |\n| --- | --- | ---: |\n");
    for _ in 0..5 {
        writeln!(text, "| `{}` | {} | {} |", numbers.word(), numbers.words(8), numbers.below(100))
            .expect("a string takes all");
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
