//! What becomes of an address that mail providers tell of.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signpost::delivery::{Next, operate};
use signpost::mail::suppression::{self, Reason};

use super::Call;
use super::bounces::{RESEND_BODY, events, mailgun, postmark, resend, ses, settings, then};
use super::handling::Room;
use crate::contract::Misbehave;
use crate::contract::mail::PROVIDERS;
use crate::contract::sns::Topic;
use crate::delivery::lane_of;
use crate::mail::{FROM, letter};

#[tokio::test]
async fn what_is_told_of_an_address_is_taken_note_of() {
    let topic = Topic::open().await;
    let room = Room::with(&format!("{}{}", settings(), topic.settings())).await;
    let check = async |call: Call, expect: Option<Reason>, delays: i64| {
        let said = call.body.clone();
        let outcome = room.tell(call).await;
        let known = suppression::find(&room.site.help.store, "ada@customer.example").await.unwrap();
        let found = known.as_ref().map_or((None, 0), |known| (known.reason(), known.delays));
        assert_eq!(found, (expect, delays), "{outcome}: {said}");
        let is_told = expect.is_some() || delays > 0;
        assert_eq!(outcome, if is_told { "noted" } else { "ignored" }, "{said}");
        let store = &room.site.help.store;
        suppression::forget(store, "ada@customer.example").await.unwrap();
        sqlx::query("delete from hooks").execute(store.writer()).await.unwrap();
    };
    let (bounce, complaint, unsubscribe) = (Some(Reason::Bounce), Some(Reason::Complaint), Some(Reason::Unsubscribe));
    let ada = "ada@customer.example";
    let event = |fields: Value| {
        let mut event = json!({ "email": ada, "timestamp": 1_785_000_000, "sg_event_id": "e", "status": "5.1.1" });
        event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        events(&json!([event]))
    };
    check(event(json!({ "event": "bounce", "type": "bounce", "reason": "550 5.1.1 user unknown" })), bounce, 0).await;
    check(event(json!({ "event": "bounce", "type": "blocked" })), None, 1).await;
    check(event(json!({ "event": "dropped", "reason": "Bounced Address" })), bounce, 0).await;
    check(event(json!({ "event": "dropped", "reason": "Unsubscribed Address" })), unsubscribe, 0).await;
    check(event(json!({ "event": "dropped", "reason": "Spam Reporting Address" })), complaint, 0).await;
    check(event(json!({ "event": "dropped", "reason": "Invalid" })), bounce, 0).await;
    // Of the mail or the account: the address is as good as before.
    for reason in ["Spam Content", "Invalid SMTPAPI header", "Recipient List over Package Quota", ""] {
        check(event(json!({ "event": "dropped", "reason": reason })), None, 0).await;
    }
    check(event(json!({ "event": "deferred", "response": "451 try again" })), None, 1).await;
    check(event(json!({ "event": "spamreport" })), complaint, 0).await;
    check(event(json!({ "event": "unsubscribe" })), unsubscribe, 0).await;
    check(event(json!({ "event": "group_unsubscribe" })), unsubscribe, 0).await;
    check(event(json!({ "event": "delivered" })), None, 0).await;
    check(event(json!({ "event": "something new" })), None, 0).await;
    let told = |message: Value| ses(&topic.notification("n", &message.to_string(), then()));
    let of = |kind: &str| {
        told(json!({ "eventType": "Bounce", "bounce": { "bounceType": kind, "timestamp": "2026-07-25T10:00:02.000Z",
            "bouncedRecipients": [{ "emailAddress": ada, "diagnosticCode": "smtp; 550 5.1.1 user unknown" }] } }))
    };
    check(of("Permanent"), bounce, 0).await;
    check(of("Transient"), None, 1).await;
    let slow = json!({ "delayType": "MailboxFull", "delayedRecipients": [{ "emailAddress": ada }] });
    check(told(json!({ "eventType": "DeliveryDelay", "deliveryDelay": slow })), None, 1).await;
    let complained = json!([{ "emailAddress": "Ada <ada@customer.example>" }]);
    let spam = |kind: &str| {
        json!({ "notificationType": "Complaint",
        "complaint": { "complaintFeedbackType": kind, "complainedRecipients": complained } })
    };
    check(told(spam("abuse")), complaint, 0).await;
    check(told(spam("not-spam")), None, 0).await;
    check(told(json!({ "eventType": "Delivery", "delivery": { "recipients": [ada] } })), None, 0).await;
    let failed = |severity: &str, reason: &str| {
        mailgun(&json!({ "event": "failed", "severity": severity, "id": "a", "recipient": ada, "reason": reason,
            "timestamp": 1_785_000_000.123, "delivery-status": { "code": 550, "message": "5.1.1 user unknown" } }))
    };
    check(failed("permanent", "bounce"), bounce, 0).await;
    check(failed("permanent", "suppress-complaint"), complaint, 0).await;
    check(failed("temporary", "generic"), None, 1).await;
    check(mailgun(&json!({ "event": "complained", "recipient": ada })), complaint, 0).await;
    check(mailgun(&json!({ "event": "unsubscribed", "recipient": ada })), unsubscribe, 0).await;
    check(mailgun(&json!({ "event": "opened", "recipient": ada })), None, 0).await;
    let bounced = |kind: &str, inactive: bool| {
        postmark(&json!({ "RecordType": "Bounce", "ID": 1, "Type": kind, "Email": ada, "Inactive": inactive,
            "BouncedAt": "2026-07-25T10:00:02Z", "Details": "smtp;550 5.1.1 user unknown" }))
    };
    check(bounced("HardBounce", true), bounce, 0).await;
    check(bounced("SoftBounce", false), None, 1).await;
    check(bounced("Blocked", true), bounce, 0).await;
    check(bounced("SpamNotification", false), complaint, 0).await;
    check(bounced("AutoResponder", false), None, 0).await;
    check(postmark(&json!({ "RecordType": "SpamComplaint", "ID": 2, "Email": ada })), complaint, 0).await;
    let change = |reason: &str| {
        json!({ "RecordType": "SubscriptionChange", "Recipient": ada, "SuppressSending": true,
        "SuppressionReason": reason, "ChangedAt": "2026-07-25T10:00:02Z" })
    };
    check(postmark(&change("ManualSuppression")), unsubscribe, 0).await;
    check(postmark(&change("HardBounce")), bounce, 0).await;
    check(postmark(&json!({ "RecordType": "Delivery", "Recipient": ada })), None, 0).await;
    let email = |kind: &str, data: Value| {
        let mut whole = json!({ "to": [ada] });
        whole.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
        resend(&json!({ "type": kind, "created_at": "2026-07-25T17:20:00.000Z", "data": whole }).to_string())
    };
    check(resend(RESEND_BODY), bounce, 0).await;
    check(
        email("email.bounced", json!({ "bounce": { "type": "Permanent", "message": "no such mailbox" } })),
        bounce,
        0,
    )
    .await;
    check(email("email.bounced", json!({ "bounce": { "type": "Transient" } })), None, 1).await;
    check(email("email.bounced", json!({ "bounce": { "type": "Undetermined" } })), None, 1).await;
    check(email("email.delivery_delayed", json!({})), None, 1).await;
    check(email("contact.updated", json!({ "to": null, "email": ada, "unsubscribed": true })), unsubscribe, 0).await;
    check(email("contact.updated", json!({ "to": null, "email": ada, "unsubscribed": false })), None, 0).await;
    check(email("email.complained", json!({})), complaint, 0).await;
    check(email("email.suppressed", json!({ "suppressed": { "reason": "previous_complaint" } })), complaint, 0).await;
    check(email("email.delivered", json!({})), None, 0).await;
}

