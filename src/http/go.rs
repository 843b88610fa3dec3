//! `/go/{token}`: the way from a result to its page that is counted without script.
//!
//! The token says where it leads and what it answered, under a seal of this start of the program. One whose seal is
//! not ours, as after a restart, still leads to its page of this site, but counts nothing.

use std::sync::Arc;

use app::model::event::{Name, Text};
use app::model::text_fragment::marked_url;
use app::model::{Event, Hit};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::asked::Reader;
use super::error::Error;
use super::frame;
use super::visit::Visit;
use crate::{Help, mask};

const SEAL: usize = 16;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Way {
    /// Path of this site, base included, with what is to be marked there.
    to: String,
    locale: String,
    /// Masked.
    query: String,
    article: String,
    rank: u32,
}

/// Gives every hit its way by the server.
pub fn through(help: &Help, locale: &str, query: &str, offset: usize, hits: &mut [Hit]) {
    let query = mask::normalised(query);
    for (place, hit) in hits.iter_mut().enumerate() {
        let rank = u32::try_from(offset + place + 1).unwrap_or(u32::MAX);
        let way = |url: &str| {
            let (locale, query, article) = (locale.to_owned(), query.clone(), hit.id.clone());
            let way = Way { to: marked_url(url, &hit.terms), locale, query, article, rank };
            Some(help.address.href(&format!("/go/{}", sealed(&help.seal, &way))))
        };
        let vias: Vec<_> = hit.sections.iter().map(|section| way(&section.url)).collect();
        hit.via = way(&hit.url);
        hit.sections.iter_mut().zip(vias).for_each(|(section, via)| section.via = via);
    }
}

pub async fn go(
    State(help): State<Arc<Help>>,
    Path(token): Path<String>,
    mut visit: Visit,
    reader: Reader,
) -> Result<Response, Error> {
    let (way, is_ours) = opened(&help.seal, &token).ok_or(Error::NotFound)?;
    if !leads_here(&help.address.base, &way.to) {
        return Err(Error::NotFound);
    }
    if is_ours {
        help.searches.told_by(&reader).into_iter().for_each(|searched| help.events.note(searched));
        let clicked =
            Event::SearchResultClicked { query: Text::of(&way.query), article: Name::of(&way.article), rank: way.rank };
        let path = format!("{}/search", frame::prefix(&help, &way.locale));
        visit.saw(&help, clicked, &way.locale, &path).into_iter().for_each(|clicked| help.events.note(clicked));
    }
    let to = HeaderValue::try_from(way.to).map_err(|_| Error::NotFound)?;
    let headers = [
        (header::LOCATION, to),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    visit.keep(&mut response);
    Ok(response)
}

fn sealed(key: &[u8; 32], way: &Way) -> String {
    let way = postcard::to_stdvec(way).expect("texts and a number can be written");
    let seal = blake3::keyed_hash(key, &way);
    URL_SAFE_NO_PAD.encode([&seal.as_bytes()[..SEAL], &way].concat())
}

/// What a token says, and whether its seal is ours.
fn opened(key: &[u8; 32], token: &str) -> Option<(Way, bool)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (seal, way) = bytes.split_at_checked(SEAL)?;
    let is_ours = subtle::ConstantTimeEq::ct_eq(&blake3::keyed_hash(key, way).as_bytes()[..SEAL], seal);
    Some((postcard::from_bytes(way).ok()?, is_ours.into()))
}

/// Only to a path below our base: `//host` would be another site, and `\` is a slash to a browser.
fn leads_here(base: &str, to: &str) -> bool {
    let rest = to.strip_prefix(base);
    rest.is_some_and(|rest| rest.starts_with('/') && !rest.starts_with("//") && !rest.contains('\\'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_token_is_read_back_and_told_from_a_forged_one() {
        let way = Way {
            to: "/help/start#top".to_owned(),
            locale: "en".to_owned(),
            query: "start".to_owned(),
            article: "start".to_owned(),
            rank: 3,
        };
        let token = sealed(&[7; 32], &way);
        assert_eq!(opened(&[7; 32], &token), Some((way, true)));
        assert!(!opened(&[8; 32], &token).unwrap().1);
        assert!(opened(&[7; 32], "nonsense").is_none() && opened(&[7; 32], "").is_none());
    }

    #[test]
    fn nobody_is_led_to_another_site() {
        let check = |to: &str, expect: bool| assert_eq!(leads_here("/help", to), expect, "{to}");
        check("/help/start#a", true);
        check("/elsewhere", false);
        check("/help//evil.example", false);
        check("/help/\\evil.example", false);
        assert!(!leads_here("", "//evil.example") && !leads_here("", "https://evil.example"));
    }
}
