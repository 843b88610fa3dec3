//! Alerts: told once, to people and to channels, and to nobody while they are muted.

mod bursts;

use reqwest::StatusCode;
use serde_json::Value;
use signpost::delivery::Next;

use super::escalations::{escalate, notices, restarted};
use super::*;
use crate::agent::agent;
use crate::contract::Vendor;
use crate::contract::vendors::{self, SECRET, WEBHOOK_SECRET};
use crate::delivery::lane_of;

const ALERTS: &str = r#"
vips: ["*@board.example"]
alerts:
  - { name: Angry, when: { angry: true }, notify: [assignee, slack] }
  - { name: VIP, when: { vip: true }, notify: boss@example.com }
  - { name: Many, burst: { tickets: 3, within: 1h, of: [article, query, topic] }, notify: [watch, slack, webhook.ops] }
"#;

/// A help center with rules that tell a channel of Slack and a webhook.
struct Town {
    site: Site,
    slack: Vendor,
    hook: Vendor,
    _folder: TempDir,
}

impl Town {
    async fn open(rules: &str) -> Self {
        let (slack, hook) = (Vendor::open(vendors::slack).await, Vendor::open(vendors::webhook).await);
        let channels = format!(
            "[alerts]\nslack_url = \"{}/services/{SECRET}\"\n\
             [webhooks.ops]\nurl = \"{}/hook\"\nsecrets = [\"{WEBHOOK_SECRET}\"]\nevents = false\n",
            slack.url, hook.url
        );
        let (site, folder) = routed_with(&channels, rules).await;
        Self { site, slack, hook, _folder: folder }
    }

    /// Delivers what was promised to a channel, and gives all that arrived there.
    async fn told(&self, channel: &str, vendor: &Vendor) -> Vec<Value> {
        let mut lane = lane_of(&self.site.help.delivery, channel);
        while lane.step(at("30 10:00")).await.unwrap() == Next::Now {}
        assert_eq!(vendor.faults(), Vec::<String>::new());
        vendor.received().iter().map(|it| serde_json::from_slice(&it.body).unwrap()).collect()
    }

    /// First lines of what came to Slack.
    async fn slack(&self) -> Vec<String> {
        let told = self.told("slack", &self.slack).await;
        let first = |it: &Value| it["blocks"][0]["text"]["text"].as_str().unwrap().lines().next().unwrap().to_owned();
        told.iter().map(first).collect()
    }

    async fn write(&self, ticket: &Ticket, text: &str, time: &str) {
        let ticket = again(&self.site, ticket).await;
        let speaker = Speaker::Requester;
        let said = Said { speaker, text, internal: false, articles: &[], attachments: &[], status: None };
        self.site.help.tickets.say(&ticket, &said, at(time)).await.unwrap();
    }
}

#[tokio::test]
async fn rules_escalations_and_hand_overs_tell_channels() {
    let rules = RULES.replace("notify: boss@example.com", "notify: [boss@example.com, slack]");
    let rules = rules.replace("target: first_reply, notify: assignee", "target: first_reply, notify: slack");
    let rules = rules.replace("group: first-line, notify: watch", "group: first-line, notify: [slack, webhook.ops]");
    let rules = rules.replace("every: week, ", "every: week, notify: [webhook.ops, slack], ");
    let town = Town::open(&rules).await;
    escalate(&town.site, "23 08:00").await;
    open(&town.site, "A leak of a <refund>", "23 10:00").await;
    for time in ["23 12:00", "23 12:01", "23 14:00", "23 14:01"] {
        escalate(&town.site, time).await;
    }
    let first = [
        "New: [#1001] A leak of a &lt;refund&gt;",
        "On call: watch",
        "Due soon: [#1001] A leak of a &lt;refund&gt;",
        "Overdue: [#1001] A leak of a &lt;refund&gt;",
    ];
    assert_eq!(town.slack().await, first);
    let told = town.told("slack", &town.slack).await;
    let text = told[3]["blocks"][0]["text"]["text"].as_str().unwrap();
    let mute = "You can mute alerts on the page of the request.";
    assert!(text.contains(mute) && text.ends_with("/agent/tickets/1001"), "{text}");
    let told = town.told("webhook.ops", &town.hook).await;
    let kinds: Vec<_> = told.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["on_call.changed", "ticket.overdue"]);
    assert_eq!(told[0]["data"]["agent"], "ada@example.com");
    let data = &told[1]["data"];
    assert_eq!((&data["ticket"], &data["subject"]), (&1001.into(), &"A leak of a <refund>".into()));
    assert_eq!((&data["target"], &data["due_at"]), (&"first_reply".into(), &"2026-11-23T14:00:00Z".into()));
    assert!(!data.to_string().contains("customer.example"), "of the requester there is the subject alone: {data}");
}

