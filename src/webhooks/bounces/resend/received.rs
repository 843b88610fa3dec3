//! A mail that Resend received: as it came where Resend kept it so, else put together from its parts.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::integrations::Failure;
use crate::integrations::http::{self, Answer, Caller, RETRIED, Request, base, joined};
use crate::mail::arrived::{Arrived, Envelope, File, NoMail};
use crate::mail::one_line;
use crate::tickets::Attachments;
use crate::webhooks::bounces::bare;
use crate::webhooks::mail::lines;
use crate::webhooks::proof::text;
use crate::webhooks::{LARGEST_MAIL, Unreadable};

const ADDRESS: &str = "https://api.resend.com";
/// Other calls wait as long as one is fetched.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Of a whole mail, or of one of its files.
const LONG_TIMEOUT: Duration = Duration::from_secs(30);
/// What Resend allows a team at first.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(2).expect("two is not zero");
/// The most files that Resend names at once; none behind them is told of.
const FILES: &str = "limit=100";
/// Pictures stay files: within the HTML they would be text that nobody reads.
const PICTURES_APART: &str = "html_format=cid";

pub struct Received {
    url: Url,
    key: SecretString,
    caller: Caller,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

impl Received {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(key: &SecretString, endpoint: Option<&str>) -> Result<Self> {
        let url = base(endpoint.unwrap_or(ADDRESS))?;
        Ok(Self { url, key: key.clone(), caller: Caller::new(http::client(), PER_SECOND) })
    }

    /// The mail of which a call tells `data`, with as many files as a ticket takes.
    ///
    /// # Errors
    /// Why it cannot be had: [`Failure`], or [`Unreadable`].
    pub async fn mail(&self, data: &Value, limits: &Attachments, now: Timestamp) -> Result<Arrived> {
        let id = id(&data["email_id"])?;
        let fetched = self.fetch(&id, data, limits, now).await;
        fetched.with_context(|| format!("cannot fetch the mail {id} from Resend"))
    }

    async fn fetch(&self, id: &str, data: &Value, limits: &Attachments, now: Timestamp) -> Result<Arrived> {
        let email = self.ask(&format!("/emails/receiving/{id}"), PICTURES_APART, now).await?;
        let envelope = Envelope { sender: None, recipients: recipients(&email).chain(recipients(data)).collect() };
        if let Some(address) = email["raw"]["download_url"].as_str() {
            let bytes = self.download(address, LARGEST_MAIL, now).await?;
            return Ok(Arrived::read(&bytes, &envelope).map_err(no_mail)?);
        }
        let mut mail = Arrived::of_lines(&head(&email), &envelope).map_err(no_mail)?;
        mail.subject = email["subject"].as_str().map(one_line).unwrap_or_default();
        mail.set_text(email["text"].as_str().unwrap_or_default(), email["html"].as_str().unwrap_or_default());
        if list(&email["attachments"]).next().is_some() {
            self.add_files(&mut mail, id, limits, now).await?;
        }
        Ok(mail)
    }

    /// What no ticket takes is not fetched: anybody can send it, and other calls wait meanwhile.
    async fn add_files(&self, mail: &mut Arrived, id: &str, limits: &Attachments, now: Timestamp) -> Result<()> {
        let told = self.ask(&format!("/emails/receiving/{id}/attachments"), FILES, now).await?;
        let is_inline =
            |file: &Value| file["content_disposition"] != "attachment" && text(&file["content_id"]).is_some();
        let (inline, apart): (Vec<_>, Vec<_>) = list(&told["data"]).partition(|file| is_inline(file));
        let mut room = LARGEST_MAIL;
        for file in apart.into_iter().chain(inline) {
            let name = text(&file["filename"]).unwrap_or_default();
            let size = file["size"].as_u64().map_or(0, |size| usize::try_from(size).unwrap_or(usize::MAX));
            if mail.files.len() >= limits.files || size > limits.bytes.min(room) {
                mail.left_out.push(name);
                continue;
            }
            let address = file["download_url"].as_str();
            let address = address.ok_or_else(|| Unreadable("a file of it has no `download_url`".to_owned()))?;
            let bytes = self.download(address, room, now).await?;
            room -= bytes.len();
            mail.files.push(File { name, bytes, inline: is_inline(file) });
        }
        Ok(())
    }

