//! An article that answers, and the further sections of it that do.

use std::fmt::Write;

use leptos::prelude::*;

use crate::model::{Explanation, Hit, SectionHit, Site, WordPart};

pub fn hit<'a>(site: &'a Site, hit: &'a Hit) -> impl IntoView + use<'a> {
    let category = hit.category.as_deref().map(|category| view! { <span class="hit-where">{category}</span> });
    let section =
        hit.section.as_ref().map(|section| view! { <span class="hit-section" inner_html=section.html()></span> });
    let more: Vec<_> = hit.sections.iter().map(|section| more(section, &hit.terms)).collect();
    let label = site.words.count(&site.words.more_sections, hit.sections.len());
    let more = (!more.is_empty()).then(|| view! { <ul class="hit-more" aria-label=label>{more}</ul> });
    // The category stands above the title, but is read out after it.
    view! {
        <li class="hit">
            <a class="hit-link" href=marked_url(&hit.url, &hit.terms) data-terms=stored(&hit.terms)>
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

fn more<'a>(section: &'a SectionHit, terms: &'a [String]) -> impl IntoView + use<'a> {
    let href = marked_url(&section.url, terms);
    view! { <li><a href=href data-terms=stored(terms) inner_html=section.title.html()></a></li> }
}

/// For the script, which marks the terms on the opened page.
fn stored(terms: &[String]) -> Option<String> {
    (!terms.is_empty()).then(|| terms.join("\n"))
}

/// Without script the browser marks the terms itself: <https://wicg.github.io/scroll-to-text-fragment/>.
fn marked_url(url: &str, terms: &[String]) -> String {
    let mut marked = url.to_owned();
    for (place, term) in terms.iter().enumerate() {
        let before = match (place, url.contains('#')) {
            (0, false) => "#:~:",
            (0, true) => ":~:",
            _ => "&",
        };
        marked.extend([before, "text=", &percent_encode(term)]);
    }
    marked
}

/// Everything but ASCII letters and digits, since `-`, `,` and `&` mean something in a text fragment.
pub fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            byte if byte.is_ascii_alphanumeric() => encoded.push(byte as char),
            byte => write!(encoded, "%{byte:02X}").expect("a String takes everything"),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_travel_in_the_address() {
        let check = |url: &str, terms: &[&str], expect: &str| {
            let terms: Vec<_> = terms.iter().map(|term| (*term).to_owned()).collect();
            assert_eq!(marked_url(url, &terms), expect);
        };
        check("/a", &[], "/a");
        check("/a", &["x"], "/a#:~:text=x");
        check("/a#b", &["re-index", "größe"], "/a#b:~:text=re%2Dindex&text=gr%C3%B6%C3%9Fe");
        check("/a#b", &["a&b,c"], "/a#b:~:text=a%26b%2Cc");
    }
}
