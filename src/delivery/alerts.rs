//! The team is told when a sink is in trouble: once for each trouble of each sink in a while, not once for each event.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;
use tracing::warn;

use super::{Settings as Delivery, outbox};
use crate::integrations::Sink;
use crate::mail::{self, Mail};
use crate::store::Store;

/// `[alerts]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Incoming webhook of a Slack channel.
    pub slack_url: Option<SecretString>,
    /// How long Slack may take to answer, in milliseconds.
    pub slack_timeout_ms: u64,
    /// Name of a `[webhooks.NAME]`.
    pub webhook: Option<String>,
    /// Name of a `[connectors.NAME]` that takes deeds: mail, a message.
    pub connector: Option<String>,
    /// Address of somebody who is told by `[mail]`.
    pub mail: Option<String>,
    /// Milliseconds between two alerts about the same trouble of the same sink.
    pub every_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            slack_url: None,
            slack_timeout_ms: 10_000,
            webhook: None,
            connector: None,
            mail: None,
            every_ms: 600_000,
        }
    }
}

/// What can be wrong with a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// The breaker opened: deliveries wait until the vendor is well.
    Held,
    /// Nothing will be taken until the settings change.
    Locked,
    /// More waits than should.
    Backlog,
    /// Something became a dead letter.
    Dead,
    /// An inbound webhook could not be handled; in the place of the sink stands who sent it.
    Hook,
}

impl Trouble {
    fn name(self) -> &'static str {
        match self {
            Self::Held => "delivery.held",
            Self::Locked => "delivery.locked",
            Self::Backlog => "delivery.backlog",
            Self::Dead => "delivery.dead_letter",
            Self::Hook => "hooks.dead_letter",
        }
    }

    fn told(self, sink: &str, detail: &str) -> String {
        match self {
            Self::Held => format!("Deliveries to {sink} wait, it fails again and again: {detail}"),
            Self::Locked => format!("Deliveries to {sink} stopped; check its settings and its secret: {detail}"),
            Self::Backlog => format!("{detail} wait for {sink}. See signpost outbox list."),
            Self::Dead => format!("{sink} did not take something; see signpost outbox list: {detail}"),
            Self::Hook => {
                format!(
                    "An inbound webhook of {sink} could not be handled; see signpost hooks list --state dead: {detail}"
                )
            }
        }
    }
}

/// Where alerts go, and what was told when.
#[derive(Debug)]
pub struct Alerts {
    channels: Vec<String>,
    /// Whom the channel `mail` writes to.
    address: String,
    /// The lanes that deliver alerts wait for it.
    woken: watch::Sender<()>,
    every: SignedDuration,
    told: Mutex<HashMap<(String, Trouble), (Timestamp, u32)>>,
}

impl Alerts {
    /// # Errors
    /// The name of a webhook or connector that does not exist or takes no deeds.
    pub fn new(settings: &Settings, sinks: &[(String, Arc<Sink>)], woken: watch::Sender<()>) -> Result<Self> {
        let slack = settings.slack_url.iter().map(|_| "slack".to_owned());
        let webhook = settings.webhook.iter().filter(|name| !name.is_empty()).map(|name| format!("webhook.{name}"));
        let connector =
            settings.connector.iter().filter(|name| !name.is_empty()).map(|name| format!("connector.{name}"));
        let mail = settings.mail.iter().map(|_| mail::CHANNEL.to_owned());
        let channels: Vec<_> = slack.chain(webhook).chain(connector).chain(mail).collect();
        let address = settings.mail.clone().unwrap_or_default();
        ensure!(
            settings.mail.is_none() || mail::is_address(&address),
            "`mail` is {address:?}; write one address, such as \"ops@example.com\""
        );
        for channel in &channels {
            let (_, sink) = sinks.iter().find(|(name, _)| name == channel).with_context(|| {
                format!("there is no {channel}; write the name of one of [webhooks] or [connectors]")
            })?;
            ensure!(matches!(**sink, Sink::Mail(_)) || takes(sink), "{channel} takes events; set `takes = \"deeds\"`");
            ensure!(sink.unset().is_none(), "`mail` needs a mail server: write `url` and `from` in [mail]");
        }
        let every = SignedDuration::from_millis(settings.every_ms.try_into()?);
        Ok(Self { channels, address, every, told: Mutex::default(), woken })
    }

