//! What was stored reaches the ticket it is about, or says why it cannot.

use std::time::Duration;

use app::model::{Author, Status};
use jiff::{SignedDuration, Timestamp};
use signpost::tickets::{Draft, Message, Ticket};
use signpost::webhooks::inbox::{self, Stored};
use signpost::webhooks::{self, Next};

use super::{Call, SETTINGS, freshdesk, headers, intercom, standard, zendesk};
use crate::site::{self, Site};
use crate::tickets::opening;

/// A help center with a ticket that every desk has as number 41207.
pub struct Room {
    pub site: Site,
    ticket: String,
}

pub fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

impl Room {
    pub async fn open() -> Self {
        Self::with(SETTINGS).await
    }

    pub async fn with(settings: &str) -> Self {
        let site = site::serve_with(settings, &[("index.md", "# Welcome")]).await;
        let draft = Draft {
            form: "question".to_owned(),
            email: "ada@customer.example".to_owned(),
            subject: "Export fails".to_owned(),
            text: "Clicking Export shows an error.".to_owned(),
            ..Draft::default()
        };
        let ticket = site.help.tickets.open(opening(draft), now()).await.unwrap().id;
        for desk in ["zendesk", "freshdesk", "intercom", "connector.crm"] {
            sqlx::query("insert into desk_tickets (ticket, desk, remote_id) values ($1, $2, '41207')")
                .bind(&ticket)
                .bind(desk)
                .execute(site.help.store.writer())
                .await
                .unwrap();
        }
        Self { site, ticket }
    }

    pub async fn take(&self, call: &Call) {
        let body = call.body.as_bytes();
        webhooks::receive(&self.site.help.hooks, call.to, &headers(call), body, call.at).await.unwrap();
    }

    pub async fn settle(&self, now: Timestamp) -> Option<Timestamp> {
        loop {
            match webhooks::step(&self.site.help.hooks, &self.site.help.tickets, now).await.unwrap() {
                Next::Now => {}
                Next::Wait(until) => return until,
            }
        }
    }

    /// The newest that is stored.
    pub async fn last(&self) -> Stored {
        let id = inbox::list(&self.site.help.store, None, None, 1).await.unwrap().remove(0).id;
        inbox::find(&self.site.help.store, &id).await.unwrap().unwrap()
    }

    /// The id of the only one that is dead.
    pub async fn dead(&self) -> String {
        inbox::list(&self.site.help.store, Some("dead"), None, 2).await.unwrap().remove(0).id
    }

    /// Takes and handles a call; what became of it.
    pub async fn tell(&self, call: Call) -> String {
        self.take(&call).await;
        self.settle(call.at).await;
        let last = self.last().await;
        last.outcome.unwrap_or_else(|| format!("{}: {}", last.state, last.last_error.unwrap_or_default()))
    }

    pub async fn ticket(&self) -> Ticket {
        self.site.help.tickets.by_id(&self.ticket).await.unwrap().unwrap()
    }

    /// What agents said.
    pub async fn answers(&self) -> Vec<Message> {
        let messages = self.site.help.tickets.messages(&self.ticket, true).await.unwrap();
        messages.into_iter().filter(|message| message.author == Author::Agent).collect()
    }

    async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(self.site.help.store.writer()).await.unwrap();
    }
}

/// How an event of Zendesk's own looks.
pub fn event(kind: &str, id: &str, status: &str, updated: &str, event: &str) -> Call {
    let body = format!(
        r#"{{"type":"zen:event-type:{kind}","account_id":1,"id":"{id}","time":"2026-11-21T10:00:00.123456Z",
        "subject":"zen:ticket:41207","detail":{{"id":"41207","status":"{status}","external_id":null,
        "updated_at":"{updated}"}},"event":{event}}}"#
    );
    zendesk(&body, now())
}

