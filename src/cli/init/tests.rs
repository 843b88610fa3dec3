#![allow(clippy::unwrap_used)]

use jiff::Timestamp;

use super::*;
use crate::config::{self, Config};
use crate::content::Source;
use crate::edition::{self, Origin};
use crate::integrations::{Desks, Sinks};
use crate::progress::Progress;
use crate::site::Address;
use crate::tags::{self, Tag};
use crate::tickets::Text;
use app::model::Purpose;

const SETTINGS: &str = include_str!("signpost.toml");

fn made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path()).unwrap();
    dir
}

fn read(text: &str) -> Result<Config> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("signpost.toml");
    fs::write(&file, text).unwrap();
    config::read(Some(&file), std::iter::empty())
}

/// The settings file with every `#` taken away that stands before a setting.
fn every_setting() -> String {
    let setting = |line: &str| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting.to_owned(),
        _ => line.to_owned(),
    };
    SETTINGS.lines().map(setting).collect::<Vec<_>>().join("\n")
}

/// Keys that `place` may have, as the refusal of one it cannot have names them.
fn keys(place: &str) -> Vec<String> {
    let refusal = format!("{:#}", read(&format!("{place}\n\"no such key\" = 1")).unwrap_err());
    let (_, expected) = refusal.split_once("expected").unwrap();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn a_new_help_center_has_nothing_wrong_and_can_be_searched() {
    let dir = made();
    let file = dir.path().join("signpost.toml");
    let config = config::read(Some(&file), std::iter::empty()).unwrap();
    let origin = Origin {
        source: Source::Dir(dir.path().to_owned()),
        content: config.content,
        search: config.search,
        address: Address::parse("http://127.0.0.1:8080"),
        cache: None,
    };
    let edition = edition::build(&origin, None, &Progress::quiet(), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(edition.snapshot.problems(), []);
    assert_eq!(edition.snapshot.page_count(), FILES.iter().filter(|(path, _)| path.ends_with(".md")).count());
}

#[test]
fn the_settings_file_names_every_setting() {
    let sections = keys("");
    assert!(sections.len() > 5, "{sections:?}");
    for section in sections {
        let header = format!("[{section}]");
        let (_, rest) = SETTINGS.split_once(&format!("\n{header}\n")).unwrap_or_else(|| panic!("{header} is missing"));
        let lines = rest.lines().take_while(|line| !line.starts_with('['));
        let named: Vec<&str> =
            lines.map(|line| line.trim_start_matches('#').split([' ', '.']).next().unwrap()).collect();
        for key in keys(&header) {
            assert!(named.contains(&key.as_str()), "`{key}` of {header} is missing");
        }
    }
}

#[test]
fn what_it_shows_as_defaults_are_the_defaults() {
    let shown = read(&every_setting()).unwrap();
    let mut expect = Config::default();
    // The settings without a default show an example.
    expect.site.url = Some("https://help.example.com".to_owned());
    // What the program calls a folder; its own manual has another name.
    expect.site.name = Some("Help center".to_owned());
    expect.site.tagline = Some("Answers, guides and how to reach us".to_owned());
    expect.site.logo = Some("images/logo.svg".to_owned());
    expect.site.brand_css = Some("brand.css".into());
    let words = [("search_invitation".to_owned(), "How can we help?".to_owned())];
    expect.site.words = [("en".to_owned(), words.into())].into();
    expect.content.dir = Some(".".into());
    expect.privacy.country_header = Some("CF-IPCountry".to_owned());
    let tag = |id: &str| Some(Tag { id: id.to_owned(), purpose: Purpose::Analytics, origin: None });
    expect.tags = tags::Settings {
        gtag: tag("G-ABC1234567"),
        hotjar: tag("1234567"),
        fullstory: tag("o-1ABC23-na1"),
        logrocket: tag("acme/help"),
        optimizely: tag("12345678"),
        vwo: tag("123456"),
    };
    expect.admin.token = Some("a-long-random-text".into());
    expect.desks = desks();
    expect.sinks = examples();
    expect.tickets.hours = Some(Text::Same("Monday to Friday, 9 to 17 (CET)".to_owned()));
    let workspace = "workspace = \"ab1cd2ef\"\nsecret = \"secret\"";
    expect.chat.intercom = Some(toml::from_str(workspace).unwrap());
    let widget = "key = \"0a1b2c3d-0000-4000-8000-000000000000\"\nkey_id = \"app_64f0c0ffee\"\nsecret = \"secret\"";
    expect.chat.zendesk = Some(toml::from_str(widget).unwrap());
    expect.chat.status_url = Some("https://www.intercomstatus.com".to_owned());
    expect.chat.hours = Some(toml::from_str("mon-fri = \"09:00-17:00\"\nsat = \"10:00-12:00\"").unwrap());
    expect.chat.calendar = Some("office".to_owned());
    expect.chat.bot = Some(
        toml::from_str(
            "url = \"https://bot.example.com/answer\"
             secrets = [\"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\"]",
        )
        .unwrap(),
    );
    expect.tickets.routing = Some("routing.yml".into());
    expect.alerts.slack_url = Some("https://hooks.slack.com/services/T000/B000/secret".into());
    expect.alerts.webhook = Some(String::new());
    expect.alerts.connector = Some(String::new());
    expect.alerts.mail = Some("ops@example.com".to_owned());
    expect.community.discourse_url = Some("https://forum.example.com".to_owned());
    expect.mail.url = Some("smtps://help%40example.com:secret@mail.example.com".into());
    expect.mail.from = Some("Help <help@example.com>".to_owned());
    expect.mail.reply_to = Some("Support <support@example.com>".to_owned());
    expect.mail.authority = Some("/etc/ssl/our-authority.pem".into());
    expect.mail.inbound.domain = Some("in.example.com".to_owned());
    assert_eq!(format!("{shown:#?}"), format!("{expect:#?}"));
}

/// Sinks with nothing but what they must have.
fn examples() -> Sinks {
    toml::from_str(
        r#"
        files = { folder = "events" }
        ga4 = { measurement_id = "G-ABC1234567", api_secret = "secret" }
        mixpanel = { token = "secret" }
        s3 = { bucket = "help", region = "eu-west-1", access_key_id = "id", secret_access_key = "secret" }
        "#,
    )
    .unwrap()
}

fn desks() -> Desks {
    toml::from_str(
        r#"
        zendesk = { url = "https://acme.zendesk.com", email = "agent@acme.example", token = "secret" }
        freshdesk = { url = "https://acme.freshdesk.com", key = "secret" }
        intercom = { token = "secret", admin = 600700800 }
        "#,
    )
    .unwrap()
}

#[test]
fn the_settings_file_tells_every_key_of_what_has_no_section() {
    let check = |place: &str, before: &str, behind: &str| {
        let told = SETTINGS.split_once(before).unwrap().1.split_once(behind).unwrap().0;
        let mut keys = keys(place);
        assert!(keys.len() > 2, "{place}: {keys:?}");
        keys.retain(|key| !told.contains(key.as_str()));
        assert_eq!(keys, Vec::<String>::new(), "of {place} are missing");
    };
    check("[desks.zendesk]", "# Zendesk.", "# Freshdesk.");
    check("[desks.freshdesk]", "# Freshdesk.", "\n[sinks]");
    check("[sinks.files]", "# Files,", "# Google");
    check("[sinks.ga4]", "# Google", "# Mixpanel");
    check("[sinks.mixpanel]", "# Mixpanel", "# Amazon");
    check("[sinks.s3]", "# Amazon", "[connectors]");
    check("[connectors.any]", "\n[connectors]", "\n[webhooks]");
    check("[webhooks.any]", "\n[webhooks]", "\n[hooks]");
    check("[hooks.any]", "\n[hooks]", "\n[alerts]");
    for kind in ["smtp", "sendgrid", "ses", "mailgun", "postmark", "resend"] {
        let (place, before) = (format!("[[mail.transports]]\nkind = \"{kind}\""), format!("# kind = \"{kind}\""));
        let mut keys = keys(&place);
        assert!(keys.contains(&"name".to_owned()), "{kind}: {keys:?}");
        let told = SETTINGS.split_once(&before).unwrap().1.lines().next().unwrap();
        keys.retain(|key| key != "name" && !told.contains(key.as_str()));
        assert_eq!(keys, Vec::<String>::new(), "of {kind} are missing");
    }
}

#[test]
fn nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("index.md"), "mine").unwrap();
    fs::write(dir.path().join("synonyms.yml"), "mine").unwrap();
    let refusal = lay_out(dir.path()).unwrap_err().to_string();
    assert!(refusal.contains("index.md, synonyms.yml"), "{refusal}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    assert_eq!(fs::read_to_string(dir.path().join("index.md")).unwrap(), "mine");
}

#[test]
fn the_next_command_enters_the_folder() {
    let check = |dir: &str, expect: &str| assert_eq!(enter(Path::new(dir)), expect);
    check("help", "cd help && ");
    check("my help", "cd \"my help\" && ");
    check(".", "");
    check("./", "");
}
