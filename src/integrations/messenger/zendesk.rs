//! Zendesk's messaging.

use app::model::Purpose;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Script, Visitor, preferences, signed};

/// `[chat.zendesk]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zendesk {
    /// Of the widget, as its snippet has it.
    pub key: String,
    /// Id of the key that signs who a reader is, and the key.
    pub key_id: String,
    pub secret: SecretString,
    /// Are addresses that your product signs proved to be their readers'? Only then Zendesk may know people by them.
    #[serde(default)]
    pub verified: bool,
    /// Id of the ticket field that takes our number of the ticket.
    pub field: Option<i64>,
    /// What a reader must have granted before the script comes.
    #[serde(default = "preferences")]
    pub purpose: Purpose,
    #[serde(default)]
    pub script: Script,
}

/// Sources by directive of the policy; the widget writes its styles into the page.
pub const SOURCES: &[(&str, &str)] = &[
    ("script-src", "https://static.zdassets.com https://*.zdassets.com"),
    (
        "connect-src",
        "https://*.zendesk.com https://*.zdassets.com wss://*.zendesk.com https://api.smooch.io wss://api.smooch.io \
         https://*.twilio.com",
    ),
    ("font-src", "https://*.zdassets.com"),
    ("media-src", "https://*.zdassets.com"),
    ("style-src", "'unsafe-inline'"),
];
/// Seconds that a token is good for; the widget asks for another one.
const LIFE: i64 = 600;

#[derive(Serialize)]
struct Claims<'a> {
    scope: &'static str,
    external_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    exp: i64,
}

impl Zendesk {
    pub(super) fn address(&self) -> String {
        format!("https://static.zdassets.com/ekr/snippet.js?key={}", self.key)
    }

    /// Whom the host did not sign in is a user of this ticket alone.
    pub(super) fn told(&self, visitor: &Visitor, now: Timestamp) -> Value {
        let fields = self.field.map(|id| json!({ "id": id.to_string(), "value": visitor.number.to_string() }));
        json!({
            "token": self.token(visitor, now.as_second() + LIFE),
            "tags": ["help_center", format!("help_center_{}", visitor.number)],
            "fields": fields.into_iter().collect::<Vec<_>>(),
        })
    }

    /// `exp`: when it ends, in seconds since 1970.
    fn token(&self, visitor: &Visitor, exp: i64) -> String {
        let is_known = visitor.reader.is_some();
        let email = visitor.email.as_deref().filter(|_| is_known);
        let claims = Claims {
            scope: "user",
            external_id: visitor.reader.as_deref().unwrap_or(&visitor.ticket),
            name: visitor.name.as_deref(),
            email,
            email_verified: email.map(|_| self.verified),
            exp,
        };
        signed(Some(&self.key_id), &claims, &self.secret)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::tests::read;
    use super::*;

    const SECRET: &str = "zd-messaging-shared-secret-0123456789";

    fn messenger() -> Zendesk {
        toml::from_str(&format!(
            "key = \"0a1b2c3d-0000-4000-8000-000000000000\"\nkey_id = \"app_64f0c0ffee\"\nverified = true\nfield = 9000000012345\n\
             secret = {SECRET:?}",
        ))
        .unwrap()
    }

    fn visitor() -> Visitor {
        Visitor {
            reader: Some("user_4711".to_owned()),
            name: Some("Ada Example".to_owned()),
            email: Some("ada@customer.example".to_owned()),
            ticket: "019a0000-0000-7000-8000-5f2c9a1b3d4e".to_owned(),
            number: 1001,
            subject: "Export fails".to_owned(),
            remote_id: None,
        }
    }

    #[test]
    fn a_token_is_as_zendesk_wants_it() {
        let (header, claims) = read(&messenger().token(&visitor(), 1_785_000_000), SECRET);
        assert_eq!((header.typ.as_deref(), header.kid.as_deref()), (Some("JWT"), Some("app_64f0c0ffee")));
        let expect = json!({ "scope": "user", "external_id": "user_4711", "name": "Ada Example",
            "email": "ada@customer.example", "email_verified": true, "exp": 1_785_000_000 });
        assert_eq!(claims, expect);
    }

    #[test]
    fn an_address_that_nobody_proved_is_no_identity() {
        let claims = |messenger: &Zendesk, visitor: &Visitor| read(&messenger.token(visitor, 1_785_000_000), SECRET).1;
        let stranger = claims(&messenger(), &Visitor { reader: None, ..visitor() });
        assert_eq!(stranger["external_id"], "019a0000-0000-7000-8000-5f2c9a1b3d4e");
        assert!(stranger.get("email").is_none() && stranger.get("email_verified").is_none(), "{stranger}");
        let doubted = claims(&Zendesk { verified: false, ..messenger() }, &visitor());
        assert_eq!(doubted["email_verified"], false);
    }

    #[test]
    fn the_number_of_the_ticket_goes_along() {
        let told = messenger().told(&visitor(), Timestamp::UNIX_EPOCH);
        assert_eq!(told["tags"], json!(["help_center", "help_center_1001"]));
        assert_eq!(told["fields"], json!([{ "id": "9000000012345", "value": "1001" }]));
        assert_eq!(Zendesk { field: None, ..messenger() }.told(&visitor(), Timestamp::UNIX_EPOCH)["fields"], json!([]));
    }
}
