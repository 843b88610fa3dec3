//! The one table everything is printed in.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use crate::subject::Subject;

pub struct Table {
    title: String,
    sections: Vec<Section>,
}

struct Section {
    /// The first one names the columns.
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    pub fn new(subject: &Subject) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let megabytes = subject.bytes as f64 / 1e6;
        let pages = subject.pages;
        let title = format!(
            "{pages} Markdown files, {megabytes:.1} MB; {cores} processor cores, load {} before the start; loopback",
            busy().unwrap_or_else(|| "unknown".to_owned()),
        );
        Self { title, sections: Vec::new() }
    }

    /// Begins a section.
    pub fn section<const N: usize>(&mut self, columns: [&str; N]) {
        eprintln!("    {}", columns[0]);
        self.sections.push(Section { rows: vec![columns.map(str::to_owned).to_vec()], notes: Vec::new() });
    }

    /// Adds a row to the section begun last.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        if let Some(section) = self.sections.last_mut() {
            section.rows.push(cells.to_vec());
        }
    }

    /// Adds a line below the section begun last.
    pub fn note(&mut self, line: &str) {
        if let Some(section) = self.sections.last_mut() {
            section.notes.push(line.to_owned());
        }
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        self.sections.iter().try_for_each(|Section { rows, notes }| {
            write_rows(f, rows)?;
            notes.iter().try_for_each(|note| writeln!(f, "{note}"))
        })
    }
}

/// How many processes wanted a processor in the last minute: above the cores, times by the clock say little and
/// processor times and ratios more.
fn busy() -> Option<String> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split(' ').next().map(str::to_owned)
}

fn write_rows(f: &mut Formatter<'_>, rows: &[Vec<String>]) -> fmt::Result {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    writeln!(f)?;
    for (number, row) in rows.iter().enumerate() {
        write!(f, "{:<width$}", row[0], width = widths[0].max(56))?;
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            write!(f, "  {cell:>width$}", width = (*width).max(9))?;
        }
        writeln!(f)?;
        if number == 0 {
            writeln!(
                f,
                "{}",
                "─".repeat(widths[0].max(56) + widths[1..].iter().map(|w| (*w).max(9) + 2).sum::<usize>())
            )?;
        }
    }
    Ok(())
}

/// With a unit that leaves three digits or so.
pub fn time(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 0.001 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{:.0} µs", seconds * 1e6),
    }
}

/// How `ours` compares with `theirs`.
pub fn ratio(ours: f64, theirs: f64) -> String {
    format!("{:.2}", ours / theirs)
}

/// `1234567` as `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap_or_default()).collect();
    groups.join(",")
}

pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// The `share` quantile of `sorted`, by nearest rank.
pub fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    quantile(&times, 0.5)
}
