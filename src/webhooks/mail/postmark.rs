//! Postmark's inbound webhook: JSON, with the whole message where the server is set to include it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::{Refused, no_mail};
use crate::mail::arrived::{Arrived, Envelope, File};
use crate::webhooks::proof::{needed, text};

pub fn read(body: &Value) -> Result<(String, Arrived), Refused> {
    let event = needed(&body["MessageID"], "MessageID").map_err(|cause| Refused::Malformed(cause.to_string()))?;
    let envelope = Envelope { sender: None, recipients: recipients(body) };
    if let Some(raw) = body["RawEmail"].as_str() {
        return Ok((event, Arrived::read(raw.as_bytes(), &envelope).map_err(no_mail)?));
    }
    let mut mail = Arrived::of_lines(&head(body), &envelope).map_err(no_mail)?;
    mail.name = text(&body["FromName"]).or(mail.name);
    mail.subject = text(&body["Subject"]).unwrap_or_default();
    mail.set_text(body["TextBody"].as_str().unwrap_or_default(), body["HtmlBody"].as_str().unwrap_or_default());
    mail.files = body["Attachments"].as_array().into_iter().flatten().filter_map(file).collect();
    Ok((event, mail))
}

fn recipients(body: &Value) -> Vec<String> {
    let named = ["ToFull", "CcFull", "BccFull"].into_iter().filter_map(|name| body[name].as_array()).flatten();
    named.filter_map(|it| text(&it["Email"])).chain(text(&body["OriginalRecipient"])).collect()
}

/// The lines of its head; Postmark names the sender apart from the others.
fn head(body: &Value) -> String {
    let from = text(&body["FromFull"]["Email"]).or_else(|| text(&body["From"])).unwrap_or_default();
    let others = body["Headers"].as_array().into_iter().flatten();
    let others = others.filter_map(|it| Some((it["Name"].as_str()?, it["Value"].as_str()?)));
    super::lines(
        [("From", from.as_str())].into_iter().chain(others.filter(|(name, _)| !name.eq_ignore_ascii_case("from"))),
    )
}

fn file(attachment: &Value) -> Option<File> {
    let bytes = BASE64_STANDARD.decode(attachment["Content"].as_str()?).ok()?;
    Some(File {
        name: text(&attachment["Name"]).unwrap_or_default(),
        bytes,
        inline: text(&attachment["ContentID"]).is_some(),
    })
}
