//! Who asks, of which edition.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use cookie::Cookie;
use jiff::Timestamp;

use super::error::Error;
use crate::Help;
use crate::content::View;
use crate::edition::Edition;
use crate::identity::{self, Refusal, Viewer};

/// The cookie that holds a reader's verified token.
pub const READER_COOKIE: &str = "__Host-signpost";
/// The cookie that holds a staff session's secret.
pub const STAFF_COOKIE: &str = "__Host-signpost-staff";

/// The reader and the edition that answers; one edition for the whole request.
pub struct Asked {
    pub viewer: Viewer,
    pub edition: Arc<Edition>,
}

/// Tells readers apart who search at the same time: who they are, from where and with what.
#[derive(Hash)]
pub struct Reader {
    viewer: Viewer,
    client: IpAddr,
    browser: Option<Vec<u8>>,
}

impl FromRequestParts<Arc<Help>> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, help: &Arc<Help>) -> Result<Self, Error> {
        let Client(client) = Client::from_request_parts(parts, help).await?;
        let browser = parts.headers.get(header::USER_AGENT).map(|browser| browser.as_bytes().to_vec());
        Ok(Self { viewer: proved(help, parts)?, client, browser })
    }
}

impl Asked {
    /// Who these headers prove to ask.
    ///
    /// # Errors
    /// A token in `Authorization` that is no good.
    pub fn by(help: &Help, headers: &HeaderMap) -> Result<Self, Refusal> {
        Ok(Self { viewer: viewer(help, headers)?, edition: help.edition.load_full() })
    }

    pub fn view(&self) -> View<'_> {
        self.edition.snapshot.view(&self.viewer)
    }

    /// The locale a route names with its first segment; the default one where it names none.
    ///
    /// # Errors
    /// A locale this site has not; the default one has no segment.
    pub fn locale(&self, help: &Help, named: Option<Path<String>>) -> Result<String, Error> {
        let Some(Path(named)) = named else { return Ok(help.config.content.default_locale.clone()) };
        let known = self.edition.snapshot.locales().iter().skip(1).any(|known| *known == named);
        if known { Ok(named) } else { Err(Error::NotFound) }
    }
}

impl FromRequestParts<Arc<Help>> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, help: &Arc<Help>) -> Result<Self, Error> {
        Ok(Self { viewer: proved(help, parts)?, edition: help.edition.load_full() })
    }
}

/// The viewer of a request whose parts are taken one by one: proved for the first of them, remembered for the others.
pub fn proved(help: &Help, parts: &mut Parts) -> Result<Viewer, Refusal> {
    if let Some(known) = parts.extensions.get::<Viewer>() {
        return Ok(known.clone());
    }
    let viewer = viewer(help, &parts.headers)?;
    parts.extensions.insert(viewer.clone());
    Ok(viewer)
}

/// The viewer that these headers prove. A bad token in `Authorization` is refused, as whoever sent it meant
/// it; a cookie that has run out leaves an anonymous reader.
pub fn viewer(help: &Help, headers: &HeaderMap) -> Result<Viewer, Refusal> {
    let settings = &help.config.identity;
    if let Some(token) = bearer(headers) {
        return identity::from_token(token, settings, Timestamp::now());
    }
    let by_cookie = cookie(headers, READER_COOKIE);
    let viewer = by_cookie.and_then(|token| identity::from_token(&token, settings, Timestamp::now()).ok());
    Ok(viewer.unwrap_or_else(identity::anonymous))
}

/// The token of an `Authorization: Bearer` header (RFC 6750).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(Cookie::split_parse).flatten().find(|cookie| cookie.name() == name).map(|c| c.value().to_owned())
}

/// A `Set-Cookie` value as wall 11 of the house wants them all; no `seconds` takes the cookie away.
pub fn set_cookie(name: &str, value: &str, seconds: i64) -> String {
    Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(cookie::SameSite::Lax)
        .max_age(cookie::time::Duration::seconds(seconds))
        .to_string()
}

/// The address a request comes from: the peer's, or what a trusted proxy says it is.
pub struct Client(pub IpAddr);

impl FromRequestParts<Arc<Help>> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, help: &Arc<Help>) -> Result<Self, Error> {
        let address = address(help, &parts.extensions, &parts.headers);
        Ok(Self(address.ok_or_else(|| anyhow::anyhow!("the listener did not say where a connection comes from"))?))
    }
}

/// The same, before there is a handler.
pub fn address(help: &Help, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(client(peer.ip(), headers, &help.config.server.trusted_proxies))
}

/// Does one of our own proxies bring the request? What it adds can be believed.
pub fn is_by_proxy(extensions: &Extensions, help: &Help) -> bool {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(peer)| help.config.server.trusted_proxies.contains(&peer.ip()))
}

/// The last address in `X-Forwarded-For` that is not one of our proxies; what stands before it anybody can write.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let hops: Vec<IpAddr> = lines.flat_map(|line| line.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|hop| !trusted.contains(hop)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_a_trusted_proxy_may_say_who_asks() {
        let check = |peer: &str, forwarded: &str, expect: &str| {
            let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), forwarded.parse().unwrap())]);
            let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
            assert_eq!(client(peer.parse().unwrap(), &headers, &trusted), expect.parse::<IpAddr>().unwrap());
        };
        check("192.0.2.7", "203.0.113.9", "192.0.2.7");
        check("10.0.0.1", "203.0.113.9", "203.0.113.9");
        check("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9");
        check("10.0.0.1", "nonsense", "10.0.0.1");
    }

    #[test]
    fn cookies_are_bound_to_this_host() {
        let line = set_cookie(READER_COOKIE, "value", 60);
        for part in ["__Host-signpost=value", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"] {
            assert!(line.contains(part), "{part} is missing in {line}");
        }
    }
}
