//! An article that answers, and the further sections of it that do.

use leptos::prelude::*;

use crate::model::text_fragment::marked_url;
use crate::model::{Explanation, Hit, SectionHit, Site, WordPart};

pub fn hit<'a>(site: &'a Site, hit: &'a Hit) -> impl IntoView + use<'a> {
    let category = hit.category.as_deref().map(|category| view! { <span class="hit-where">{category}</span> });
    let section =
        hit.section.as_ref().map(|section| view! { <span class="hit-section" inner_html=section.html()></span> });
    let more: Vec<_> = hit.sections.iter().map(|section| more(section, hit)).collect();
    let (href, after) = addresses(&hit.url, hit.via.as_deref(), &hit.terms);
    let label = site.words.count(&site.words.more_sections, hit.sections.len());
    let more = (!more.is_empty()).then(|| view! { <ul class="hit-more" aria-label=label>{more}</ul> });
    // The category stands above the title, but is read out after it.
    view! {
        <li class="hit">
            <a class="hit-link" href=href data-url=after data-hit=hit.id.as_str() data-terms=stored(&hit.terms)>
                <h2><span inner_html=hit.title.html()></span>{section}</h2>
                <p inner_html=hit.snippet.html()></p>
                {category}
            </a>
            {more}
            {hit.explanation.as_ref().map(|explanation| explained(hit, explanation))}
        </li>
    }
}

/// For editors: no words of the interface, but those of the API.
fn explained(hit: &Hit, explanation: &Explanation) -> impl IntoView + use<> {
    let word = |part: &WordPart| {
        let instead = if part.instead.is_empty() { String::new() } else { format!(" ({})", part.instead.join(", ")) };
        format!("{:.3} {}{instead} {}", part.score, part.word, part.rung.name())
    };
    let words = explanation.words.iter().map(word);
    let meaning = (explanation.meaning != 0.0).then(|| format!("{:.3} meaning", explanation.meaning));
    let parts: Vec<String> = words.chain(meaning).collect();
    let boost = if explanation.boost == 1.0 { String::new() } else { format!("; boost {}", explanation.boost) };
    let text = format!("{:.3} = {}{boost}", hit.score, parts.join(" + "));
    view! { <p class="hit-explained" dir="ltr" lang="en">{text}</p> }
}

fn more<'a>(section: &'a SectionHit, hit: &'a Hit) -> impl IntoView + use<'a> {
    let (href, after) = addresses(&section.url, section.via.as_deref(), &hit.terms);
    view! {
        <li>
            <a href=href data-url=after data-of=hit.id.as_str() data-terms=stored(&hit.terms) inner_html=section.title.html()></a>
        </li>
    }
}

/// Where the link leads, and where the script lets it lead instead: without script the way goes by the server, which
/// counts it.
fn addresses(url: &str, via: Option<&str>, terms: &[String]) -> (String, Option<String>) {
    let marked = marked_url(url, terms);
    match via {
        Some(via) => (via.to_owned(), Some(marked)),
        None => (marked, None),
    }
}

/// For the script, which marks the terms on the opened page.
fn stored(terms: &[String]) -> Option<String> {
    (!terms.is_empty()).then(|| terms.join("\n"))
}