#[tokio::test]
async fn an_unsubscription_is_taken_back_where_it_was_made() {
    let ada = "ada@customer.example";
    let by_sendgrid = |kind: &str, id: &str| events(&json!([{ "event": kind, "email": ada, "sg_event_id": id }]));
    let by_postmark = |off: bool, id: u32| {
        let change = if off { "ManualSuppression" } else { "" };
        postmark(&json!({ "RecordType": "SubscriptionChange", "ID": id, "Recipient": ada, "SuppressSending": off,
            "SuppressionReason": change, "ChangedAt": "2026-07-25T10:00:02Z" }))
    };
    for (off, on) in [
        (by_sendgrid("group_unsubscribe", "a"), by_sendgrid("group_resubscribe", "b")),
        (by_postmark(true, 1), by_postmark(false, 2)),
    ] {
        let room = Room::with(&settings()).await;
        for (call, expect) in [(off, Some(Reason::Unsubscribe)), (on, None)] {
            assert_eq!(room.tell(call).await, "noted");
            let known = suppression::of(&room.site.help.store, ada).await.unwrap();
            assert_eq!(known.and_then(|known| known.reason()), expect);
        }
    }
}

#[tokio::test]
async fn what_names_no_address_is_a_dead_letter() {
    let room = Room::with(&settings()).await;
    let told = room.tell(postmark(&json!({ "RecordType": "SpamComplaint", "ID": 2, "Email": "nobody" }))).await;
    assert!(told.starts_with("dead: ") && told.contains("no address"), "{told}");
}

