//! Shows a match: its article at the best section, marked.

use app::model::{Hit, Marked, SectionHit};

use super::index::{Index, LocaleIndex};
use super::rank::{Match, Required};
use super::score::Tally;
use super::snippet::Highlighter;
use crate::content::{self, Page, Section, View};

/// Sections shown under a hit beside its best one.
const MORE_SECTIONS: usize = 3;
/// A section below this share of the best one's score is not worth a line.
const WORTHY: f32 = 0.4;

/// Everything a hit is made of.
pub struct Showcase<'a> {
    pub index: &'a Index,
    pub locale: &'a LocaleIndex,
    pub view: View<'a>,
    pub tally: &'a Tally,
    pub highlighter: &'a Highlighter<'a>,
    pub required: Required,
}

impl Showcase<'_> {
    pub fn hit(&self, found: &Match) -> Option<Hit> {
        let page = self.view.page(self.locale.articles[found.article as usize].page)?;
        let best = found.best.and_then(|document| self.section(page, document));
        let (snippet, mut terms) = self.snippet(page, best);
        // The heading that the hit opens at; of the opening that is the title. Any other would lead away from there.
        let heading = best.filter(|section| section.anchor.is_some()).map_or(&page.title, |section| &section.title);
        self.add_terms(&mut terms, heading);
        Some(Hit {
            id: page.id.clone(),
            title: self.highlighter.mark(&page.title),
            url: self.url(page, best),
            section: best
                .filter(|section| section.anchor.is_some())
                .map(|section| self.highlighter.mark(&section.title)),
            anchor: best.and_then(|section| section.anchor.clone()),
            snippet,
            category: self.view.parent(page).map(|category| category.title.clone()),
            score: found.score,
            rung: found.rung(self.required),
            explanation: None,
            sections: self.more_sections(page, found),
            terms,
            via: None,
        })
    }

    /// What matched in `heading` and not in the text below it is to be marked as well.
    fn add_terms(&self, terms: &mut Vec<String>, heading: &str) {
        let (_, named) = self.highlighter.snippet(heading);
        for term in named {
            if !terms.iter().any(|known| known.to_lowercase() == term.to_lowercase()) {
                terms.push(term);
            }
        }
    }

    /// Of the section; of what the article says of itself where only that met the query.
    fn snippet(&self, page: &Page, best: Option<&Section>) -> (Marked, Vec<String>) {
        let section = best.or(page.prose.sections.first());
        let shown = section.filter(|section| !section.text.is_empty());
        let found = shown.map(|section| self.highlighter.snippet(&section.text));
        let opening = section.is_none_or(|section| section.anchor.is_none());
        let own = || self.highlighter.snippet(page.description.as_deref().unwrap_or(&page.prose.summary));
        match found {
            Some(found) if !found.1.is_empty() || !opening => found,
            Some(found) => Some(own()).filter(|(_, terms)| !terms.is_empty()).unwrap_or(found),
            None => own(),
        }
    }

    fn more_sections(&self, page: &Page, found: &Match) -> Vec<SectionHit> {
        let (first, behind) = self.locale.articles[found.article as usize].documents;
        let is_own = |document: &u32| self.locale.places.article(*document) == Some(found.article);
        let score = |document: u32| self.tally.section(document).score;
        let worthy = found.best.map_or(0.0, score) * WORTHY;
        let mut more: Vec<u32> = (first..behind)
            .filter(|document| Some(*document) != found.best && is_own(document) && score(*document) > worthy)
            .collect();
        more.sort_by(|one, other| score(*other).total_cmp(&score(*one)));
        let sections = more.into_iter().filter_map(|document| self.section(page, document));
        sections
            .filter(|section| section.anchor.is_some())
            .take(MORE_SECTIONS)
            .map(|section| self.section_hit(page, section))
            .collect()
    }

    fn section_hit(&self, page: &Page, section: &Section) -> SectionHit {
        SectionHit {
            title: self.highlighter.mark(&section.title),
            url: self.url(page, Some(section)),
            anchor: section.anchor.clone(),
            via: None,
        }
    }

    fn section<'p>(&self, page: &'p Page, document: u32) -> Option<&'p Section> {
        page.prose.sections.get(self.locale.places.ordinal(document) as usize)
    }

    fn url(&self, page: &Page, section: Option<&Section>) -> String {
        let path = content::href(&self.index.base, &page.path);
        match section.and_then(|section| section.anchor.as_deref()) {
            Some(anchor) => [&path, "#", &content::href("", anchor)].concat(),
            None => path,
        }
    }
}