#[tokio::test]
async fn every_form_of_every_sender_tells_how_a_ticket_stands() {
    let check = async |call: Call, outcome: &str, status: Status| {
        let room = Room::open().await;
        let said = call.body.clone();
        assert_eq!((room.tell(call).await.as_str(), room.ticket().await.status), (outcome, status), "{said}");
        assert_eq!((room.last().await.state.as_str(), room.last().await.body), ("done", None), "{said}");
    };
    let at = "2026-11-21T09:59:00Z";
    let template =
        |status: &str| zendesk(&format!(r#"{{"ticket_id":"41207","status":"{status}","updated_at":"{at}"}}"#), now());
    check(template("pending"), "applied", Status::Pending).await;
    check(template("Solved"), "applied", Status::Solved).await;
    check(template("hold"), "applied", Status::Open).await;
    check(template("closed"), "applied", Status::Closed).await;
    check(template("Waiting for the moon"), "ignored", Status::New).await;
    check(
        event("ticket.status_changed", "e1", "SOLVED", at, r#"{"current":"SOLVED","previous":"OPEN"}"#),
        "applied",
        Status::Solved,
    )
    .await;
    check(event("ticket.tags_changed", "e1", "SOLVED", at, "{}"), "ignored", Status::New).await;
    check(event("user.created", "e1", "", at, "{}"), "ignored", Status::New).await;
    let thin = r#"{"type":"zen:event-type:ticket.status_changed","id":"evt-01","subject":"zen:ticket:41207"}"#;
    check(zendesk(thin, now()), "ignored", Status::New).await;
    check(zendesk("", now()), "ignored", Status::New).await;
    let advanced = format!(r#"{{"ticket_id":"41207","status":"Resolved","reference":"","updated":"{at}"}}"#);
    check(freshdesk(&advanced, now()), "applied", Status::Solved).await;
    check(freshdesk(r#"{"ticket_id":41207,"status":3}"#, now()), "applied", Status::Pending).await;
    let simple = r#"{"freshdesk_webhook":{"ticket_id":41207,"ticket_subject":"Export fails","ticket_status":"Closed","triggered_event":"{status:{from:2,to:5}}"}}"#;
    check(freshdesk(simple, now()), "applied", Status::Closed).await;
    let of_intercom = |topic: &str, state: &str| {
        let item = format!(r#"{{"type":"conversation","id":"41207","updated_at":1795255000,"state":"{state}"}}"#);
        let body = format!(
            r#"{{"type":"notification_event","id":"notif_1","topic":"{topic}","created_at":1795255000,
            "data":{{"type":"notification_event_data","item":{item}}}}}"#
        );
        intercom(&body, now())
    };
    check(of_intercom("conversation.admin.closed", "closed"), "applied", Status::Solved).await;
    check(of_intercom("conversation.admin.replied", "open"), "applied", Status::Open).await;
    check(of_intercom("conversation.rating.added", "closed"), "applied", Status::Solved).await;
    check(of_intercom("conversation.admin.replied", "of tomorrow"), "ignored", Status::New).await;
    check(of_intercom("conversation.user.replied", "open"), "applied", Status::Open).await;
    check(of_intercom("conversation.user.created", "open"), "ignored", Status::New).await;
    let own =
        |kind: &str| format!(r#"{{"type":"{kind}","timestamp":"{at}","data":{{"id":"41207","status":"solved"}}}}"#);
    check(standard("1", &own("ticket.status_changed"), now()), "applied", Status::Solved).await;
    check(standard("1", &own("article.published"), now()), "ignored", Status::New).await;
    check(
        standard("1", r#"{"type":"ticket.commented","data":{"id":"1","status":"open"}}"#, now()),
        "unknown_ticket",
        Status::New,
    )
    .await;
}

#[tokio::test]
async fn our_own_reference_finds_a_ticket_whose_number_there_is_not_known_yet() {
    let room = Room::open().await;
    room.execute("update desk_tickets set remote_id = null").await;
    let body = format!(
        r#"{{"ticket_id":"7","external_id":"{}","status":"open","updated_at":"2026-11-21T10:00:00Z"}}"#,
        room.ticket
    );
    assert_eq!(room.tell(zendesk(&body, now())).await, "applied");
    let body = r#"{"ticket_id":"7","status":"solved","updated_at":"2026-11-21T10:00:05Z"}"#;
    assert_eq!(room.tell(zendesk(body, now())).await, "applied");
    assert_eq!(room.ticket().await.status, Status::Solved);
}

#[tokio::test]
async fn what_comes_out_of_order_changes_nothing() {
    let room = Room::open().await;
    let changed = |id: &str, status: &str, at: &str| event("ticket.status_changed", id, status, at, "{}");
    assert_eq!(room.tell(changed("2", "SOLVED", "2026-11-21T09:59:02Z")).await, "applied");
    assert_eq!(room.tell(changed("1", "PENDING", "2026-11-21T09:59:01Z")).await, "stale");
    assert_eq!(room.ticket().await.status, Status::Solved);
    assert_eq!(room.tell(changed("3", "OPEN", "2026-11-21T09:59:03Z")).await, "applied");
    assert_eq!(room.ticket().await.status, Status::Open);
}

#[tokio::test]
async fn what_nobody_can_read_is_dead_at_once_and_can_be_sent_in_again() {
    let room = Room::open().await;
    let outcome = room.tell(zendesk(r#"{"ticket":"41207","status":"solved"}"#, now())).await;
    assert!(outcome.starts_with("dead: `ticket_id` is missing"), "{outcome}");
    let dead = room.last().await;
    assert!(dead.body.is_some(), "what it said is kept");
    assert!(room.site.help.metrics.text().contains("signpost_hooks_dead 1"));
    assert!(inbox::replay(&room.site.help.store, &dead.id, now()).await.unwrap());
    room.settle(now()).await;
    assert_eq!((room.last().await.state, room.last().await.attempts), ("dead".to_owned(), 1));
    assert!(inbox::discard(&room.site.help.store, &dead.id).await.unwrap());
    assert!(!inbox::replay(&room.site.help.store, &dead.id, now()).await.unwrap());
    let dropped = room.last().await;
    assert_eq!((dropped.outcome.as_deref(), dropped.body), (Some("dropped"), None));
}

#[tokio::test]
async fn what_fails_is_tried_again_then_dead_then_good_again() {
    let room = Room::open().await;
    room.execute("alter table desk_tickets rename to away").await;
    room.take(&zendesk(r#"{"ticket_id":"41207","status":"solved"}"#, now())).await;
    let (mut at, mut waits) = (now(), Vec::new());
    while let Some(until) = room.settle(at).await {
        waits.push(until.duration_since(at).as_secs());
        at = until;
    }
    assert_eq!(waits, [1, 10, 60, 600, 3600]);
    let dead = room.last().await;
    assert_eq!((dead.state.as_str(), dead.attempts), ("dead", 6));
    assert!(dead.last_error.unwrap().contains("desk_tickets"));
    room.execute("alter table away rename to desk_tickets").await;
    assert!(inbox::replay(&room.site.help.store, &dead.id, at).await.unwrap());
    assert_eq!(room.settle(at).await, None);
    assert_eq!(room.last().await.outcome.as_deref(), Some("applied"));
    assert_eq!(room.ticket().await.status, Status::Solved);
}

#[tokio::test]
async fn one_that_waits_does_not_hold_up_another() {
    let room = Room::open().await;
    room.execute("alter table desk_tickets rename to away").await;
    room.take(&zendesk(r#"{"ticket_id":"41207","status":"solved"}"#, now())).await;
    room.settle(now()).await;
    room.execute("alter table away rename to desk_tickets").await;
    assert_eq!(room.tell(freshdesk(r#"{"ticket_id":41207,"status":3}"#, now())).await, "applied");
}

#[tokio::test]
async fn the_task_is_woken_by_what_comes() {
    let room = Room::open().await;
    let help = room.site.help.clone();
    let task = tokio::spawn(async move { webhooks::run(&help.hooks, &help.tickets, Duration::from_secs(3600)).await });
    for status in ["open", "solved"] {
        room.take(&zendesk(&format!(r#"{{"ticket_id":"41207","status":"{status}"}}"#), Timestamp::now())).await;
        while room.last().await.state != "done" {
            tokio::task::yield_now().await;
        }
        assert_eq!(room.ticket().await.status.name(), status);
    }
    task.abort();
}

#[tokio::test]
async fn what_was_handled_is_known_for_a_week_at_least_and_then_forgotten() {
    let room = Room::open().await;
    let store = &room.site.help.store;
    let later = |days: i64| now() + SignedDuration::from_hours(24 * days) + SignedDuration::from_secs(1);
    let body = r#"{"ticket_id":41207,"status":3,"updated":"2026-11-21T10:00:00Z"}"#;
    assert_eq!(room.tell(freshdesk(body, now())).await, "applied");
    room.take(&freshdesk(r#"{"ticket_id":41207,"status":2}"#, now())).await;
    for (keep, after, expect) in [(1, 6, 2), (30, 29, 2), (1, 7, 1), (1, 1000, 1)] {
        inbox::forget(store, keep, later(after)).await.unwrap();
        let left = inbox::list(store, None, None, 10).await.unwrap();
        assert_eq!(left.len(), expect, "after {after} days of {keep}");
    }
    assert_eq!(room.last().await.state, "waiting", "what waits is kept");
}
