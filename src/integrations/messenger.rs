//! Chats of vendors in readers' browsers: whose script it is, which hosts it needs, and the token by which the vendor
//! knows who goes on there. The page that loads it asks the vendor for nothing before its reader's click.

mod intercom;
mod zendesk;

use anyhow::{Result, ensure};
use app::model::Purpose;
use jiff::Timestamp;
use jsonwebtoken::{EncodingKey, Header, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::http::base;

pub use intercom::Intercom;
pub use zendesk::Zendesk;

/// What is the same for each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Script {
    /// Where the script comes from, in place of the vendor's own address.
    pub url: Option<String>,
    /// Further origins that the vendor's script may load from and talk to: `https://host`, `https://*.host`,
    /// `wss://host`.
    pub hosts: Vec<String>,
}

/// A vendor's chat.
#[derive(Debug, Clone)]
pub enum Messenger {
    Intercom(Intercom),
    Zendesk(Zendesk),
}

/// Who goes on with which ticket.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Whom the host signed in.
    pub reader: Option<String>,
    pub name: Option<String>,
    /// Of a reader whom the host signed in, as it says; of anybody else, as it was typed.
    pub email: Option<String>,
    /// Our id of the ticket, its number and what it is about.
    pub ticket: String,
    pub number: i64,
    pub subject: String,
    /// What the desk calls the ticket, once it has it.
    pub remote_id: Option<String>,
}

impl Messenger {
    /// As people call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Intercom(_) => "Intercom",
            Self::Zendesk(_) => "Zendesk",
        }
    }

    /// Name of the sink that takes its tickets.
    pub fn desk(&self) -> &'static str {
        match self {
            Self::Intercom(_) => "intercom",
            Self::Zendesk(_) => "zendesk",
        }
    }

    /// What a reader must have granted before its script comes.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Intercom(intercom) => intercom.purpose,
            Self::Zendesk(zendesk) => zendesk.purpose,
        }
    }

    fn script(&self) -> &Script {
        match self {
            Self::Intercom(intercom) => &intercom.script,
            Self::Zendesk(zendesk) => &zendesk.script,
        }
    }

    /// # Errors
    /// What no vendor can have given, and addresses that could not stand in a policy.
    pub fn check(&self) -> Result<()> {
        let of = self.desk();
        let (name, id) = match self {
            Self::Intercom(intercom) => ("workspace", &intercom.workspace),
            Self::Zendesk(zendesk) => ("key", &zendesk.key),
        };
        let is_id = !id.is_empty() && id.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
        ensure!(is_id, "chat.{of}.{name} is {id:?}; it has letters, digits and hyphens only");
        let Script { url, hosts } = self.script();
        if let Some(url) = url {
            let is_plain = source(url).is_some() && base(url).is_ok() && !url.contains('*');
            ensure!(is_plain, "chat.{of}.script.url is {url:?}; write https://host/path");
        }
        for host in hosts {
            let cure = "write https://host, wss://host, or *. before the host for all below it";
            ensure!(source(host).is_some(), "chat.{of}.script.hosts has {host:?}; {cure}");
        }
        Ok(())
    }

    /// What the page's own script needs, made for one reader: where the vendor's script is, and what it is told.
    pub fn identity(&self, visitor: &Visitor, now: Timestamp) -> Value {
        let (mut told, own) = match self {
            Self::Intercom(intercom) => (intercom.told(visitor, now), intercom.address()),
            Self::Zendesk(zendesk) => (zendesk.told(visitor, now), zendesk.address()),
        };
        told["with"] = self.desk().into();
        told["script"] = self.script().url.clone().unwrap_or(own).into();
        told
    }

    /// Sources that its script needs, by directive of the policy of that one page.
    pub fn sources(&self) -> Vec<(&'static str, String)> {
        let known = match self {
            Self::Intercom(_) => intercom::SOURCES,
            Self::Zendesk(_) => zendesk::SOURCES,
        };
        let known = known.iter().map(|(directive, sources)| (*directive, (*sources).to_owned()));
        let Script { url, hosts } = self.script();
        let own = url.iter().filter_map(|url| Some(("script-src", source(url)?)));
        let hosts: Vec<_> = hosts.iter().filter_map(|host| source(host)).collect();
        let further = DIRECTIVES.into_iter().flat_map(|directive| {
            // A script is loaded over no socket.
            let may_be = move |host: &&String| directive == "connect-src" || !host.starts_with("wss:");
            hosts.iter().filter(may_be).map(move |host| (directive, host.clone()))
        });
        known.chain(own).chain(further).collect()
    }
}

