//! Where somebody goes on after the sign-in: a page of staff, and nothing else.

use axum::http::request::Parts;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::http::address;

const HOME: &str = "/agent";

/// Path and query of a page below `/agent` or `/admin`, without the site's base; the portal where there is no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next(String);

impl Next {
    /// The page that is asked for; after a deed, which cannot be repeated by going there, the portal.
    pub fn of(parts: &Parts) -> Self {
        let page = parts.uri.path_and_query().filter(|_| parts.method.is_safe());
        Self::checked(page.map(|page| page.as_str()))
    }

    /// What a form or an address names, if it is such a page.
    pub fn checked(given: Option<&str>) -> Self {
        Self(given.and_then(page_of_staff).unwrap_or_else(|| HOME.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether anything but the portal was asked for.
    pub fn named(&self) -> Option<&str> {
        (self.0 != HOME).then_some(&self.0)
    }

    /// The address of a sign-in that leads here.
    pub fn after(&self, sign_in: &str) -> String {
        match self.named() {
            Some(next) => format!("{sign_in}?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC)),
            None => sign_in.to_owned(),
        }
    }
}

fn page_of_staff(given: &str) -> Option<String> {
    let (path, query) = given.split_once('?').map_or((given, None), |(path, query)| (path, Some(query)));
    let path = address::canonical(path).ok()?;
    let mut segments = path.split('/').skip(1);
    let of_staff = matches!(segments.next(), Some("agent" | "admin"));
    let to_the_door = matches!(segments.next(), Some("login" | "logout"));
    let query = query.filter(|query| query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    (of_staff && !to_the_door).then(|| format!("{}{query}", address::encoded(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_staff_come_next() {
        let check = |given: &str, expect: &str| assert_eq!(Next::checked(Some(given)).as_str(), expect, "{given:?}");
        check("/agent/queue?state=open&page=2", "/agent/queue?state=open&page=2");
        check("/admin", "/admin");
        check("/agent/über", "/agent/%C3%BCber");
        check("//agent//queue", "/agent/queue");
        check("/agent/a?b\r\nset-cookie: c", "/agent/a");
        for foreign in [
            "",
            "/",
            "/start/install",
            "/agents",
            "//evil.example/agent",
            "https://evil.example/agent",
            "/\\evil.example",
            "/agent/../start",
            "/agent\r\nlocation: //evil.example",
            "/agent/login?next=/agent/login",
            "/admin/logout",
        ] {
            check(foreign, HOME);
        }
    }

    #[test]
    fn the_sign_in_leads_back() {
        let check = |given: &str, expect: &str| assert_eq!(Next::checked(Some(given)).after("/agent/login"), expect);
        check("/agent", "/agent/login");
        check("/agent/queue?a=b&c", "/agent/login?next=%2Fagent%2Fqueue%3Fa%3Db%26c");
    }
}
