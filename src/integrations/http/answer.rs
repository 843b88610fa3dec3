//! What a vendor answered, and what it means.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::Request;
use crate::integrations::Failure;

/// Statuses that may be another in a while. RFC 9110 section 15.6.
pub const RETRIED: &[u16] = &[429, 500, 502, 503, 504];

/// The most of a vendor's words that is kept.
const WORDS: usize = 300;
/// Headers in which vendors name a request, for their support.
const REQUEST_IDS: [&str; 5] = ["x-request-id", "request-id", "x-requestid", "x-amz-request-id", "x-amzn-requestid"];
/// Where vendors say what was wrong.
const MESSAGES: [&str; 8] = [
    "/error/message",
    "/message",
    "/Message",
    "/error_description",
    "/error",
    "/detail",
    "/description",
    "/errors/0/message",
];

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The answer, if its status is one of success.
    ///
    /// # Errors
    /// [`Failure::Retry`] for the statuses in `retried`, [`Failure::Reject`] for any other.
    pub fn success(self, request: &Request, retried: &[u16], now: Timestamp) -> Result<Self, Failure> {
        let reason = || self.reason(request);
        match self.status {
            200..=299 => Ok(self),
            status if retried.contains(&status) => Err(Failure::Retry {
                after: self.after(now),
                throttled: status == 429,
                // These two say that nothing was done; others may come from a gateway before a server that did it.
                unknown: !matches!(status, 429 | 503),
                reason: reason(),
            }),
            401 | 403 => Err(Failure::Reject { reason: reason(), lasting: true }),
            _ => Err(Failure::Reject { reason: reason(), lasting: false }),
        }
    }

    /// The answer, unless a web page came where the vendor's own answer is never one: somebody stands between.
    ///
    /// # Errors
    /// [`Failure::Retry`] of unknown outcome.
    pub fn no_web_page(self, request: &Request) -> Result<Self, Failure> {
        if self.is_html() { Err(Failure::in_doubt(self.reason(request))) } else { Ok(self) }
    }

    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// How long until the time in a header of the vendor's own: seconds since 1970, with a fraction or without.
    pub fn until(&self, header: &str, now: Timestamp) -> Option<Duration> {
        let seconds: f64 = self.headers.get(header)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::try_from_secs_f64(seconds - now.as_millisecond() as f64 / 1000.0).unwrap_or_default())
    }

    /// How long the vendor wants to be left alone.
    pub fn after(&self, now: Timestamp) -> Option<Duration> {
        let header = |name: &str| self.headers.get(name)?.to_str().ok();
        header(RETRY_AFTER.as_str()).and_then(|value| retry_after(value, now)).or_else(|| {
            // Unix time, as Intercom has it; elsewhere it is seconds, of another meaning with each vendor.
            let reset: i64 = header("x-ratelimit-reset").filter(|_| self.status == 429)?.trim().parse().ok()?;
            let reset = Timestamp::from_second(reset).ok().filter(|_| reset > 1_000_000_000)?;
            Some(Duration::try_from(reset.duration_since(now)).unwrap_or_default())
        })
    }

    fn is_html(&self) -> bool {
        let content_type = self.headers.get(CONTENT_TYPE).map(|value| value.as_bytes().to_ascii_lowercase());
        let start = self.body.trim_ascii_start().get(..14).unwrap_or(&self.body).to_ascii_lowercase();
        content_type.is_some_and(|value| value.starts_with(b"text/html"))
            || start.starts_with(b"<!doctype html")
            || start.starts_with(b"<html")
    }

    /// Status and words of the vendor, without secrets.
    pub fn reason(&self, request: &Request) -> String {
        let mut reason = format!("answered {}", self.status);
        let words = self.words();
        if !words.is_empty() {
            reason = format!("{reason}: {words}");
        }
        let id = REQUEST_IDS.iter().find_map(|name| Some(self.headers.get(*name)?.to_str().ok()?.to_owned()));
        if let Some(id) = id.or_else(|| self.request_id()) {
            reason = format!("{reason} (request {id})");
        }
        request.masked(&reason)
    }

    /// As Intercom has it, in the body.
    fn request_id(&self) -> Option<String> {
        let json: Value = serde_json::from_slice(&self.body).ok()?;
        json["request_id"].as_str().map(|id| id.chars().take(100).collect())
    }

    fn words(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let text = if self.is_html() {
            format!("a web page {:?}", element(&text, "title").unwrap_or_default())
        } else if let Some(code) = element(&text, "Code") {
            // As stores that speak S3 say it.
            [Some(code), element(&text, "Message")].into_iter().flatten().collect::<Vec<_>>().join(": ")
        } else if let Ok(json) = serde_json::from_slice::<Value>(&self.body) {
            let message = MESSAGES.iter().find_map(|place| json.pointer(place)?.as_str());
            let message =
                message.map(str::to_owned).into_iter().chain(details(&json)).reduce(|all, one| format!("{all}: {one}"));
            message.unwrap_or_else(|| text.into_owned())
        } else {
            text.into_owned()
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect()
    }
}

