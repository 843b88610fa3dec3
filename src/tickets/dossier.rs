//! What an agent should know, put before the reader piece by piece: only what stays ticked travels.

use app::model::Clue;

/// A clue with the name its box has in the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The step's id, or the fact's name.
    pub id: String,
    pub clue: Clue,
}

/// Those that the reader left ticked, in their order.
pub fn ticked(pieces: Vec<Piece>, ticked: &[String]) -> Vec<Clue> {
    pieces.into_iter().filter(|piece| ticked.contains(&piece.id)).map(|piece| piece.clue).collect()
}
