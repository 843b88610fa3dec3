//! What an agent should know, put before the reader piece by piece: only what stays ticked travels.

use app::model::Clue;

use super::Before;

/// A clue with the name its box has in the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The step's id, or the fact's name.
    pub id: String,
    pub clue: Clue,
    pub about: Option<About>,
}

/// What a piece says to those who write articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An article that was opened: its id, and the path of its category.
    Article(String, Option<String>),
    /// A search that found no answer.
    Search(String),
}

/// Those that the reader left ticked, in their order, and what they are about.
pub fn ticked(pieces: Vec<Piece>, ticked: &[String]) -> (Vec<Clue>, Before) {
    let (mut clues, mut before) = (Vec::new(), Before::default());
    for Piece { clue, about, .. } in pieces.into_iter().filter(|piece| ticked.contains(&piece.id)) {
        clues.push(clue);
        match about {
            Some(About::Article(id, category)) => before.articles.push((id, category)),
            Some(About::Search(query)) => before.searches.push(query),
            None => {}
        }
    }
    (clues, before)
}
