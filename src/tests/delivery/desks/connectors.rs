//! A desk behind a connector: the settings say what it is asked and where it says what it calls a ticket.

use signpost::delivery::{dead, receipts};
use signpost::integrations::Guarantee;
use signpost::integrations::desk::Deed;

use super::{answered, opened};
use crate::contract::Misbehave::Status;
use crate::contract::{Judged, Received};
use crate::delivery::{Bench, Subject};

/// A desk that calls every ticket `T/7`.
fn desk(received: &Received) -> Judged {
    match received.url.path() {
        "/tickets" => Ok((201, r#"{"ticket": {"id": "T/7", "link": "https://desk.example.com/T/7"}}"#.to_owned())),
        "/tickets/T%2F7/replies" => Ok((200, "{}".to_owned())),
        other => Err(format!("path {other}")),
    }
}

fn subject() -> Subject {
    let settings = |url: &str| {
        format!(
            "[connectors.test]\ntakes = \"deeds\"\n\
             url = \"{url}/tickets{{% if remote_id %}}/{{{{ remote_id }}}}/replies{{% endif %}}\"\n\
             body = '{{\"for\": {{{{ remote_id }}}}, \"text\": {{{{ deed.text }}}}}}'\n\
             answer = {{ json = true, remote_id = \"/ticket/id\", url = \"/ticket/link\" }}"
        )
    };
    let guarantee = Guarantee::AtLeastOnce;
    Subject { name: "connector.test", check: desk, guarantee, settings, key: Received::text, deeds: true }
}

async fn promise(bench: &Bench, deed: &Deed, about: &str) {
    let deed = serde_json::to_value(deed).unwrap();
    let mut transaction = bench.store.writer().begin().await.unwrap();
    let promised = bench.delivery.promise_in_order(&mut transaction, "connector.test", deed, about, bench.now).await;
    promised.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn an_answer_goes_to_the_ticket_that_the_desk_made() {
    let mut bench = Bench::of(subject()).await;
    let opened = opened();
    let ticket = opened.ticket.clone();
    promise(&bench, &Deed::Opened(Box::new(opened)), &ticket).await;
    promise(&bench, &Deed::Answered(Box::new(answered(&ticket, "More"))), &ticket).await;
    bench.vendor.plan([Status(503, "down")]);
    bench.settle_all().await;
    assert_eq!(bench.asked(), 3);
    let bodies: Vec<_> = bench.vendor.received().iter().skip(1).map(Received::text).collect();
    assert_eq!(
        bodies,
        [
            r#"{"for": null, "text": "Since yesterday the export ends with an error."}"#,
            r#"{"for": "T/7", "text": "More"}"#
        ]
    );
    let receipts = receipts::of(&bench.store, &ticket).await.unwrap();
    let (channel, receipt) = &receipts[0];
    assert_eq!(channel, "connector.test");
    assert_eq!(receipt.remote_id.as_deref(), Some("T/7"));
    assert_eq!(receipt.url.as_deref(), Some("https://desk.example.com/T/7"));
}

#[tokio::test]
async fn a_desk_that_does_not_say_what_it_calls_a_ticket_is_a_matter_for_the_operator() {
    let mut bench = Bench::of(subject()).await;
    let opened = opened();
    let ticket = opened.ticket.clone();
    promise(&bench, &Deed::Opened(Box::new(opened)), &ticket).await;
    bench.vendor.plan([Status(201, "{}")]);
    bench.settle_all().await;
    let letter = dead::list(&bench.store, None, 10).await.unwrap().remove(0);
    assert!(letter.reason.contains("nothing is at /ticket/id"), "{}", letter.reason);
    assert_eq!(receipts::of(&bench.store, &ticket).await.unwrap(), []);
}
