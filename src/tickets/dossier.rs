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
    /// The category it is from, as `routing.yml` names it.
    pub topic: Option<String>,
}

/// What a piece says to those who write articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An article that was opened: its id, and the path of its category.
    Article(String, Option<String>),
    /// A search that found no answer.
    Search(String),
}

/// Those that the reader left ticked, in their order, and what they are about. Facts stand behind the steps, so that the
/// topic of the page it is asked from comes first, then those of what was read, the last first.
pub fn ticked(pieces: Vec<Piece>, ticked: &[String]) -> (Vec<Clue>, Before) {
    let (mut clues, mut before) = (Vec::new(), Before::default());
    let left: Vec<_> = pieces.into_iter().filter(|piece| ticked.contains(&piece.id)).collect();
    for topic in left.iter().rev().filter_map(|piece| piece.topic.as_ref()) {
        if !before.topics.contains(topic) {
            before.topics.push(topic.clone());
        }
    }
    for Piece { clue, about, .. } in left {
        clues.push(clue);
        match about {
            Some(About::Article(id, category)) => before.articles.push((id, category)),
            Some(About::Search(query)) => before.searches.push(query),
            None => {}
        }
    }
    (clues, before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_ticked_says_anything() {
        let piece = |id: &str, about: Option<About>, topic: Option<&str>| {
            let clue = Clue { kind: "article_viewed".to_owned(), at: None, text: id.to_owned() };
            Piece { id: id.to_owned(), clue, about, topic: topic.map(str::to_owned) }
        };
        let article = |id: &str| Some(About::Article(id.to_owned(), None));
        let check = |left: &[&str], articles: &[&str], searches: usize, topics: &[&str]| {
            let pieces = vec![
                piece("1", article("install"), Some("start")),
                piece("2", Some(About::Search("refund".to_owned())), None),
                piece("3", article("refunds"), Some("billing")),
                piece("4", article("setup"), Some("start")),
                piece("page", article("api"), Some("develop/api")),
            ];
            let left: Vec<_> = left.iter().map(|id| (*id).to_owned()).collect();
            let (clues, before) = ticked(pieces, &left);
            let found: Vec<_> = before.articles.iter().map(|(id, _)| id.as_str()).collect();
            assert_eq!(
                (clues.len(), found.as_slice(), before.searches.len()),
                (left.len(), articles, searches),
                "{left:?}"
            );
            assert_eq!(before.topics, topics, "{left:?}");
        };
        let all = ["install", "refunds", "setup", "api"];
        check(&["1", "2", "3", "4", "page"], &all, 1, &["develop/api", "start", "billing"]);
        check(&["1", "3"], &["install", "refunds"], 0, &["billing", "start"]);
        check(&["2"], &[], 1, &[]);
        check(&[], &[], 0, &[]);
    }
}