/// As each provider speaks of a mail that it has.
fn delivered(provider: &str, id: &str, topic: &Topic) -> Call {
    match provider {
        "sendgrid" => events(&json!([{ "event": "processed", "sg_event_id": "p", "hc_message_id": id }])),
        "ses" => {
            let message = json!({ "eventType": "Send", "mail": { "tags": { "hc_message_id": [id] } } });
            ses(&topic.notification("p", &message.to_string(), then()))
        }
        "mailgun" => mailgun(&json!({ "event": "accepted", "user-variables": { "hc_message_id": id } })),
        "postmark" => postmark(&json!({ "RecordType": "Delivery", "Metadata": { "hc_message_id": id } })),
        _ => {
            let body = json!({ "type": "email.sent", "data": { "tags": { "hc_message_id": id } } });
            resend(&body.to_string())
        }
    }
}

#[tokio::test]
async fn a_mail_in_doubt_is_not_sent_again_once_its_provider_says_that_it_has_it() {
    for provider in PROVIDERS {
        let (office, topic) = (provider.open().await, Topic::open().await);
        let mail = format!("[mail]\nfrom = \"{FROM}\"\n{}", (provider.settings)(&office.vendor.url));
        let room = Room::with(&format!("{}{}{mail}", settings(), topic.settings())).await;
        let help = &room.site.help;
        office.vendor.plan([Misbehave::Done(500)]);
        let mut transaction = help.store.writer().begin().await.unwrap();
        // The ticket of the room wants a letter too: this one is alone.
        sqlx::query("delete from outbox").execute(&mut *transaction).await.unwrap();
        let id = help.delivery.promise(&mut transaction, "mail", letter(), then()).await.unwrap().to_string();
        transaction.commit().await.unwrap();
        let mut lane = lane_of(&help.delivery, "mail");
        while lane.step(then()).await.unwrap() == Next::Now {}
        let row = async || operate::find(&help.store, &id).await.unwrap().unwrap();
        assert_eq!((office.asked(), row().await.state.as_str()), (1, "waiting"), "{}", provider.name);
        assert_eq!(room.tell(delivered(provider.name, &id, &topic)).await, "noted", "{}", provider.name);
        while lane.step(then() + SignedDuration::from_hours(1)).await.unwrap() == Next::Now {}
        assert_eq!((office.asked(), row().await.state.as_str()), (1, "done"), "{}", provider.name);
        let last = row().await.tries.pop().unwrap();
        assert_eq!((last.outcome.as_str(), last.said), ("taken", format!("told by [hooks.{}]", provider.name)));
        let mail = operate::sinks(&help.store).await.unwrap().into_iter().find(|sink| sink.name == "mail").unwrap();
        assert_eq!((mail.sent, mail.waiting), (1, 0));
    }
}
