//! What stands under every page.

use leptos::prelude::*;

use super::header::links;
use crate::model::Site;

pub fn footer(site: &Site) -> impl IntoView + use<> {
    let own = (!site.footer_links.is_empty()).then(|| {
        view! { <nav aria-label=site.words.footer.clone()>{links(&site.footer_links)}</nav> }
    });
    view! {
        <footer class="site-footer">
            <div class="bar">
                <a class="footer-home" href=site.home_url.clone()>{site.name.clone()}</a>
                {own}
                {site.contact_url.clone().map(|url| view! { <a href=url>{site.words.contact.clone()}</a> })}
                <a class="footer-privacy" href=site.privacy_url.clone()>{site.words.privacy.clone()}</a>
            </div>
        </footer>
    }
}
