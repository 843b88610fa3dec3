//! The times that figures may be of, one link each.

use leptos::prelude::*;

use crate::model::{PeriodLink, Site};

pub fn periods(site: &Site, links: &[PeriodLink]) -> impl IntoView + use<> {
    let link = |link: &PeriodLink| {
        let current = link.current.then_some("true");
        view! { <li><a href=link.url.clone() aria-current=current>{link.label.clone()}</a></li> }
    };
    let links: Vec<_> = links.iter().map(link).collect();
    let label = &site.words.agent.opened_within;
    view! { <nav class="periods" aria-label=label.clone()><span>{label.clone()}</span><ul>{links}</ul></nav> }
}
