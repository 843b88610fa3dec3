//! Attachments of tickets in a bucket. A file is taken into the data directory first, so no reader waits for the
//! store; it goes there like any deed, and whoever may have it is sent to the store with an address good for minutes.

use std::io::ErrorKind;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use object_store::signer::SignedUrlOptions;
use reqwest::Method;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::bucket::{self, Account, Bucket};
use super::http::Caller;
use super::{Errand, Failure, Limits};

/// Name of the sink.
pub const CHANNEL: &str = "attachments";
pub const LIMITS: Limits =
    Limits { events: 1, bytes: 0, per_second: NonZeroU32::new(100).expect("it is not zero"), linger: Duration::ZERO };
/// How long the address of a download is good for: it must begin by then.
const DOWNLOAD: Duration = Duration::from_secs(300);

/// `[tickets.attachments.bucket]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub bucket: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: SecretString,
    /// Address of a store other than Amazon's, as readers' browsers reach it; the bucket is then a part of the path.
    pub endpoint: Option<String>,
    /// What every key begins with.
    #[serde(default = "prefix")]
    pub prefix: String,
    #[serde(default = "patience")]
    pub timeout_ms: u64,
}

fn prefix() -> String {
    "attachments".to_owned()
}

fn patience() -> u64 {
    30_000
}

/// What is to be done in the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Deed {
    /// A file became part of a message.
    #[serde(rename = "attachment.taken")]
    Taken {
        id: String,
        media_type: String,
        /// Where it lies here.
        path: PathBuf,
    },
    #[serde(rename = "attachment.forgotten")]
    Forgotten { id: String },
}

pub struct Attachments {
    bucket: Bucket,
    settings: Settings,
}

impl std::fmt::Debug for Attachments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Attachments").field(&self.settings).finish()
    }
}

impl Attachments {
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
        Ok(Self { bucket: Bucket::new(account)?, settings: settings.clone() })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        self.bucket.secrets()
    }

    /// # Errors
    /// A deed that is none of a file.
    pub fn shown(&self, deed: &Value) -> Result<String, Failure> {
        Ok(match read(deed)? {
            Deed::Taken { id, media_type, path } => {
                format!("PUT {}\ncontent-type: {media_type}\n\n({})", self.bucket.key(&id), path.display())
            }
            Deed::Forgotten { id } => format!("DELETE {}", self.bucket.key(&id)),
        })
    }

    /// Does it; done twice it is the same.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn send(&self, caller: &Caller, errand: &Errand, now: Timestamp) -> Result<(), Failure> {
        let request = match read(&errand.deed)? {
            Deed::Forgotten { id } => self.bucket.delete(&id).await?,
            Deed::Taken { id, media_type, path } => match tokio::fs::read(&path).await {
                Ok(bytes) => self.bucket.put(&id, &media_type, bytes).await?,
                // Its ticket was forgotten before its turn came.
                Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
                Err(cause) => return Err(Failure::unreached(format!("cannot read {}: {cause}", path.display()))),
            },
        };
        let answer = caller.call(&request, Duration::from_millis(self.settings.timeout_ms)).await?;
        bucket::judge(answer, &request, now)
    }

    /// Where the file can be had for a while, by whoever is told: as `media_type` and with this Content-Disposition.
    ///
    /// # Errors
    /// What cannot be signed.
    pub async fn download(&self, id: &str, media_type: &str, disposition: &str) -> Result<Url, Failure> {
        let query = [("response-content-disposition", disposition), ("response-content-type", media_type)];
        let options = SignedUrlOptions::new().with_query(query);
        self.bucket.signed(Method::GET, id, DOWNLOAD, &options).await
    }
}

fn read(deed: &Value) -> Result<Deed, Failure> {
    Deed::deserialize(deed).map_err(|cause| {
        Failure::refused(format!("the bucket takes what happened to a file, and this is not: {cause}"))
    })
}
