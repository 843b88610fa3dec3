//! The page's own branch of the tree. A column on wide screens; on small ones a popover that slides in and
//! needs no script.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use super::toc;
use crate::model::{Heading, NavItem, Site};

const ID: &str = "branch";

pub fn branch<'a>(site: &'a Site, items: &'a [NavItem]) -> impl IntoView + use<'a> {
    (!items.is_empty()).then(|| {
        view! {
            <nav class="branch" id=ID popover="auto" aria-labelledby="branch-title">
                <p class="side-title" id="branch-title">{site.words.menu.as_ref()}</p>
                {list(items)}
            </nav>
        }
    })
}

/// Erased, because a view that holds itself has no finite type.
fn list(items: &[NavItem]) -> AnyView {
    let items: Vec<_> = items.iter().map(item).collect();
    view! { <ul>{items}</ul> }.into_any()
}

fn item(item: &NavItem) -> impl IntoView + use<> {
    let below = (!item.children.is_empty()).then(|| list(&item.children));
    view! {
        <li>
            <a href=item.url.clone() aria-current=item.current.then_some("page")>{item.title.clone()}</a>
            {below}
        </li>
    }
}

/// On small screens: the buttons that open the two side columns.
pub fn side_buttons<'a>(site: &'a Site, items: &[NavItem], headings: &[Heading]) -> impl IntoView + use<'a> {
    let words = &site.words;
    let branch = (!items.is_empty()).then(|| button(ID, Icon::Menu, words.menu.as_ref()));
    let toc = toc::wanted(headings).then(|| button(toc::ID, Icon::List, words.on_this_page.as_ref()));
    (branch.is_some() || toc.is_some()).then(|| view! { <div class="side-buttons">{branch}{toc}</div> })
}

fn button<'a>(target: &'static str, shape: Icon, label: &'a str) -> impl IntoView + use<'a> {
    view! { <button type="button" popovertarget=target>{icon(shape)}<span>{label}</span></button> }
}
