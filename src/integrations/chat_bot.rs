//! A bot of the operator's that answers a chat before a person does: told the talk so far, signed as Standard Webhooks
//! 1.0 says, it answers what to say. It is asked once; what it does not answer in time a person does.

use std::num::NonZeroU32;

use anyhow::Result;
use app::model::Purpose;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::Failure;
use super::http::{Answer, Caller, client};
use super::webhook::{self, Webhook};
use crate::identity::list_or_lines;

/// `[chat.bot]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub url: String,
    /// `whsec_` and 24 to 64 random bytes in Base64. Two while you change from one to the other: both sign.
    #[serde(deserialize_with = "list_or_lines")]
    pub secrets: Vec<SecretString>,
    /// What readers see it called.
    #[serde(default = "name")]
    pub name: String,
    /// How long it may think; then a person is asked.
    #[serde(default = "patience")]
    pub timeout_ms: u64,
}

fn name() -> String {
    "Assistant".to_owned()
}

fn patience() -> u64 {
    10_000
}

/// Questions of a second; more wait for their turn.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(100).expect("a hundred is not zero");

pub struct ChatBot {
    told: Webhook,
    pub name: String,
    caller: Caller,
}

/// What it answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Reply {
    /// Markdown.
    pub say: String,
    /// Ids of articles.
    pub articles: Vec<String>,
    /// A person shall go on.
    pub hand_over: bool,
}

impl ChatBot {
    /// # Errors
    /// An address or a secret that cannot be used.
    pub fn new(settings: &Settings) -> Result<Self> {
        let Settings { url, secrets, name, timeout_ms } = settings.clone();
        let purpose = Purpose::Necessary;
        let told = webhook::Settings { url, secrets, kinds: Vec::new(), events: false, purpose, timeout_ms };
        Ok(Self { told: Webhook::new(&told)?, name, caller: Caller::new(client(), PER_SECOND) })
    }

    /// Asks what to say to the talk in `talk`; `id` names the question.
    ///
    /// # Errors
    /// Whatever keeps an answer from being had, and an answer that says nothing.
    pub async fn ask(&self, id: &str, talk: &Value, now: Timestamp) -> Result<Reply, Failure> {
        let request = self.told.deed(id, talk, now)?;
        let timeout = self.told.timeout;
        let answer = tokio::time::timeout(timeout, self.caller.call(&request, timeout)).await;
        let answer =
            answer.map_err(|_| Failure::in_doubt(format!("no answer within {} ms", timeout.as_millis())))??;
        read(&answer.success(&request, &[], now)?)
    }
}

fn read(answer: &Answer) -> Result<Reply, Failure> {
    let reply: Reply = serde_json::from_slice(&answer.body)
        .map_err(|cause| Failure::refused(format!("its answer is not {{say, articles, hand_over}}: {cause}")))?;
    let is_empty = reply.say.trim().is_empty() && reply.articles.is_empty() && !reply.hand_over;
    if is_empty { Err(Failure::refused("its answer says nothing")) } else { Ok(reply) }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;

    #[test]
    fn an_answer_says_something_or_is_none() {
        let check = |body: &str, expect: Option<Reply>| {
            let answer = Answer { status: 200, headers: HeaderMap::new(), body: body.into() };
            assert_eq!(read(&answer).ok(), expect, "{body}");
        };
        let said = Reply { say: "Hello".to_owned(), ..Reply::default() };
        check(r#"{"say": "Hello", "mood": "good"}"#, Some(said));
        check(r#"{"hand_over": true}"#, Some(Reply { hand_over: true, ..Reply::default() }));
        check(r#"{"articles": ["a"]}"#, Some(Reply { articles: vec!["a".to_owned()], ..Reply::default() }));
        for nothing in ["{}", "[]", "Hello", r#"{"say": " "}"#, r#"{"say": 1}"#] {
            check(nothing, None);
        }
    }
}
