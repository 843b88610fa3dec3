//! Mailgun's routes: a form, signed by a field of its own; the whole message where the route's address ends in `mime`.

use jiff::Timestamp;
use serde_json::Value;

use super::{Form, Refused, files, lines, no_mail};
use crate::mail::arrived::{Arrived, Envelope};
use crate::webhooks::bounces::Mailgun;

/// The token of a form that Mailgun signed. It covers nothing else, so that a token is taken once.
pub fn prove(mailgun: &Mailgun, form: &Form, now: Timestamp) -> Result<String, Refused> {
    let [stamp, token, given] = ["timestamp", "token", "signature"].map(|name| form.text(name));
    mailgun.verify(&stamp, &token, &given, now)?;
    Ok(token)
}

pub fn read(form: &Form) -> Result<Arrived, Refused> {
    let envelope = Envelope {
        sender: form.bytes("sender").map(|_| form.text("sender")),
        recipients: form.text("recipient").split(',').map(str::to_owned).collect(),
    };
    if let Some(message) = form.bytes("body-mime") {
        return Arrived::read(message, &envelope).map_err(no_mail);
    }
    let head: Vec<(String, String)> = serde_json::from_str(&form.text("message-headers"))
        .map_err(|cause| Refused::Malformed(format!("`message-headers` is no list of pairs: {cause}")))?;
    let head = lines(head.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut mail = Arrived::of_lines(&head, &envelope).map_err(no_mail)?;
    mail.set_text(&form.text("body-plain"), &form.text("body-html"));
    let shown: Value = serde_json::from_str(&form.text("content-id-map")).unwrap_or_default();
    mail.files = files(form, &shown);
    Ok(mail)
}
