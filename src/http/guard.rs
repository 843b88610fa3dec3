//! What every request passes: an id, a time limit, proof that a deed was meant, headers that protect
//! readers, figures and log. One layer, so that a cached page pays little for it.

mod pace;
mod uploads;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;
use sha2::{Digest, Sha256};
use tracing::{debug, info, warn};
use uuid::Uuid;

use super::error::{self, Error};
use super::{asked, reading, visit};
use crate::privacy::Grants;
use crate::{Help, tags};

use pace::Pace;
pub use pace::linger;
pub use uploads::Uploads;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Requests that take longer are worth a line in the log.
const SLOW: Duration = Duration::from_secs(1);

/// Headers of the site's every answer, worked out once.
#[derive(Debug)]
pub struct Policy {
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The Content-Security-Policy, by what the reader granted.
    by_grants: Vec<(Grants, HeaderValue)>,
}

impl Policy {
    pub fn of(tags: &tags::Settings) -> Self {
        let fixed = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
        ];
        let headers = fixed.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
        let grants = if tags.is_empty() { vec![Grants::NONE] } else { Grants::all().collect() };
        let by_grants = grants.into_iter().map(|grants| (grants, policy_allowing("", &tags.sources(grants)))).collect();
        Self { headers, by_grants }
    }

    /// What a reader granted makes a difference.
    fn depends_on_grants(&self) -> bool {
        self.by_grants.len() > 1
    }

    fn content_security(&self, grants: Grants) -> &HeaderValue {
        let own = self.by_grants.iter().find(|(of, _)| *of == grants).or(self.by_grants.first());
        &own.expect("there is one for whoever granted nothing").1
    }
}

/// The policy of a streamed page: its further scripts carry a nonce made for this one answer.
pub fn policy_with_nonce(nonce: &str) -> HeaderValue {
    policy_allowing(&format!(" 'nonce-{nonce}'"), &[])
}

