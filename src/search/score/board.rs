//! Scores and evidence by number, kept from query to query so that only what was touched is cleared.

/// What is known of a section, or of an article's own words; bit n stands for the query's word n.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cell {
    pub score: f32,
    /// Met in any way.
    pub met: u32,
    /// Met by stem or as typed.
    pub stemmed: u32,
    /// Met as typed.
    pub exact: u32,
}

#[derive(Default)]
pub struct Board {
    pub cells: Vec<Cell>,
    /// Cells that are not empty.
    pub touched: Vec<u32>,
    /// Weighted occurrences of the word at hand.
    pub frequency: Vec<f32>,
    /// Where the word at hand occurs.
    pub fresh: Vec<u32>,
}

impl Board {
    pub fn fit(&mut self, length: usize) {
        if self.cells.len() < length {
            self.cells.resize(length, Cell::default());
            self.frequency.resize(length, 0.0);
        }
    }

    pub fn add(&mut self, at: u32, frequency: f32) {
        let sum = &mut self.frequency[at as usize];
        if *sum == 0.0 {
            self.fresh.push(at);
        }
        *sum += frequency;
    }

    pub fn gain(&mut self, at: u32, score: f32, bit: u32) {
        let cell = &mut self.cells[at as usize];
        if cell.met == 0 {
            self.touched.push(at);
        }
        cell.met |= bit;
        cell.score += score;
    }

    pub fn forget_frequencies(&mut self) {
        for at in self.fresh.drain(..) {
            self.frequency[at as usize] = 0.0;
        }
    }

    pub fn clear(&mut self) {
        for at in self.touched.drain(..) {
            self.cells[at as usize] = Cell::default();
        }
    }
}
