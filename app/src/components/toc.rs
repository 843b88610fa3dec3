//! The headings of a page. A column on wide screens; on small ones a popover that needs no script.

use leptos::prelude::*;

use crate::model::{Heading, Site};

/// Id of the popover, for the button that opens it.
pub const ID: &str = "toc";

/// Deeper headings are left to the text.
const DEEPEST: u8 = 3;

/// Nothing for fewer than two headings: there would be nothing to choose from.
pub fn toc<'a>(site: &'a Site, headings: &'a [Heading]) -> impl IntoView + use<'a> {
    wanted(headings).then(|| {
        let items: Vec<_> = shown(headings).map(item).collect();
        view! {
            <nav class="toc" id=ID popover="auto" aria-labelledby="toc-title">
                <p class="side-title" id="toc-title">{site.words.on_this_page.as_ref()}</p>
                <ol>{items}</ol>
            </nav>
        }
    })
}

pub fn wanted(headings: &[Heading]) -> bool {
    shown(headings).count() > 1
}

fn shown(headings: &[Heading]) -> impl Iterator<Item = &Heading> {
    headings.iter().filter(|heading| (2..=DEEPEST).contains(&heading.level))
}

fn item(heading: &Heading) -> impl IntoView + use<'_> {
    let deeper = (heading.level > 2).then_some("deeper");
    view! { <li class=deeper><a href=format!("#{}", heading.anchor)>{heading.title.as_str()}</a></li> }
}