/// The policy of a page that another vendor's script comes to as well: `more`, beside what the reader granted.
pub fn policy_with(help: &Help, grants: Grants, more: Vec<(&'static str, String)>) -> HeaderValue {
    let sources: Vec<_> = help.config.tags.sources(grants).into_iter().chain(more).collect();
    policy_allowing("", &sources)
}

/// Scripts from us, the inline one that sets the theme, and what `scripts` and `more` name; nothing else runs, nothing
/// frames us.
fn policy_allowing(scripts: &str, more: &[(&'static str, String)]) -> HeaderValue {
    let theme = STANDARD.encode(Sha256::digest(app::pages::THEME_SCRIPT));
    let mut directives = vec![
        ("default-src", "'none'".to_owned()),
        ("script-src", format!("'self' 'wasm-unsafe-eval' 'sha256-{theme}'{scripts}")),
        ("style-src", "'self'".to_owned()),
        ("connect-src", "'self'".to_owned()),
        ("img-src", "'self' https: data:".to_owned()),
        ("media-src", "'self'".to_owned()),
        ("font-src", "'self'".to_owned()),
        ("manifest-src", "'self'".to_owned()),
        ("form-action", "'self'".to_owned()),
        ("base-uri", "'none'".to_owned()),
        ("frame-ancestors", "'none'".to_owned()),
    ];
    for (directive, sources) in more {
        match directives.iter_mut().find(|(name, _)| name == directive) {
            Some((_, known)) => known.extend([" ", sources]),
            None => directives.push((directive, sources.clone())),
        }
    }
    let policy: Vec<_> = directives.into_iter().map(|(name, sources)| format!("{name} {sources}")).collect();
    HeaderValue::from_str(&policy.join("; ")).expect("the policy is made of visible characters")
}

/// Puts the guard around the routes, under the site's base path.
pub fn around(help: Arc<Help>, routes: Router) -> Router {
    let routes = match help.address.base.as_str() {
        "" => routes,
        base => Router::new().nest(base, routes).fallback(error::outside_base),
    };
    routes.layer(from_fn_with_state(help, guard))
}

async fn guard(State(help): State<Arc<Help>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = HeaderValue::try_from(Uuid::now_v7().to_string()).expect("a UUID is made of visible characters");
    let grants = match help.policy.depends_on_grants() {
        true => visit::standing(&help, request.headers(), request.extensions()).0.grants,
        false => Grants::NONE,
    };
    let arrived = Arrived { id, start, grants };
    if let Some(page) = reading::kept(&help, &request) {
        return finish(&help, page, request.method(), request.uri(), arrived);
    }
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let response = routed(&help, request, next, &arrived.id).await;
    finish(&help, response, &method, &uri, arrived)
}

/// What is known of a request as it arrives.
struct Arrived {
    id: HeaderValue,
    start: Instant,
    /// What its reader granted, where the policy depends on it.
    grants: Grants,
}

/// What the routes say to a deed that was meant; an error is given its page.
async fn routed(help: &Help, request: Request, next: Next, id: &HeaderValue) -> Response {
    let wanted = error::Wanted::of(&request);
    let response =
        if is_forged(help, &request) { Error::Forged.into_response() } else { answer(help, request, next).await };
    error::dress(help, wanted, id, response)
}

/// The answer of the routes, within its time; a panic is an answer too.
async fn answer(help: &Help, request: Request, next: Next) -> Response {
    let is_hook = is_hook(help, &request);
    let is_upload = pace::is_upload(&request, help.config.server.max_body, is_hook);
    let pace = Arc::new(Pace::new(&help.config.server, is_upload, Instant::now().into()));
    let address = asked::address(help, request.extensions(), request.headers()).filter(|_| is_upload);
    let place = address.map(|address| help.limits.uploads.take(address, help.config.server.uploads_per_address));
    if matches!(place, Some(None)) {
        pace::linger(request);
        // Programs take 503 for "later", and some of them 429 for "never".
        return if is_hook { Error::Busy } else { Error::TooMany }.into_response();
    }
    let request = if is_upload { pace::paced(request, &pace) } else { request };
    match pace.keep(AssertUnwindSafe(next.run(request)).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Error::Internal(anyhow::anyhow!("the handler panicked")).into_response(),
        Err(slow) => slow.into_response(),
    }
}

/// Adds what every answer carries, where a handler did not; counts and logs the request.
fn finish(help: &Help, mut response: Response, method: &Method, uri: &Uri, arrived: Arrived) -> Response {
    let Arrived { id, start, grants } = arrived;
    let took = start.elapsed();
    help.metrics.count_request(response.status().as_u16(), took);
    log(help, method, uri, &id, response.status(), took);
    let headers = response.headers_mut();
    headers.reserve(help.policy.headers.len() + 2);
    for (name, value) in &help.policy.headers {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    let policy = help.policy.content_security(grants);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| policy.clone());
    headers.insert(REQUEST_ID, id);
    response
}

/// A deed (anything but reading) must come from our own pages, or from no browser at all: browsers say
/// where a request comes from (`Sec-Fetch-Site`, `Origin`), other programs carry no cookies by accident.
fn is_forged(help: &Help, request: &Request) -> bool {
    if request.method().is_safe() {
        return false;
    }
    let text = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let origin = text(&header::ORIGIN);
    let ours = origin.is_some_and(|origin| origin.eq_ignore_ascii_case(&help.address.origin));
    // Who calls here is proved by what it sends, and no cookie counts.
    if is_hook(help, request) {
        return false;
    }
    let path = request.uri().path();
    // A host's own page may bring its reader's token, which is the proof, and tell what its reader did.
    let of_a_host = (path.ends_with("/session") || path.ends_with("/api/v1/events"))
        && origin.is_some_and(|origin| help.config.identity.origins.iter().any(|host| host == origin));
    match text(&SEC_FETCH_SITE) {
        Some("same-origin" | "none") => false,
        Some(_) => !(ours || of_a_host),
        None => origin.is_some() && !(ours || of_a_host),
    }
}

fn is_hook(help: &Help, request: &Request) -> bool {
    request.uri().path().strip_prefix(&help.address.base).is_some_and(|path| path.starts_with("/hooks/"))
}

fn log(help: &Help, method: &Method, uri: &Uri, id: &HeaderValue, status: StatusCode, took: Duration) {
    let (path, status, microseconds) = (uri.path(), status.as_u16(), took.as_micros() as u64);
    let id = id.to_str().unwrap_or_default();
    if status >= 500 || took > SLOW {
        warn!(%method, path, status, microseconds, id, "request failed or was slow");
    } else if help.config.log.requests {
        info!(%method, path, status, microseconds, id, "request");
    } else {
        debug!(%method, path, status, microseconds, id, "request");
    }
}
