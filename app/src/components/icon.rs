//! Line icons, 24 × 24, drawn for this project. They take the colour of the text around them.

use leptos::prelude::*;

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub enum Icon {
    Search,
    Theme,
    Language,
    Menu,
    List,
    Mark,
}

impl Icon {
    fn paths(self) -> &'static str {
        match self {
            Self::Search => r#"<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.2-4.2"/>"#,
            Self::Theme => {
                r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>"#
            }
            Self::Language => {
                r#"<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>"#
            }
            Self::Menu => r#"<path d="M4 7h16M4 12h16M4 17h10"/>"#,
            Self::List => r#"<path d="M9 7h11M9 12h11M9 17h11M4.5 7h.01M4.5 12h.01M4.5 17h.01"/>"#,
            Self::Mark => {
                r#"<path d="M12 21V3M12 5h5.5l2.5 2.25-2.5 2.25H12M12 11H6.5L4 13.25l2.5 2.25H12" stroke-linejoin="round"/>"#
            }
        }
    }
}

/// An icon that says nothing by itself: the words stand beside it or on its button.
pub fn icon(icon: Icon) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" inner_html=icon.paths()></svg> }
}
