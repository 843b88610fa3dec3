//! SendGrid's Inbound Parse: a form; the whole message where "POST the raw, full MIME message" is ticked.

use mail_parser::decoders::charsets::map::charset_decoder;
use serde_json::Value;

use super::{Form, Refused, files, no_mail};
use crate::mail::arrived::{Arrived, Envelope};

/// Points of SpamAssassin from which a mail counts as spam, as it does itself.
const SPAM: f64 = 5.0;

pub fn read(form: &Form) -> Result<Arrived, Refused> {
    let told: Value = serde_json::from_str(&form.text("envelope")).unwrap_or_default();
    let recipients = told["to"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let envelope = Envelope {
        sender: told["from"].as_str().map(str::to_owned),
        recipients: recipients.map(str::to_owned).collect(),
    };
    let mut mail = match form.bytes("email") {
        Some(message) => Arrived::read(message, &envelope).map_err(no_mail)?,
        None => of_fields(form, &envelope)?,
    };
    mail.spam |= form.text("spam_score").trim().parse::<f64>().is_ok_and(|score| score >= SPAM);
    Ok(mail)
}

fn of_fields(form: &Form, envelope: &Envelope) -> Result<Arrived, Refused> {
    let charsets: Value = serde_json::from_str(&form.text("charsets")).unwrap_or_default();
    let decoded = |name: &str| {
        let decoder = charsets[name].as_str().and_then(|charset| charset_decoder(charset.as_bytes()));
        decoder.map_or_else(|| form.text(name), |decode| decode(form.bytes(name).unwrap_or_default()))
    };
    let mut mail = Arrived::of_lines(&form.text("headers"), envelope).map_err(no_mail)?;
    mail.set_text(&decoded("text"), &decoded("html"));
    let shown: Value = serde_json::from_str(&form.text("content-ids")).unwrap_or_default();
    mail.files = files(form, &shown);
    Ok(mail)
}
