//! Settings: the list of each module's own. Read from `signpost.toml`, then from the environment
//! (`SIGNPOST__SECTION__KEY`, or `SIGNPOST__SECTION__KEY_FILE` naming a file that holds the value).
//! An unknown key is refused by name.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use toml::{Table, Value};

use crate::privacy::Grants;
use crate::{
    chat, community, content, delivery, events, http, identity, integrations, privacy, retention, search, site, staff,
    tags, telemetry, tickets, webhooks,
};

/// Everything that can be set. The keys are explained in the file `signpost init` writes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub site: site::Settings,
    pub content: content::Settings,
    pub search: search::Settings,
    pub server: http::Settings,
    pub identity: identity::Settings,
    pub admin: staff::Settings,
    pub privacy: privacy::Settings,
    pub events: events::Settings,
    pub retention: retention::Settings,
    pub tags: tags::Settings,
    pub delivery: delivery::Settings,
    pub desks: integrations::Desks,
    pub sinks: integrations::Sinks,
    pub connectors: integrations::Connectors,
    pub webhooks: integrations::Webhooks,
    pub hooks: webhooks::Settings,
    pub alerts: delivery::alerts::Settings,
    pub tickets: tickets::Settings,
    pub chat: chat::Settings,
    pub community: community::Settings,
    pub mail: integrations::mail::Settings,
    pub log: telemetry::Settings,
}

impl Config {
    /// Are readers asked what they allow? Only where a yes changes something.
    pub fn asks(&self) -> bool {
        self.privacy.purposes != Grants::NONE && (self.events.collect || !self.tags.is_empty())
    }
}

/// The file read when `--config` names none.
const DEFAULT_FILE: &str = "signpost.toml";
const PREFIX: &str = "SIGNPOST__";

/// Reads `file`, or `signpost.toml` where it exists, then the variables of the environment.
///
/// # Errors
/// A named file that cannot be read, a value of the wrong type, an unknown key.
pub fn read(file: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Config> {
    let text = match file {
        Some(file) => read_text(file)?,
        None if Path::new(DEFAULT_FILE).is_file() => read_text(Path::new(DEFAULT_FILE))?,
        None => String::new(),
    };
    let name = file.unwrap_or(Path::new(DEFAULT_FILE)).display().to_string();
    // Once for itself: its error shows line and column of the file. It may lack what the environment adds.
    let alone = toml::from_str::<Config>(&text);
    let refused = || format!("{name} has a setting that cannot be used");
    let mut table: Table = toml::from_str(&text).with_context(refused)?;
    for (name, value) in variables.filter(|(name, _)| name.starts_with(PREFIX)) {
        overlay(&mut table, &name, value)?;
    }
    let config: Config = match (table.try_into(), alone) {
        (Ok(config), _) => config,
        (Err(_), Err(alone)) => return Err(alone).with_context(refused),
        (Err(cause), Ok(_)) => {
            return Err(cause).context("the environment has a SIGNPOST__… variable that cannot be used");
        }
    };
    config.site.check()?;
    config.identity.check()?;
    config.privacy.check()?;
    config.retention.check()?;
    config.tags.check(config.privacy.purposes)?;
    config.tickets.check()?;
    config.chat.check(&config.tickets, &config.desks, config.privacy.purposes)?;
    config.mail.inbound.check()?;
    config.community.check()?;
    let mail = &config.mail.inbound;
    ensure!(
        !mail.open_tickets || config.tickets.form(&mail.form).is_some(),
        "mail.inbound.form is {:?}, which [tickets.forms] does not have",
        mail.form
    );
    Ok(config)
}

fn read_text(file: &Path) -> Result<String> {
    std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the settings in {}; check the path given by --config", file.display()))
}

/// Sets one key from one variable; with a `_FILE` ending the value is what the file holds.
fn overlay(table: &mut Table, name: &str, value: String) -> Result<()> {
    let (path, value) = match name.strip_suffix("_FILE") {
        Some(stem) => (stem, Value::String(read_secret(name, &PathBuf::from(value))?)),
        None => (name, parse_value(value)),
    };
    let keys: Vec<String> = path[PREFIX.len()..].split("__").map(str::to_lowercase).collect();
    let [sections @ .., key] = keys.as_slice() else {
        bail!("{name} names no setting; write {PREFIX}SECTION__KEY");
    };
    let (mut sections, mut place) = (sections.iter(), table);
    while let Some(section) = sections.next() {
        let next = match place.entry(section.clone()).or_insert_with(|| Value::Table(Table::new())) {
            Value::Array(list) => element(list, sections.next())
                .with_context(|| format!("{name}: `{section}` is a list; name one of its entries, counted from 0"))?,
            other => other,
        };
        place = next.as_table_mut().with_context(|| format!("{name}: `{section}` is a value, not a section"))?;
    }
    place.insert(key.clone(), value);
    Ok(())
}

fn element<'v>(list: &'v mut [Value], number: Option<&String>) -> Option<&'v mut Value> {
    list.get_mut(number?.parse::<usize>().ok()?)
}