    async fn ask(&self, path: &str, query: &str, now: Timestamp) -> Result<Value, Failure> {
        let mut url = joined(&self.url, path);
        url.set_query(Some(query));
        let mut request = Request { secrets: vec![self.key.clone()], ..Request::get(url) };
        request.header(AUTHORIZATION, &format!("Bearer {}", self.key.expose_secret()), true)?;
        let answer = self.caller.call(&request, TIMEOUT).await?.success(&request, RETRIED, now)?;
        answer.json().ok_or_else(|| Failure::in_doubt(answer.reason(&request)))
    }

    /// The key does not go there: the address holds a signature of its own, which nobody else need read.
    async fn download(&self, address: &str, largest: usize, now: Timestamp) -> Result<Vec<u8>> {
        let refused = || Unreadable(format!("`download_url` is not of {}", self.domain()));
        let url = Url::parse(address).ok().filter(|url| self.is_theirs(url)).ok_or_else(refused)?;
        let secrets = url.query().map(|query| query.to_owned().into()).into_iter().collect();
        let request = Request { secrets, largest, ..Request::get(url) };
        let answer = self.caller.call(&request, LONG_TIMEOUT).await?;
        Ok(answer.success(&request, RETRIED, now).map(|Answer { body, .. }| body)?)
    }

    /// From Resend, as safely as all else, and from nowhere else.
    fn is_theirs(&self, url: &Url) -> bool {
        let (host, domain) = (url.host_str().unwrap_or_default(), self.domain());
        let is_below = host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        is_below && url.scheme() == self.url.scheme()
    }

    fn domain(&self) -> &str {
        let host = self.url.host_str().unwrap_or_default();
        host.strip_prefix("api.").unwrap_or(host)
    }
}

/// It becomes part of an address.
fn id(value: &Value) -> Result<String, Unreadable> {
    let is_plain = |id: &String| id.len() <= 100 && id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let id = text(value).filter(is_plain);
    id.ok_or_else(|| Unreadable("`data.email_id` is missing, or has more than letters, digits and -".to_owned()))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn recipients(told: &Value) -> impl Iterator<Item = String> {
    let all = ["to", "cc", "bcc", "received_for"].into_iter().flat_map(|name| list(&told[name]));
    all.filter_map(Value::as_str).map(|address| bare(address).to_owned())
}

/// The lines of its head, with what Resend may have told apart from them.
fn head(email: &Value) -> String {
    let told = email["headers"].as_object().into_iter().flatten();
    let told: Vec<_> = told.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
    let is_told = |name: &str| told.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let apart = [("From", &email["from"]), ("Message-ID", &email["message_id"])];
    let apart = apart.into_iter().filter(|(name, _)| !is_told(name));
    let apart: Vec<_> = apart.filter_map(|(name, value)| Some((name, value.as_str()?))).collect();
    lines(told.iter().chain(&apart).copied())
}

fn no_mail(cause: NoMail) -> Unreadable {
    Unreadable(format!("what Resend has is no mail: {cause}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn files_come_from_resend_and_from_nowhere_else() {
        let check = |endpoint: Option<&str>, address: &str, expect: bool| {
            let received = Received::new(&"re_123".into(), endpoint).unwrap();
            assert_eq!(received.is_theirs(&address.parse().unwrap()), expect, "{endpoint:?} {address}");
        };
        check(None, "https://inbound-cdn.resend.com/a?signature=b", true);
        check(None, "https://resend.com/a", true);
        check(None, "http://inbound-cdn.resend.com/a", false);
        check(None, "https://notresend.com/a", false);
        check(None, "https://resend.com.evil.example/a", false);
        check(None, "https://169.254.169.254/a", false);
        check(Some("http://127.0.0.1:9000"), "http://127.0.0.1:9000/a", true);
        check(Some("http://127.0.0.1:9000"), "http://127.0.0.2:9000/a", false);
    }

    #[test]
    fn an_id_is_no_way_to_another_address() {
        let check = |id: &str, expect: bool| assert_eq!(super::id(&id.into()).is_ok(), expect, "{id:?}");
        check("56761188-7520-42d8-8898-ff6fc54ce618", true);
        check("../emails", false);
        check("a?b", false);
        check("", false);
    }
}
