//! A reader who asks a person, as a browser without script does: writes, looks at it, sends.

use anyhow::Result;
use fastrand::Rng;
use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use reqwest::{RequestBuilder, StatusCode};
use uuid::Uuid;

use crate::parts::form;
use crate::program::LARGEST;
use crate::readers::{Answer, Shared};
use crate::tickets::Asked;

/// How the name of a ticket begins.
pub const TICKET: &str = "ticket-";
/// One answer in so many is lost on its way: the ticket was made, and its reader does not know.
const LOST: u8 = 6;

/// One ticket on its way.
pub struct Ask {
    pub asked: Asked,
    session: Uuid,
    email: String,
    step: Step,
    /// Path of the draft, once there is one.
    draft: String,
    /// Ids of what stays ticked.
    ticked: Vec<String>,
    slip: Option<Slip>,
    /// Sends what was confirmed once more.
    is_impatient: bool,
    /// Looks what became of it when no answer came, instead of sending again.
    is_careful: bool,
    rng: Rng,
}

#[derive(Clone, Copy)]
enum Step {
    Write,
    Look,
    Send,
}

/// What is wrong at first.
#[derive(Clone, Copy, PartialEq)]
enum Slip {
    Address,
    LargeFile,
}

impl Ask {
    pub fn new(name: String, email: String, mut rng: Rng) -> Self {
        let text = format!("Since this morning {name} fails.");
        let file = (format!("{name}.txt"), format!("a line about {name}\n").repeat(rng.usize(1..100)).into_bytes());
        let files = if rng.bool() { vec![file] } else { Vec::new() };
        let slip = rng.choice([None, None, Some(Slip::Address), Some(Slip::LargeFile)]).flatten();
        let (is_impatient, is_careful) = (rng.u8(..8) == 0, rng.bool());
        let asked = Asked { name, text, files, ..Asked::default() };
        let (session, draft, ticked) = (Uuid::now_v7(), String::new(), Vec::new());
        Self { asked, session, email, step: Step::Write, draft, ticked, slip, is_impatient, is_careful, rng }
    }

    /// Goes on where it stands; false when the program died before it was confirmed.
    pub async fn go_on(&mut self, shared: &Shared, address: &str) -> Result<bool> {
        while self.asked.odd.is_empty() && (self.asked.confirmed.is_empty() || self.is_impatient) {
            let Some(answer) = shared.answer(self.request(shared, address)).await? else {
                self.miss();
                return Ok(false);
            };
            let is_lost = matches!(self.step, Step::Send) && self.rng.u8(..LOST) == 0;
            if is_lost { self.miss() } else { self.see(&answer) }
        }
        Ok(true)
    }

    fn request(&self, shared: &Shared, address: &str) -> RequestBuilder {
        let url = |path: &str| format!("http://{address}{path}");
        let request = match self.step {
            Step::Write => shared.client.post(url("/contact/question")).form(&self.written()),
            Step::Look => shared.client.get(url(&self.draft)),
            Step::Send => {
                let request = shared.client.post(url(&self.draft));
                request.header(CONTENT_TYPE, form::content_type()).body(self.sent())
            }
        };
        request
            .header("sec-fetch-site", "same-origin")
            .header(ACCEPT, "text/html")
            .header(COOKIE, format!("__Host-signpost-visit={}", self.session))
    }

    fn written(&self) -> [(&'static str, &str); 7] {
        let email = if self.slip == Some(Slip::Address) { "nowhere" } else { &self.email };
        let Asked { name, text, .. } = &self.asked;
        [
            ("subject", name),
            ("text", text),
            ("email", email),
            ("website", ""),
            ("page", "/install"),
            ("release", name),
            ("network", ""),
        ]
    }

    fn sent(&self) -> Vec<u8> {
        let ticked = self.ticked.iter().map(|id| ("piece", id.as_str()));
        let texts: Vec<_> = [("deed", "send")].into_iter().chain(ticked).collect();
        let large = vec![b'x'; LARGEST + 1];
        let mut files: Vec<_> =
            self.asked.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        if self.slip == Some(Slip::LargeFile) {
            files.push(("large.txt", &large));
        }
        form::parts(&texts, &files)
    }

    /// No answer came.
    fn miss(&mut self) {
        if let Step::Send = self.step {
            self.asked.unanswered.push(Timestamp::now().as_millisecond());
            self.step = if self.is_careful { Step::Look } else { Step::Send };
        }
    }

    fn see(&mut self, answer: &Answer) {
        let is_kept = answer.text.contains(&self.asked.text);
        match (self.step, answer.status, answer.location.as_deref().unwrap_or_default()) {
            (Step::Write, StatusCode::SEE_OTHER, draft) if draft.starts_with("/contact/draft/") => {
                self.draft = draft.to_owned();
                self.step = Step::Look;
            }
            (Step::Look, StatusCode::OK, _) if is_kept => {
                self.tick(&answer.text);
                self.step = Step::Send;
            }
            (Step::Look | Step::Send, StatusCode::SEE_OTHER, ticket) if ticket.starts_with("/requests/") => {
                let path = ticket.split('?').next().unwrap_or_default();
                // The second time it is enough.
                self.is_impatient &= self.asked.confirmed.is_empty();
                self.asked.confirmed.insert(path.to_owned());
                self.step = Step::Send;
            }
            (_, StatusCode::UNPROCESSABLE_ENTITY, _) if is_kept && self.slip.take().is_some() => self.asked.errors += 1,
            (_, status, location) => {
                let text: String = answer.text.chars().take(200).collect();
                self.asked.odd.push(format!("{}: {status} {location} {text}", self.asked.name));
            }
        }
    }

    /// Takes the tick from some boxes.
    fn tick(&mut self, page: &str) {
        (self.ticked, self.asked.dossier) = (Vec::new(), Vec::new());
        for row in page.split("name=\"piece\" value=\"").skip(1) {
            let id = row.split('"').next().unwrap_or_default();
            let label = row.split_once("<label").and_then(|(_, label)| label.split(['<', '>']).nth(1));
            if let (Some(text), true) = (label, self.rng.u8(..4) > 0) {
                self.ticked.push(id.to_owned());
                self.asked.dossier.push(text.to_owned());
            }
        }
    }
}
