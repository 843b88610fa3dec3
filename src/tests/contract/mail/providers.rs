//! Those that are asked in JSON or as a form.

use std::collections::HashMap;

use serde_json::Value;

use super::super::vendors::{SECRET, asked, basic, json, must};
use super::{Kept, Provider, Received};

pub const SENDGRID: Provider = Provider {
    name: "sendgrid",
    settings: |url| format!("[[mail.transports]]\nkind = \"sendgrid\"\nkey = \"{SECRET}\"\nurl = \"{url}\"\n"),
    read: sendgrid,
    status: 202,
    headers: "x-message-id: 16f0aa11b22.abc.77d001\r\n",
    is_idempotent: false,
};

pub const MAILGUN: Provider = Provider {
    name: "mailgun",
    settings: |url| {
        format!(
            "[[mail.transports]]\nkind = \"mailgun\"\nkey = \"{SECRET}\"\ndomain = \"mg.acme.example\"\nurl = \"{url}\"\n"
        )
    },
    read: mailgun,
    status: 200,
    headers: "",
    is_idempotent: false,
};

pub const POSTMARK: Provider = Provider {
    name: "postmark",
    settings: |url| format!("[[mail.transports]]\nkind = \"postmark\"\ntoken = \"{SECRET}\"\nurl = \"{url}\"\n"),
    read: postmark,
    status: 200,
    headers: "",
    is_idempotent: false,
};

pub const RESEND: Provider = Provider {
    name: "resend",
    settings: |url| format!("[[mail.transports]]\nkind = \"resend\"\nkey = \"{SECRET}\"\nurl = \"{url}\"\n"),
    read: resend,
    status: 200,
    headers: "",
    is_idempotent: true,
};

fn text(value: &Value, what: &str) -> Result<String, String> {
    let text = value.as_str().filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| format!("{what} is missing"))
}

fn bearer(received: &Received) -> Result<(), String> {
    must(received.header("authorization") == Some(&format!("Bearer {SECRET}")), || "authorization".to_owned())
}

fn sendgrid(received: &Received) -> Result<(Kept, String), String> {
    asked(received, "POST", "/v3/mail/send", "application/json")?;
    bearer(received)?;
    let json = json(received)?;
    let person = &json["personalizations"][0];
    must(person["to"].as_array().is_some_and(|to| to.len() == 1), || "to".to_owned())?;
    text(&json["from"]["email"], "from.email")?;
    let kinds: Vec<_> = json["content"].as_array().into_iter().flatten().map(|part| &part["type"]).collect();
    must(kinds == ["text/plain", "text/html"] || kinds == ["text/plain"], || format!("content {kinds:?}"))?;
    let reserved = ["received", "to", "from", "subject", "reply-to", "cc", "bcc", "content-type", "dkim-signature"];
    let headers = json["headers"].as_object().ok_or("headers")?;
    must(headers.keys().all(|name| !reserved.contains(&name.to_lowercase().as_str())), || format!("{headers:?}"))?;
    must(json["tracking_settings"]["click_tracking"]["enable"] == false, || "clicks are tracked".to_owned())?;
    let kept = Kept {
        message_id: text(&json["headers"]["Message-ID"], "Message-ID")?,
        key: text(&person["custom_args"]["hc_message_id"], "custom_args")?,
        to: text(&person["to"][0]["email"], "to")?,
        subject: text(&json["subject"], "subject")?,
        text: text(&json["content"][0]["value"], "content")?,
    };
    Ok((kept, String::new()))
}

fn mailgun(received: &Received) -> Result<(Kept, String), String> {
    asked(received, "POST", "/v3/mg.acme.example/messages", "application/x-www-form-urlencoded")?;
    must(received.header("authorization") == Some(&basic("api", SECRET)), || "Forbidden".to_owned())?;
    let form: HashMap<_, _> = url::form_urlencoded::parse(&received.body).into_owned().collect();
    let field =
        |name: &str| form.get(name).filter(|value| !value.is_empty()).cloned().ok_or(format!("{name} is missing"));
    must(field("from")?.contains('@') && field("o:tracking")? == "no", || format!("{form:?}"))?;
    let kept = Kept {
        message_id: field("h:Message-ID")?,
        key: field("v:hc_message_id")?,
        to: field("to")?,
        subject: field("subject")?,
        text: field("text")?,
    };
    Ok((kept, r#"{"id":"<20260725100000.1.4A5B@mg.acme.example>","message":"Queued. Thank you."}"#.to_owned()))
}

fn postmark(received: &Received) -> Result<(Kept, String), String> {
    asked(received, "POST", "/email", "application/json")?;
    must(received.header("x-postmark-server-token") == Some(SECRET), || "the token".to_owned())?;
    must(received.header("accept") == Some("application/json"), || "accept".to_owned())?;
    let json = json(received)?;
    let header = |wanted: &str| {
        let headers = json["Headers"].as_array().into_iter().flatten();
        let found = headers.filter(|header| header["Name"] == wanted).map(|header| header["Value"].clone()).next();
        text(&found.unwrap_or_default(), wanted)
    };
    text(&json["From"], "From")?;
    must(header("X-PM-KeepID")? == "true", || "X-PM-KeepID".to_owned())?;
    must(json["MessageStream"] == "outbound" && json["TrackLinks"] == "None", || format!("{json}"))?;
    let metadata = json["Metadata"].as_object().ok_or("Metadata")?;
    let is_short = |(key, value): (&String, &Value)| key.len() <= 20 && value.as_str().is_some_and(|it| it.len() <= 80);
    must(metadata.iter().all(is_short), || format!("{metadata:?}"))?;
    let kept = Kept {
        message_id: header("Message-ID")?,
        key: text(&metadata["hc_message_id"], "Metadata")?,
        to: text(&json["To"], "To")?,
        subject: text(&json["Subject"], "Subject")?,
        text: text(&json["TextBody"], "TextBody")?,
    };
    let answer = r#"{"To":"ada@customer.example","MessageID":"5a6b7c8d-9e0f-4a1b-8c2d-3e4f5a6b7c8d","ErrorCode":0,"Message":"OK"}"#;
    Ok((kept, answer.to_owned()))
}

fn resend(received: &Received) -> Result<(Kept, String), String> {
    asked(received, "POST", "/emails", "application/json")?;
    bearer(received)?;
    must(received.header("user-agent").is_some_and(|agent| !agent.is_empty()), || "User-Agent".to_owned())?;
    let key = received.header("idempotency-key").ok_or("Idempotency-Key")?;
    must((1..=256).contains(&key.len()), || format!("Idempotency-Key {key}"))?;
    let json = json(received)?;
    text(&json["from"], "from")?;
    let tag = &json["tags"][0];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    must(text(&tag["value"], "tag")?.chars().all(is_plain) && tag["name"] == "hc_message_id", || format!("{tag}"))?;
    must(tag["value"] == key, || format!("{tag} under {key}"))?;
    let kept = Kept {
        message_id: text(&json["headers"]["Message-ID"], "Message-ID")?,
        key: key.to_owned(),
        to: text(&json["to"][0], "to")?,
        subject: text(&json["subject"], "subject")?,
        text: text(&json["text"], "text")?,
    };
    Ok((kept, r#"{"id":"9e1d2c3b-4a59-4687-b0a1-c2d3e4f50617"}"#.to_owned()))
}
