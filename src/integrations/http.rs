//! The one client that talks to vendors: bounded in time and size, without redirects, over TLS, silent about secrets.

mod address;
mod answer;

use std::num::NonZeroU32;
use std::time::Duration;

use bytes::Bytes;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, redirect};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::Failure;

pub use address::{base, is_loopback, joined};
pub use answer::{Answer, RETRIED, retry_after};

const CONNECT: Duration = Duration::from_secs(5);
/// Bytes of the largest answer that is read unless a request says another number.
const LARGEST: usize = 10 << 20;
/// Requests that may follow one another at once after a time of rest, however few a second are allowed.
const BURST: NonZeroU32 = NonZeroU32::new(20).expect("twenty is not zero");
/// A shorter secret would be found in many words; where it stands it is masked anyway.
const SHORT: usize = 6;
pub const MASK: &str = "****";

/// Says which cryptography TLS uses in this process; no client can be made before.
pub fn choose_cryptography() {
    // The second time it is chosen already.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// The client, cheap to clone; or why there is none.
///
/// # Errors
/// A system without certificates to trust.
pub fn client() -> Result<Client, String> {
    choose_cryptography();
    Client::builder()
        .connect_timeout(CONNECT)
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("signpost/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|cause| format!("no HTTP client can be made; does this system have CA certificates? {}", told(&cause)))
}

/// What is asked of a vendor.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// What is never shown, wherever in the request or in its answer it stands.
    pub secrets: Vec<SecretString>,
    /// Bytes of the largest answer that is read.
    pub largest: usize,
}

impl Request {
    pub fn post(url: Url, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Self { method: Method::POST, headers, body: body.into(), ..Self::get(url) }
    }

    pub fn get(url: Url) -> Self {
        let (headers, body, secrets) = (HeaderMap::new(), Bytes::new(), Vec::new());
        Self { method: Method::GET, url, headers, body, secrets, largest: LARGEST }
    }

    /// Adds a header; one that is `secret` is never shown.
    ///
    /// # Errors
    /// A value that no header can hold.
    pub fn header(&mut self, name: HeaderName, value: &str, secret: bool) -> Result<(), Failure> {
        let mut header = HeaderValue::from_str(value).map_err(|_| {
            Failure::refused(format!("the value of the header {name} has characters no header can hold"))
        })?;
        header.set_sensitive(secret);
        self.headers.insert(name, header);
        Ok(())
    }

    /// `text` without the secrets of this request.
    pub fn masked(&self, text: &str) -> String {
        masked(text, &self.secrets)
    }

    /// What goes over the wire, without its secrets.
    pub fn shown(&self) -> String {
        let mut lines = vec![format!("{} {}", self.method, self.url)];
        for (name, value) in &self.headers {
            let value = if value.is_sensitive() { MASK.into() } else { String::from_utf8_lossy(value.as_bytes()) };
            lines.push(format!("{name}: {value}"));
        }
        let binary = |_| format!("({} bytes that are no text)", self.body.len());
        let body = std::str::from_utf8(&self.body).map_or_else(binary, str::to_owned);
        self.masked(&format!("{}\n\n{body}", lines.join("\n")))
    }
}

/// `text` without `secrets`, however they are spelled in it.
pub fn masked(text: &str, secrets: &[SecretString]) -> String {
    let known = secrets.iter().map(ExposeSecret::expose_secret).filter(|secret| secret.len() >= SHORT);
    known.flat_map(spellings).fold(text.to_owned(), |text, secret| text.replace(&secret, MASK))
}

/// A secret as it is, in a query and in JSON.
fn spellings(secret: &str) -> [String; 3] {
    let json = serde_json::Value::from(secret).to_string();
    [secret.to_owned(), byte_serialize(secret.as_bytes()).collect(), json.trim_matches('"').to_owned()]
}

/// Sends requests of one sink, no more in a second than its vendor takes.
pub struct Caller {
    /// Or why there is none: sinks that need none work all the same.
    client: Result<Client, String>,
    bucket: DefaultDirectRateLimiter,
}

impl Caller {
    pub fn new(client: Result<Client, String>, per_second: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(per_second.max(BURST));
        Self { client, bucket: RateLimiter::direct(quota) }
    }

    /// Sends `request`, when its turn comes, and reads the answer, whatever its status.
    ///
    /// # Errors
    /// What keeps an answer from being had: [`Failure::Retry`], of unknown outcome once the connection stood.
    pub async fn call(&self, request: &Request, timeout: Duration) -> Result<Answer, Failure> {
        let client = self.client.as_ref().map_err(Failure::unreached)?;
        self.turn().await;
        call(client, request, timeout).await
    }

    /// Waits until one more may be sent.
    pub async fn turn(&self) {
        self.bucket.until_ready().await;
    }
}

async fn call(client: &Client, request: &Request, timeout: Duration) -> Result<Answer, Failure> {
    let sending = client
        .request(request.method.clone(), request.url.clone())
        .headers(request.headers.clone())
        .body(request.body.clone())
        .timeout(timeout);
    let mut response = sending.send().await.map_err(|cause| lost(request, cause))?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = match read(response, request.largest).await {
        Ok(body) => body,
        // What went wrong is told by the status already.
        Err(_) if !status.is_success() => Vec::new(),
        Err(cause) => return Err(Failure::in_doubt(request.masked(&format!("answered {status}, but {cause}")))),
    };
    Ok(Answer { status: status.as_u16(), headers, body })
}

async fn read(mut response: reqwest::Response, largest: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|cause| told(&cause.without_url()))? {
        if body.len() + part.len() > largest {
            return Err(format!("its answer is longer than {} MB", largest >> 20));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn lost(request: &Request, cause: reqwest::Error) -> Failure {
    let was_connected = !cause.is_connect();
    let reason = request.masked(&told(&cause.without_url()));
    if was_connected { Failure::in_doubt(reason) } else { Failure::unreached(reason) }
}

/// An error with all that caused it, in one line.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
