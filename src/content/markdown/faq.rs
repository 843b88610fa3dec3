//! Is this a list of questions, and which headings are the questions?

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::events::Events;

/// Fewer questions than this make no list by themselves.
const FEWEST: usize = 3;

/// The level whose headings become items that expand. `said` is what front matter says; `title` the heading
/// that will be the page's title.
pub fn level(events: &Events<'_>, said: Option<bool>, title: &str) -> Option<u8> {
    if said == Some(false) {
        return None;
    }
    let headings = top_headings(events, title);
    let top = headings.iter().map(|(level, _)| *level).min()?;
    let asked = headings.iter().filter(|(_, text)| is_question(text)).map(|(level, _)| *level).min();
    if said == Some(true) {
        return Some(asked.unwrap_or(top));
    }
    let at_top = headings.iter().filter(|(level, _)| *level == top);
    let (all, questions) =
        at_top.fold((0, 0), |(all, questions), (_, text)| (all + 1, questions + usize::from(is_question(text))));
    (questions >= FEWEST && questions * 10 >= all * 8).then_some(top)
}

pub fn is_question(text: &str) -> bool {
    text.trim_end().ends_with(['?', '？', '؟'])
}

/// Level and text of the headings that lie in no list or quote.
fn top_headings(events: &Events<'_>, title: &str) -> Vec<(u8, String)> {
    let mut found: Vec<(u8, String)> = Vec::new();
    let (mut depth, mut inside) = (0_usize, false);
    for (event, _) in events {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                found.push((number(*level), String::new()));
                inside = true;
            }
            Event::End(TagEnd::Heading(_)) if depth == 0 => inside = false,
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_) | Tag::DefinitionList) => {
                depth += 1
            }
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition | TagEnd::DefinitionList,
            ) => {
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) | Event::Code(text) if inside => {
                if let Some((_, heading)) = found.last_mut() {
                    heading.push_str(text);
                }
            }
            _ => {}
        }
    }
    if found.first().is_some_and(|(level, text)| *level == 1 && same(text, title)) {
        found.remove(0);
    }
    found.iter_mut().for_each(|(level, _)| *level = (*level).max(2));
    found
}

pub fn number(level: HeadingLevel) -> u8 {
    level as u8
}

/// Is this heading the title again?
pub fn same(heading: &str, title: &str) -> bool {
    let words = |text: &str| {
        text.to_lowercase().replace(['’', '‘'], "'").split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    words(heading) == words(title)
}
