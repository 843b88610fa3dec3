//! A mail that its provider took and then did not send.

use jiff::SignedDuration;
use serde_json::json;
use signpost::delivery::operate::{self, Deed};
use signpost::delivery::outbox::transports;
use signpost::delivery::{Lane, Next, dead};
use signpost::mail::suppression;

use super::Call;
use super::bounces::{events, mailgun, resend, ses, settings, then};
use super::handling::Room;
use crate::contract::Misbehave::Done;
use crate::contract::mail::{MAILGUN, Office, POSTMARK, Provider, RESEND, SENDGRID, SES};
use crate::contract::sns::Topic;
use crate::delivery::lane_of;
use crate::mail::{FROM, letter};

const ALL: [Provider; 4] = [SENDGRID, SES, MAILGUN, RESEND];

/// A mail, and the transports it may go by.
struct Way {
    room: Room,
    topic: Topic,
    first: Office,
    second: Office,
    lane: Lane,
    id: String,
}

impl Way {
    async fn open(provider: Provider, has_second: bool) -> Self {
        Self::of(provider, has_second.then_some(POSTMARK)).await
    }

    async fn of(provider: Provider, next: Option<Provider>) -> Self {
        let (topic, first, second) =
            (Topic::open().await, provider.open().await, next.unwrap_or(POSTMARK).open().await);
        let next = next.map(|next| (next.settings)(&second.vendor.url)).unwrap_or_default();
        let mail = format!("[mail]\nfrom = \"{FROM}\"\n{}{next}", (provider.settings)(&first.vendor.url));
        let room = Room::with(&format!("{}{}{mail}", settings(), topic.settings())).await;
        let mut transaction = room.site.help.store.writer().begin().await.unwrap();
        // The ticket of the room wants a letter too: this one is alone.
        sqlx::query("delete from outbox").execute(&mut *transaction).await.unwrap();
        let delivery = &room.site.help.delivery;
        let id = delivery.promise(&mut transaction, "mail", letter(), then()).await.unwrap().to_string();
        transaction.commit().await.unwrap();
        let lane = lane_of(delivery, "mail");
        Self { room, topic, first, second, lane, id }
    }

    async fn settle(&mut self, minutes: i64) {
        let now = then() + SignedDuration::from_mins(minutes);
        while self.lane.step(now).await.unwrap() == Next::Now {}
    }

    async fn row(&self) -> Deed {
        operate::find(&self.room.site.help.store, &self.id).await.unwrap().unwrap()
    }

    /// As each provider says that it did not send the mail.
    fn refusal(&self, provider: &str) -> Call {
        let (id, ada) = (&self.id, "ada@customer.example");
        match provider {
            "sendgrid" => events(&json!([{ "event": "dropped", "email": ada, "reason": "Spam Content",
                "sg_event_id": "d", "hc_message_id": id }])),
            "ses" => {
                let message = json!({ "eventType": "Reject", "reject": { "reason": "Bad content" },
                    "mail": { "tags": { "hc_message_id": [id] } } });
                ses(&self.topic.notification("r", &message.to_string(), then()))
            }
            "mailgun" => mailgun(&json!({ "event": "rejected", "reject": { "reason": "Sandbox" },
                "user-variables": { "hc_message_id": id } })),
            _ => resend(
                &json!({ "type": "email.failed", "data": { "to": [ada], "failed": { "reason": "reached_daily_quota" },
                    "tags": { "hc_message_id": id } } })
                .to_string(),
            ),
        }
    }
}

#[tokio::test]
async fn it_goes_by_the_next_and_the_address_stays_good() {
    for provider in ALL {
        for in_doubt in [false, true] {
            let mut way = Way::open(provider, true).await;
            way.first.vendor.plan(in_doubt.then_some(Done(500)));
            way.settle(0).await;
            let of = format!("{} {in_doubt}", provider.name);
            let state = if in_doubt { "waiting" } else { "done" };
            assert_eq!((way.row().await.state.as_str(), way.second.asked()), (state, 0), "{of}");
            assert_eq!(way.room.tell(way.refusal(provider.name)).await, "noted", "{of}");
            way.settle(1).await;
            let row = way.row().await;
            assert_eq!((row.state.as_str(), row.transport.as_deref()), ("done", Some("postmark")), "{of}: {row:?}");
            assert_eq!((way.first.asked(), way.second.kept().len()), (1, 1), "{of}");
            let outcomes: Vec<_> = row.tries.iter().map(|one| one.outcome.as_str()).collect();
            assert_eq!(outcomes, [if in_doubt { "unknown" } else { "taken" }, "given_up", "taken"], "{of}");
            assert!(suppression::list(&way.room.site.help.store, 1).await.unwrap().is_empty(), "{of}");
        }
    }
}

