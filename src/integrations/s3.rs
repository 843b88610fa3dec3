//! Events as objects of an S3-compatible store: the same files as those of `files`, each uploaded once. The key comes
//! from the batch's key, so an upload that is done again is the same object.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use app::model::Purpose;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use super::bucket::{self, Account, Bucket};
use super::files::{PER_SECOND, analytics, minute};
use super::http::{Answer, Request};
use super::sink::Part;
use super::{Failure, Limits, days, rfc3339};
use crate::events::Sendable;

/// `[sinks.s3]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub bucket: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: SecretString,
    /// Address of a store other than Amazon's; the bucket is then a part of the path.
    pub endpoint: Option<String>,
    /// What every key begins with.
    #[serde(default = "events")]
    pub prefix: String,
    #[serde(default)]
    pub gzip: bool,
    #[serde(default = "analytics", deserialize_with = "super::purpose")]
    pub purpose: Purpose,
    /// Milliseconds events are gathered for one object.
    #[serde(default = "minute")]
    pub linger_ms: u64,
    #[serde(default = "patience")]
    pub timeout_ms: u64,
}

fn events() -> String {
    "events".to_owned()
}

fn patience() -> u64 {
    30_000
}

pub struct S3 {
    bucket: Bucket,
    settings: Settings,
    pub purpose: Purpose,
    pub timeout: Duration,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("S3").field(&self.settings).finish()
    }
}

impl S3 {
    /// # Errors
    /// Settings that name no store.
    pub fn new(settings: &Settings) -> Result<Self> {
        let account = Account {
            bucket: &settings.bucket,
            region: &settings.region,
            access_key_id: &settings.access_key_id,
            secret_access_key: &settings.secret_access_key,
            endpoint: settings.endpoint.as_deref(),
            prefix: &settings.prefix,
        };
        let timeout = Duration::from_millis(settings.timeout_ms);
        Ok(Self { bucket: Bucket::new(account)?, settings: settings.clone(), purpose: settings.purpose, timeout })
    }

    pub fn limits(&self) -> Limits {
        let linger = Duration::from_millis(self.settings.linger_ms);
        Limits { events: 10_000, bytes: 16 << 20, per_second: PER_SECOND, linger }
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        self.bucket.secrets()
    }

    /// One object a day.
    pub async fn parts(&self, key: &str, events: &[Sendable]) -> Result<Vec<Part>, Failure> {
        let mut parts = Vec::new();
        for (day, lines) in days(events) {
            let ids = events.iter().filter(|event| rfc3339(event.at).starts_with(&day)).map(|event| event.id.clone());
            parts.push(Part { request: self.request(&day, key, lines).await?, ids: ids.collect() });
        }
        Ok(parts)
    }

    async fn request(&self, day: &str, key: &str, lines: String) -> Result<Request, Failure> {
        let ending = if self.settings.gzip { "ndjson.gz" } else { "ndjson" };
        let (content_type, body) = if self.settings.gzip {
            let cannot = |cause| Failure::refused(format!("cannot pack the events of {day}: {cause}"));
            ("application/gzip", packed(lines.as_bytes()).map_err(cannot)?)
        } else {
            ("application/x-ndjson", lines.into_bytes())
        };
        self.bucket.put(&format!("{day}/{key}.{ending}"), content_type, body).await
    }
}

/// The same bytes for the same lines: no time and no name in it.
fn packed(lines: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(lines)?;
    encoder.finish()
}

/// # Errors
/// Why it was not taken.
pub fn judge(answer: Answer, request: &Request, now: Timestamp) -> Result<Vec<(usize, String)>, Failure> {
    bucket::judge(answer, request, now).map(|()| Vec::new())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Read;

    use super::*;
    use crate::integrations::sample;

    #[tokio::test]
    async fn an_object_is_the_same_whenever_it_is_made() {
        let settings: Settings = toml::from_str(
            "bucket = \"help\"\nregion = \"eu-west-1\"\naccess_key_id = \"id\"\nsecret_access_key = \"s\"\n\
             prefix = \"/a/b/\"\ngzip = true",
        )
        .unwrap();
        let events = sample::events(Timestamp::UNIX_EPOCH);
        let parts = async || S3::new(&settings).unwrap().parts("key", &events).await.unwrap();
        let (one, other) = (parts().await, parts().await);
        // The visit ended as the day began.
        let paths: Vec<_> = one.iter().map(|part| part.request.url.path()).collect();
        assert_eq!(paths, ["/a/b/1969-12-31/key.ndjson.gz", "/a/b/1970-01-01/key.ndjson.gz"]);
        assert_eq!(one[0].request.url.host_str(), Some("help.s3.eu-west-1.amazonaws.com"));
        let mut lines = String::new();
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one.request.body, other.request.body);
            flate2::read::GzDecoder::new(&one.request.body[..]).read_to_string(&mut lines).unwrap();
        }
        assert_eq!(lines.lines().count(), 3);
        assert_eq!(one.iter().map(|part| part.ids.len()).collect::<Vec<_>>(), [2, 1]);
    }
}
