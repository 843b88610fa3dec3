//! Scores and evidence by number, kept from query to query so that only what was touched is cleared.

/// What is known of a section, or of an article's own words; bit n stands for the query's word n.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cell {
    pub score: f32,
    /// Met in any way.
    pub met: u32,
    /// Met as a beginning, by stem or as typed.
    pub begun: u32,
    /// Met by stem or as typed.
    pub stemmed: u32,
    /// Met as typed.
    pub exact: u32,
}

/// How a place met the word at hand; stronger evidence includes the weaker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    #[default]
    Typo,
    Prefix,
    Stemmed,
    Exact,
}

/// The word at hand in one place.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    /// Weighted occurrences; zero where it does not occur.
    frequency: f32,
    evidence: Evidence,
}

#[derive(Default)]
pub struct Board {
    pub cells: Vec<Cell>,
    /// Cells that are not empty.
    pub touched: Vec<u32>,
    met: Vec<Met>,
    /// Where the word at hand occurs.
    pub fresh: Vec<u32>,
}

impl Board {
    pub fn fit(&mut self, length: usize) {
        if self.cells.len() < length {
            self.cells.resize(length, Cell::default());
            self.met.resize(length, Met::default());
        }
    }

    pub fn frequency(&self, at: u32) -> f32 {
        self.met[at as usize].frequency
    }

    pub fn add(&mut self, at: u32, frequency: f32, evidence: Evidence) {
        let met = &mut self.met[at as usize];
        if met.frequency == 0.0 {
            self.fresh.push(at);
        }
        met.frequency += frequency;
        met.evidence = met.evidence.max(evidence);
    }

    /// Books what the word at hand is worth here.
    pub fn gain(&mut self, at: u32, score: f32, bit: u32) {
        let (cell, evidence) = (&mut self.cells[at as usize], self.met[at as usize].evidence);
        if cell.met == 0 {
            self.touched.push(at);
        }
        cell.met |= bit;
        cell.begun |= if evidence >= Evidence::Prefix { bit } else { 0 };
        cell.stemmed |= if evidence >= Evidence::Stemmed { bit } else { 0 };
        cell.exact |= if evidence == Evidence::Exact { bit } else { 0 };
        cell.score += score;
    }

    pub fn next_word(&mut self) {
        for at in self.fresh.drain(..) {
            self.met[at as usize] = Met::default();
        }
    }

    pub fn clear(&mut self) {
        for at in self.touched.drain(..) {
            self.cells[at as usize] = Cell::default();
        }
    }
}
