//! After the first words, where it goes on in a vendor's chat: nothing of the vendor's is loaded before the click.

use leptos::either::Either;
use leptos::prelude::*;

use super::document::{Kind, document};
use super::render;
use crate::model::{ChatVendor, Frame, Purpose, Site};
use crate::words::fill;

/// `/chat`, after the first words.
pub fn chat_vendor(frame: &Frame, page: &ChatVendor) -> String {
    render(|| document(frame, Kind::Chat, way_on(&frame.site, page)))
}

fn way_on<'a>(site: &'a Site, page: &'a ChatVendor) -> impl IntoView + use<'a> {
    let words = &site.words;
    let (number, url) = &page.request;
    let request = fill(&words.request_number, &[("number", &number.to_string())]);
    view! {
        <link rel="stylesheet" href=page.stylesheet_url.as_str()/>
        <div class="page narrow">
            <h1>{words.chat.as_ref()}</h1>
            <div class="notice good" role="status"><p>{words.chat_vendor_kept.as_ref()}</p></div>
            {match (page.allow, page.away) {
                (_, true) => Either::Left(view! { <p class="notice">{words.chat_vendor_away.as_ref()}</p> }),
                (Some(purpose), _) => Either::Right(Either::Left(allow(site, page, purpose))),
                (None, _) => Either::Right(Either::Right(go_on(site, page))),
            }}
            <p class="way-out"><a href=url.as_str()>{request}</a></p>
            <p class="way-out"><a href=page.new_url.as_str()>{words.chat_again.as_ref()}</a></p>
        </div>
    }
}

/// What the vendor needs comes to what its reader chose at the privacy page.
fn allow<'a>(site: &'a Site, page: &'a ChatVendor, purpose: Purpose) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <form class="sheet ask" method="post" action=site.privacy_url.as_str()>
            <input type="hidden" name="way" value="page"/>
            <input type="hidden" name="purpose" value=purpose.name()/>
            <p>{fill(&words.chat_vendor_allow_text, &[("name", page.name)])}</p>
            <div class="deeds">
                <button name="choice" value="also">{fill(&words.chat_vendor_allow, &[("name", page.name)])}</button>
                <a class="quiet" href=site.privacy_url.as_str()>{words.consent_details.as_ref()}</a>
            </div>
        </form>
    }
}

fn go_on<'a>(site: &'a Site, page: &'a ChatVendor) -> impl IntoView + use<'a> {
    let words = &site.words;
    view! {
        <div class="sheet ask">
            <p>{fill(&words.chat_vendor_text, &[("name", page.name)])}</p>
            <p class="notice no-js">{words.chat_vendor_no_script.as_ref()}</p>
            <div class="deeds js-only">
                <button type="button" id="go-on" data-identity=page.identity_url.as_str()>
                    {words.chat_vendor_go_on.as_ref()}
                </button>
            </div>
            <p class="notice caution" id="go-on-failed" role="alert" hidden>{words.chat_vendor_failed.as_ref()}</p>
        </div>
        <script src=page.script_url.as_str() defer></script>
    }
}
