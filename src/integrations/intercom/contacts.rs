//! Who asks, at Intercom. Whom the host signed in is a user under the host's id; anybody else is a lead under an address
//! that nobody proved. Who gives no address is a user of this ticket alone. Where an address is somebody else's already, it
//! is left out: nobody speaks in another's name.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::{Intercom, id_of, list};
use crate::integrations::Failure;
use crate::integrations::desk::{Line, Opened, PATIENCE};

/// How a contact is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A user by our or the host's id.
    User(String),
    /// A lead by address.
    Lead(String),
}

impl From<&Opened> for Who {
    fn from(opened: &Opened) -> Self {
        match (&opened.reader, &opened.email) {
            (Some(reader), _) => Self::User(reader.clone()),
            (None, Some(email)) => Self::Lead(email.clone()),
            (None, None) => Self::alone(opened),
        }
    }
}

impl Who {
    /// Whom nobody else can be, whatever address was typed: a user of the host, or of this ticket alone.
    fn alone(opened: &Opened) -> Self {
        Self::User(opened.reader.clone().unwrap_or_else(|| opened.ticket.clone()))
    }
}

/// What became of a contact that was to be made.
enum Made {
    New(String),
    /// Somebody has its address or our id of it already, and Intercom may say who.
    Known {
        id: Option<String>,
        reason: String,
    },
}

/// Contacts that were made a while ago: the search does not know them yet.
#[derive(Default)]
pub struct Kept(Mutex<VecDeque<(Who, String)>>);

/// The most that are kept.
const MOST: usize = 500;
/// Characters of Intercom's ids of contacts, hexadecimal.
const ID: usize = 24;

impl fmt::Debug for Kept {
    /// It is none of the settings.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Kept")
    }
}

impl Kept {
    fn with<T>(&self, deed: impl FnOnce(&mut VecDeque<(Who, String)>) -> T) -> T {
        deed(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn find(&self, who: &Who) -> Option<String> {
        self.with(|kept| kept.iter().find(|(known, _)| known == who).map(|(_, id)| id.clone()))
    }

    fn keep(&self, who: Who, id: String) {
        self.with(|kept| {
            kept.truncate(MOST - 1);
            kept.push_front((who, id));
        });
    }

    pub fn forget(&self, id: &str) {
        self.with(|kept| kept.retain(|(_, known)| known != id));
    }
}

impl Intercom {
    /// Finds whoever sent the ticket, or makes a contact of them.
    pub(super) async fn contact_of(&self, line: &Line<'_>, opened: &Opened) -> Result<String, Failure> {
        let (who, email) = (Who::from(opened), opened.email.as_deref());
        if let Some(id) = self.kept.find(&who) {
            return Ok(id);
        }
        if let Some(id) = self.asked_for(line, &who).await?.into_iter().next() {
            return Ok(id);
        }
        let known = match self.make_contact(line, &who, email, opened).await? {
            Made::New(id) => return Ok(id),
            Made::Known { .. } if email.is_some() => self.make_contact(line, &Who::alone(opened), None, opened).await?,
            known => known,
        };
        match known {
            Made::New(id) | Made::Known { id: Some(id), .. } => Ok(id),
            Made::Known { reason, .. } => {
                Err(Failure::Retry { after: Some(PATIENCE * 6), throttled: false, unknown: false, reason })
            }
        }
    }

    async fn make_contact(
        &self,
        line: &Line<'_>,
        who: &Who,
        email: Option<&str>,
        opened: &Opened,
    ) -> Result<Made, Failure> {
        let request = self.contact(who, email, opened.name.as_deref())?;
        let answer = line.call(&request).await?;
        if answer.status == 409 {
            return Ok(Made::Known { id: named(&answer.body), reason: answer.reason(&request) });
        }
        let contact = line.read(answer, &request)?;
        let id = id_of(&contact["id"]).ok_or_else(|| Failure::unreached("answered without the id of the contact"))?;
        self.kept.keep(who.clone(), id.clone());
        Ok(Made::New(id))
    }

    /// All ids under which whoever sent the ticket may be known. A lead may be there several times: one that was made is
    /// not found for minutes, and then made anew by a program that was started anew.
    pub(super) async fn contacts_of(&self, line: &Line<'_>, opened: &Opened) -> Result<Vec<String>, Failure> {
        let who = Who::from(opened);
        let mut all = self.asked_for(line, &who).await?;
        all.extend(self.kept.find(&who).filter(|id| !all.contains(id)));
        if let Who::Lead(_) = who {
            all.extend(self.asked_for(line, &Who::alone(opened)).await?);
        }
        Ok(all)
    }

    async fn asked_for(&self, line: &Line<'_>, who: &Who) -> Result<Vec<String>, Failure> {
        let request = self.find(who)?;
        let answer = line.call(&request).await?;
        match who {
            Who::User(_) if answer.status == 404 => Ok(Vec::new()),
            Who::User(_) => Ok(id_of(&line.read(answer, &request)?["id"]).into_iter().collect()),
            Who::Lead(_) => {
                let found = line.read(answer, &request)?;
                Ok(list(&found["data"])?.iter().filter_map(|contact| id_of(&contact["id"])).collect())
            }
        }
    }
}

/// The id in the words of a conflict: `contact already exists with id=…`.
fn named(body: &[u8]) -> Option<String> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let message = json["errors"][0]["message"].as_str()?;
    let id: String = message.split_once("id=")?.1.chars().take_while(char::is_ascii_hexdigit).collect();
    (id.len() == ID).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_names_the_contact_that_is_there() {
        let check = |message: &str, expect: Option<&str>| {
            let body = serde_json::json!({ "errors": [{ "code": "conflict", "message": message }] }).to_string();
            assert_eq!(named(body.as_bytes()).as_deref(), expect, "{message}");
        };
        let id = "66a1b2c3d4e5f60718293a4b";
        check("contact already exists with id=66a1b2c3d4e5f60718293a4b", Some(id));
        check("an archived contact already exists with id=66a1b2c3d4e5f60718293a4b.", Some(id));
        check("contact already exists with id=12", None);
        check("contact already exists", None);
        assert_eq!(named(b"<html>"), None);
    }

    #[test]
    fn as_many_contacts_are_kept_as_there_is_room_for() {
        let kept = Kept::default();
        for number in 0..=MOST {
            kept.keep(Who::Lead(format!("{number}@example.com")), number.to_string());
        }
        let find = |number: usize| kept.find(&Who::Lead(format!("{number}@example.com")));
        assert_eq!((find(0), find(1), find(MOST)), (None, Some("1".to_owned()), Some(MOST.to_string())));
        kept.forget("1");
        assert_eq!(find(1), None);
        assert_eq!(kept.find(&Who::User("2@example.com".to_owned())), None);
    }
}