/// What is between the first tags of this name.
fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0.trim())
}

/// What a vendor says of single fields: Zendesk's `details`, Freshdesk's `errors`.
fn details(json: &Value) -> Option<String> {
    let word = |of: &Value, key: &str| of[key].as_str().map(str::to_owned);
    let of_field = |(field, errors): (&String, &Value)| {
        let words = errors.as_array()?.iter().filter_map(|error| word(error, "description"));
        Some(format!("{field}: {}", words.collect::<Vec<_>>().join(", ")))
    };
    let details = json["details"].as_object().into_iter().flatten().filter_map(of_field);
    let errors = json["errors"].as_array().into_iter().flatten();
    let errors = errors.filter_map(|error| Some(format!("{}: {}", word(error, "field")?, word(error, "message")?)));
    details.chain(errors).reduce(|all, one| format!("{all}; {one}"))
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3). What has passed already is no wait.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::parse(value.trim()).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::integrations::http::base;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "1994-11-06T08:49:07Z".parse().unwrap();
        let check = |value: &str, expect: Option<u64>| {
            assert_eq!(retry_after(value, now), expect.map(Duration::from_secs), "{value}");
        };
        check("2", Some(2));
        check(" 120 ", Some(120));
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(30));
        check("Sun, 06 Nov 1994 08:00:00 GMT", Some(0));
        check("soon", None);
        check("-1", None);
    }

    #[test]
    fn a_limit_says_when_it_ends() {
        let check = |status: u16, headers: &[(&'static str, &'static str)], expect: Option<u64>| {
            let headers =
                headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            let answer = Answer { status, headers: headers.collect(), body: Vec::new() };
            let now = Timestamp::from_second(1_785_000_000).unwrap();
            assert_eq!(answer.after(now), expect.map(Duration::from_secs), "{status} {:?}", answer.headers);
        };
        check(429, &[("x-ratelimit-reset", "1785000007")], Some(7));
        check(429, &[("x-ratelimit-reset", "1785000007"), ("retry-after", "3")], Some(3));
        check(429, &[("x-ratelimit-reset", "1784999999")], Some(0));
        check(429, &[("x-ratelimit-reset", "7")], None);
        check(503, &[("x-ratelimit-reset", "1785000007")], None);
    }

    #[test]
    fn a_reason_is_in_the_vendors_words_and_without_secrets() {
        let mut request = Request::post(base("https://a.example").unwrap(), "application/json", "");
        request.secrets = vec!["s3cr3t".into()];
        let check = |status: u16, body: &str, expect: &str| {
            let answer = Answer { status, headers: HeaderMap::new(), body: body.into() };
            assert_eq!(answer.reason(&request), expect);
        };
        check(400, r#"{"error": {"message": "no such field"}}"#, "answered 400: no such field");
        check(401, "the key s3cr3t is\n  not ours", "answered 401: the key **** is not ours");
        check(502, "<html><head><title>Bad Gateway</title>", "answered 502: a web page \"Bad Gateway\"");
        check(500, "", "answered 500");
        let s3 = "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchBucket</Code><Message>It is not there</Message></Error>";
        check(404, s3, "answered 404: NoSuchBucket: It is not there");
        let zendesk = r#"{"error": "RecordInvalid", "description": "Record validation errors",
            "details": {"requester": [{"description": "requester e-mail is malformed", "error": "InvalidValue"}]}}"#;
        check(422, zendesk, "answered 422: RecordInvalid: requester: requester e-mail is malformed");
        let freshdesk = r#"{"description": "Validation failed", "errors":
            [{"field": "email", "message": "not a valid e-mail address", "code": "invalid_value"}]}"#;
        check(400, freshdesk, "answered 400: Validation failed: email: not a valid e-mail address");
        let intercom = r#"{"type": "error.list", "request_id": "req-1", "errors":
            [{"code": "not_found", "message": "User Not Found"}]}"#;
        check(404, intercom, "answered 404: User Not Found (request req-1)");
    }
}