#[tokio::test]
async fn who_is_angry_or_important_is_told_of_once() {
    let town = Town::open(&format!("{RULES}{ALERTS}")).await;
    let site = &town.site;
    let calm = open(site, "A refund", "23 10:00").await;
    assert_eq!((notices(site).await, town.slack().await), (Vec::<String>::new(), Vec::new()));
    open(site, "An awful refund", "23 10:01").await;
    town.write(&calm, "This is awful.", "23 10:02").await;
    town.write(&calm, "As awful as before.", "23 10:03").await;
    restarted(site).escalate(at("23 10:04")).await.unwrap();
    assert_eq!(town.slack().await, ["Angry: [#1002] An awful refund", "Angry: [#1001] A refund"]);
    assert_eq!(notices(site).await, ["grace Angry: [#1002] An awful refund", "ada Angry: [#1001] A refund"]);
    let ada = agent(site, "ada@example.com").await;
    let page = ada.page("/agent/tickets/1001").await;
    assert_eq!(page.matches("Alert: Angry (line ").count(), 1, "{page}");
    let mut opening = asks("Hello");
    opening.draft.email = "eve@board.example".to_owned();
    let eve = site.help.tickets.open(opening, at("23 11:00")).await.unwrap();
    town.write(&eve, "Is anybody there?", "23 11:01").await;
    assert_eq!(notices(site).await[2..], ["boss VIP: [#1003] Hello"]);
}

#[tokio::test]
async fn a_held_ticket_raises_its_alerts_when_it_is_released() {
    let town = Town::open(&format!("{RULES}{ALERTS}")).await;
    let opening = Opening { held: true, ..asks("An awful refund") };
    let held = town.site.help.tickets.open(opening, at("23 10:00")).await.unwrap();
    town.write(&held, "Awful", "23 10:01").await;
    assert_eq!(town.slack().await, Vec::<String>::new());
    town.site.help.tickets.release(&held, ("agent", "Ada"), at("23 10:02")).await.unwrap();
    assert_eq!(town.slack().await, ["Angry: [#1001] An awful refund"]);
}

#[tokio::test]
async fn who_has_a_held_ticket_is_told_when_it_is_released() {
    let rules = RULES.replace("    desks: [webhook.crm]", "    notify: assignee");
    let town = Town::open(&format!("{rules}{ALERTS}")).await;
    let tickets = &town.site.help.tickets;
    let held = tickets.open(Opening { held: true, ..asks("An awful refund") }, at("23 10:00")).await.unwrap();
    // Of two who are free it would be Ada's.
    sqlx::query("update tickets set assignee = (select id from agents where email = 'grace@example.com')")
        .execute(town.site.help.store.writer())
        .await
        .unwrap();
    tickets.release(&held, ("agent", "Ada"), at("23 10:02")).await.unwrap();
    let told = ["grace New: [#1001] An awful refund", "grace Angry: [#1001] An awful refund"];
    assert_eq!(notices(&town.site).await, told);
}

#[tokio::test]
async fn a_muted_ticket_is_told_to_nobody() {
    let town = Town::open(&format!("{RULES}{ALERTS}")).await;
    let site = &town.site;
    let ticket = open(site, "A refund", "23 10:00").await;
    let ada = agent(site, "ada@example.com").await;
    let mute = async |muted: &str| ada.post("/agent/tickets/1001/mute", &[("muted", muted)]).await.status();
    assert!(ada.page("/agent/tickets/1001").await.contains("Mute alerts"));
    assert_eq!(mute("perhaps").await, StatusCode::BAD_REQUEST);
    assert_eq!(mute("yes").await, StatusCode::SEE_OTHER);
    assert_eq!(mute("yes").await, StatusCode::SEE_OTHER);
    town.write(&ticket, "This is awful.", "23 10:30").await;
    escalate(site, "23 14:01").await;
    assert_eq!((notices(site).await, town.slack().await), (Vec::<String>::new(), Vec::new()));
    assert_eq!(again(site, &ticket).await.priority, Priority::High, "what is changed is changed all the same");
    let page = ada.page("/agent/tickets/1001").await;
    assert!(page.contains("Alerts again") && page.matches("Alerts muted").count() == 1, "{page}");
    assert_eq!(mute("no").await, StatusCode::SEE_OTHER);
    town.write(&ticket, "Still awful.", "23 15:00").await;
    assert_eq!(town.slack().await, ["Angry: [#1001] A refund"]);
    assert!(ada.page("/agent/tickets/1001").await.contains("Alerts on again"));
}
