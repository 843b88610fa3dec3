//! Where somebody signed in, said so that its owner knows it again and nothing more is kept.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::session::Place;

/// Engines and systems by the mark they leave in `User-Agent`; more special ones stand first, as they name others too.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// The place of a request from `address` by a browser that calls itself `user_agent`.
pub fn of(user_agent: Option<&str>, address: IpAddr) -> Place {
    Place { browser: user_agent.and_then(browser), network: Some(network(address)) }
}

/// `Firefox, Linux`; nothing for what is no browser we know.
fn browser(user_agent: &str) -> Option<String> {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let parts: Vec<_> = [named(&BROWSERS), named(&SYSTEMS)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The address without the part that tells a household's machines apart: `192.0.2.0/24`, `2001:db8:1::/48`.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("{}/24", Ipv4Addr::from_bits(address.to_bits() & !0xff)),
        IpAddr::V6(address) => format!("{}/48", Ipv6Addr::from_bits(address.to_bits() >> 80 << 80)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_browser_is_named_as_people_name_it() {
        let check = |user_agent: &str, expect: Option<&str>| assert_eq!(browser(user_agent).as_deref(), expect);
        check("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Some("Firefox, Linux"));
        check(
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140",
            Some("Edge, Windows"),
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            Some("Safari, iPhone"),
        );
        check("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Safari/537.36", Some("Chrome, Android"));
        check("curl/8.5.0", None);
    }

    #[test]
    fn of_an_address_the_network_is_kept() {
        let check = |address: &str, expect: &str| assert_eq!(network(address.parse().unwrap()), expect);
        check("192.0.2.77", "192.0.2.0/24");
        check("::ffff:192.0.2.77", "192.0.2.0/24");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48");
    }
}
