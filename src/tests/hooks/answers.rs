//! What agents say elsewhere reaches the requester here; what cannot be handled reaches the team.

use jiff::SignedDuration;

use super::handling::{Room, event, now};
use super::{SETTINGS, standard, zendesk};

#[tokio::test]
async fn what_agents_say_there_is_said_here_once() {
    let room = Room::open().await;
    let comment = |id: &str, public: bool, staff: bool| {
        format!(
            r#"{{"comment":{{"id":"{id}","body":"Checking this now.","is_public":{public},"author":{{"id":"5","is_staff":{staff},"name":"Sam Agent"}}}}}}"#
        )
    };
    let added = |id: &str, comment: String| event("ticket.comment_added", id, "OPEN", "2026-11-21T09:59:00Z", &comment);
    assert_eq!(room.tell(added("e1", comment("c1", true, true))).await, "applied");
    assert_eq!(room.tell(added("e2", comment("c1", true, true))).await, "stale");
    assert_eq!(room.tell(added("e3", comment("c2", false, true))).await, "applied");
    assert_eq!(room.tell(added("e4", comment("c3", true, false))).await, "stale");
    let own = r#"{"type":"ticket.commented","timestamp":"2026-11-21T09:59:30Z","data":{"id":"41207","comment":
        {"id":"c4","text":"Fixed in 4.2.","public":true,"author":"Kim"}}}"#;
    assert_eq!(room.tell(standard("1", own, now())).await, "applied");
    let mut said: Vec<_> =
        room.answers().await.into_iter().map(|it| (it.text, it.name.unwrap_or_default(), it.internal)).collect();
    said.sort();
    let expect = [
        ("Checking this now.", "Sam Agent", false),
        ("Checking this now.", "Sam Agent", true),
        ("Fixed in 4.2.", "Kim", false),
    ];
    assert_eq!(said, expect.map(|(text, name, internal)| (text.to_owned(), name.to_owned(), internal)));
    let ticket = room.ticket().await;
    assert_eq!(ticket.replied_at, Some(ticket.opened_at), "answered before it was opened, by the desk's clock");
    let page = room.site.page(&ticket.path()).await;
    assert_eq!((page.matches("Checking this now.").count(), page.matches("Fixed in 4.2.").count()), (1, 1), "{page}");
}

#[tokio::test]
async fn the_first_answer_counts_and_does_no_harm() {
    let room = Room::open().await;
    let said = |id: &str, at: &str, text: &str| {
        let body = format!(
            r#"{{"type":"ticket.commented","timestamp":"{at}","data":{{"id":"41207","comment":{{"id":"{id}","text":"{text}","public":true}}}}}}"#
        );
        standard(id, &body, now() + SignedDuration::from_hours(1))
    };
    assert_eq!(room.tell(said("2", "2026-11-21T10:30:00Z", "<img src=x onerror=alert(1)>")).await, "applied");
    assert_eq!(room.tell(said("1", "2026-11-21T10:20:00Z", "earlier")).await, "applied");
    let replied = room.ticket().await.replied_at;
    assert_eq!(replied, Some((now() + SignedDuration::from_mins(20)).as_millisecond()));
    let page = room.site.page(&room.ticket().await.path()).await;
    assert!(page.contains("&lt;img src=x") && !page.contains("<img src=x"), "{page}");
}

#[tokio::test]
async fn the_team_is_told_of_what_could_not_be_handled_once_in_a_while() {
    let mail = "[mail]\nurl = \"smtp://127.0.0.1:1\"\nfrom = \"Help <help@acme.example>\"\n[alerts]\nmail = \"ops@acme.example\"\n";
    let room = Room::with(&format!("{mail}{SETTINGS}")).await;
    for at in ["2026-11-21T09:59:00Z", "2026-11-21T09:59:01Z"] {
        let body = format!(r#"{{"ticket":"41207","status":"solved","updated_at":"{at}"}}"#);
        room.tell(zendesk(&body, now())).await;
    }
    let alerts: Vec<String> =
        sqlx::query_scalar("select body from outbox where channel = 'mail' and body like '%hooks.dead_letter%'")
            .fetch_all(room.site.help.store.readers())
            .await
            .unwrap();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    for part in ["ops@acme.example", "of zendesk", "signpost hooks list --state dead", "`ticket_id` is missing"] {
        assert!(alerts[0].contains(part), "{part} is missing in {}", alerts[0]);
    }
    let figures = room.site.help.metrics.text();
    assert!(figures.contains("signpost_hooks_dead 2"), "{figures}");
}