#[tokio::test]
async fn a_next_that_gives_up_too_is_heard_and_none_is_heard_twice() {
    let mut way = Way::of(RESEND, Some(MAILGUN)).await;
    way.settle(0).await;
    assert_eq!(way.room.tell(way.refusal("resend")).await, "noted");
    way.settle(1).await;
    assert_eq!(way.row().await.transport.as_deref(), Some("mailgun"));
    let store = way.room.site.help.store.clone();
    assert!(!transports::given_up(&store, &way.id, "resend", "again", then()).await.unwrap());
    assert_eq!(way.row().await.state, "done", "it is the first that gave up, not the second");
    assert_eq!(way.room.tell(way.refusal("mailgun")).await, "noted");
    way.settle(2).await;
    let letter = dead::list(&store, Some("mail"), 2).await.unwrap().remove(0);
    let of = |name: &str| letter.reason.contains(&format!("told by [hooks.{name}]"));
    assert!(of("resend") && of("mailgun"), "{letter:?}");
    assert_eq!((way.first.asked(), way.second.asked()), (1, 1));
}

#[tokio::test]
async fn what_is_told_while_it_is_handed_over_is_heard_afterwards() {
    let mut way = Way::open(RESEND, true).await;
    way.first.vendor.plan([Done(500)]);
    way.settle(0).await;
    let store = way.room.site.help.store.clone();
    sqlx::query("update outbox set leased_until = $1")
        .bind((then() + SignedDuration::from_secs(30)).as_millisecond())
        .execute(store.writer())
        .await
        .unwrap();
    let told = way.room.tell(way.refusal("resend")).await;
    assert!(told.starts_with("waiting: ") && told.contains("resend is being handed it just now"), "{told}");
    way.room.settle(then() + SignedDuration::from_secs(31)).await;
    assert_eq!(way.room.last().await.outcome.as_deref(), Some("noted"));
    way.settle(1).await;
    assert_eq!((way.first.asked(), way.row().await.transport.as_deref()), (1, Some("postmark")));
}

#[tokio::test]
async fn without_a_next_it_is_a_dead_letter_that_can_be_sent_again() {
    for provider in ALL {
        let mut way = Way::open(provider, false).await;
        way.settle(0).await;
        way.room.tell(way.refusal(provider.name)).await;
        way.settle(1).await;
        let store = way.room.site.help.store.clone();
        let letter = dead::list(&store, Some("mail"), 2).await.unwrap().remove(0);
        let told = format!("told by [hooks.{}]", provider.name);
        assert!(letter.reason.contains(&told) && way.first.asked() == 1, "{letter:?}");
        let mail = operate::sinks(&store).await.unwrap().into_iter().find(|sink| sink.name == "mail").unwrap();
        assert!(!mail.locked && mail.dead == 1, "{mail:?}");
        assert!(operate::retry(&store, &letter.id, then() + SignedDuration::from_mins(2)).await.unwrap());
        way.settle(3).await;
        assert_eq!((way.first.asked(), way.row().await.state.as_str()), (2, "done"), "{}", provider.name);
    }
}

#[tokio::test]
async fn what_another_transport_may_have_is_not_sent_again() {
    let mut way = Way::open(RESEND, true).await;
    way.first.vendor.plan([Done(500)]);
    way.settle(0).await;
    let store = way.room.site.help.store.clone();
    assert!(operate::retry_anywhere(&store, &way.id, then()).await.unwrap());
    assert!(operate::pause(&store, "mail.resend", true).await.unwrap());
    way.settle(1).await;
    assert_eq!(way.row().await.transport.as_deref(), Some("postmark"));
    assert_eq!(way.room.tell(way.refusal("resend")).await, "ignored");
    assert_eq!(way.row().await.state, "done");
}

#[tokio::test]
async fn what_was_dropped_for_its_address_is_not_sent_by_others() {
    let mut way = Way::open(SENDGRID, true).await;
    way.settle(0).await;
    let dropped = json!([{ "event": "dropped", "email": "ada@customer.example", "reason": "Bounced Address",
        "sg_event_id": "d", "hc_message_id": way.id }]);
    assert_eq!(way.room.tell(events(&dropped)).await, "noted");
    way.settle(1).await;
    let row = way.row().await;
    assert_eq!((row.state.as_str(), row.outcome.as_deref(), way.second.asked()), ("done", Some("suppressed"), 0));
    let store = way.room.site.help.store.clone();
    assert!(suppression::forget(&store, "ada@customer.example").await.unwrap());
    assert!(operate::retry(&store, &way.id, then() + SignedDuration::from_mins(2)).await.unwrap());
    way.settle(3).await;
    assert_eq!((way.first.asked(), way.row().await.state.as_str()), (2, "done"));
}