fn read_secret(name: &str, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{name} names {}, which cannot be read", file.display()))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// `true`, `20` and `["a", "b"]` as TOML has them; anything else as text.
fn parse_value(text: String) -> Value {
    let parsed = toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut table| table.remove("value"));
    parsed.unwrap_or(Value::String(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use secrecy::ExposeSecret;

    use super::*;

    fn check(file: &str, variables: &[(&str, &str)], expect: impl Fn(Result<Config>)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("signpost.toml");
        std::fs::write(&path, file).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        expect(read(Some(&path), variables));
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let file = "[site]\nname = \"From file\"\n[server]\nmax_body = 10";
        let variables = [("SIGNPOST__SITE__NAME", "From environment"), ("SIGNPOST__SERVER__MAX_BODY", "20")];
        check(file, &variables, |config| {
            let config = config.unwrap();
            assert_eq!(config.site.name.as_deref(), Some("From environment"));
            assert_eq!(config.server.max_body, 20);
        });
    }

    #[test]
    fn an_unknown_key_is_refused_by_name_and_line() {
        check("[site]\nnmae = \"Help\"", &[], |config| {
            let error = format!("{:#}", config.unwrap_err());
            assert!(error.contains("nmae") && error.contains("line 2"), "{error}");
        });
        check("", &[("SIGNPOST__SITE__NMAE", "Help")], |config| {
            assert!(format!("{:#}", config.unwrap_err()).contains("nmae"));
        });
    }

    #[test]
    fn mail_opens_tickets_of_a_form_that_is_there() {
        let mail = "[mail.inbound]\nform = \"qestion\"\n";
        check(mail, &[], |config| assert!(config.is_ok(), "nothing is opened by mail"));
        check(&format!("{mail}open_tickets = true"), &[], |config| {
            assert!(format!("{:#}", config.unwrap_err()).contains("mail.inbound.form is \"qestion\""));
        });
        let own = "[mail.inbound]\nform = \"help\"\nopen_tickets = true\n[tickets.forms.help]\ntitle = \"Help\"\n";
        check(own, &[], |config| assert!(config.is_ok(), "{:?}", config.err()));
    }

    #[test]
    fn a_secret_may_lie_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("token");
        std::fs::write(&secret, "a-token-of-sufficient-length-0123456789\n").unwrap();
        check("", &[("SIGNPOST__ADMIN__TOKEN_FILE", secret.to_str().unwrap())], |config| {
            let token = config.unwrap().admin.token.unwrap();
            assert_eq!(token.expose_secret(), "a-token-of-sufficient-length-0123456789");
        });
        let (one, other) = ("a-secret-of-at-least-thirty-two-bytes", "another-secret-of-at-least-32-bytes!!");
        let ga4 = "[sinks.ga4]\nmeasurement_id = \"G-1\"";
        check(ga4, &[("SIGNPOST__SINKS__GA4__API_SECRET_FILE", secret.to_str().unwrap())], |config| {
            assert_eq!(config.unwrap().sinks.ga4.unwrap().api_secret.expose_secret().len(), 39);
        });
        check(ga4, &[], |config| assert!(format!("{:#}", config.unwrap_err()).contains("api_secret")));
        std::fs::write(&secret, format!("{one}\n{other}\n")).unwrap();
        check("", &[("SIGNPOST__IDENTITY__SECRETS_FILE", secret.to_str().unwrap())], |config| {
            let secrets = config.unwrap().identity.secrets;
            assert_eq!(secrets.iter().map(ExposeSecret::expose_secret).collect::<Vec<_>>(), [one, other]);
        });
        let two =
            "[[mail.transports]]\nkind = \"postmark\"\n[[mail.transports]]\nkind = \"resend\"\nkey = \"from file\"";
        let variables = [
            ("SIGNPOST__MAIL__TRANSPORTS__0__TOKEN_FILE", secret.to_str().unwrap()),
            ("SIGNPOST__MAIL__TRANSPORTS__1__KEY", "from environment"),
        ];
        check(two, &variables, |config| assert_eq!(config.unwrap().mail.transports.len(), 2));
        check(two, &variables[1..], |config| assert!(format!("{:#}", config.unwrap_err()).contains("token")));
        check(two, &[("SIGNPOST__MAIL__TRANSPORTS__2__KEY", "x")], |config| {
            assert!(format!("{:#}", config.unwrap_err()).contains("counted from 0"));
        });
        check("", &[("SIGNPOST__ADMIN__TOKEN_FILE", "/nowhere/token")], |config| {
            assert!(format!("{:#}", config.unwrap_err()).contains("/nowhere/token"));
        });
    }
}
