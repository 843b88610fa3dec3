//! Amazon SES, through a topic of SNS: signed with RSA, by a certificate that is fetched from Amazon. A topic asks once
//! whether we want to be told, and that is answered.

mod sns;

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::{Heard, Kind};
use crate::integrations::http::{self, Caller, Request};
use crate::mail::arrived::{Arrived, Envelope};
use crate::webhooks::proof::{is_recent, object, text, time};
use crate::webhooks::{Proved, Refused, Unreadable};
use sns::Origin;

/// SNS wants no older ones taken.
const OLDEST: Duration = Duration::from_secs(3600);
const TIMEOUT: Duration = Duration::from_secs(5);
const PER_SECOND: NonZeroU32 = NonZeroU32::new(5).expect("five is not zero");

pub struct Ses {
    topic: String,
    origin: Origin,
    caller: Caller,
    /// The certificate used last: its address, and its bytes as DER.
    certificate: Mutex<Option<(Url, Vec<u8>)>>,
}

impl std::fmt::Debug for Ses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ses").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl Ses {
    /// # Errors
    /// No topic, an address that cannot be used.
    pub fn new(topic: Option<&str>, endpoint: Option<&str>) -> Result<Self> {
        let topic = topic.filter(|topic| topic.starts_with("arn:")).map(str::to_owned);
        Ok(Self {
            topic: topic.context("`topic` is missing; write the ARN of the topic, arn:aws:sns:REGION:ACCOUNT:NAME")?,
            origin: Origin::new(endpoint)?,
            caller: Caller::new(http::client(), PER_SECOND),
            certificate: Mutex::default(),
        })
    }

    pub async fn prove(&self, body: &[u8], now: Timestamp) -> Result<Proved, Refused> {
        let told = object(body)?;
        if told["TopicArn"].as_str() != Some(self.topic.as_str()) {
            return Err(Refused::Unproved("`TopicArn` is not the topic in the settings".to_owned()));
        }
        let signed = sns::signed(&told)?;
        let certificate = self.certificate(&told["SigningCertURL"]).await?;
        sns::verify(&certificate, &told, &signed)?;
        let at = time(&told["Timestamp"]);
        let at = at.ok_or_else(|| Refused::Unproved("`Timestamp` is no time as ISO 8601 has it".to_owned()))?;
        is_recent(at, now, OLDEST)?;
        let id = text(&told["MessageId"]).filter(|id| id.len() <= 200);
        Ok(Proved::Event(id.ok_or_else(|| Refused::Malformed("`MessageId` is missing".to_owned()))?))
    }

    /// From Amazon and from nowhere else; once, as long as it is the same.
    async fn certificate(&self, address: &Value) -> Result<Vec<u8>, Refused> {
        let refused = || Refused::Unproved("`SigningCertURL` is not of Amazon SNS, or names no .pem".to_owned());
        let url = self.origin.url(address).filter(|url| url.path().ends_with(".pem")).ok_or_else(refused)?;
        let mut kept = self.certificate.lock().await;
        if let Some((_, der)) = kept.as_ref().filter(|(known, _)| *known == url) {
            return Ok(der.clone());
        }
        let pem = self.get(&url).await.map_err(Refused::NotStored)?;
        let der = sns::certificate(&pem)?;
        *kept = Some((url, der.clone()));
        Ok(der)
    }

    async fn get(&self, url: &Url) -> Result<Vec<u8>> {
        let request = Request::get(url.clone());
        let answer = self.caller.call(&request, TIMEOUT).await.with_context(|| format!("cannot fetch {url}"))?;
        if answer.status != 200 {
            bail!("cannot fetch {url}: {}", answer.reason(&request));
        }
        Ok(answer.body)
    }

    /// Says yes where a topic asks. It is proved already.
    pub async fn confirm(&self, body: &Value) -> Result<bool> {
        if body["Type"] != "SubscriptionConfirmation" {
            return Ok(false);
        }
        let url = self.origin.url(&body["SubscribeURL"]);
        let url = url.ok_or_else(|| Unreadable("`SubscribeURL` is not of Amazon SNS".to_owned()))?;
        self.get(&url).await?;
        tracing::info!(topic = self.topic, "a topic of Amazon SNS was subscribed to");
        Ok(true)
    }
}

/// It is JSON within JSON; at the set-up a sentence comes instead.
fn message(body: &Value) -> Value {
    body["Message"].as_str().and_then(|message| serde_json::from_str(message).ok()).unwrap_or_default()
}

/// Our id of the mail that it is about.
pub fn mail(body: &Value) -> Option<String> {
    message(body)["mail"]["tags"]["hc_message_id"][0].as_str().map(str::to_owned)
}

/// It took a mail, and then would not send it.
pub fn refusal(body: &Value) -> Option<String> {
    let message = message(body);
    match message["eventType"].as_str()? {
        "Reject" => Some(super::words(&[&message["reject"]["reason"]])),
        "Rendering Failure" => Some(super::words(&[&message["failure"]["errorMessage"]])),
        _ => None,
    }
}

/// The mail that a receipt rule hands on with its action SNS.
pub fn arrived(body: &Value) -> Result<Option<Arrived>, Unreadable> {
    let message = message(body);
    if message["notificationType"] != "Received" {
        return Ok(None);
    }
    let receipt = &message["receipt"];
    let content = message["content"].as_str().ok_or_else(|| {
        Unreadable("the mail is not in it; let the receipt rule publish to the topic by its action SNS".to_owned())
    })?;
    let unreadable = |cause: String| Unreadable(format!("`content` holds no mail: {cause}"));
    let bytes = match receipt["action"]["encoding"].as_str() {
        Some("BASE64") => BASE64_STANDARD.decode(content).map_err(|cause| unreadable(cause.to_string()))?,
        _ => content.as_bytes().to_vec(),
    };
    let recipients = receipt["recipients"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let envelope = Envelope {
        sender: message["mail"]["source"].as_str().map(str::to_owned),
        recipients: recipients.map(str::to_owned).collect(),
    };
    let mut mail = Arrived::read(&bytes, &envelope).map_err(|cause| unreadable(cause.to_string()))?;
    mail.spam |= receipt["spamVerdict"]["status"] == "FAIL";
    Ok(Some(mail))
}

pub fn heard(body: &Value) -> Result<Vec<Heard>, Unreadable> {
    let message = message(body);
    let of = |kind: Kind, told: &Value, list: &str| {
        let recipients = told[list].as_array().into_iter().flatten();
        recipients
            .map(|recipient| {
                let words = [&told["bounceSubType"], &recipient["status"], &recipient["diagnosticCode"]];
                super::heard(&recipient["emailAddress"], kind, &words, time(&told["timestamp"]))
            })
            .collect()
    };
    let kind = message["eventType"].as_str().or(message["notificationType"].as_str());
    match kind.unwrap_or_default() {
        "Bounce" => {
            let bounce = &message["bounce"];
            let kind = if bounce["bounceType"] == "Permanent" { Kind::Bounce } else { Kind::Delay };
            of(kind, bounce, "bouncedRecipients")
        }
        // Some move what is no spam out of the folder for it.
        "Complaint" if message["complaint"]["complaintFeedbackType"] == "not-spam" => Ok(Vec::new()),
        "Complaint" => of(Kind::Complaint, &message["complaint"], "complainedRecipients"),
        "DeliveryDelay" => of(Kind::Delay, &message["deliveryDelay"], "delayedRecipients"),
        _ => Ok(Vec::new()),
    }
}
