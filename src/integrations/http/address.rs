//! Addresses of vendors, as operators write them.

use std::net::IpAddr;

use anyhow::{Context, Result, ensure};
use url::Url;

/// Reads a vendor's address, with or without a slash at its end, with or without a path.
///
/// # Errors
/// What is no address; plain HTTP to anywhere but this machine, because secrets travel in requests.
pub fn base(text: &str) -> Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{text:?} is no address; write https://host/path"))?;
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && url.host_str().is_some_and(is_loopback));
    ensure!(is_safe, "{text:?} is not safe to send secrets to; write https:// (http:// is for this machine alone)");
    ensure!(url.username().is_empty() && url.password().is_none(), "an address holds no name and password");
    Ok(url)
}

/// Is it this machine? `host` as an address has it, an IPv6 address with or without brackets.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `path` below `base`; what `base` has behind `?` stays there.
pub fn joined(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{}", base.path().trim_end_matches('/'), path.trim_start_matches('/')));
    url
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_path_is_put_below_the_address() {
        let check = |address: &str, expect: &str| {
            assert_eq!(joined(&base(address).unwrap(), "/mp/collect").as_str(), expect, "{address}");
        };
        check("https://a.example", "https://a.example/mp/collect");
        check("https://a.example/", "https://a.example/mp/collect");
        check("https://a.example/eu/", "https://a.example/eu/mp/collect");
        check("http://127.0.0.1:9000/eu", "http://127.0.0.1:9000/eu/mp/collect");
    }

    #[test]
    fn what_is_not_safe_is_refused() {
        let check = |address: &str, expect: &str| {
            let refusal = format!("{:#}", base(address).unwrap_err());
            assert!(refusal.contains(expect), "{address}: {refusal}");
        };
        check("http://a.example", "https://");
        check("ftp://127.0.0.1", "https://");
        check("a.example", "no address");
        check("https://jo:secret@a.example", "name and password");
    }
}
