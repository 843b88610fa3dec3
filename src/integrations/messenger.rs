//! Chats of vendors in readers' browsers: whose script it is, which hosts it needs, and the token by which the vendor
//! knows who goes on there. The page that loads it asks the vendor for nothing before its reader's click.

mod intercom;
mod zendesk;

use anyhow::{Result, ensure};
use app::model::Purpose;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::generic::mac;
use super::http::base;

pub use intercom::Intercom;
pub use zendesk::Zendesk;

/// What is the same for each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Script {
    /// Where the script comes from, in place of the vendor's own address.
    pub url: Option<String>,
    /// Further origins that the vendor's script may load from and talk to.
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
        for address in url.iter().chain(hosts) {
            let is_plain = !address.contains(|letter: char| letter.is_whitespace() || ";,'\"\\*".contains(letter));
            ensure!(is_plain && base(address).is_ok(), "chat.{of}.script has {address:?}; write https://host");
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
        let own = url.iter().filter_map(|url| Some(("script-src", origin(url)?)));
        let hosts: Vec<_> = hosts.iter().filter_map(|host| origin(host)).collect();
        let further = ["script-src", "connect-src", "frame-src"].map(|directive| (directive, hosts.join(" ")));
        known.chain(own).chain(further.into_iter().filter(|(_, hosts)| !hosts.is_empty())).collect()
    }
}

fn origin(address: &str) -> Option<String> {
    Some(Url::parse(address).ok()?.origin().ascii_serialization())
}

/// A JWT (RFC 7519), signed with HS256 (RFC 7515).
fn signed(header: &impl Serialize, claims: &impl Serialize, secret: &SecretString) -> String {
    let part = |part: Result<Vec<u8>, _>| BASE64_URL_SAFE_NO_PAD.encode(part.expect("texts and numbers are JSON"));
    let said = format!("{}.{}", part(serde_json::to_vec(header)), part(serde_json::to_vec(claims)));
    let signature = mac(secret.expose_secret().as_bytes(), said.as_bytes());
    format!("{said}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// A chat is nothing that must be there: whoever goes on says so.
fn preferences() -> Purpose {
    Purpose::Preferences
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn intercom(more: &str) -> Messenger {
        Messenger::Intercom(toml::from_str(&format!("workspace = \"ab1\"\nsecret = \"s\"\n{more}")).unwrap())
    }

    #[test]
    fn a_policy_names_the_vendors_hosts_and_those_of_the_settings() {
        let script = r#"script = { url = "http://127.0.0.1:9/widget.js", hosts = ["https://proxy.example.com/x"] }"#;
        let sources = intercom(script).sources();
        let of = |directive: &str| {
            let all = sources.iter().filter(|(name, _)| *name == directive);
            all.map(|(_, sources)| sources.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert!(of("script-src").contains("https://widget.intercom.io"), "{sources:?}");
        assert!(of("script-src").ends_with("http://127.0.0.1:9 https://proxy.example.com"), "{sources:?}");
        assert!(of("connect-src").ends_with(" https://proxy.example.com"), "{sources:?}");
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
        check(intercom("script = { hosts = [\"https://a.example; script-src *\"] }"), "chat.intercom.script");
        check(intercom("script = { url = \"http://a.example/w.js\" }"), "chat.intercom.script");
        let zendesk = toml::from_str("key = \"\"\nkey_id = \"app_1\"\nsecret = \"s\"").unwrap();
        check(Messenger::Zendesk(zendesk), "chat.zendesk.key");
    }
}
