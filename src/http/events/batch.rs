//! A batch of events as it is sent.

use app::model::event::{Name, Path};
use app::model::{Context, Event};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::may_tell;
use crate::privacy::Grants;

/// Events of one batch.
pub const MOST: usize = 100;
/// Milliseconds an event may have waited for a connection: three days, as vendors take no older ones.
pub const OLDEST: i64 = 72 * 3_600_000;

/// A batch that was read and found good.
#[derive(Debug)]
pub struct Batch {
    /// Made by the sender, so that a batch sent again is taken once.
    pub id: Option<Uuid>,
    /// Of a host alone: its reader's session and what the reader granted there.
    pub session: Option<Uuid>,
    pub consent: Grants,
    /// What all its events have in common.
    pub around: Context,
    pub events: Vec<Sent>,
}

#[derive(Debug)]
pub struct Sent {
    /// Milliseconds before the batch was sent. No clock but ours is asked for the time.
    pub ago: i64,
    pub page: Option<Path<500>>,
    pub event: Event,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    id: Option<Uuid>,
    session: Option<Uuid>,
    #[serde(default)]
    consent: Grants,
    locale: Option<Name<35>>,
    referrer: Option<Name<253>>,
    campaign: Option<Name<100>>,
    release: Option<Name<64>>,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct WireEvent {
    #[serde(default)]
    ago: i64,
    #[serde(default)]
    page: Option<Path<500>>,
    #[serde(flatten)]
    event: Event,
}

/// # Errors
/// What is wrong with it, and with which of its events.
pub fn read(body: &[u8]) -> Result<Batch, String> {
    let wire: Wire = serde_json::from_slice(body).map_err(|cause| format!("this is no batch of events: {cause}"))?;
    if wire.events.len() > MOST {
        return Err(format!("the batch has {} events; send at most {MOST} at once", wire.events.len()));
    }
    let around = Context {
        locale: wire.locale,
        referrer: wire.referrer,
        campaign: wire.campaign,
        release: wire.release,
        ..Context::default()
    };
    around.check().map_err(|fault| fault.to_string())?;
    let events = wire.events.iter().enumerate();
    let events = events.map(|(place, raw)| event(raw).map_err(|why| format!("events[{place}]: {why}")));
    let events = events.collect::<Result<_, _>>()?;
    Ok(Batch { id: wire.id, session: wire.session, consent: wire.consent, around, events })
}

fn event(raw: &RawValue) -> Result<Sent, String> {
    let WireEvent { ago, page, event } = serde_json::from_str(raw.get()).map_err(|cause| cause.to_string())?;
    if !(0..=OLDEST).contains(&ago) {
        return Err(format!("ago is {ago}; give the milliseconds since it happened, at most {OLDEST}"));
    }
    if !may_tell(event.teller()) {
        return Err(format!("{} is told by the server alone", event.kind()));
    }
    event.check().map_err(|fault| fault.to_string())?;
    let around = Context { page, ..Context::default() };
    around.check().map_err(|fault| fault.to_string())?;
    Ok(Sent { ago, page: around.page, event })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn refused(body: &str, expect: &str) {
        let why = read(body.as_bytes()).unwrap_err();
        assert!(why.contains(expect), "{why}");
    }

    #[test]
    fn a_batch_is_read_with_what_surrounds_it() {
        let body = r#"{"id": "0b7f6f2e-3d51-4c8a-9a55-1f2e3d4c5b6a", "locale": "en", "events": [
            {"kind": "article_viewed", "ago": 1200, "page": "/start?q=x", "article": "start"},
            {"kind": "web_vitals", "metric": "LCP", "value": 812.5}]}"#;
        let batch = read(body.as_bytes()).unwrap();
        assert_eq!(batch.events[0].event, Event::ArticleViewed { article: Name::of("start") });
        assert_eq!((batch.events[0].ago, batch.events[1].ago), (1200, 0));
        assert_eq!(batch.around.locale, Some(Name::of("en")));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        refused("[]", "no batch of events");
        refused(r#"{"events": [], "colour": 1}"#, "unknown field `colour`");
        refused(
            r#"{"events": [{"kind": "page_viewed"}, {"kind": "page_seen"}]}"#,
            "events[1]: unknown variant `page_seen`",
        );
        refused(r#"{"events": [{"kind": "page_viewed", "colour": 1}]}"#, "events[0]: unknown field `colour`");
        refused(r#"{"events": [{"kind": "article_viewed"}]}"#, "events[0]: article: is missing");
        refused(
            r#"{"events": [{"kind": "ticket_created", "ticket": "1", "form": "bug"}]}"#,
            "told by the server alone",
        );
        refused(r#"{"events": [{"kind": "page_viewed", "ago": -5}]}"#, "ago is -5");
        refused(r#"{"events": [{"kind": "page_viewed", "page": "start"}]}"#, "page: does not begin with /");
        let many = vec![r#"{"kind": "page_viewed"}"#; 101].join(",");
        refused(&format!(r#"{{"events": [{many}]}}"#), "101 events");
    }
}
