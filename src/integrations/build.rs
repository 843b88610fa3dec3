//! Makes the sinks that the settings name.

use anyhow::{Context, Result};
use secrecy::SecretString;

use super::desk::Desk;
use super::mail::{self, Mailer};
use super::{Connectors, Desks, Sink, Sinks, Webhooks, attachments, files, ga4, generic, mixpanel, s3, slack, webhook};
use crate::mail::CHANNEL;

/// The sinks, with their names.
///
/// # Errors
/// Settings that cannot be used.
pub fn build(
    desks: &Desks,
    sinks: &Sinks,
    connectors: &Connectors,
    webhooks: &Webhooks,
    slack: Option<(&SecretString, u64)>,
    mail: &mail::Settings,
    attachments: Option<&attachments::Settings>,
) -> Result<Vec<(String, Sink)>> {
    let mut built = Vec::new();
    let mut add = |name: String, section: &str, sink: Result<Sink>| -> Result<()> {
        built.push((name, sink.with_context(|| format!("[{section}] cannot be used"))?));
        Ok(())
    };
    for (name, desk) in Desk::each(desks) {
        add(name.to_owned(), &format!("desks.{name}"), desk.map(|desk| Sink::Desk(Box::new(desk))))?;
    }
    if let Some(files) = &sinks.files {
        add("files".to_owned(), "sinks.files", Ok(Sink::Files(files::Files::new(files))))?;
    }
    if let Some(ga4) = &sinks.ga4 {
        add("ga4".to_owned(), "sinks.ga4", ga4::Ga4::new(ga4).map(Sink::Ga4))?;
    }
    if let Some(mixpanel) = &sinks.mixpanel {
        add("mixpanel".to_owned(), "sinks.mixpanel", mixpanel::Mixpanel::new(mixpanel).map(Sink::Mixpanel))?;
    }
    if let Some(s3) = &sinks.s3 {
        add("s3".to_owned(), "sinks.s3", s3::S3::new(s3).map(|s3| Sink::S3(Box::new(s3))))?;
    }
    for (name, settings) in connectors {
        let sink = generic::Generic::new(settings).map(|generic| Sink::Generic(Box::new(generic)));
        add(format!("connector.{name}"), &format!("connectors.{name}"), sink)?;
    }
    for (name, settings) in webhooks {
        let sink = webhook::Webhook::new(settings).map(Sink::Webhook);
        add(format!("webhook.{name}"), &format!("webhooks.{name}"), sink)?;
    }
    if let Some((url, timeout_ms)) = slack {
        add("slack".to_owned(), "alerts", slack::Slack::new(url, timeout_ms).map(Sink::Slack))?;
    }
    if let Some(settings) = attachments {
        let sink = attachments::Attachments::new(settings).map(|bucket| Sink::Attachments(Box::new(bucket)));
        add(attachments::CHANNEL.to_owned(), "tickets.attachments.bucket", sink)?;
    }
    // There always: what is promised to it waits until it is set up.
    add(CHANNEL.to_owned(), "mail", Mailer::new(mail).map(|mailer| Sink::Mail(Box::new(mailer))))?;
    Ok(built)
}
