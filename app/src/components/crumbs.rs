//! The way from the home page to here.

use leptos::prelude::*;

use crate::model::{Crumb, Site};

pub fn crumbs<'a>(site: &'a Site, crumbs: &'a [Crumb]) -> impl IntoView + use<'a> {
    let above = crumbs.len().saturating_sub(1);
    let steps: Vec<_> = crumbs[..above]
        .iter()
        .map(|crumb| view! { <li><a href=crumb.url.as_str()>{crumb.title.as_str()}</a></li> })
        .collect();
    (above > 0).then(|| {
        view! { <nav class="crumbs" aria-label=site.words.breadcrumbs.as_ref()><ol>{steps}</ol></nav> }
    })
}
