//! Mailgun's routes: a form, signed by a field of its own; the whole message where the route's address ends in `mime`.

use anyhow::{Result, ensure};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Form, Refused, files, lines, no_mail};
use crate::integrations::generic::mac;
use crate::mail::arrived::{Arrived, Envelope};
use crate::webhooks::proof::{is_of_now, is_same};

#[derive(Debug)]
pub struct Mailgun {
    /// The account's HTTP webhook signing keys.
    secrets: Vec<SecretString>,
}

impl Mailgun {
    /// # Errors
    /// A key that is none.
    pub fn new(secrets: Vec<SecretString>) -> Result<Self> {
        ensure!(secrets.iter().all(|it| !it.expose_secret().is_empty()), "one of `secrets` is empty");
        Ok(Self { secrets })
    }

    /// The token of a form that Mailgun signed. It covers nothing else, so that a token is taken once.
    pub fn prove(&self, form: &Form, now: Timestamp) -> Result<String, Refused> {
        let [stamp, token, signature] = ["timestamp", "token", "signature"].map(|name| form.text(name));
        if token.is_empty() || signature.is_empty() {
            return Err(Refused::Unproved("the form has no `token` and `signature`".to_owned()));
        }
        let signed = format!("{stamp}{token}");
        let expect = |secret: &SecretString| hex(&mac(secret.expose_secret().as_bytes(), signed.as_bytes()));
        if !self.secrets.iter().any(|secret| is_same(&signature, &expect(secret))) {
            return Err(Refused::Unproved("`signature` is by none of the secrets in the settings".to_owned()));
        }
        let at = stamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let at = at.ok_or_else(|| Refused::Unproved("`timestamp` is no time in seconds since 1970".to_owned()))?;
        is_of_now(at, now)?;
        Ok(token)
    }
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
