//! Whatever is changed of what a provider tells, it is refused.

use axum::http::{HeaderName, HeaderValue};
use serde_json::json;
use signpost::integrations::generic::mac;
use signpost::webhooks::Refused;

use super::{MAILGUN_KEY, MAILGUN_SIGNATURE, RESEND_BODY, TOKEN};
use super::{events, events_of, mailgun, resend, ses, settings, then};
use crate::contract::sns::Topic;
use crate::hooks::{Call, Desk, headers};

#[tokio::test]
async fn a_time_in_another_unit_is_refused() {
    let desk = Desk::open(&settings()).await;
    let milliseconds = "1785000000000";
    desk.refuses(&events_of(milliseconds, &json!([])), 0, "no time in seconds").await;
    let signed = mac(MAILGUN_KEY.as_bytes(), format!("{milliseconds}{TOKEN}").as_bytes());
    let signed: String = signed.iter().map(|byte| format!("{byte:02x}")).collect();
    let call = mailgun(&json!({ "event": "opened" }));
    let body = call.body.replace("1785000000", milliseconds).replace(MAILGUN_SIGNATURE, &signed);
    desk.refuses(&Call { body, ..call }, 0, "no time in seconds").await;
}

#[tokio::test]
async fn one_byte_that_is_another_is_refused() {
    let topic = Topic::open().await;
    let desk = Desk::open(&format!("{}{}", settings(), topic.settings())).await;
    let told = mailgun(&json!({ "event": "opened" }));
    // Of Mailgun's body time, token and signature are proved alone.
    let proved = told.body.find("signature").unwrap()..told.body.len() - 1;
    // Where the certificate comes from is asked about elsewhere.
    let notice = ses(&topic.notification("a", "Hello", then()));
    let signed = 0..notice.body.find("SigningCertURL").unwrap();
    for (call, part) in [
        (events(&json!([{ "event": "bounce", "email": "ada@customer.example", "sg_event_id": "a" }])), None),
        (resend(RESEND_BODY), None),
        (notice, Some(signed)),
        (told, Some(proved)),
    ] {
        for at in part.unwrap_or(0..call.body.len()) {
            let mut body = call.body.clone().into_bytes();
            body[at] ^= 1;
            let taken = desk.take_raw(call.to, &headers(&call), &body, then()).await;
            assert!(taken.is_err(), "{}: {}", call.to, String::from_utf8_lossy(&body));
        }
        for (name, value) in &call.headers {
            for at in 0..value.len() {
                let mut value = value.clone().into_bytes();
                value[at] ^= 1;
                let (name, mut headers) = (name.parse::<HeaderName>().unwrap(), headers(&call));
                headers.insert(name, HeaderValue::from_bytes(&value).unwrap());
                let taken = desk.take_raw(call.to, &headers, call.body.as_bytes(), then()).await;
                assert!(matches!(taken, Err(Refused::Unproved(_))), "{}: {headers:?}: {taken:?}", call.to);
            }
        }
        assert!(desk.stored().await.is_empty(), "{}", call.to);
    }
}