/// Directives of the policy that `hosts` come to.
const DIRECTIVES: [&str; 5] = ["script-src", "connect-src", "frame-src", "font-src", "media-src"];

/// An address as a source of a policy, of which it can change nothing else: `https://host`, `wss://*.host`.
fn source(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let (any, rest) = rest.strip_prefix("*.").map_or(("", rest), |rest| ("*.", rest));
    // Checked, and spelt, as what is asked over the web.
    let web = if scheme == "wss" { "https" } else { scheme };
    let url = base(&format!("{web}://{rest}")).ok()?;
    let origin = url.origin().ascii_serialization();
    let host = origin.split_once("://")?.1;
    let is_plain = !rest.contains(|letter: char| letter.is_whitespace() || ";,'\"\\*".contains(letter));
    // What lies below `com` or below a number is anybody's.
    let is_theirs = any.is_empty() || url.domain().is_some_and(|domain| domain.trim_end_matches('.').contains('.'));
    (is_plain && is_theirs).then(|| format!("{scheme}://{any}{host}"))
}

/// A JWT (RFC 7519), signed with HS256 (RFC 7515). `kid`: id of the key, where the vendor wants it.
fn signed(kid: Option<&str>, claims: &impl Serialize, secret: &SecretString) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::default() };
    let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
    encode(&header, claims, &key).expect("texts and numbers are JSON")
}

/// A chat is nothing that must be there: whoever goes on says so.
fn preferences() -> Purpose {
    Purpose::Preferences
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};

    use super::*;

    /// Header and claims of a token that this secret signed, however old.
    pub(super) fn read(token: &str, secret: &str) -> (Header, Value) {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        let read = decode(token, &DecodingKey::from_secret(secret.as_bytes()), &validation).unwrap();
        (read.header, read.claims)
    }

    fn intercom(more: &str) -> Messenger {
        Messenger::Intercom(toml::from_str(&format!("workspace = \"ab1\"\nsecret = \"s\"\n{more}")).unwrap())
    }

    #[test]
    fn a_policy_names_the_vendors_hosts_and_those_of_the_settings() {
        let script = r#"script = { url = "http://127.0.0.1:9/widget.js", hosts = ["https://proxy.example.com/x",
            "wss://*.example.org:8443"] }"#;
        let messenger = intercom(script);
        messenger.check().unwrap();
        let sources = messenger.sources();
        let of = |directive: &str| {
            let all = sources.iter().filter(|(name, _)| *name == directive);
            all.map(|(_, sources)| sources.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert!(of("script-src").contains("https://widget.intercom.io"), "{sources:?}");
        assert!(of("script-src").ends_with("http://127.0.0.1:9 https://proxy.example.com"), "{sources:?}");
        assert!(of("connect-src").ends_with(" https://proxy.example.com wss://*.example.org:8443"), "{sources:?}");
        for directive in ["frame-src", "font-src", "media-src"] {
            assert!(of(directive).ends_with(" https://proxy.example.com"), "{directive}: {sources:?}");
        }
        assert_eq!(intercom("").sources().iter().filter(|(name, _)| *name == "script-src").count(), 1);
    }

    #[test]
    fn what_cannot_stand_in_a_page_is_refused_by_name() {
        let check = |messenger: Messenger, expect: &str| {
            let why = messenger.check().unwrap_err().to_string();
            assert!(why.contains(expect), "{why}");
        };
        assert!(intercom("").check().is_ok());
        check(
            Messenger::Intercom(toml::from_str("workspace = \"a'b\"\nsecret = \"s\"").unwrap()),
            "chat.intercom.workspace",
        );
        check(intercom("script = { url = \"https://*.a.example/w.js\" }"), "chat.intercom.script.url");
        check(intercom("script = { url = \"wss://a.example/w.js\" }"), "chat.intercom.script.url");
        for host in [
            "https://a.example; script-src *",
            "https://a.example,b.example",
            "https://*",
            "https://*.com",
            "https://*.com.",
            "https://*.a.*.example",
            "https://a*.example",
            "https://*.127.0.0.1",
            "http://*.a.example",
            "ws://a.example",
            "wss://user:secret@a.example",
            "data:",
            "*.a.example",
        ] {
            check(intercom(&format!("script = {{ hosts = [{host:?}] }}")), "chat.intercom.script.hosts");
        }
        check(intercom("script = { url = \"http://a.example/w.js\" }"), "chat.intercom.script.url");
        let zendesk = toml::from_str("key = \"\"\nkey_id = \"app_1\"\nsecret = \"s\"").unwrap();
        check(Messenger::Zendesk(zendesk), "chat.zendesk.key");
    }
}