    /// Tells of `trouble`, unless it was told a while ago. What keeps it from being told goes to the log.
    pub async fn tell(
        &self,
        store: &Store,
        limits: &Delivery,
        trouble: Trouble,
        sink: &str,
        detail: &str,
        now: Timestamp,
    ) {
        let Some(missed) = self.is_news(trouble, sink, now) else { return };
        let mut text = trouble.told(sink, detail);
        if missed > 0 {
            text = format!("{text} ({missed} more since the last alert)");
        }
        for channel in self.channels.iter().filter(|channel| *channel != sink) {
            let deed = self.deed(channel, trouble, sink, &text);
            if let Err(cause) = promise(store, channel, deed, limits.backlog, now).await {
                warn!(channel, "an alert cannot be sent: {cause:#}; it says: {text}");
            }
        }
        self.woken.send_replace(());
    }

    fn deed(&self, channel: &str, trouble: Trouble, sink: &str, text: &str) -> Value {
        if channel != mail::CHANNEL {
            return json!({ "type": trouble.name(), "sink": sink, "text": text });
        }
        let (to, subject) = (self.address.clone(), format!("Signpost: {} {sink}", trouble.name()));
        Mail { to, subject, text: format!("{text}\n"), automatic: true, ..Mail::default() }.deed()
    }

    /// How many of its kind were not told since the last one; none when this one is not to be told either.
    fn is_news(&self, trouble: Trouble, sink: &str, now: Timestamp) -> Option<u32> {
        let mut told = self.told.lock().expect("nothing panics while it is held");
        let key = (sink.to_owned(), trouble);
        if let Some((at, missed)) = told.get_mut(&key)
            && now.duration_since(*at) < self.every
        {
            *missed += 1;
            return None;
        }
        Some(told.insert(key, (now, 0)).map_or(0, |(_, missed)| missed))
    }
}

/// Does it take messages for people, beside mail?
pub fn takes(sink: &Sink) -> bool {
    match sink {
        Sink::Slack(_) | Sink::Webhook(_) => true,
        Sink::Generic(generic) => generic.purpose().is_none(),
        _ => false,
    }
}

impl super::Delivery {
    /// Is there a channel of this name for messages to people?
    pub fn tells(&self, channel: &str) -> bool {
        self.sinks.iter().any(|(name, sink)| name == channel && takes(sink))
    }
}

async fn promise(store: &Store, channel: &str, deed: Value, bound: i64, now: Timestamp) -> Result<()> {
    let mut transaction = store.writer().begin().await?;
    outbox::enqueue(&mut transaction, channel, deed, None, Some(bound), now).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_trouble_is_told_once_in_a_while() {
        let alerts = Alerts::new(&Settings::default(), &[], watch::Sender::new(())).unwrap();
        let check = |second: i64, sink: &str, trouble: Trouble, expect: Option<u32>| {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(alerts.is_news(trouble, sink, now), expect, "{sink} at {second}");
        };
        check(0, "ga4", Trouble::Held, Some(0));
        check(1, "ga4", Trouble::Held, None);
        check(2, "ga4", Trouble::Held, None);
        check(3, "ga4", Trouble::Dead, Some(0));
        check(4, "s3", Trouble::Held, Some(0));
        check(600, "ga4", Trouble::Held, Some(2));
        check(1200, "ga4", Trouble::Held, Some(0));
    }

    #[test]
    fn a_channel_must_exist() {
        let settings = Settings { webhook: Some("ops".to_owned()), ..Settings::default() };
        let refusal = Alerts::new(&settings, &[], watch::Sender::new(())).unwrap_err().to_string();
        assert!(refusal.contains("webhook.ops"), "{refusal}");
    }
}
