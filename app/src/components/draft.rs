//! What a reader types is kept in the browser until it is sent, by script alone: the page works without.

use leptos::prelude::*;

use crate::model::Site;

/// Says inside its form that a draft was taken up again, and offers to begin anew; empty at first.
pub fn draft_line(site: &Site) -> impl IntoView + use<> {
    let anew = site.words.draft_discard.clone();
    view! { <div class="restored"><p role="status"></p><button type="reset" hidden>{anew}</button></div> }
}

/// For pages with a form that is marked `data-draft`.
pub fn draft_script(site: &Site) -> impl IntoView + use<> {
    let words = &site.words;
    view! {
        <script
            src=site.drafts_url.clone()
            defer
            data-restored=words.draft_restored.clone()
            data-online=words.network_online.clone()
            data-like=words.network_like.clone()
            data-offline=words.network_offline.clone()
        ></script>
    }
}
