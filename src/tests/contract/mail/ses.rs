//! Amazon SES: checks the signature of what came, from the request alone.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use mail_parser::MessageParser;
use sha2::{Digest, Sha256};
use signpost::integrations::generic::mac;

use super::super::vendors::{SECRET, asked, json, must};
use super::{Kept, Provider, Received};

pub const SES: Provider = Provider {
    name: "ses",
    settings: |url| {
        format!(
            "[[mail.transports]]\nkind = \"ses\"\nregion = \"eu-west-1\"\naccess_key_id = \"AKIDHELPCENTER00001\"\n\
             secret_access_key = \"{SECRET}\"\nconfiguration_set = \"help\"\nendpoint = \"{url}\"\n"
        )
    },
    read: ses,
    status: 200,
    headers: "",
    is_idempotent: false,
};

/// What Amazon says of another secret.
pub const WRONG_SIGNATURE: &str = "SignatureDoesNotMatch";

pub fn wrong_signature() -> String {
    format!(r#"{{"__type":"{WRONG_SIGNATURE}","message":"The signature we calculated is another one."}}"#)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn ses(received: &Received) -> Result<(Kept, String), String> {
    asked(received, "POST", "/v2/email/outbound-emails", "application/json")?;
    is_signed(received)?;
    let json = json(received)?;
    must(json["ConfigurationSetName"] == "help", || "ConfigurationSetName".to_owned())?;
    let raw = json["Content"]["Raw"]["Data"].as_str().ok_or("Content.Raw.Data")?;
    let raw = BASE64_STANDARD.decode(raw).map_err(|cause| cause.to_string())?;
    must(raw.is_ascii() && raw.split(|&byte| byte == b'\n').all(|line| line.len() <= 998), || "lines".to_owned())?;
    let mail = MessageParser::default().parse(&raw).ok_or("no mail")?;
    let key = json["EmailTags"][0]["Value"].as_str().ok_or("EmailTags")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
    must(key.chars().all(is_plain) && key.len() <= 256, || format!("tag {key}"))?;
    must(mail.header("X-HC-Message-Id").and_then(|it| it.as_text()) == Some(key), || "X-HC-Message-Id".to_owned())?;
    let own = format!("<{key}@acme.example>");
    must(mail.message_id().is_some_and(|id| own == format!("<{id}>")), || "Message-ID".to_owned())?;
    // It puts one of its own in the place of ours.
    let id = hex(&Sha256::digest(received.header("x-amz-date").unwrap_or_default()));
    let kept = Kept {
        message_id: format!("<{}@eu-west-1.amazonses.com>", &id[..32]),
        key: key.to_owned(),
        to: json["Destination"]["ToAddresses"][0].as_str().ok_or("ToAddresses")?.to_owned(),
        subject: mail.subject().ok_or("Subject")?.to_owned(),
        text: mail.body_text(0).ok_or("text")?.replace("\r\n", "\n"),
    };
    Ok((kept, r#"{"MessageId":"010201982a7e0000-5f1c2d3e-000000"}"#.to_owned()))
}

/// AWS Signature Version 4, from what stands in the request.
fn is_signed(received: &Received) -> Result<(), String> {
    let given = received.header("authorization").ok_or("MissingAuthenticationToken")?;
    let part = |name: &str| {
        let rest = given.split_once(&format!("{name}=")).map(|(_, rest)| rest);
        rest.map(|rest| rest.split(',').next().unwrap_or(rest).to_owned()).ok_or(format!("{name} is missing"))
    };
    let (credential, names, signature) = (part("Credential")?, part("SignedHeaders")?, part("Signature")?);
    let (id, scope) = credential.split_once('/').ok_or("Credential")?;
    let time = received.header("x-amz-date").ok_or("x-amz-date")?;
    must(id == "AKIDHELPCENTER00001", || "InvalidClientTokenId".to_owned())?;
    must(scope == format!("{}/eu-west-1/ses/aws4_request", &time[..8]), || format!("scope {scope}"))?;
    must(["content-type", "host", "x-amz-date"].iter().all(|name| names.contains(name)), || format!("signed {names}"))?;
    let lines: Vec<_> =
        names.split(';').map(|name| format!("{name}:{}\n", received.header(name).unwrap_or(""))).collect();
    let (path, body) = (received.url.path(), hex(&Sha256::digest(&received.body)));
    let canonical = format!("POST\n{path}\n\n{}\n{names}\n{body}", lines.concat());
    let signed = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let first = format!("AWS4{SECRET}").into_bytes();
    let key = scope.split('/').fold(first, |key, part| mac(&key, part.as_bytes()));
    must(signature == hex(&mac(&key, signed.as_bytes())), || WRONG_SIGNATURE.to_owned())
}
