//! The document around every page.

use leptos::prelude::*;

use crate::components::footer::footer;
use crate::components::head::head;
use crate::components::header::header;
use crate::components::{Behaviour, consent, search_box};
use crate::model::{Frame, Shortcuts, Site};

/// Which kind of page stands in the document, for its styles and its search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Home,
    Category,
    Article,
    Search,
    Privacy,
    Feedback,
    Contact,
    Chat,
    Request,
    NotFound,
    Error,
    Staff,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Category => "category",
            Self::Article => "article",
            Self::Search => "search-page",
            Self::Privacy => "privacy",
            Self::Feedback => "feedback",
            Self::Contact => "contact",
            Self::Chat => "contact chat",
            Self::Request => "request",
            Self::NotFound | Self::Error => "lost",
            Self::Staff => "staff",
        }
    }

    /// Readers' pages ask what is allowed; the privacy page does so at length.
    fn asks(self) -> bool {
        !matches!(self, Self::Staff | Self::Privacy)
    }

    /// The page shows a search field; others have it in a dialog.
    fn own_search(self) -> bool {
        matches!(self, Self::Home | Self::Search | Self::NotFound | Self::Error)
    }
}

/// Holds nothing of `frame`, so that a streamed page may outlive the call that made it.
pub fn document<V: IntoView>(frame: &Frame, kind: Kind, content: V) -> impl IntoView + use<V> {
    let site = frame.site.as_ref();
    view! {
        <!DOCTYPE html>
        <html lang=site.locale.clone() dir=site.direction.attribute() data-shortcuts=shortcuts(site.shortcuts)>
            {head(frame, kind != Kind::Staff)}
            <body class=kind.class()>
                <a class="skip" href="#content">{site.words.skip_to_content.clone()}</a>
                {header(frame, kind.own_search())}
                <main id="content" tabindex="-1">{content}</main>
                {footer(site)}
                {(!kind.own_search()).then(|| search_dialog(frame))}
                {kind.asks().then(|| consent(site))}
            </body>
        </html>
    }
}

/// The keys the script listens for.
fn shortcuts(shortcuts: Shortcuts) -> Option<&'static str> {
    match (shortcuts.slash, shortcuts.ctrl_k) {
        (true, true) => Some("slash ctrl-k"),
        (true, false) => Some("slash"),
        (false, true) => Some("ctrl-k"),
        (false, false) => None,
    }
}

fn search_dialog(frame: &Frame) -> impl IntoView + use<> {
    let site = frame.site.as_ref();
    let query = frame.query.as_deref().unwrap_or_default();
    view! {
        <dialog id="search" aria-label=site.words.search.clone()>
            {search_box(site, Behaviour::Choose, query, Vec::new(), None)}
            {keys(site)}
            <form method="dialog"><button class="dialog-close" aria-label=site.words.close.clone()></button></form>
        </dialog>
    }
}

fn keys(site: &Site) -> impl IntoView + use<> {
    let words = &site.words;
    view! {
        <p class="keys" aria-hidden="true">
            <span><kbd>"↑"</kbd><kbd>"↓"</kbd>{words.keys_move.clone()}</span>
            <span><kbd>"↵"</kbd>{words.keys_open.clone()}</span>
            <span><kbd>"Esc"</kbd>{words.keys_close.clone()}</span>
        </p>
    }
}
