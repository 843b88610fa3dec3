//! Asks what the reader allows. It stands in every page, which is nobody's; a style sheet made for the one reader shows
//! it, so that it works without script.

use leptos::prelude::*;

use crate::model::Site;

pub fn consent(site: &Site) -> impl IntoView + use<> {
    let words = &site.words;
    site.consent_css_url.clone().map(|css| {
        view! {
            <link rel="stylesheet" href=css/>
            <section class="consent" id="ask" aria-label=words.privacy.clone()>
                <form method="post" action=site.privacy_url.clone()>
                    <input type="hidden" name="way" value="banner"/>
                    <p>{words.consent_text.clone()}</p>
                    <div class="consent-ways">
                        <button type="submit" name="choice" value="none">{words.consent_refuse.clone()}</button>
                        <button type="submit" name="choice" value="all">{words.consent_allow.clone()}</button>
                        <a href=site.privacy_url.clone()>{words.consent_details.clone()}</a>
                    </div>
                </form>
            </section>
        }
    })
}
