//! The mail providers, each as its contract says: what is asked is checked, what is taken is kept.

mod providers;
mod ses;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::{Judge, Judged, Received, Vendor};

pub use providers::{MAILGUN, POSTMARK, RESEND, SENDGRID};
pub use ses::SES;

/// A provider of the tests.
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    pub name: &'static str,
    /// Its entry of `[[mail.transports]]`, for a server at this address.
    pub settings: fn(&str) -> String,
    /// Checks a request; gives what is in it, and the answer.
    read: fn(&Received) -> Result<(Kept, String), String>,
    /// Status of success.
    status: u16,
    headers: &'static str,
    /// Knows what it took by the key, and takes it once.
    pub is_idempotent: bool,
}

pub const PROVIDERS: [Provider; 5] = [SENDGRID, SES, MAILGUN, POSTMARK, RESEND];

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// As whoever it is for sees it.
    pub message_id: String,
    /// Our id, as it comes back with events.
    pub key: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// A provider at work.
pub struct Office {
    pub vendor: Vendor,
    kept: Arc<Mutex<Vec<Kept>>>,
}

impl Provider {
    pub async fn open(self) -> Office {
        let kept = Arc::<Mutex<Vec<Kept>>>::default();
        let shelf = kept.clone();
        let bodies = Mutex::new(BTreeMap::<String, Vec<u8>>::new());
        let judge: Judge = Box::new(move |received, does| {
            let (mail, answer) = match (self.read)(received) {
                Err(fault) if fault == ses::WRONG_SIGNATURE => return Ok((403, ses::wrong_signature())),
                read => read?,
            };
            if self.is_idempotent
                && let Some(answer) = known(&mut bodies.lock().unwrap(), received, does)
            {
                return answer;
            }
            if does {
                shelf.lock().unwrap().push(mail);
            }
            Ok((self.status, answer))
        });
        Office { vendor: Vendor::with_headers(judge, self.headers).await, kept }
    }
}

/// The answer to what came before under the same key.
fn known(bodies: &mut BTreeMap<String, Vec<u8>>, received: &Received, does: bool) -> Option<Judged> {
    let key = received.header("idempotency-key")?.to_owned();
    match bodies.get(&key) {
        Some(body) if *body == received.body => Some(Ok((200, r#"{"id":"9e1d2c3b-4a59"}"#.to_owned()))),
        Some(_) => Some(Ok((
            409,
            r#"{"statusCode":409,"name":"invalid_idempotent_request","message":"another body"}"#.to_owned(),
        ))),
        None => {
            if does {
                bodies.insert(key, received.body.clone());
            }
            None
        }
    }
}

impl Office {
    /// What it took; it was asked nothing that is not allowed.
    pub fn kept(&self) -> Vec<Kept> {
        assert_eq!(self.vendor.faults(), Vec::<String>::new());
        self.kept.lock().unwrap().clone()
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.vendor.received().len()
    }
}

/// How often each mail was taken, by our id: not every provider keeps our `Message-ID`.
pub fn copies(offices: &[&Office]) -> BTreeMap<String, usize> {
    let mut copies = BTreeMap::new();
    for mail in offices.iter().flat_map(|office| office.kept()) {
        *copies.entry(mail.key).or_default() += 1;
    }
    copies
}
