//! What a vendor's own status page says, where Statuspage makes it.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::Failure;
use super::http::{Caller, Request, base, client, joined};

const PATIENCE: Duration = Duration::from_secs(5);
/// What it says when what it is about cannot be relied on; `minor` is for what few notice.
const DOWN: [&str; 2] = ["major", "critical"];

pub struct StatusPage {
    url: Url,
    caller: Caller,
}

impl StatusPage {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(address: &str) -> Result<Self> {
        let url = joined(&base(address)?, "/api/v2/status.json");
        Ok(Self { url, caller: Caller::new(client(), NonZeroU32::MIN) })
    }

    /// Does it say that its vendor is down?
    ///
    /// # Errors
    /// No answer, or one that says nothing.
    pub async fn says_down(&self, now: Timestamp) -> Result<bool, Failure> {
        let request = Request::get(self.url.clone());
        let answer = tokio::time::timeout(PATIENCE, self.caller.call(&request, PATIENCE)).await;
        let answer = answer.map_err(|_| Failure::unreached(format!("no answer within {} s", PATIENCE.as_secs())))??;
        let answer = answer.success(&request, &[], now)?;
        read(&answer.body).ok_or_else(|| Failure::refused("answered without status.indicator"))
    }
}

fn read(body: &[u8]) -> Option<bool> {
    let json: Value = serde_json::from_slice(body).ok()?;
    Some(DOWN.contains(&json["status"]["indicator"].as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_many_notice_counts() {
        let check = |body: &str, expect: Option<bool>| assert_eq!(read(body.as_bytes()), expect, "{body}");
        let of =
            |indicator: &str| format!(r#"{{"page":{{}},"status":{{"indicator":"{indicator}","description":"x"}}}}"#);
        check(&of("none"), Some(false));
        check(&of("minor"), Some(false));
        check(&of("major"), Some(true));
        check(&of("critical"), Some(true));
        check(&of("of tomorrow"), Some(false));
        for nothing in ["{}", "<html>", r#"{"status":"down"}"#, r#"{"status":{"indicator":3}}"#] {
            check(nothing, None);
        }
    }
}
