//! Zendesk and Freshdesk: servers that hold the program to each vendor's contract, keep what they were told, and fail in
//! every way the seed chooses.

use std::collections::HashSet;
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::parts::contract::freshdesk::Freshdesk;
use crate::parts::contract::vendors::SECRET;
use crate::parts::contract::zendesk::{AGENT, Zendesk};
use crate::parts::contract::{Misbehave, Vendor};
use crate::tickets::Remote;

pub const NAMES: [&str; 2] = ["zendesk", "freshdesk"];
/// The most milliseconds that a desk takes to answer.
const SLOWEST: u64 = 5;
/// How long the program waits for an answer, in milliseconds.
const PATIENCE: u64 = 100;
/// Requests for which it is chosen how they go; those behind them go well.
const PLANNED: usize = 50_000;

pub struct Desks {
    zendesk: Zendesk,
    freshdesk: Freshdesk,
    /// In the order of [`NAMES`].
    servers: [Vendor; 2],
}

impl Desks {
    pub async fn open(rng: &mut Rng) -> Self {
        let (zendesk, freshdesk) = (Zendesk::default(), Freshdesk::default());
        let servers = [zendesk.open().await, freshdesk.open().await];
        for server in &servers {
            server.plan((0..PLANNED).map(|_| behaviour(rng)));
        }
        let desks = Self { zendesk, freshdesk, servers };
        desks.pass(Timestamp::now().duration_since(Timestamp::UNIX_EPOCH));
        desks
    }

    /// Every ticket goes to both.
    pub fn settings(&self) -> String {
        let [zendesk, freshdesk] = self.servers.each_ref().map(|server| &server.url);
        format!(
            r#"
[desks.zendesk]
url = "{zendesk}"
email = "{AGENT}"
token = "{SECRET}"
per_second = 1000
timeout_ms = {PATIENCE}
[desks.freshdesk]
url = "{freshdesk}"
key = "{SECRET}"
per_second = 1000
timeout_ms = {PATIENCE}
[[tickets.desks]]
desk = "zendesk"
[[tickets.desks]]
desk = "freshdesk"
forms = ["question"]
"#
        )
    }

    /// Their clocks go on.
    pub fn pass(&self, time: SignedDuration) {
        self.zendesk.with(|state| state.now += time);
        self.freshdesk.with(|state| state.now += time);
    }

    /// From now on all goes well.
    pub fn rise(&self) {
        self.servers.iter().for_each(Vendor::forget_plan);
    }

    /// How many of these tickets are not at both.
    pub fn in_flight(&self, tickets: &HashSet<String>) -> usize {
        let names = |tickets: &[Value]| -> HashSet<String> {
            tickets.iter().filter_map(|ticket| Some(ticket["subject"].as_str()?.to_owned())).collect()
        };
        let [zendesk, freshdesk] =
            [self.zendesk.with(|state| names(&state.tickets)), self.freshdesk.with(|state| names(&state.tickets))];
        tickets.iter().filter(|name| !(zendesk.contains(*name) && freshdesk.contains(*name))).count()
    }

    /// What each holds.
    pub fn tickets(&self) -> [Vec<Remote>; 2] {
        [self.at_zendesk(), self.at_freshdesk()]
    }

    fn at_zendesk(&self) -> Vec<Remote> {
        self.zendesk.with(|state| {
            let remote = |ticket: &Value| {
                let id = ticket["id"].as_i64().unwrap_or_default();
                let comments = state.comments.get(&id).map_or(&[][..], Vec::as_slice);
                let texts = |public: bool| {
                    comments.iter().filter(|one| one["public"] == public).map(|one| text(&one["html_body"])).collect()
                };
                let tokens = comments.iter().filter_map(|one| one["uploads"].as_array()).flatten();
                let files = tokens.filter_map(|token| state.uploads.get(token.as_str()?));
                Remote {
                    reference: text(&ticket["external_id"]).replace('-', ""),
                    name: text(&ticket["subject"]),
                    said: texts(true),
                    notes: texts(false),
                    files: files.map(|(name, bytes, _)| (name.clone(), bytes.clone())).collect(),
                }
            };
            state.tickets.iter().map(remote).collect()
        })
    }

    fn at_freshdesk(&self) -> Vec<Remote> {
        self.freshdesk.with(|state| {
            let remote = |ticket: &Value| {
                let id = ticket["id"].as_i64().unwrap_or_default();
                let notes = state.notes.get(&id).map_or(&[][..], Vec::as_slice);
                let texts = |private: bool| {
                    notes.iter().filter(move |one| one["private"] == private).map(|one| text(&one["body"]))
                };
                let tags = ticket["tags"].as_array();
                Remote {
                    reference: tags.and_then(|tags| tags.last()).map(text).unwrap_or_default(),
                    name: text(&ticket["subject"]),
                    said: [text(&ticket["description"])].into_iter().chain(texts(false)).collect(),
                    notes: texts(true).collect(),
                    files: state.files.get(&id).cloned().unwrap_or_default(),
                }
            };
            state.tickets.iter().map(remote).collect()
        })
    }

    /// What was asked of each that its contract does not allow.
    pub fn faults(&self) -> [Vec<String>; 2] {
        self.servers.each_ref().map(Vendor::faults)
    }

    /// How often each was asked what it has.
    pub fn look_ups(&self) -> [usize; 2] {
        let is_list = |method: &str, path: &str| method == "GET" && path.ends_with("/tickets");
        self.servers.each_ref().map(|server| {
            server.received().iter().filter(|received| is_list(&received.method, received.url.path())).count()
        })
    }

    /// Repeats that were known by their key; Freshdesk knows none.
    pub fn refused(&self) -> [usize; 2] {
        [self.zendesk.with(|state| state.lookups.iter().filter(|said| **said != "miss").count()), 0]
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// How a desk takes one request. Most go well, more or less quickly.
fn behaviour(rng: &mut Rng) -> Misbehave {
    use Misbehave::{Done, HalfABody, Hang, Late, Lost, Oversized, Reset, RetryAfter, Status, WebPage};
    let late = Late(Duration::from_millis(rng.u64(..=SLOWEST)));
    let troubles = [
        // What the program need not try again, but an operator does.
        [Status(400, "{}"), Status(404, ""), Status(409, "{}"), Status(413, ""), Status(422, "{}")].to_vec(),
        [RetryAfter(429, "0"), RetryAfter(503, "0"), Lost].to_vec(),
        [Status(500, "oh"), Status(502, "oh"), Status(503, "oh"), Status(504, "oh")].to_vec(),
        // Done all the same.
        [Done(500), Done(502), Done(503), Done(504), WebPage(200), WebPage(502), Oversized, HalfABody(201)].to_vec(),
        [Hang, Reset, Late(Duration::from_millis(PATIENCE + 20))].to_vec(),
    ];
    // The desk is not asked again in the same life.
    let ends = [Status(401, "{}"), Status(403, "{}"), RetryAfter(429, "2"), RetryAfter(429, ""), RetryAfter(503, "")];
    let of = match rng.u8(..100) {
        0..86 => return late,
        86..99 => &troubles[rng.usize(..troubles.len())],
        _ => &ends[..],
    };
    rng.choice(of).cloned().unwrap_or(late)
}
