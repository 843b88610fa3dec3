//! A bucket of an S3-compatible store, asked through signed addresses (AWS Signature Version 4 in the query).

use std::time::Duration;

use anyhow::{Context, Error, Result};
use jiff::Timestamp;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::signer::{SignedUrlOptions, Signer};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Failure;
use super::http::{self, Answer, RETRIED, Request, base};

/// How long the address of one of our own requests is good for.
const SIGNED: Duration = Duration::from_secs(900);

/// Where a bucket is, and who we are there.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    pub bucket: &'a str,
    pub region: &'a str,
    pub access_key_id: &'a str,
    pub secret_access_key: &'a SecretString,
    /// Address of a store other than Amazon's; the bucket is then a part of the path.
    pub endpoint: Option<&'a str>,
    /// What every key begins with.
    pub prefix: &'a str,
}

pub struct Bucket {
    store: AmazonS3,
    secret: SecretString,
    prefix: String,
}

impl Bucket {
    /// # Errors
    /// Settings that name no store.
    pub fn new(account: Account<'_>) -> Result<Self> {
        // It makes a client of its own, though only ours is used.
        http::client().map_err(Error::msg)?;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(account.bucket)
            .with_region(account.region)
            .with_access_key_id(account.access_key_id)
            .with_secret_access_key(account.secret_access_key.expose_secret())
            .with_virtual_hosted_style_request(account.endpoint.is_none());
        if let Some(endpoint) = account.endpoint {
            base(endpoint)?;
            builder = builder.with_endpoint(endpoint.trim_end_matches('/')).with_allow_http(true);
        }
        let store = builder.build().context("these settings name no store")?;
        let prefix = account.prefix.trim_matches('/').to_owned();
        Ok(Self { store, secret: account.secret_access_key.clone(), prefix })
    }

    pub fn secrets(&self) -> Vec<SecretString> {
        vec![self.secret.clone()]
    }

    /// The whole key of what is called `name` here.
    pub fn key(&self, name: &str) -> String {
        Path::from(format!("{}/{name}", self.prefix)).to_string()
    }

    /// An upload that replaces what has the same name.
    ///
    /// # Errors
    /// What cannot be signed.
    pub async fn put(&self, name: &str, content_type: &str, body: Vec<u8>) -> Result<Request, Failure> {
        let content_type = HeaderValue::from_str(content_type)
            .map_err(|_| Failure::refused(format!("{content_type:?} is no type of a file")))?;
        let options = SignedUrlOptions::new().with_signed_header(CONTENT_TYPE, content_type.clone());
        let mut request = self.request(Method::PUT, name, &options).await?;
        request.headers.insert(CONTENT_TYPE, content_type);
        request.body = body.into();
        Ok(request)
    }

    /// # Errors
    /// What cannot be signed.
    pub async fn delete(&self, name: &str) -> Result<Request, Failure> {
        self.request(Method::DELETE, name, &SignedUrlOptions::new()).await
    }

    async fn request(&self, method: Method, name: &str, options: &SignedUrlOptions) -> Result<Request, Failure> {
        let url = self.signed(method.clone(), name, SIGNED, options).await?;
        let signature = url.query_pairs().find(|(name, _)| name == "X-Amz-Signature");
        let signature = signature.map(|(_, value)| SecretString::from(value.into_owned()));
        let secrets = self.secrets().into_iter().chain(signature).collect();
        let mut request = Request { method, secrets, ..Request::post(url, "", Vec::new()) };
        request.headers.clear();
        Ok(request)
    }

    /// An address at which anybody may do this, and this only, for a while.
    ///
    /// # Errors
    /// What cannot be signed.
    pub async fn signed(
        &self,
        method: Method,
        name: &str,
        life: Duration,
        options: &SignedUrlOptions,
    ) -> Result<Url, Failure> {
        let key = self.key(name);
        let url = self.store.signed_url_opts(method, &Path::from(key.as_str()), life, options).await;
        url.map_err(|cause| Failure::refused(format!("cannot sign a request for {key}: {cause}")))
    }
}

/// A store that does not know the bucket will not know it a minute later.
///
/// # Errors
/// Why it was not done.
pub fn judge(answer: Answer, request: &Request, now: Timestamp) -> Result<(), Failure> {
    if answer.status == 404 {
        return Err(Failure::Reject { reason: answer.reason(request), lasting: true });
    }
    answer.success(request, RETRIED, now)?.no_web_page(request).map(drop)
}
