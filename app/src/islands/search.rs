//! Answers while the reader types. The island wraps the ordinary search form, fetches the fragment the server renders
//! for the page as well, and swaps it in. Where it goes and what it says stand in the HTML as data attributes.

mod choice;
mod elements;
mod recent;
mod typing;

use leptos::prelude::*;

use typing::Typing;

/// Takes no props: a `String` would bring a JSON parser into the bundle.
#[island]
pub fn SearchIsland(children: Children) -> impl IntoView {
    let typing = Typing::default();
    let [begun, keyed, entered, left, clicked] = std::array::from_fn(|_| typing.clone());
    Effect::new(move |_| begun.begin());
    view! {
        <div
            class="search-island"
            on:input=move |_| typing.changed()
            on:keydown=move |event| keyed.key(&event)
            on:click=move |event| clicked.clicked(&event)
            on:focusin=move |_| entered.entered()
            on:focusout=move |event| left.left(&event)
        >
            {children()}
        </div>
    }
}
