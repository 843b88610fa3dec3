//! How editors steer search, in files beside the pages: words that mean the same, and articles that come first.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::list::{self, Places};
use super::plan::Plan;
use super::{Position, Problem, Source, Status};

const SYNONYMS: &str = "synonyms.yml";
const PINS: &str = "pins.yml";

/// What both files say.
#[derive(Debug, Clone, Default)]
pub struct Steering {
    /// By locale.
    pub synonyms: BTreeMap<String, Vec<Synonym>>,
    pub pins: Vec<Pin>,
}

/// Words, or several words that follow one another, which are searched in each other's place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Synonym {
    /// Each for each other.
    Alike(Vec<String>),
    /// Who asks for `from` also finds `to`; not the other way.
    OneWay { from: OneOrMany, to: OneOrMany },
}

impl Synonym {
    /// What is asked for, and what is searched as well.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let (from, to) = match self {
            Self::Alike(words) => (&words[..], &words[..]),
            Self::OneWay { from, to } => (from.all(), to.all()),
        };
        let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (from.as_str(), to.as_str())));
        pairs.filter(|(from, to)| from != to).collect()
    }
}

/// An article that comes first when readers search for just this.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// One search, or several. The order of words, their endings and stop words do not matter.
    pub query: OneOrMany,
    /// Path of the article without the leading slash; it is pinned in its own language.
    pub article: String,
    #[serde(skip)]
    position: Option<Position>,
}

impl Pin {
    /// The article's site path.
    pub fn path(&self) -> String {
        format!("/{}", self.article.trim_matches('/'))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl Steering {
    /// Of a content folder. A file that cannot be read is told and keeps what `previous` says.
    pub(super) fn read(source: &Source, previous: Option<&Self>, problems: &mut Vec<Problem>) -> Self {
        let synonyms = synonyms(source).unwrap_or_else(|problem| {
            problems.push(problem);
            previous.map(|previous| previous.synonyms.clone()).unwrap_or_default()
        });
        let pins = pins(source).unwrap_or_else(|problem| {
            problems.push(problem);
            previous.map(|previous| previous.pins.clone()).unwrap_or_default()
        });
        Self { synonyms, pins }
    }

    /// What names something that is not there.
    pub(super) fn check(&self, plan: &Plan, problems: &mut Vec<Problem>) {
        for locale in self.synonyms.keys().filter(|locale| !plan.locales.contains(locale)) {
            let message = format!("There are synonyms for the language `{locale}`, which has no pages.");
            let cure = format!("Take one of {}, or remove them.", plan.locales.join(", "));
            problems.push(Problem::warning("unknown-locale", SYNONYMS, message, cure));
        }
        for pin in &self.pins {
            let page = plan.by_path.get(&pin.path()).map(|ix| plan.page(*ix));
            let (kind, what) = match page {
                None => ("unknown-pin", "no page is there"),
                Some(page) if !page.searchable || page.status != Status::Published => {
                    ("hidden-pin", "search does not find that page")
                }
                Some(_) => continue,
            };
            let message = format!("{} is pinned, and {what}.", pin.article);
            let cure = "Write the path as in the address of an article that search finds, or remove the pin.";
            problems.push(Problem::warning(kind, PINS, message, cure).at(pin.position));
        }
    }
}

fn synonyms(source: &Source) -> Result<BTreeMap<String, Vec<Synonym>>, Problem> {
    let cure = "Write, under each language, `- [one, another]` or `- { from: one, to: another }` a line.";
    Ok(list::read(source, SYNONYMS, cure)?.0)
}

fn pins(source: &Source) -> Result<Vec<Pin>, Problem> {
    let cure = "Write one `- { query: what readers type, article: path/of/the-article }` a line.";
    let (mut pins, text): (Vec<Pin>, String) = list::read(source, PINS, cure)?;
    let mut places = Places::of(&text);
    pins.iter_mut().for_each(|pin| pin.position = places.next(&pin.article));
    Ok(pins)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn read(files: &[(&str, &str)], previous: Option<&Steering>) -> (Steering, Vec<Problem>) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let mut problems = Vec::new();
        (Steering::read(&Source::Memory(Arc::new(files)), previous, &mut problems), problems)
    }

    #[test]
    fn synonyms_work_both_ways_or_one() {
        let (read, problems) =
            read(&[(SYNONYMS, "en:\n  - [log in, sign in]\n  - { from: k8s, to: [kubernetes] }\n")], None);
        assert!(problems.is_empty(), "{problems:?}");
        let pairs: Vec<_> = read.synonyms["en"].iter().flat_map(Synonym::pairs).collect();
        assert_eq!(pairs, [("log in", "sign in"), ("sign in", "log in"), ("k8s", "kubernetes")]);
    }

    #[test]
    fn a_pin_names_one_search_or_several() {
        let text = "# ours\n- { query: refund, article: billing/refunds }\n- query: [a, b]\n  article: c\n";
        let (read, problems) = read(&[(PINS, text)], None);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(read.pins[1].query.all(), ["a", "b"]);
        assert_eq!(read.pins[1].position.map(|position| position.line), Some(4));
        assert_eq!(read.pins[0].path(), "/billing/refunds");
    }

    #[test]
    fn a_file_that_broke_keeps_its_last_good_state() {
        let (good, _) = read(&[(PINS, "- { query: refund, article: a }\n")], None);
        let (kept, problems) = read(&[(PINS, "- { query: refund, to: a }\n"), (SYNONYMS, "en: 5\n")], Some(&good));
        assert_eq!(kept.pins.len(), 1);
        let kinds: Vec<&str> = problems.iter().map(|problem| problem.kind.as_str()).collect();
        assert_eq!(kinds, ["bad-synonyms", "bad-pins"]);
    }
}
