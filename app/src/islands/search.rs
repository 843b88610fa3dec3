use leptos::prelude::*;

#[island]
pub fn SearchIsland(children: Children) -> impl IntoView {
    view! { <div class="search-island">{children()}</div> }
}
