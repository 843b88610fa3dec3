//! Scores and evidence by number, kept from query to query so that only what was touched is cleared.

use app::model::Rung;

/// Which of the query's words were met, by [`Rung`]; bit n stands for word n.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence([u32; Rung::OF_WORDS.len()]);

impl Evidence {
    /// In any way.
    pub fn met(self) -> u32 {
        self.0.iter().fold(0, |all, bits| all | bits)
    }

    /// By this very rung.
    pub fn by(self, rung: Rung) -> u32 {
        self.0[rung as usize]
    }

    pub fn add(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(bits, more)| *bits |= more);
    }
}

/// What is known of a section, or of an article's own words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cell {
    pub score: f32,
    pub evidence: Evidence,
}

/// The word at hand in one place.
#[derive(Debug, Clone, Copy)]
struct Met {
    /// Weighted occurrences; zero where it does not occur.
    frequency: f32,
    /// The strongest.
    rung: Rung,
}

impl Default for Met {
    fn default() -> Self {
        Self { frequency: 0.0, rung: Rung::Partial }
    }
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

    pub fn add(&mut self, at: u32, frequency: f32, rung: Rung) {
        let met = &mut self.met[at as usize];
        if met.frequency == 0.0 {
            self.fresh.push(at);
        }
        met.frequency += frequency;
        met.rung = met.rung.min(rung);
    }

    /// Books what the word at hand is worth here.
    pub fn gain(&mut self, at: u32, score: f32, bit: u32) {
        let (cell, rung) = (&mut self.cells[at as usize], self.met[at as usize].rung);
        if cell.evidence.met() == 0 {
            self.touched.push(at);
        }
        cell.evidence.0[rung as usize] |= bit;
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
