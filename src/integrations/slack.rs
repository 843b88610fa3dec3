//! Slack: messages for the team, through an incoming webhook whose address is the secret.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::http::{Answer, RETRIED, Request, base};
use super::{Failure, Limits};

/// Slack takes about one message a second.
pub const LIMITS: Limits = Limits { events: 1, bytes: 0, per_second: NonZeroU32::MIN, linger: Duration::ZERO };
/// The most a section takes, in characters.
const LONGEST: usize = 3000;
/// Of the text that a notification shows.
const SHORT: usize = 300;

#[derive(Debug)]
pub struct Slack {
    url: SecretUrl,
    pub timeout: Duration,
}

struct SecretUrl(Url);

impl std::fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(super::http::MASK)
    }
}

impl Slack {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(url: &SecretString, timeout_ms: u64) -> Result<Self> {
        Ok(Self { url: SecretUrl(base(url.expose_secret())?), timeout: Duration::from_millis(timeout_ms) })
    }

    /// All of the path is the secret, and its long parts are so alone.
    pub fn secrets(&self) -> Vec<SecretString> {
        let path = self.url.0.path().trim_start_matches('/');
        let long = path.split('/').filter(|part| part.len() > "services".len());
        [path].into_iter().chain(long).map(SecretString::from).collect()
    }

    /// A deed with a `text`, which stays text: nobody is mentioned and nothing is a link.
    pub fn deed(&self, deed: &Value) -> Result<Request, Failure> {
        let text = deed["text"].as_str().ok_or_else(|| Failure::refused("a deed for Slack must have a `text`"))?;
        let cut = |length: usize| escaped(&text.chars().take(length).collect::<String>());
        let section = json!({ "type": "section", "text": { "type": "mrkdwn", "text": cut(LONGEST / 5) } });
        let body = json!({ "text": cut(SHORT), "blocks": [section], "unfurl_links": false });
        let mut request = Request::post(self.url.0.clone(), "application/json", body.to_string());
        request.secrets = self.secrets();
        Ok(request)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The answer to a message that was posted is the two letters `ok`.
pub fn judge(answer: Answer, request: &Request, now: Timestamp) -> Result<Vec<(usize, String)>, Failure> {
    if matches!(answer.status, 404 | 410) {
        return Err(Failure::Reject { reason: answer.reason(request), lasting: true });
    }
    let answer = answer.success(request, RETRIED, now)?;
    if answer.body.trim_ascii() == b"ok" { Ok(Vec::new()) } else { Err(Failure::in_doubt(answer.reason(request))) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_message_mentions_nobody_and_does_not_show_its_address() {
        let slack = Slack::new(&"https://hooks.slack.com/services/T0/B0/XXXX".into(), 1000).unwrap();
        let request = slack.deed(&json!({ "text": "<!channel> Export & import fail" })).unwrap();
        let shown = request.shown();
        assert!(shown.contains("&lt;!channel&gt; Export &amp; import fail"), "{shown}");
        assert!(!shown.contains("XXXX"), "{shown}");
        assert!(slack.deed(&json!({})).is_err());
    }
}
