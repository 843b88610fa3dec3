//! Templates of address, headers and body. In JSON every value is written as JSON, so no text of a reader can break
//! out of its place.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::Settings;
use crate::integrations::rfc3339;

const URL: &str = "url";
const BODY: &str = "body.json";
const TEXT: &str = "body";

pub struct Templates {
    environment: Environment<'static>,
    /// Name of the body's template, if there is one.
    body: Option<&'static str>,
    headers: Vec<String>,
    secrets: BTreeMap<String, String>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Templates")
    }
}

impl Templates {
    /// # Errors
    /// A template that cannot be read.
    pub fn new(settings: &Settings) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_auto_escape_callback(|name| if name == BODY { AutoEscape::Json } else { AutoEscape::None });
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.add_filter("rfc3339", rfc3339);
        environment.add_template_owned(URL, settings.url.clone()).context("`url` is no template that can be read")?;
        let body = if settings.content_type.contains("json") { BODY } else { TEXT };
        if let Some(template) = &settings.body {
            environment.add_template_owned(body, template.clone()).context("`body` is no template that can be read")?;
        }
        for (name, value) in &settings.headers {
            environment
                .add_template_owned(format!("header {name}"), value.clone())
                .with_context(|| format!("the header {name} is no template that can be read"))?;
        }
        let secret =
            |(name, secret): (&String, &secrecy::SecretString)| (name.clone(), secret.expose_secret().to_owned());
        Ok(Self {
            environment,
            body: settings.body.is_some().then_some(body),
            headers: settings.headers.keys().cloned().collect(),
            secrets: settings.secrets.iter().map(secret).collect(),
        })
    }

    /// # Errors
    /// A template that fails.
    pub fn url(&self, remote_id: Option<&str>) -> Result<String> {
        // A vendor's word is no path.
        let remote_id = remote_id.map(|id| utf8_percent_encode(id, NON_ALPHANUMERIC).to_string());
        let url = self.environment.get_template(URL)?.render(context! { secrets => self.secrets, remote_id });
        url.context("the template `url` cannot be filled")
    }

    /// Name, value, and whether a secret may be in it.
    ///
    /// # Errors
    /// A template that fails.
    pub fn headers(&self, key: &str) -> Result<Vec<(String, String, bool)>> {
        let filled = self.headers.iter().map(|name| {
            let template = self.environment.get_template(&format!("header {name}"))?;
            let value = template.render(context! { secrets => self.secrets, key });
            let value = value.with_context(|| format!("the template of the header {name} cannot be filled"))?;
            let is_secret = self.secrets.values().any(|secret| value.contains(secret));
            Ok((name.clone(), value, is_secret))
        });
        filled.collect()
    }

    /// # Errors
    /// A template that fails, or that gives no JSON where JSON is promised.
    pub fn body(
        &self,
        key: &str,
        mut events: Vec<Value>,
        deed: Value,
        remote_id: Option<&str>,
        now: Timestamp,
    ) -> Result<String> {
        let Some(name) = self.body else {
            let alone = if deed.is_null() && events.len() == 1 { events.pop() } else { None };
            return Ok(alone.unwrap_or(if deed.is_null() { Value::Array(events) } else { deed }).to_string());
        };
        let template = self.environment.get_template(name)?;
        let now = now.as_millisecond();
        let body = template
            .render(context! { events, deed, remote_id, key, now, secrets => self.secrets })
            .context("the template `body` cannot be filled")?;
        if name == BODY
            && let Err(cause) = serde_json::from_str::<serde::de::IgnoredAny>(&body)
        {
            bail!("the template `body` gave no JSON: {cause}; write values as {{{{ value }}}}, without quotes around");
        }
        Ok(body)
    }
}
