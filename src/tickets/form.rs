//! What may be asked, and which questions a form asks in turn.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::{Result, ensure};
use app::model::Priority;
use serde::Deserialize;

/// A text the operator writes: one for all, or one for each locale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Text {
    Same(String),
    ByLocale(BTreeMap<String, String>),
}

impl Text {
    /// For `locale`, else for `default`, else whichever comes first.
    pub fn of(&self, locale: &str, default: &str) -> &str {
        match self {
            Self::Same(text) => text,
            Self::ByLocale(texts) => {
                let text = texts.get(locale).or_else(|| texts.get(default)).or_else(|| texts.values().next());
                text.map_or("", String::as_str)
            }
        }
    }
}

/// One kind of ticket.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Form {
    /// The usual forms have titles of their own.
    pub title: Option<Text>,
    pub about: Option<Text>,
    pub fields: Vec<Field>,
    pub priority: Priority,
    /// The field for the text already says this.
    pub template: Option<Text>,
    /// Only for readers of these plans; without any for all.
    pub plans: Vec<String>,
    /// Agents find it by these.
    pub tags: Vec<String>,
}

/// A question of a form's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What it is called in tickets and at other desks: small letters, digits, `_`.
    pub name: String,
    pub label: Text,
    #[serde(default)]
    pub help: Option<Text>,
    #[serde(default)]
    pub kind: Kind,
    /// Of a choice.
    #[serde(default)]
    pub options: Vec<String>,
    #[serde(default)]
    pub required: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One line.
    #[default]
    Line,
    /// Several.
    Text,
    /// One of the options.
    Choice,
    /// A box to tick.
    Tick,
}

/// Names that a form's own fields cannot have.
const TAKEN: [&str; 8] = ["subject", "text", "name", "email", "website", "begun", "page", "form"];

impl Form {
    /// # Errors
    /// Fields that cannot be asked.
    pub fn check(&self, name: &str) -> Result<()> {
        for field in &self.fields {
            let at = format!("[tickets.forms.{name}] has a field `{}`", field.name);
            let is_plain = field.name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
            ensure!(is_plain && !field.name.is_empty(), "{at}; take small letters, digits and _ for a field's name");
            ensure!(!TAKEN.contains(&field.name.as_str()), "{at}, which every form has already; take another name");
            let is_choice = field.kind == Kind::Choice;
            ensure!(is_choice != field.options.is_empty(), "{at}: options belong to kind = \"choice\", and only there");
        }
        let mut names: Vec<_> = self.fields.iter().map(|field| &field.name).collect();
        names.sort_unstable();
        ensure!(names.windows(2).all(|pair| pair[0] != pair[1]), "[tickets.forms.{name}] has two fields of one name");
        Ok(())
    }

    /// May a reader of this plan use it?
    pub fn is_for(&self, plan: Option<&str>) -> bool {
        fits(&self.plans, plan)
    }
}

/// Is it one of those that are wanted? Where none are named, anything is.
pub(super) fn fits(wanted: &[String], is: Option<&str>) -> bool {
    wanted.is_empty() || is.is_some_and(|is| wanted.iter().any(|it| it == is))
}

/// The forms of a site that sets none; their words are the interface's.
pub fn usual() -> &'static [(&'static str, Form)] {
    static USUAL: LazyLock<[(&str, Form); 3]> =
        LazyLock::new(|| ["question", "bug", "idea"].map(|name| (name, Form::default())));
    &*USUAL
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_text_is_found_for_every_locale() {
        let texts: Form = toml::from_str("[title]\nen = \"Bug\"\nde = \"Fehler\"").unwrap();
        let check = |locale: &str, expect: &str| assert_eq!(texts.title.as_ref().unwrap().of(locale, "en"), expect);
        check("de", "Fehler");
        check("fr", "Bug");
        assert_eq!(Text::Same("Bug".to_owned()).of("de", "en"), "Bug");
    }

    #[test]
    fn fields_that_cannot_be_asked_are_refused_by_name() {
        let check = |toml: &str, expect: &str| {
            let form: Form = toml::from_str(toml).unwrap();
            let why = form.check("bug").unwrap_err().to_string();
            assert!(why.contains(expect) && why.contains("tickets.forms.bug"), "{why}");
        };
        check("[[fields]]\nname = \"Version\"\nlabel = \"x\"", "small letters");
        check("[[fields]]\nname = \"email\"\nlabel = \"x\"", "already");
        check("[[fields]]\nname = \"os\"\nlabel = \"x\"\nkind = \"choice\"", "options");
        check("[[fields]]\nname = \"os\"\nlabel = \"x\"\n[[fields]]\nname = \"os\"\nlabel = \"y\"", "two fields");
    }
}
