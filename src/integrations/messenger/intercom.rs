//! Intercom's Messenger.

use app::model::Purpose;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Script, Visitor, preferences, signed};

/// `[chat.intercom]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intercom {
    /// Its id: `ab1cd2ef`.
    pub workspace: String,
    /// Of the workspace's messenger security; it signs who a reader is.
    pub secret: SecretString,
    /// Where the workspace lies.
    #[serde(default)]
    pub region: Region,
    /// What a reader must have granted before the script comes.
    #[serde(default = "preferences")]
    pub purpose: Purpose,
    #[serde(default)]
    pub script: Script,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    #[default]
    Us,
    Eu,
    Au,
}

/// Sources by directive of the policy; the messenger writes its styles into the page.
pub const SOURCES: &[(&str, &str)] = &[
    ("script-src", "https://app.intercom.io https://widget.intercom.io https://js.intercomcdn.com"),
    (
        "connect-src",
        "https://*.intercom.io wss://*.intercom.io https://*.intercom-messenger.com wss://*.intercom-messenger.com \
         https://uploads.intercomcdn.com https://uploads.eu.intercomcdn.com https://uploads.au.intercomcdn.com \
         https://uploads.intercomcdn.eu https://uploads.intercomusercontent.com",
    ),
    ("frame-src", "https://intercom-sheets.com"),
    ("font-src", "https://*.intercomcdn.com"),
    ("media-src", "https://*.intercomcdn.com"),
    ("style-src", "'unsafe-inline'"),
];
/// Seconds that a token is good for: the messenger shows it again and again.
const LIFE: i64 = 3600;

#[derive(Serialize)]
struct Claims<'a> {
    user_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    exp: i64,
}

impl Intercom {
    pub(super) fn address(&self) -> String {
        format!("https://widget.intercom.io/widget/{}", self.workspace)
    }

    /// Whom the host signed in is that user, and who gave no address a user of this ticket alone. Anybody else is a lead
    /// under an address that nobody proved, and nobody may show a lead's conversations for it: there a new one begins,
    /// which names the ticket.
    pub(super) fn told(&self, visitor: &Visitor, now: Timestamp) -> Value {
        let api = match self.region {
            Region::Us => "https://api-iam.intercom.io",
            Region::Eu => "https://api-iam.eu.intercom.io",
            Region::Au => "https://api-iam.au.intercom.io",
        };
        let mut settings = json!({ "api_base": api, "app_id": self.workspace });
        let user = visitor.reader.as_deref().or_else(|| visitor.email.is_none().then_some(visitor.ticket.as_str()));
        if let Some(user) = user {
            settings["intercom_user_jwt"] = self.token(user, visitor, now.as_second() + LIFE).into();
        }
        let first = format!("#{}: {}", visitor.number, visitor.subject);
        json!({ "settings": settings, "conversation": user.and(visitor.remote_id.as_ref()), "first": first })
    }

    /// `exp`: when it ends, in seconds since 1970.
    fn token(&self, user_id: &str, visitor: &Visitor, exp: i64) -> String {
        let claims = Claims { user_id, email: visitor.email.as_deref(), name: visitor.name.as_deref(), exp };
        signed(None, &claims, &self.secret)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::tests::read;
    use super::*;

    fn messenger() -> Intercom {
        toml::from_str("workspace = \"ab1cd2ef\"\nsecret = \"ic-identity-secret-77aa\"\nregion = \"eu\"").unwrap()
    }

    fn visitor() -> Visitor {
        Visitor {
            reader: Some("user_4711".to_owned()),
            name: None,
            email: Some("ada@customer.example".to_owned()),
            ticket: "019a0000-0000-7000-8000-5f2c9a1b3d4e".to_owned(),
            number: 1001,
            subject: "Export fails".to_owned(),
            remote_id: Some("12045".to_owned()),
        }
    }

    #[test]
    fn a_token_is_as_intercom_wants_it() {
        let token = messenger().token("user_4711", &visitor(), 1_785_000_000);
        let (header, claims) = read(&token, "ic-identity-secret-77aa");
        assert_eq!((header.typ.as_deref(), header.kid), (Some("JWT"), None));
        let expect = json!({ "user_id": "user_4711", "email": "ada@customer.example", "exp": 1_785_000_000 });
        assert_eq!(claims, expect);
    }

    #[test]
    fn who_proved_nothing_is_shown_nothing() {
        let now = Timestamp::from_second(1_785_000_000).unwrap();
        let told = messenger().told(&visitor(), now);
        assert_eq!(
            (&told["conversation"], &told["settings"]["api_base"]),
            (&json!("12045"), &json!("https://api-iam.eu.intercom.io"))
        );
        assert!(told["settings"]["intercom_user_jwt"].is_string());
        let lead = messenger().told(&Visitor { reader: None, ..visitor() }, now);
        assert_eq!((&lead["conversation"], &lead["first"]), (&Value::Null, &json!("#1001: Export fails")));
        assert_eq!(lead["settings"], json!({ "api_base": "https://api-iam.eu.intercom.io", "app_id": "ab1cd2ef" }));
        let nobody = messenger().told(&Visitor { reader: None, email: None, ..visitor() }, now);
        assert_eq!(nobody["conversation"], "12045", "whoever holds the ticket is its user");
    }
}
